//! The index: which municipality covers a point, exactly and fast.
//!
//! In: a [`BoundarySet`]. Out: for any point, the lowest code of which some polygon covers it, border included:
//! on its exterior, or inside it and not strictly inside one of its holes. This equals a closed test of every
//! polygon (`geo::Intersects` of polygon and point) and is proved against it by the tests.
//!
//! Two steps keep it fast. A [`grid`] knows for most cells the one answer that holds everywhere in them, because
//! no border touches them. In the other cells it names the few polygons whose border touches; of those a query
//! reads only the edges in the point's horizontal [`stripes`]. A query allocates nothing.

mod grid;
mod stripes;
mod table;

use kayoi_schemas::ids::MunicipalityCode;
use rayon::prelude::*;

use crate::boundaries::BoundarySet;
use crate::boundaries::ring::{Position, bounds};
use grid::Grid;
use stripes::Stripes;
use table::{Answer, Table};

/// Exact point-in-polygon over a boundary set.
pub struct Index {
    grid: Grid,
    table: Table,
    polygons: Vec<PolygonEntry>,
    stripes: Stripes,
}

/// A polygon as positions of its rings: exterior first, then the holes.
struct PolygonEntry {
    code: MunicipalityCode,
    first_ring: u32,
    rings: u32,
}

impl Index {
    /// Builds the index, on all cores.
    pub fn build(set: &BoundarySet) -> Self {
        let mut polygons = Vec::new();
        let mut rings = Vec::new();
        // In ascending order of code, so that the first polygon that covers a point has the lowest code.
        for (code, polygon) in set.polygons() {
            let first_ring = rings.len() as u32;
            rings.extend(polygon.rings().map(|ring| ring.points()));
            polygons.push(PolygonEntry { code, first_ring, rings: rings.len() as u32 - first_ring });
        }
        let vertices = rings.iter().map(|ring| ring.len()).sum();
        let boxes: Vec<_> = rings.par_iter().map(|ring| bounds(ring)).collect();
        let corners: Vec<_> = boxes.iter().flat_map(|(low, high)| [*low, *high]).collect();
        let grid = Grid::over(bounds(&corners), vertices);
        let stripes = Stripes::build(&rings, &boxes);
        drop(rings);
        let mut index = Self { grid, table: Table::default(), polygons, stripes };
        index.table = index.fill_table();
        index
    }

    /// The lowest code that covers the point, in degrees; `None` when none does or a coordinate is no number.
    #[inline]
    pub fn municipality_at(&self, latitude: f64, longitude: f64) -> Option<MunicipalityCode> {
        let point = [longitude, latitude];
        let (column, row) = self.grid.cell(point)?;
        match self.table.answer(column, row) {
            Answer::Nothing => None,
            Answer::Whole(code) => MunicipalityCode::from_number(code),
            Answer::Candidates(candidates) => candidates
                .map(|candidate| (candidate, &self.polygons[candidate.polygon as usize]))
                .find(|(candidate, polygon)| candidate.covers_cell || self.covers(polygon, point))
                .map(|(_, polygon)| polygon.code),
        }
    }

    /// The border of any ring belongs. Valid polygons leave no doubt which ring that is; where a hole leaves its
    /// exterior or overlaps another, the rings decide in their order, as in `geo`.
    fn covers(&self, polygon: &PolygonEntry, point: [f64; 2]) -> bool {
        match self.stripes.position(polygon.first_ring, point) {
            Position::Outside => false,
            Position::Border => true,
            Position::Inside => {
                let mut holes = polygon.first_ring + 1..polygon.first_ring + polygon.rings;
                let decisive = holes.find_map(|hole| match self.stripes.position(hole, point) {
                    Position::Outside => None,
                    Position::Border => Some(true),
                    Position::Inside => Some(false),
                });
                decisive.unwrap_or(true)
            }
        }
    }

    /// For every polygon the cells that its edges touch, and the runs of cells that lie strictly inside it.
    fn fill_table(&self) -> Table {
        let spans = (0..self.polygons.len() as u32)
            .into_par_iter()
            .flat_map_iter(|polygon| self.spans(polygon))
            .collect();
        Table::build(&self.grid, spans, |polygon| self.polygons[polygon as usize].code.number())
    }

    fn spans(&self, number: u32) -> Vec<table::Span> {
        let polygon = &self.polygons[number as usize];
        let mut touched = Vec::new();
        for ring in polygon.first_ring..polygon.first_ring + polygon.rings {
            for edge in self.stripes.points(ring).windows(2) {
                self.grid.touched_cells(edge[0], edge[1], |column, row| {
                    let cell = self.grid.number(column, row);
                    if touched.last() != Some(&cell) {
                        touched.push(cell);
                    }
                });
            }
        }
        touched.sort_unstable();
        touched.dedup();
        let mut spans: Vec<_> = touched.iter().map(|&cell| table::Span::touched(cell, number)).collect();
        for pair in touched.windows(2) {
            let (gap_start, gap_end) = (pair[0] + 1, pair[1]);
            // Cells between two touched ones of a row are connected without crossing an edge, so they are all
            // inside or all outside, and one of them tells.
            let is_gap = gap_start < gap_end && self.grid.same_row(pair[0], pair[1]);
            if is_gap && self.covers(polygon, self.grid.centre(gap_start)) {
                spans.push(table::Span::inside(gap_start..gap_end, number));
            }
        }
        spans
    }
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
