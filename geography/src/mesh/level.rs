//! The levels of the grid, and which digits their codes allow.
//!
//! In: a level. Out: its size, the number of digits of its codes, and what each digit may be. All sizes are
//! whole multiples of the smallest one, 8分の1, so one whole number a level says which levels divide evenly
//! into which: 5 km does not into 2 km.

use std::fmt;

/// A level of JIS X 0410, from coarse to fine. Metres are nominal: a 1 km mesh is 1,018 m wide and 926 m high
/// in Sapporo, 1,249 m and 923 m in Naha.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MeshLevel {
    /// 第1次地域区画, 40′ × 1°, about 80 km: 4 digits.
    First,
    /// 第2次地域区画, which is also 10倍地域メッシュ, 5′ × 7′30″, about 10 km: 6 digits.
    Second,
    /// 5倍地域メッシュ (統合地域メッシュ), 2′30″ × 3′45″, about 5 km: 7 digits.
    Quintuple,
    /// 2倍地域メッシュ (統合地域メッシュ), 1′ × 1′30″, about 2 km: 9 digits, of which the last is 5.
    Double,
    /// 第3次地域区画, that is 基準地域メッシュ, 30″ × 45″, about 1 km: 8 digits.
    Third,
    /// 2分の1地域メッシュ (分割地域メッシュ), 15″ × 22.5″, about 500 m: 9 digits, of which the last is 1 to 4.
    Half,
    /// 4分の1地域メッシュ (分割地域メッシュ), 7.5″ × 11.25″, about 250 m: 10 digits.
    Quarter,
    /// 8分の1地域メッシュ (分割地域メッシュ), 3.75″ × 5.625″, about 125 m: 11 digits.
    Eighth,
}

const ANY: &str = "0123456789";
const EIGHTHS: &str = "01234567";
const EVEN: &str = "02468";
const QUADRANT: &str = "1234";
const FIVE: &str = "5";

// The third digit is the tens of the longitude above 100°, and the Earth ends at 180°.
static DIVIDED: [&str; 11] =
    [ANY, ANY, EIGHTHS, ANY, EIGHTHS, EIGHTHS, ANY, ANY, QUADRANT, QUADRANT, QUADRANT];
static QUINTUPLE: [&str; 7] = [ANY, ANY, EIGHTHS, ANY, EIGHTHS, EIGHTHS, QUADRANT];
static DOUBLE: [&str; 9] = [ANY, ANY, EIGHTHS, ANY, EIGHTHS, EIGHTHS, EVEN, EVEN, FIVE];

impl MeshLevel {
    /// All levels, from coarse to fine.
    pub const ALL: [Self; 8] = [
        Self::First,
        Self::Second,
        Self::Quintuple,
        Self::Double,
        Self::Third,
        Self::Half,
        Self::Quarter,
        Self::Eighth,
    ];

    /// The level of a nominal side; `None` where no level has it.
    pub fn of_nominal_metres(metres: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.nominal_metres() == metres)
    }

    /// The side of a mesh in metres, as documents name it: 80,000 to 125.
    pub fn nominal_metres(self) -> u32 {
        self.span() * 125
    }

    /// The number of digits of a code, 4 to 11.
    pub fn digits(self) -> usize {
        self.allowed().len()
    }

    /// Whether each mesh of this level is made of whole meshes of `finer`, as of its own level.
    ///
    /// ```
    /// use kayoi_geography::mesh::MeshLevel;
    /// assert!(MeshLevel::Second.divides_into(MeshLevel::Double));
    /// assert!(!MeshLevel::Quintuple.divides_into(MeshLevel::Double));
    /// ```
    pub fn divides_into(self, finer: Self) -> bool {
        self.span().is_multiple_of(finer.span())
    }

    /// The side of a mesh in meshes of [`MeshLevel::Eighth`].
    pub(super) fn span(self) -> u32 {
        match self {
            Self::First => 640,
            Self::Second => 80,
            Self::Quintuple => 40,
            Self::Double => 16,
            Self::Third => 8,
            Self::Half => 4,
            Self::Quarter => 2,
            Self::Eighth => 1,
        }
    }

    /// For each place of a code the digits that may stand there.
    pub(super) fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::First => &DIVIDED[..4],
            Self::Second => &DIVIDED[..6],
            Self::Quintuple => &QUINTUPLE,
            Self::Double => &DOUBLE,
            Self::Third => &DIVIDED[..8],
            Self::Half => &DIVIDED[..9],
            Self::Quarter => &DIVIDED[..10],
            Self::Eighth => &DIVIDED,
        }
    }

    /// The level of a text of so many digits. Nine are two levels, told apart by the last digit: 5 is no
    /// quadrant.
    pub(super) fn of_digits(digits: usize, last: u8) -> Option<Self> {
        match (digits, last) {
            (4, _) => Some(Self::First),
            (6, _) => Some(Self::Second),
            (7, _) => Some(Self::Quintuple),
            (8, _) => Some(Self::Third),
            (9, b'5') => Some(Self::Double),
            (9, _) => Some(Self::Half),
            (10, _) => Some(Self::Quarter),
            (11, _) => Some(Self::Eighth),
            _ => None,
        }
    }
}

impl fmt::Display for MeshLevel {
    /// The nominal side: `80 km`, `500 m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.nominal_metres() {
            metres if metres < 1_000 => write!(f, "{metres} m"),
            metres => write!(f, "{} km", metres / 1_000),
        }
    }
}
