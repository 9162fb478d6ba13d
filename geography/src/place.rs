//! Placing a point: its cell and its municipality.
//!
//! In: points in degrees. Out: their [`Place`]s. A [`Geography`] is opened once and shared by all threads. It comes
//! from a boundary file, or is the [`crate::sketch`], which its edition says wherever figures are shown.
//!
//! A municipality has a point because its land covers it, exactly. A point that no land covers, at sea, on a lake
//! or on a bridge, goes to the nearest border within [`DEFAULT_COAST_METRES`], because phones on a pier are the
//! town's and fixes are off by some metres; beyond that it is in none.

use std::fmt;
use std::path::Path;

use kayoi_schemas::ids::{Cell, MunicipalityCode};
use serde::Serialize;

use crate::boundaries::BoundarySet;
use crate::cell::{Resolution, append_cells, cell_at};
use crate::file;
use crate::history::CodeDate;
use crate::index::Index;
use crate::sketch::Sketch;
use crate::{GeographyError, N03_CREDIT, Register};

/// The edition of a sketch.
pub const SKETCH_EDITION: &str = "sketch (nearest representative point, not a border)";

/// How far from the coast a point still belongs to the nearest municipality, unless an operator says otherwise.
/// There is no official rule; 500 m takes in piers, bridges and the noise of network fixes.
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
    /// The edition, as in `N03 2025-01-01`, or that it is a sketch.
    pub edition: String,
    /// The credit that figures must show.
    pub credit: String,
    /// Whether municipalities are guessed from representative points.
    pub is_sketch: bool,
    /// Codes with land; municipalities of a sketch.
    pub units: u64,
    /// Polygons of all codes; 0 for a sketch.
    pub polygons: u64,
    /// Points of all rings, closing points included; 0 for a sketch.
    pub vertices: u64,
    /// Name of the imported file, without its folder; empty for a sketch.
    pub source_file: String,
    /// BLAKE3 of the imported file, hexadecimal; empty for a sketch.
    pub source_blake3: String,
    /// Bytes of the index, which a process maps; 0 for a sketch and for boundaries in memory.
    pub index_bytes: u64,
    /// The most decimals of a coordinate; `None` for a sketch, or where coordinates are no decimals.
    pub decimal_scale: Option<u8>,
}

/// Places points.
pub struct Geography {
    borders: Borders,
    coast_metres: f64,
    info: Info,
}

/// Points whose cells and municipalities wait side by side; 24 KiB of them.
const PLACES_AT_ONCE: usize = 1_024;

enum Borders {
    Exact(Box<Index>),
    Sketch(Sketch),
}

impl Geography {
    /// Municipalities by nearest representative point, from the embedded register: for trying things out only.
    ///
    /// # Errors
    /// [`GeographyError::EmptyRegister`] when this build's register is broken.
    pub fn sketch() -> Result<Geography, GeographyError> {
        let register = Register::japan();
        if register.all().is_empty() {
            return Err(GeographyError::EmptyRegister);
        }
        let info = Info {
            edition: SKETCH_EDITION.to_owned(),
            credit: N03_CREDIT.to_owned(),
            is_sketch: true,
            units: register.all().len() as u64,
            polygons: 0,
            vertices: 0,
            source_file: String::new(),
            source_blake3: String::new(),
            index_bytes: 0,
            decimal_scale: None,
        };
        Ok(Self { borders: Borders::Sketch(Sketch::of(register)), coast_metres: 0.0, info })
    }

    /// Opens a boundary file.
    ///
    /// # Errors
    /// [`GeographyError`] when the file cannot be read, is no boundary file, is of a newer version or is damaged.
    pub fn open(path: &Path) -> Result<Geography, GeographyError> {
        let (header, index) = file::open(path)?;
        let info = Info {
            edition: header.edition.clone(),
            credit: header.credit.clone(),
            is_sketch: false,
            units: header.counts.units,
            polygons: header.counts.polygons,
            vertices: header.counts.vertices,
            source_file: header.source.file_name.clone(),
            source_blake3: header.source.blake3.clone(),
            index_bytes: header.index_bytes(),
            decimal_scale: header.decimal_scale,
        };
        Ok(Self::exact(index, info))
    }

    /// Opens a boundary file, or makes the sketch when there is none to open.
    ///
    /// # Errors
    /// As [`Geography::open`] and [`Geography::sketch`]. A path that does not open is an error, never a sketch.
    pub fn open_or_sketch(path: Option<&Path>) -> Result<Geography, GeographyError> {
        path.map_or_else(Self::sketch, Self::open)
    }

