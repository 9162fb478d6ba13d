//! The cells of a cube, as fine as they are counted.
//!
//! In: a device's facts. Out: an [`Atom`], one combination of period, area, municipality of residence and
//! class, and the words that the table `indicators` has for it. Every figure of a release is a sum of atoms,
//! which is what lets disclosure control see all figures that could give a hidden one back.

use super::area::Area;
use super::cube::{Cube, Period};
use super::dimension::Class;
use crate::ids::MunicipalityCode;
use crate::time::{Day, Month};

/// One cell of a cube: which period, area, residence and class its number is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Atom {
    /// The number of the day or the month, as the cube's declaration says.
    pub period: i32,
    /// The area that the cell is about.
    pub area: Area,
    /// The municipality of the primary residence.
    pub origin: MunicipalityCode,
    /// Values of the cube's dimensions.
    pub class: Class,
}

impl Atom {
    /// The month that the period is, or lies in.
    pub fn month(&self, cube: Cube) -> Month {
        match cube.declaration().period {
            Period::Day => Day(self.period).month(),
            Period::Month => Month(self.period),
        }
    }

    /// The period as text: `2026-03` or `2026-03-14`.
    pub fn period_text(&self, cube: Cube) -> String {
        match cube.declaration().period {
            Period::Day => Day(self.period).to_string(),
            Period::Month => Month(self.period).to_string(),
        }
    }

    /// Reads such a text; `None` when it is not a period of the cube.
    pub fn parse_period(text: &str, cube: Cube) -> Option<i32> {
        match cube.declaration().period {
            Period::Day => Day::parse(text).map(|day| day.0),
            Period::Month => Month::parse(text).map(|month| month.0),
        }
    }
}
