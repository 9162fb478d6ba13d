//! Areas that figures are about.
//!
//! In: codes. Out: one type for a municipality, a prefecture, the country, a cell and a mesh, and its code as text,
//! which is how tables name it: five digits, two digits, `JP`, 15 hexadecimal digits, eight digits.

use std::fmt;

use crate::ids::{Cell, MunicipalityCode, PrefectureCode};

/// A municipality, a prefecture, the country, or a cell of a grid; among areas of one kind, and for the country, in the order
/// of their codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// A municipality, by its five-digit code.
    Municipality(MunicipalityCode),
    /// A prefecture, by its two-digit code.
    Prefecture(PrefectureCode),
    /// All of Japan.
    Country,
    /// An H3 cell, by its index.
    Cell(Cell),
    /// A JIS X 0410 mesh of about 1 km, by its eight digits.
    Mesh(u32),
}

/// The code of the country.
const COUNTRY: &str = "JP";

impl Area {
    /// Whether a prefecture lies in it.
    pub fn contains(self, prefecture: PrefectureCode) -> bool {
        match self {
            Self::Country => true,
            Self::Prefecture(own) => own == prefecture,
            Self::Municipality(_) | Self::Cell(_) | Self::Mesh(_) => false,
        }
    }

    /// Reads a code back; `None` when the text is not the code of an area.
    ///
    /// ```
    /// use kayoi_schemas::figure::Area;
    /// use kayoi_schemas::ids::MunicipalityCode;
    ///
    /// let karuizawa = Area::Municipality(MunicipalityCode::parse("20321")?);
    /// assert_eq!(Area::parse("20321"), Some(karuizawa));
    /// assert_eq!(Area::parse("JP"), Some(Area::Country));
    /// assert_eq!(Area::parse("99"), None);
    /// # Ok::<(), kayoi_schemas::ids::CodeError>(())
    /// ```
    pub fn parse(text: &str) -> Option<Self> {
        match text.len() {
            _ if text == COUNTRY => Some(Self::Country),
            2 => {
                PrefectureCode::parse(text).ok().filter(|code| code.to_string() == text).map(Self::Prefecture)
            }
            5 => MunicipalityCode::parse(text).ok().map(Self::Municipality),
            8 => text.parse().ok().map(Self::Mesh),
            15 => u64::from_str_radix(text, 16).ok().map(|index| Self::Cell(Cell::from_h3(index))),
            _ => None,
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Country => f.write_str(COUNTRY),
            Self::Prefecture(code) => code.fmt(f),
            Self::Municipality(code) => code.fmt(f),
            Self::Cell(cell) => cell.fmt(f),
            Self::Mesh(number) => write!(f, "{number:08}"),
        }
    }
}