    /// A geography of boundaries that are in memory already.
    ///
    /// # Errors
    /// [`GeographyError::Index`] when the boundaries make no index.
    pub fn of_boundaries(set: &BoundarySet) -> Result<Geography, GeographyError> {
        let counts = set.counts();
        let index = Index::build(set, &mut |_| {})
            .map_err(|source| GeographyError::Index { edition: set.edition().to_owned(), source })?;
        let info = Info {
            edition: set.edition().to_owned(),
            credit: set.credit().to_owned(),
            is_sketch: false,
            units: counts.units,
            polygons: counts.polygons,
            vertices: counts.vertices,
            source_file: set.source().file_name.clone(),
            source_blake3: set.source().blake3.clone(),
            index_bytes: 0,
            decimal_scale: None,
        };
        Ok(Self::exact(index, info))
    }

    fn exact(index: Index, info: Info) -> Self {
        Self { borders: Borders::Exact(Box::new(index)), coast_metres: DEFAULT_COAST_METRES, info }
    }

    /// The same, with another distance from the coast: 0 leaves every point that no land covers in none. At most
    /// [`LARGEST_COAST_METRES`]; a sketch has no coast and stays as it is.
    #[must_use]
    pub fn with_coast_metres(mut self, metres: f64) -> Self {
        if !self.info.is_sketch {
            self.coast_metres = metres.clamp(0.0, LARGEST_COAST_METRES);
        }
        self
    }

    /// How far from the coast a point still belongs to the nearest municipality, metres.
    pub fn coast_metres(&self) -> f64 {
        self.coast_metres
    }

    /// The place of a point: latitude and longitude in degrees WGS 84, finite, within -90..=90 and -180..=180.
    pub fn place(&self, latitude: f64, longitude: f64) -> Place {
        let covering = self.municipality_at(latitude, longitude);
        self.placed(cell_at(latitude, longitude), covering, latitude, longitude)
    }

    /// Appends the places of points, in their order: as many as the shorter of the two columns has. Several times
    /// faster than one by one.
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
        match &self.borders {
            Borders::Exact(index) => index.municipality_at(latitude, longitude),
            Borders::Sketch(sketch) => sketch.municipality_at(latitude, longitude),
        }
    }

    /// Appends the municipalities whose land covers points, as [`Geography::municipality_at`] does for one.
    pub fn append_municipalities(
        &self,
        latitudes: &[f64],
        longitudes: &[f64],
        municipalities: &mut Vec<Option<MunicipalityCode>>,
    ) {
        match &self.borders {
            Borders::Exact(index) => index.append_municipalities(latitudes, longitudes, municipalities),
            Borders::Sketch(sketch) => municipalities.extend(
                latitudes
                    .iter()
                    .zip(longitudes)
                    .map(|(&latitude, &longitude)| sketch.municipality_at(latitude, longitude)),
            ),
        }
    }

    #[inline]
    fn placed(&self, cell: Cell, covering: Option<MunicipalityCode>, latitude: f64, longitude: f64) -> Place {
        match &self.borders {
            Borders::Exact(index) if covering.is_none() && self.coast_metres > 0.0 => {
                let municipality = index.nearest_within(latitude, longitude, self.coast_metres);
                Place { cell, municipality, is_off_coast: municipality.is_some() }
            }
            _ => Place { cell, municipality: covering, is_off_coast: false },
        }
    }

    /// Whether municipalities are guessed from representative points.
    pub fn is_sketch(&self) -> bool {
        self.info.is_sketch
    }

    /// The edition, as in `N03 2025-01-01`, or that it is a sketch.
    pub fn edition(&self) -> &str {
        &self.info.edition
    }

    /// The date whose municipality codes it gives: that of the edition; `None` when the edition says none.
    pub fn code_date(&self) -> Option<CodeDate> {
        if self.info.is_sketch {
            return Some(Register::CODE_DATE);
        }
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
    fn a_sketch_says_so_wherever_it_is_shown() {
        let geography = Geography::open_or_sketch(None).unwrap();
        assert!(geography.is_sketch());
        assert!(geography.edition().contains("sketch"));
        let info = serde_json::to_value(geography.info()).unwrap();
        assert_eq!(info["is_sketch"], true);
        assert!(info["edition"].as_str().unwrap().contains("not a border"));
        assert_eq!(geography.code_date().unwrap().to_string(), "2025-01-01");
    }

    #[test]
    fn a_path_that_does_not_open_is_never_a_sketch() {
        let error = Geography::open_or_sketch(Some(Path::new("nowhere.kayoi"))).unwrap_err().to_string();
        assert!(error.contains("`nowhere.kayoi`") && error.contains("hint:"), "{error}");
    }

    #[test]
    fn places_carry_the_cell_at_the_stored_resolution() {
        let place = Geography::sketch().unwrap().place(35.658581, 139.745433);
        assert_eq!((place.cell.h3() >> 52) & 0xf, u64::from(Cell::STORED_RESOLUTION));
        assert_eq!(place.municipality.map(|code| code.prefecture().number()), Some(13));
    }
}
