//! The fixed lattice: what each release table draws, and how many of its figures one tie can reach.
//!
//! In: nothing. Out: a [`Lattice`] for each table that draws figures. What a table computes from drawn figures
//! costs nothing and is not here. A further table brings its own declaration, and the ledger then adds it up.

use super::cost::information;
use super::parameters::{Noise, Parameters};
use crate::tables::ReleaseTable;

/// A line of the ledger: the unit whose protection is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// All visits of one device to one municipality in one year.
    TieYear,
    /// What one device does in one municipality in one month.
    TieMonth,
}

impl Line {
    /// Both lines.
    pub const ALL: [Self; 2] = [Self::TieYear, Self::TieMonth];

    /// The word for it in tables and options.
    pub fn name(self) -> &'static str {
        match self {
            Self::TieYear => "tie-year",
            Self::TieMonth => "tie-month",
        }
    }

    /// What is protected, in English.
    pub fn english(self) -> &'static str {
        match self {
            Self::TieYear => "all visits of one phone to one municipality in one year",
            Self::TieMonth => "what one phone does in one municipality in one month",
        }
    }

    /// What is protected, in Japanese.
    pub fn japanese(self) -> &'static str {
        match self {
            Self::TieYear => "1台の端末が1つの市区町村を1年間に訪れたこと全部",
            Self::TieMonth => "1台の端末が1つの市区町村で1か月にしたこと",
        }
    }

    /// The most rho that the parameters allow it.
    pub fn budget(self, parameters: &Parameters) -> f64 {
        match self {
            Self::TieYear => parameters.tie_year_budget,
            Self::TieMonth => parameters.tie_month_budget,
        }
    }
}

/// How strong the noise of a draw is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Strength {
    /// That of the trailing-year figures.
    TieYear,
    /// That of the monthly figures.
    TieMonth,
    /// That of prefectures and the country.
    Wide,
    /// That of 速報.
    Provisional,
    /// That of figures by municipality that are drawn once a year.
    Yearly,
}

impl Strength {
    /// Its noise and threshold.
    pub fn noise(self, parameters: &Parameters) -> Noise {
        match self {
            Self::TieYear => parameters.tie_year,
            Self::TieMonth | Self::Yearly => parameters.tie_month,
            Self::Wide => parameters.wide,
            Self::Provisional => parameters.provisional,
        }
    }
}

/// Figures of one table that are drawn alike.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    /// What they are, in English.
    pub what: &'static str,
    /// How strong their noise is.
    pub strength: Strength,
    /// Windows of figures in which one tie can be counted: figures at a time × windows.
    pub windows: u32,
    /// In how many runs of successive windows at most; as many as windows where the noise of each is its own.
    pub runs: u32,
    /// Whether the noise of a figure is correlated from month to month.
    pub is_correlated: bool,
    /// C: the most that one device adds to one figure. Noise is sigma × C, so the cost does not depend on it.
    pub cap: u32,
}

impl Draw {
    /// rho: half of what is learned of one tie.
    pub fn rho(&self, parameters: &Parameters) -> f64 {
        let sigma = f64::from(self.strength.noise(parameters).sigma);
        let information =
            if self.is_correlated { information(self.windows, self.runs) } else { f64::from(self.windows) };
        information / (2.0 * sigma * sigma)
    }
}

/// What a release table draws.
#[derive(Debug, Clone, Copy)]
pub struct Lattice {
    /// The table that shows it; others may be computed from it.
    pub table: ReleaseTable,
    /// The line of the ledger that it is on.
    pub line: Line,
    /// Its draws.
    pub draws: &'static [Draw],
}

/// Windows of twelve months that hold a visit of one year: the year's own months and the eleven after them.
pub const TIE_WINDOWS: u32 = 23;

/// In how many figures of a municipality a tie may begin to be counted within [`TIE_WINDOWS`] successive
/// windows; one more is held back. Coming up through all five classes of days and down again, with visitor,
/// repeat and connected, takes twelve.
pub const MOST_RUN_STARTS: u32 = 12;

/// How often a device may enter the year's panel, or have another home in it, within [`TIE_WINDOWS`] successive
/// months; after that it is counted as it was.
pub const MOST_YEAR_PANEL_STARTS: u32 = 4;

/// How often another thing may become known of where a device lives within as many months.
pub const MOST_STANDING_STARTS: u32 = 6;

impl Lattice {
    /// rho of one unit of its line.
    pub fn rho(&self, parameters: &Parameters) -> f64 {
        self.draws.iter().map(|draw| draw.rho(parameters)).sum()
    }
}
