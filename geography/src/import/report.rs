//! What an import did, for the operator to read.
//!
//! In: what each feature became. Out: counts. Nothing is left out silently: a feature either gives polygons,
//! or it stands here with a reason; what is wrong with its rings stands here with what was done about it.

use serde::Serialize;

use crate::boundaries::overlap::Overlap;

/// Why a feature gives no polygons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// Neither `N03_007` nor `code` is among its attributes.
    NoKey,
    /// The column that the operator named is not among its attributes.
    NoCodeColumn,
    /// The column that the operator named has no value.
    NoCode,
    /// The row of a .dbf is marked as deleted.
    DeletedRow,
    /// The key is neither five digits nor six.
    InvalidCode,
    /// One or two digits: the code of a prefecture, JIS X 0401.
    Prefecture,
    /// Six digits, of which the last is not the check digit of the others.
    WrongCheckDigit,
    /// Five digits where the file's codes have six, or the other way round.
    OtherDigits,
    /// Five digits that begin with no prefecture of JIS X 0401, as many codes of other countries do.
    NoPrefecture,
    /// 所属未定地 without the name of its prefecture.
    UnknownPrefecture,
    /// The outline of a whole prefecture: code `PP000` without a municipality's name.
    PrefectureOutline,
    /// Code `PP000` of a named column, beside other codes of `PP`.
    PrefectureOrNobody,
    /// The geometry is missing, a point or a line.
    NotPolygon,
    /// The bytes of the geometry are not well-known binary.
    NotWkb,
    /// The coordinates are not longitude and latitude in degrees.
    NotDegrees,
    /// The coordinates are latitude and longitude, in this order.
    LatitudeFirst,
    /// No ring of it encloses anything.
    Degenerate,
}

impl Skip {
    /// The reason in words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoKey => "has neither attribute `N03_007` nor `code`",
            Self::NoCodeColumn => "has no attribute of the code column's name",
            Self::NoCode => "its code column has no value",
            Self::DeletedRow => "its record in the .dbf is marked as deleted",
            Self::InvalidCode => {
                "the key is not a municipality code of five digits, or six with the check digit"
            }
            Self::Prefecture => "the key has one or two digits, which are the code of a prefecture",
            Self::WrongCheckDigit => {
                "the key has six digits, and the last is not the check digit of the others"
            }
            Self::OtherDigits => {
                "the key has not as many digits as the codes of this file, or as `--code-digits` says"
            }
            Self::NoPrefecture => {
                "the first two digits of the key are not 01 to 47, which Kayoi's codes need"
            }
            Self::UnknownPrefecture => "所属未定地 whose prefecture `N03_001` does not name",
            Self::PrefectureOutline => "outline of a prefecture, not of a municipality",
            Self::PrefectureOrNobody => {
                "its code ends in 000 beside other codes of the same two digits: a whole prefecture, or 所属未定地"
            }
            Self::NotPolygon => "its geometry is not a polygon",
            Self::NotWkb => "its geometry is not well-known binary (WKB)",
            Self::NotDegrees => "its coordinates are not longitude and latitude in degrees",
            Self::LatitudeFirst => "its coordinates are latitude and longitude, in this order",
            Self::Degenerate => "none of its rings has three different points",
        }
    }
}

/// Features skipped for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The reason in words.
    pub reason: &'static str,
    /// How many features were skipped for it.
    pub features: u64,
}

/// What is wrong with some rings, and what was done about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Treatment {
    /// What was found.
    pub found: &'static str,
    /// How often it was found.
    pub count: u64,
    /// What was done about it.
    pub treatment: &'static str,
}

/// What an import read, kept, repaired and left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ImportReport {
    /// The edition, as in `N03 2025-01-01`.
    pub edition: String,
    /// The column that the operator named for the code; `None` for N03.
    pub code_column: Option<String>,
    /// The credit that the licence asks for; `None` when none was given, so that figures will show none.
    pub credit: Option<String>,
    /// Features that the file holds.
    pub features: u64,
    /// Codes found, 所属未定地 included.
    pub units: u64,
    /// Polygons that went into the set.
    pub polygons: u64,
    /// Points kept, closing points included.
    pub vertices: u64,
    /// Features of 所属未定地, kept under `PP000`.
    pub undetermined_features: u64,
    /// Features left out, by reason.
    pub skipped: Vec<Skipped>,
    /// Rings whose last point did not equal the first and which were closed.
    pub rings_closed: u64,
    /// Rings of fewer than three different points and holes outside their polygon, dropped.
    pub rings_dropped: u64,
    /// Points that repeated their predecessor, removed.
    pub repeated_points_removed: u64,
    /// Polygons dropped because their exterior was.
    pub degenerate_polygons: u64,
    /// Rings that cross or touch themselves, kept as they are.
    pub rings_crossing_themselves: u64,
    /// Holes that reach outside their exterior, kept as they are.
    pub holes_outside_exterior: u64,
    /// Polygons that their code has had before, to the last bit, dropped.
    pub polygons_read_once: u64,
    /// The seven counts before this, of those above 0, with what was done: for people.
    pub treatments: Vec<Treatment>,
    /// Layers of a .zip, and files of a folder, that hold no municipalities or the same ones again, not read.
    pub layers_ignored: Vec<String>,
    /// Codes whose land stands in pieces in several layers or files.
    pub units_in_several_layers: u64,
    /// Codes that were in use on no day since 2013-12-31.
    pub units_never_in_use: u64,
    /// The first of them.
    pub codes_never_in_use: Vec<String>,
    /// Pairs of codes that cover the same land.
    pub overlapping_pairs: u64,
    /// The land of all pairs, km², estimated.
    pub overlapping_km2: f64,
    /// The pairs that share the most land, the most first.
    pub overlaps: Vec<Overlap>,
}

impl ImportReport {
    /// Features left out, for any reason.
    pub fn skipped_features(&self) -> u64 {
        self.skipped.iter().map(|skipped| skipped.features).sum()
    }

    /// Puts the counts of rings into words.
    pub(super) fn say_treatments(&mut self) {
        let all = [
            ("rings whose last point is not the first", self.rings_closed, "closed"),
            ("points that repeat the one before", self.repeated_points_removed, "removed"),
            (
                "rings of fewer than three different points, and holes in no exterior",
                self.rings_dropped,
                "dropped",
            ),
            ("polygons without an exterior", self.degenerate_polygons, "dropped"),
            (
                "rings that cross or touch themselves",
                self.rings_crossing_themselves,
                "kept; a point is inside where the ring winds around it more or less than zero times",
            ),
            (
                "holes that reach outside their exterior",
                self.holes_outside_exterior,
                "kept; a hole takes away only what its own exterior covers",
            ),
            ("polygons that their code has had before", self.polygons_read_once, "read once"),
        ];
        let found = all.into_iter().filter(|(_, count, _)| *count > 0);
        self.treatments =
            found.map(|(found, count, treatment)| Treatment { found, count, treatment }).collect();
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
