//! Grid square codes: 地域メッシュコード, JIS X 0410.
//!
//! In: a point, a code as text or number, or an H3 cell. Out: a [`MeshCode`] with its [`MeshBounds`], parents
//! and children, and the [`share`]s of a cell among meshes, for exports in the grid of official statistics.
//!
//! Everything here is whole numbers. The edges are multiples of 1/960° and 1/640°, many rounded coordinates
//! lie exactly on one (35.3° N is row 33,888), and floating-point division puts about 2 % of 3-decimal points
//! into the mesh south or west of theirs. Degrees are therefore rounded to [`GridPoint`]'s 1e-7 degree first,
//! and an integer division decides. A double a hair below an edge, such as the one nearest to a decimal, was
//! meant as the decimal: exact arithmetic on the double would be exact about the wrong number. A true
//! position within 6 mm of an edge may change sides, which no fix can tell; and a point has the same mesh
//! from its degrees as from the integers that every other step uses.
//!
//! The digits follow 行政管理庁告示第143号 (1973), which JIS X 0410:1976 took over
//! (<https://www.stat.go.jp/english/data/mesh/02.html>); since its amendment of 2002 the coordinates are of
//! the world geodetic system, as ours. Meshes of older files, on the Tokyo datum, lie about 400 m away and
//! are not converted.
//!
//! 10分の1 (100 m) and finer decimal meshes are left out: the standard divides by 2, 4 and 8 only. 国土数値情報
//! writes 100 m as ten digits, of which `5339359911` could as well be a 250 m code; the flood maps' guideline
//! (浸水想定区域図データ電子化ガイドライン) writes thirteen with a sign for the division.

pub mod error;
pub mod level;
pub mod bounds;
pub mod share;

use std::fmt;

use kayoi_schemas::units::GridPoint;

pub use bounds::MeshBounds;
pub use error::MeshCodeError;
pub use level::MeshLevel;

/// Rows of the finest level in one degree of latitude (3.75″).
const ROWS_PER_DEGREE: u32 = 960;
/// Columns of the finest level in one degree of longitude (5.625″).
const COLUMNS_PER_DEGREE: u32 = 640;
/// The meridian from which codes count eastward.
const WEST_DEGREES: u32 = 100;
/// Rows of all codes: two digits of 40′ each, to 66°40′ N.
const ROWS: u32 = 100 * 640;
/// Columns of all codes, to 180° E.
const COLUMNS: u32 = 80 * 640;

const UNITS_PER_DEGREE: i64 = 10_000_000;
const NUMBER_BITS: u32 = 40;
const NUMBER_MASK: u64 = (1 << NUMBER_BITS) - 1;

/// A grid square code of any level.
///
/// Codes order by level, coarse first, and within a level as their texts do, so that neighbours stay near
/// each other in a sorted table.
///
/// ```
/// use kayoi_geography::mesh::{MeshCode, MeshLevel};
/// let tokyo_tower = MeshCode::of_degrees(MeshLevel::Half, 35.658581, 139.745433);
/// assert_eq!(tokyo_tower.map(|code| code.to_string()).as_deref(), Some("533935992"));
/// assert_eq!(tokyo_tower, Some(MeshCode::parse("533935992")?));
/// # Ok::<(), kayoi_geography::mesh::MeshCodeError>(())
/// ```
// The level above the digits as a number: a number alone does not say how many zeros it starts with.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeshCode(u64);

impl MeshCode {
    /// The code of a point; `None` outside 0° to 66°40′ N and 100° to 180° E, where no codes exist. The north
    /// and east edges of a mesh belong to its neighbours.
    pub fn of_point(level: MeshLevel, point: GridPoint) -> Option<Self> {
        row_and_column(point).map(|(row, column)| Self::at(level, row, column))
    }

    /// The code of a point in degrees, rounded to 1e-7 degree (see [`crate::mesh`] for why); `None` outside,
    /// as [`MeshCode::of_point`], and for what is not a number.
    pub fn of_degrees(level: MeshLevel, latitude: f64, longitude: f64) -> Option<Self> {
        if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 {
            Self::of_point(level, GridPoint::from_degrees(latitude, longitude))
        } else {
            None
        }
    }

    /// Parses the official digits. Their count tells the level; of two levels with nine, the last digit does.
    ///
    /// # Errors
    /// [`MeshCodeError`] when the length, a character or a digit is none of a code's.
    pub fn parse(text: &str) -> Result<Self, MeshCodeError> {
        if let Some(found) = text.chars().find(|found| !found.is_ascii_digit()) {
            return Err(MeshCodeError::NotADigit { text: text.to_owned(), found });
        }
        let last = text.bytes().last().unwrap_or_default();
        let level = MeshLevel::of_digits(text.len(), last)
            .ok_or_else(|| MeshCodeError::Length { text: text.to_owned(), length: text.len() })?;
        let number = text.bytes().fold(0, |number, byte| number * 10 + u64::from(byte - b'0'));
        Self::from_number(level, number)
    }

    /// Reads a column of codes of one level, as [`MeshCode::number`] wrote it.
    ///
    /// # Errors
    /// [`MeshCodeError`] when it is not a code of this level.
    pub fn from_number(level: MeshLevel, number: u64) -> Result<Self, MeshCodeError> {
        let digits = level.digits();
        // At most 11 digits, so the power is below 2^37.
        if number >= 10u64.pow(digits as u32) {
            return Err(MeshCodeError::TooLarge { number, level });
        }
        let code = Self::new(level, number);
        for (place, &allowed) in level.allowed().iter().enumerate() {
            let digit = code.digit(place) as u8;
            if !allowed.bytes().any(|byte| byte - b'0' == digit) {
                let text = code.to_string();
                return Err(MeshCodeError::Digit { text, level, place: place + 1, digit, allowed });
            }
        }
        Ok(code)
    }

