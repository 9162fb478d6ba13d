//! What an import did, for the operator to read.
//!
//! In: what each feature became. Out: counts. Nothing is left out silently: a feature either gives polygons, or
//! it stands here with a reason.

use serde::Serialize;

/// Why a feature gives no polygons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skip {
    /// Neither `N03_007` nor `code` is among its attributes.
    NoKey,
    /// The key is no municipality code.
    InvalidCode,
    /// 所属未定地 without the name of its prefecture.
    UnknownPrefecture,
    /// The outline of a whole prefecture: code `PP000` without a municipality's name.
    PrefectureOutline,
    /// The geometry is missing, a point or a line.
    NotPolygon,
    /// The coordinates are not longitude and latitude in degrees.
    NotDegrees,
    /// No ring of it encloses anything.
    Degenerate,
}

impl Skip {
    /// The reason in words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoKey => "has neither attribute `N03_007` nor `code`",
            Self::InvalidCode => "the key is no five-digit municipality code",
            Self::UnknownPrefecture => "所属未定地 whose prefecture `N03_001` does not name",
            Self::PrefectureOutline => "outline of a prefecture, not of a municipality",
            Self::NotPolygon => "its geometry is no polygon",
            Self::NotDegrees => "its coordinates are not longitude and latitude in degrees",
            Self::Degenerate => "none of its rings has three different points",
        }
    }
}

/// Features skipped for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The reason in words.
    pub reason: &'static str,
    /// How many.
    pub features: u64,
}

/// What an import read, kept, repaired and left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ImportReport {
    /// The edition, as in `N03 2025-01-01`.
    pub edition: String,
    /// Features read.
    pub features: u64,
    /// Codes found, 所属未定地 included.
    pub units: u64,
    /// Polygons kept.
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
    /// Layers of a .zip that hold no municipalities, not read.
    pub layers_ignored: Vec<String>,
}

impl ImportReport {
    /// Features left out, for any reason.
    pub fn skipped_features(&self) -> u64 {
        self.skipped.iter().map(|skipped| skipped.features).sum()
    }
}
