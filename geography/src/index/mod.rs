//! The index: which municipality covers a point, exactly and fast.
//!
//! In: a [`BoundarySet`], or an index that was built before. Out: for any point, the lowest code of which
//! some polygon covers it, border included: on its exterior, or inside it and not strictly inside one of its
//! holes. This equals a closed test of every polygon (`geo::Intersects` of polygon and point) and is proved
//! against it by the tests.
//!
//! A grid of cells of about 300 m knows for most cells the one answer that holds everywhere in them, because
//! no border touches them. Every other cell has a record with the edges that touch it and nothing else.
//!
//! The cells are of latitude and longitude, not of H3. Borders are straight in degrees, and a point's cell is
//! then two monotone products, so that a claim about a cell holds for every double that falls into it. Edges
//! of H3 cells are great circles whose exact course depends on how they are computed, and finding the H3 cell
//! costs more than this whole lookup.

mod grid;
mod stripes;
pub(crate) mod section;
mod table;
mod record;
mod build;
pub(crate) mod coast;

use std::collections::BTreeSet;
use std::hint::black_box;

use kayoi_schemas::ids::MunicipalityCode;

use crate::boundaries::BoundarySet;
use crate::boundaries::ring::bounds;
pub(crate) use grid::Grid;
use section::Section;
use table::{Known, Table};

/// Points that are looked up side by side, so that the memory answers for many at once.
const CHUNK: usize = 64;

/// Exact point-in-polygon over a boundary set.
#[derive(Debug)]
pub struct Index {
    grid: Grid,
    table: Table,
    records: Section<u64>,
}

/// What a build is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Arranging edges by latitude.
    Arranging,
    /// Tracing edges through cells.
    Tracing,
    /// Writing the records of border cells.
    Recording,
}

/// Why boundaries make no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuildFault {
    /// The records of all border cells together take more than 8 GiB.
    #[error("their border cells take more than 8 GiB")]
    TooLarge,
    /// Some cell is covered by borders so densely that no point was found beside them.
    #[error("some cell of them has a border everywhere")]
    NoReference,
}

impl Index {
    /// Builds the index, on all cores, and tells what it is at.
    ///
    /// # Errors
    /// [`BuildFault`], which no boundaries of municipalities known to us reach.
    pub fn build(set: &BoundarySet, tell: &mut dyn FnMut(Step)) -> Result<Self, BuildFault> {
        build::build(set, tell)
    }

    /// An index of no land.
    pub(crate) fn of_nothing() -> Self {
        let grid = Grid::over(bounds(&[]), 0);
        let table = Table::build(grid.columns(), grid.rows(), std::iter::empty());
        Self { grid, table, records: Section::Owned(Vec::new()) }
    }

    /// The parts, to write them to a file.
    pub(crate) fn parts(&self) -> (&Grid, &[u32], &[u32], &[u64]) {
        (&self.grid, self.table.blocks.as_slice(), self.table.cells.as_slice(), self.records.as_slice())
    }

    /// An index of parts that [`Index::parts`] gave.
    pub(crate) fn of_parts(
        grid: Grid,
        blocks: Section<u32>,
        cells: Section<u32>,
        records: Section<u64>,
    ) -> Self {
        let table = Table { blocks_per_row: table::blocks_per_row(grid.columns()), blocks, cells };
        Self { grid, table, records }
    }

    /// The lowest code that covers the point, in degrees; `None` when none does or a coordinate is not a
    /// number.
    #[inline]
    pub fn municipality_at(&self, latitude: f64, longitude: f64) -> Option<MunicipalityCode> {
        let point = [longitude, latitude];
        self.decided(self.known(point), point)
    }

    /// Appends the answers for points, in their order: as many as the shorter of the two columns has.
    pub fn append_municipalities(
        &self,
        latitudes: &[f64],
        longitudes: &[f64],
        municipalities: &mut Vec<Option<MunicipalityCode>>,
    ) {
        let mut known = [Known::Nothing; CHUNK];
        for (latitudes, longitudes) in latitudes.chunks(CHUNK).zip(longitudes.chunks(CHUNK)) {
            let points =
                || latitudes.iter().zip(longitudes).map(|(&latitude, &longitude)| [longitude, latitude]);
            known.iter_mut().zip(points()).for_each(|(known, point)| *known = self.known(point));
            // Records lie all over the memory; asking for all of them first, it fetches many at a time.
            let first_words = known.iter().map(|known| self.words_of(*known));
            black_box(first_words.fold(0, |all, words| all ^ words));
            municipalities
                .extend(known.iter().zip(points()).map(|(known, point)| self.decided(*known, point)));
        }
    }

    /// Pairs of codes whose land comes into one cell of the grid, each once, the lower code first.
    pub(crate) fn pairs_in_a_cell(&self) -> BTreeSet<(MunicipalityCode, MunicipalityCode)> {
        let mut numbers = BTreeSet::new();
        let mut codes: Vec<u32> = Vec::new();
        for start in self.table.records() {
            codes.clear();
            // A record that breaks off gives the codes before that; a file's checksum rules it out.
            let _ = record::visit_codes(self.record(start), |code| codes.push(code));
            for (position, a) in codes.iter().enumerate() {
                let others = codes[position + 1..].iter().filter(|b| *b != a);
                numbers.extend(others.map(|b| (*a.min(b), *a.max(b))));
            }
        }
        let code = MunicipalityCode::from_number;
        numbers.into_iter().filter_map(|(a, b)| Some((code(a)?, code(b)?))).collect()
    }

    #[inline(always)]
    fn known(&self, point: [f64; 2]) -> Known {
        self.grid.cell(point).map_or(Known::Nothing, |(column, row)| self.table.known(column, row))
    }

    /// A word from each of the first cache lines of a record.
    #[inline(always)]
    fn words_of(&self, known: Known) -> u64 {
        let Known::Record(start) = known else { return 0 };
        let word = |line: usize| self.records.as_slice().get(start as usize + 8 * line).copied().unwrap_or(0);
        word(0) ^ word(1) ^ word(2)
    }

    #[inline(always)]
    fn decided(&self, known: Known, point: [f64; 2]) -> Option<MunicipalityCode> {
        let code = match known {
            Known::Nothing => return None,
            Known::Whole(code) => code,
            Known::Record(start) => record::code_at(self.record(start), point)?,
        };
        MunicipalityCode::from_number(code)
    }

    #[inline(always)]
    fn record(&self, start: u32) -> &[u64] {
        self.records.as_slice().get(start as usize..).unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "index_tests.rs"]
mod tests;
