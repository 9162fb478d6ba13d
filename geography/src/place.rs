//! Placing a point: its cell and its municipality.
//!
//! In: points in degrees. Out: their [`Place`]s. A [`Geography`] is opened once and shared by all threads. It
//! comes from a boundary file, or has the [`crate::simplified`] borders, which its edition says wherever
//! figures are shown.
//!
//! A municipality has a point because its land covers it, exactly. A point that no land covers, at sea, on a
//! lake or on a bridge, goes to the nearest border within [`DEFAULT_COAST_METRES`], because phones on a pier
//! are the town's and fixes are off by some metres; beyond that it is in none.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use kayoi_schemas::ids::{Cell, MunicipalityCode};
use serde::Serialize;

use crate::boundaries::BoundarySet;
use crate::cell::{Resolution, append_cells, cell_at};
use crate::file;
use crate::history::CodeDate;
use crate::index::Index;
use crate::{GeographyError, simplified};

/// How far from the coast a point still belongs to the nearest municipality, unless an operator says
/// otherwise. There is no official rule; 500 m takes in piers, bridges and the noise of network fixes.
pub const DEFAULT_COAST_METRES: f64 = 500.0;
/// The farthest that may be asked for: beyond, neighbours across a strait would share the sea.
pub const LARGEST_COAST_METRES: f64 = 5_000.0;

/// Where a point is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// The H3 cell at [`Cell::STORED_RESOLUTION`].
    pub cell: Cell,
    /// The municipality or ward; `PP000` on 所属未定地; `None` at sea and abroad.
    pub municipality: Option<MunicipalityCode>,
    /// Whether no land covers the point and the municipality is the nearest one.
    pub is_off_coast: bool,
}

/// What a geography is made of, for logs, exports and questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Info {
    /// The edition, as in `N03 2025-01-01`; simplified borders say so.
    pub edition: String,
    /// The credit that figures must show.
    pub credit: String,
    /// Whether these are the simplified borders that ship.
    pub is_simplified: bool,
    /// Codes with land.
    pub units: u64,
    /// Polygons of all codes.
    pub polygons: u64,
    /// Points of all rings, closing points included.
    pub vertices: u64,
    /// Name of the imported file, without its folder.
    pub source_file: String,
    /// BLAKE3 of the imported file, hexadecimal.
    pub source_blake3: String,
    /// Bytes of the index that a process maps; 0 where it is built in memory.
    pub index_bytes: u64,
    /// The most decimals of a coordinate in a boundary file; `None` where coordinates are not decimal or
    /// nobody looked.
    pub decimal_scale: Option<u8>,
}

/// Places points.
pub struct Geography {
    borders: Borders,
    coast_metres: f64,
    info: Info,
}

/// Where the index comes from.
enum Borders {
    /// A boundary file, or boundaries in memory.
    Opened(Box<Index>),
    /// What ships; its index is built when the first point is asked about.
    Simplified,
}

/// Points whose cells and municipalities wait side by side; 24 KiB of them.
const PLACES_AT_ONCE: usize = 1_024;

impl Geography {
    /// The simplified borders that ship: for trying things out.
    ///
    /// # Errors
    /// [`GeographyError::EmbeddedBorders`] when this build's borders are broken.
    pub fn simplified() -> Result<Geography, GeographyError> {
        let info = Info {
            is_simplified: true,
            decimal_scale: Some(simplified::DECIMALS),
            ..Info::of_set(simplified::borders()?)
        };
        Ok(Self::new(Borders::Simplified, info))
    }

    /// Opens a boundary file.
    ///
    /// # Errors
    /// [`GeographyError`] when the file cannot be read, is no boundary file, is of a newer version or is
    /// damaged.
    pub fn open(path: &Path) -> Result<Geography, GeographyError> {
        let (header, index) = file::open(path)?;
        let info = Info {
            edition: header.edition.clone(),
            credit: header.credit.clone(),
            is_simplified: false,
            units: header.counts.units,
            polygons: header.counts.polygons,
            vertices: header.counts.vertices,
            source_file: header.source.file_name.clone(),
            source_blake3: header.source.blake3.clone(),
            index_bytes: header.index_bytes(),
            decimal_scale: header.decimal_scale,
        };
        Ok(Self::new(Borders::Opened(Box::new(index)), info))
    }

    /// Opens a boundary file, or takes the simplified borders when none is named.
    ///
    /// # Errors
    /// As [`Geography::open`] and [`Geography::simplified`]. A path that does not open is an error, never a
    /// reason to take the simplified borders instead.
    pub fn open_or_simplified(path: Option<&Path>) -> Result<Geography, GeographyError> {
        path.map_or_else(Self::simplified, Self::open)
    }

    /// A geography of boundaries that are in memory already.
    ///
    /// # Errors
    /// [`GeographyError::Index`] when the boundaries make no index.
    pub fn of_boundaries(set: &BoundarySet) -> Result<Geography, GeographyError> {
        let index = Index::build(set, &mut |_| {})
            .map_err(|source| GeographyError::Index { edition: set.edition().to_owned(), source })?;
        Ok(Self::new(Borders::Opened(Box::new(index)), Info::of_set(set)))
    }

    fn new(borders: Borders, info: Info) -> Self {
        Self { borders, coast_metres: DEFAULT_COAST_METRES, info }
    }

    #[inline]
    fn index(&self) -> &Index {
        match &self.borders {
            Borders::Opened(index) => index,
            Borders::Simplified => simplified::index(),
        }
    }

