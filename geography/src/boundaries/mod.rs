//! Boundaries: which land belongs to which municipality.
//!
//! In: rings of longitude and latitude from an import. Out: a [`BoundarySet`], polygons dissolved by code,
//! which [`crate::file`] keeps beside its index. Coordinates stay the exact doubles of the source, so that an
//! answer can be checked against any other tool that reads the same N03.

pub mod ring;
mod crossing;
mod area;
mod parallel;
pub mod overlap;
pub mod difference;
pub(crate) mod body;
mod reader;
#[cfg(test)]
pub(crate) mod fixture;

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use ring::Position;
use serde::{Deserialize, Serialize};

pub use difference::Difference;
pub use ring::{Ring, RingFault, RingRepairs};

/// Points of a hole that are looked up, since each look-up reads the whole exterior.
const POINTS_TRIED: usize = 16;

/// One piece of land: an exterior and the holes in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    exterior: Ring,
    holes: Vec<Ring>,
}

impl Polygon {
    /// A polygon whose exterior runs counter-clockwise and whose holes run clockwise, as RFC 7946 wants, so
    /// that a Shapefile and a GeoJSON of the same land are equal.
    pub fn new(exterior: Ring, holes: Vec<Ring>) -> Self {
        let holes = holes.into_iter().map(|hole| hole.oriented(false)).collect();
        Self { exterior: exterior.oriented(true), holes }
    }

    /// The outer ring.
    pub fn exterior(&self) -> &Ring {
        &self.exterior
    }

    /// The rings inside it that are not part of the land.
    pub fn holes(&self) -> &[Ring] {
        &self.holes
    }

    /// The holes of which some part lies outside the exterior: those whose box does, and those whose first
    /// point that is not on the exterior does. A hole that runs out and in again between its points is not
    /// found.
    pub(crate) fn holes_outside_exterior(&self) -> impl Iterator<Item = &Ring> {
        let outer = self.exterior.bounds();
        self.holes.iter().filter(move |hole| {
            let inner = hole.bounds();
            let in_box = (0..2).all(|axis| outer.0[axis] <= inner.0[axis] && inner.1[axis] <= outer.1[axis]);
            !in_box || self.first_position(hole) == Some(Position::Outside)
        })
    }

    /// Where a hole's first point lies that is not on the exterior, if it is among the first few.
    fn first_position(&self, hole: &Ring) -> Option<Position> {
        let first = hole.points().iter().take(POINTS_TRIED).map(|&point| self.exterior.position(point));
        first.into_iter().find(|position| *position != Position::Border)
    }

    /// Exterior first, then the holes.
    pub fn rings(&self) -> impl Iterator<Item = &Ring> + Clone {
        std::iter::once(&self.exterior).chain(&self.holes)
    }
}

/// All land of one code.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The code; `PP000` for 所属未定地.
    pub code: MunicipalityCode,
    /// Its polygons, in the source's order.
    pub polygons: Vec<Polygon>,
}

/// Where a set came from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Source {
    /// Name of the imported file, without its folder.
    pub file_name: String,
    /// BLAKE3 of the imported file, hexadecimal.
    pub blake3: String,
    /// The credit that its licence asks for.
    pub credit: String,
}

/// How much a set holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Codes that have land.
    pub units: u64,
    /// Polygons of all codes.
    pub polygons: u64,
    /// Points of all rings, the closing point included, as GeoJSON counts.
    pub vertices: u64,
}

/// The boundaries of one edition, sorted by code.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundarySet {
    edition: String,
    source: Source,
    units: Vec<Unit>,
}

impl BoundarySet {
    /// Gathers polygons under their codes.
    pub fn new(
        edition: impl Into<String>,
        source: Source,
        polygons: impl IntoIterator<Item = (MunicipalityCode, Polygon)>,
    ) -> Self {
        let mut by_code: BTreeMap<MunicipalityCode, Vec<Polygon>> = BTreeMap::new();
        for (code, polygon) in polygons {
            by_code.entry(code).or_default().push(polygon);
        }
        let units = by_code.into_iter().map(|(code, polygons)| Unit { code, polygons }).collect();
        Self { edition: edition.into(), source, units }
    }

    /// A set of units that stand in ascending order of their codes.
    pub(crate) fn of_units(edition: String, source: Source, units: Vec<Unit>) -> Self {
        Self { edition, source, units }
    }

    /// The edition, as in `N03 2025-01-01`.
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// The imported file.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The credit that figures and outlines must show.
    pub fn credit(&self) -> &str {
        &self.source.credit
    }

    /// The units, sorted by code.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// Every polygon with its code, in ascending order of code.
    pub fn polygons(&self) -> impl Iterator<Item = (MunicipalityCode, &Polygon)> {
        self.units.iter().flat_map(|unit| unit.polygons.iter().map(|polygon| (unit.code, polygon)))
    }

    /// Units, polygons and vertices.
    pub fn counts(&self) -> Counts {
        let vertices =
            |polygon: &Polygon| polygon.rings().map(|ring| ring.points().len() as u64).sum::<u64>();
        Counts {
            units: self.units.len() as u64,
            polygons: self.polygons().count() as u64,
            vertices: self.polygons().map(|(_, polygon)| vertices(polygon)).sum(),
        }
    }
}