    /// The digits as a number below 10^11, for a column. It tells the mesh only together with the level: nine
    /// digits that start with 0 (south of 6°40′ N, so not in Japan) can be the number of eight that do not.
    pub fn number(self) -> u64 {
        self.0 & NUMBER_MASK
    }

    /// The level of the mesh, which its digits tell.
    pub fn level(self) -> MeshLevel {
        MeshLevel::ALL[(self.0 >> NUMBER_BITS) as usize]
    }

    /// The rectangle that the mesh covers.
    pub fn bounds(self) -> MeshBounds {
        let level = self.level();
        let mut south_row = 640 * (10 * self.digit(0) + self.digit(1));
        let mut west_column = 640 * (10 * self.digit(2) + self.digit(3));
        let mut add = |rows, columns, size| {
            south_row += rows * size;
            west_column += columns * size;
        };
        if level >= MeshLevel::Second {
            add(self.digit(4), self.digit(5), 80);
        }
        if level >= MeshLevel::Double {
            add(self.digit(6), self.digit(7), 8);
        }
        match level {
            MeshLevel::Quintuple => {
                let (rows, columns) = quadrant_offsets(self.digit(6));
                add(rows, columns, 40);
            }
            MeshLevel::Half | MeshLevel::Quarter | MeshLevel::Eighth => {
                for (place, size) in (8..level.digits()).zip([4, 2, 1]) {
                    let (rows, columns) = quadrant_offsets(self.digit(place));
                    add(rows, columns, size);
                }
            }
            _ => {}
        }
        MeshBounds { south_row, west_column, span: level.span() }
    }

    /// The mesh of a coarser level that this one lies in, itself at its own level; `None` when `level` is
    /// finer, or does not divide evenly (a 2 km mesh can lie in several of 5 km).
    pub fn parent(self, level: MeshLevel) -> Option<Self> {
        let bounds = self.bounds();
        let nests = level.divides_into(self.level());
        nests.then(|| Self::at(level, bounds.south_row, bounds.west_column))
    }

    /// The meshes of a finer level that make up this one, row by row from the south-west corner, itself at
    /// its own level; `None` when `level` is coarser or this level does not divide into it evenly.
    pub fn children(self, level: MeshLevel) -> Option<impl Iterator<Item = Self>> {
        let bounds = self.bounds();
        let step = level.span();
        self.level().divides_into(level).then(|| {
            let count = bounds.span / step;
            (0..count * count).map(move |n| {
                let (row, column) = (n / count * step, n % count * step);
                Self::at(level, bounds.south_row + row, bounds.west_column + column)
            })
        })
    }

    fn new(level: MeshLevel, number: u64) -> Self {
        Self((level as u64) << NUMBER_BITS | number)
    }

    /// The mesh that covers a row and column of the finest level.
    fn at(level: MeshLevel, row: u32, column: u32) -> Self {
        let first = 100 * u64::from(row / 640) + u64::from(column / 640);
        let second = 100 * first + pair(row / 80 % 8, column / 80 % 8);
        let (kilometre_row, kilometre_column) = (row / 8 % 10, column / 8 % 10);
        let third = 100 * second + pair(kilometre_row, kilometre_column);
        let half = 10 * third + quadrant(row / 4, column / 4);
        let quarter = 10 * half + quadrant(row / 2, column / 2);
        let number = match level {
            MeshLevel::First => first,
            MeshLevel::Second => second,
            MeshLevel::Quintuple => 10 * second + quadrant(kilometre_row / 5, kilometre_column / 5),
            MeshLevel::Double => {
                1_000 * second + 10 * pair(kilometre_row / 2 * 2, kilometre_column / 2 * 2) + 5
            }
            MeshLevel::Third => third,
            MeshLevel::Half => half,
            MeshLevel::Quarter => quarter,
            MeshLevel::Eighth => 10 * quarter + quadrant(row, column),
        };
        Self::new(level, number)
    }

    /// The digit at a place, counted from 0 at the left.
    fn digit(self, place: usize) -> u32 {
        let power = self.level().digits() - 1 - place;
        (self.number() / 10u64.pow(power as u32) % 10) as u32
    }
}

impl fmt::Display for MeshCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.number(), width = self.level().digits())
    }
}

impl fmt::Debug for MeshCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MeshCode({self})")
    }
}

/// The row and column of the finest level that hold a point, if codes exist there.
fn row_and_column(point: GridPoint) -> Option<(u32, u32)> {
    let north = i64::from(point.latitude_e7);
    let east = i64::from(point.longitude_e7) - i64::from(WEST_DEGREES) * UNITS_PER_DEGREE;
    // Rounding towards minus infinity: 1e-7 degree south of the equator is row -1, not row 0.
    let row = (north * i64::from(ROWS_PER_DEGREE)).div_euclid(UNITS_PER_DEGREE);
    let column = (east * i64::from(COLUMNS_PER_DEGREE)).div_euclid(UNITS_PER_DEGREE);
    let (row, column) = (u32::try_from(row).ok()?, u32::try_from(column).ok()?);
    (row < ROWS && column < COLUMNS).then_some((row, column))
}

fn pair(row: u32, column: u32) -> u64 {
    u64::from(10 * row + column)
}

/// 1 south-west, 2 south-east, 3 north-west, 4 north-east.
fn quadrant(row: u32, column: u32) -> u64 {
    u64::from(1 + 2 * (row % 2) + column % 2)
}

fn quadrant_offsets(digit: u32) -> (u32, u32) {
    ((digit - 1) / 2, (digit - 1) % 2)
}

#[cfg(test)]
#[path = "mesh_tests.rs"]
mod tests;