    /// The same, with another distance from the coast: 0 leaves every point that no land covers in none. At
    /// most [`LARGEST_COAST_METRES`].
    #[must_use]
    pub fn with_coast_metres(mut self, metres: f64) -> Self {
        self.coast_metres = metres.clamp(0.0, LARGEST_COAST_METRES);
        self
    }

    /// How far from the coast a point still belongs to the nearest municipality, metres.
    pub fn coast_metres(&self) -> f64 {
        self.coast_metres
    }

    /// The place of a point: latitude and longitude in degrees WGS 84, finite, within -90..=90 and
    /// -180..=180.
    pub fn place(&self, latitude: f64, longitude: f64) -> Place {
        let covering = self.municipality_at(latitude, longitude);
        self.placed(cell_at(latitude, longitude), covering, latitude, longitude)
    }

    /// Appends the places of points, in their order: as many as the shorter of the two columns has. Several
    /// times faster than one by one.
    pub fn append_places(&self, latitudes: &[f64], longitudes: &[f64], places: &mut Vec<Place>) {
        let (mut cells, mut municipalities) = (Vec::new(), Vec::new());
        for (latitudes, longitudes) in latitudes.chunks(PLACES_AT_ONCE).zip(longitudes.chunks(PLACES_AT_ONCE))
        {
            cells.clear();
            municipalities.clear();
            append_cells(Resolution::Nine, latitudes, longitudes, &mut cells);
            self.append_municipalities(latitudes, longitudes, &mut municipalities);
            let columns = cells.iter().zip(&municipalities).zip(latitudes.iter().zip(longitudes));
            places.extend(columns.map(|((&cell, &covering), (&latitude, &longitude))| {
                self.placed(cell, covering, latitude, longitude)
            }));
        }
    }

    /// The municipality or ward whose land covers a point, border included; the lowest code where several do.
    pub fn municipality_at(&self, latitude: f64, longitude: f64) -> Option<MunicipalityCode> {
        self.index().municipality_at(latitude, longitude)
    }

    /// Appends the municipalities whose land covers points, as [`Geography::municipality_at`] does for one.
    pub fn append_municipalities(
        &self,
        latitudes: &[f64],
        longitudes: &[f64],
        municipalities: &mut Vec<Option<MunicipalityCode>>,
    ) {
        self.index().append_municipalities(latitudes, longitudes, municipalities);
    }

    #[inline]
    fn placed(&self, cell: Cell, covering: Option<MunicipalityCode>, latitude: f64, longitude: f64) -> Place {
        if covering.is_some() || self.coast_metres == 0.0 {
            return Place { cell, municipality: covering, is_off_coast: false };
        }
        let municipality = self.index().nearest_within(latitude, longitude, self.coast_metres);
        Place { cell, municipality, is_off_coast: municipality.is_some() }
    }

    /// Pairs of codes, wards among them, whose land comes near each other.
    pub(crate) fn pairs_in_a_cell(&self) -> BTreeSet<(MunicipalityCode, MunicipalityCode)> {
        self.index().pairs_in_a_cell()
    }

    /// Whether these are the simplified borders that ship, so that figures near a border may be wrong.
    pub fn is_simplified(&self) -> bool {
        self.info.is_simplified
    }

    /// The edition, as in `N03 2025-01-01`; simplified borders say so.
    pub fn edition(&self) -> &str {
        &self.info.edition
    }

    /// The date whose municipality codes it gives: that of the edition; `None` when the edition says none.
    pub fn code_date(&self) -> Option<CodeDate> {
        self.info.edition.split(' ').rev().find_map(CodeDate::parse)
    }

    /// The credit, in Japanese, that figures must show.
    pub fn credit(&self) -> &str {
        &self.info.credit
    }

    /// What this geography is made of.
    pub fn info(&self) -> Info {
        self.info.clone()
    }
}

impl Info {
    /// What a set in memory says of itself.
    fn of_set(set: &BoundarySet) -> Self {
        let counts = set.counts();
        Self {
            edition: set.edition().to_owned(),
            credit: set.credit().to_owned(),
            is_simplified: false,
            units: counts.units,
            polygons: counts.polygons,
            vertices: counts.vertices,
            source_file: set.source().file_name.clone(),
            source_blake3: set.source().blake3.clone(),
            index_bytes: 0,
            decimal_scale: None,
        }
    }
}

impl fmt::Debug for Geography {
    /// What it is made of; millions of vertices help nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Geography").field(&self.info).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simplified_borders_say_so_wherever_they_are_shown() {
        let geography = Geography::open_or_simplified(None).unwrap();
        assert!(geography.is_simplified());
        assert!(geography.edition().contains("simplified borders"));
        let info = serde_json::to_value(geography.info()).unwrap();
        assert_eq!(info["is_simplified"], true);
        assert_eq!((&info["units"], info["polygons"].as_u64() > Some(1_747)), (&1_747.into(), true));
        assert_eq!(geography.code_date().unwrap().to_string(), "2025-01-01");
    }

    #[test]
    fn a_path_that_does_not_open_never_gives_the_simplified_borders() {
        let error = Geography::open_or_simplified(Some(Path::new("nowhere.kayoi"))).unwrap_err().to_string();
        assert!(error.contains("`nowhere.kayoi`") && error.contains("hint:"), "{error}");
    }

    #[test]
    fn places_carry_the_cell_at_the_stored_resolution() {
        let place = Geography::simplified().unwrap().place(35.658581, 139.745433);
        assert_eq!((place.cell.h3() >> 52) & 0xf, u64::from(Cell::STORED_RESOLUTION));
        assert_eq!(place.municipality.map(|code| code.number()), Some(13_103));
    }
}
