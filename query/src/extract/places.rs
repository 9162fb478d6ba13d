//! Where codes lie.
//!
//! In: the borders that figures were placed with. Out: [`Places`], which finds the outline of a municipality, a
//! prefecture, the country, a cell of H3 or a square of JIS X 0410 by its code.

use std::collections::BTreeMap;
use std::path::Path;

use h3o::CellIndex;
use kayoi_geography::mesh::MeshCode;
use kayoi_geography::outline::{Line, Topology};
use kayoi_geography::{Register, simplified};

use super::geometry::Geometry;
use crate::error::QueryError;

/// How far an outline may be from the true border, metres: less than a pixel where a town fills a screen.
const METRES: f64 = 50.0;
/// Decimals of a degree that are kept: a metre.
const PER_DEGREE: f64 = 1e5;
/// Digits of a cell of H3 as text.
const CELL_DIGITS: usize = 15;
/// The code of the country.
const JAPAN: &str = "JP";

/// Outlines by code.
#[derive(Debug)]
pub struct Places {
    topology: Topology,
    land: BTreeMap<String, Vec<Vec<Line>>>,
}

impl Places {
    /// The outlines of a boundary file, or of the simplified borders where none is named.
    ///
    /// # Errors
    /// [`QueryError::Internal`] when the borders cannot be read.
    pub fn of(boundaries: Option<&Path>) -> Result<Self, QueryError> {
        let read = match boundaries {
            Some(file) => Some(kayoi_geography::file::read(file).map_err(broken)?.1),
            None => None,
        };
        let set = match &read {
            Some(set) => set,
            None => simplified::borders().map_err(broken)?,
        };
        let topology = Topology::of(set).coarser(METRES);
        let mut parts: BTreeMap<String, Vec<&Vec<Line>>> = BTreeMap::new();
        for shape in topology.shapes() {
            let city = Register::japan().basic(shape.code);
            let codes = [
                shape.code.to_string(),
                city.to_string(),
                shape.code.prefecture().to_string(),
                JAPAN.to_owned(),
            ];
            for (place, code) in codes.iter().enumerate() {
                if !codes[..place].contains(code) {
                    parts.entry(code.clone()).or_default().extend(&shape.polygons);
                }
            }
        }
        let land = parts.iter().map(|(code, parts)| (code.clone(), topology.joined(parts))).collect();
        Ok(Self { topology, land })
    }

    /// The outline of a code; `None` where it has none, as `all`.
    pub(super) fn find(&self, code: &str) -> Option<Geometry> {
        if let Some(polygons) = self.land.get(code) {
            let line = |line: &Line| {
                self.topology.points(line).into_iter().map(|point| point.map(rounded)).collect()
            };
            let polygons = polygons.iter().map(|lines| lines.iter().map(line).collect());
            return Some(Geometry::of(polygons.collect()));
        }
        if code.len() == CELL_DIGITS {
            let boundary = code.parse::<CellIndex>().ok()?.boundary();
            let corners = boundary.iter().chain(boundary.first());
            return Some(Geometry::of(vec![vec![
                corners.map(|at| [at.lng(), at.lat()].map(rounded)).collect(),
            ]]));
        }
        let square = MeshCode::parse(code).ok()?.bounds();
        let (south, north, west, east) = (square.south(), square.north(), square.west(), square.east());
        let corners = vec![[west, south], [east, south], [east, north], [west, north], [west, south]];
        Some(Geometry::of(vec![vec![corners]]))
    }
}

fn broken(error: kayoi_geography::GeographyError) -> QueryError {
    QueryError::io(std::io::Error::other(error))
}

fn rounded(degrees: f64) -> f64 {
    (degrees * PER_DEGREE).round() / PER_DEGREE
}
