//! The table: what is known of each cell of the grid.
//!
//! In: for every polygon the cells that its edges touch and the cells strictly inside it. Out: per cell nothing,
//! one code for the whole cell, or the few polygons to ask. Cells are kept in blocks of 16 by 16; a block of
//! equal cells is one entry, so that the sea costs nothing and the common lookups stay in the cache.

use std::ops::Range;

use rayon::prelude::*;

use super::grid::Grid;

const BLOCK_SIDE: u32 = 16;
const BLOCK_CELLS: usize = (BLOCK_SIDE * BLOCK_SIDE) as usize;

// An entry is two bits of kind over 30 bits of value.
const KIND: u32 = 0b11 << 30;
const NOTHING: u32 = 0;
const WHOLE: u32 = 0b01 << 30;
const CANDIDATES: u32 = 0b10 << 30;
const BLOCK: u32 = 0b11 << 30;
// A candidate is two flags over the number of a polygon.
const LAST: u32 = 1 << 31;
const COVERS_CELL: u32 = 1 << 30;

/// Cells of one row and what a polygon does there.
pub(super) struct Span {
    cells: Range<u32>,
    candidate: Candidate,
}

impl Span {
    /// A cell that some edge of the polygon touches.
    pub(super) fn touched(cell: u32, polygon: u32) -> Self {
        Self { cells: cell..cell + 1, candidate: Candidate { polygon, covers_cell: false } }
    }

    /// Cells that lie strictly inside the polygon.
    pub(super) fn inside(cells: Range<u32>, polygon: u32) -> Self {
        Self { cells, candidate: Candidate { polygon, covers_cell: true } }
    }
}

/// A polygon that may cover a point of a cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) polygon: u32,
    /// It covers the whole cell, so that no edge need be read.
    pub(super) covers_cell: bool,
}

/// What is known of a cell.
pub(super) enum Answer<'t> {
    /// No polygon reaches into it.
    Nothing,
    /// This code is the answer everywhere in it.
    Whole(u32),
    /// One of these, the first that covers the point, or none.
    Candidates(CandidateIter<'t>),
}

#[derive(Default)]
pub(super) struct Table {
    blocks_per_row: u32,
    blocks: Vec<u32>,
    cells: Vec<u32>,
    candidates: Vec<u32>,
}

impl Table {
    /// Fills the table. Polygons are numbered in ascending order of their codes.
    pub(super) fn build(grid: &Grid, spans: Vec<Span>, code_of: impl Fn(u32) -> u32) -> Self {
        let blocks_per_row = grid.columns().div_ceil(BLOCK_SIDE);
        let block_count = blocks_per_row as usize * grid.rows().div_ceil(BLOCK_SIDE) as usize;
        let mut table = Self { blocks_per_row, blocks: vec![NOTHING; block_count], ..Self::default() };
        let claims = sorted_claims(spans);
        for claims in claims.chunk_by(|a, b| cell_of(*a) == cell_of(*b)) {
            let entry = table.entry(claims, &code_of);
            let (column, row) = grid.column_and_row(cell_of(claims[0]));
            table.put(column, row, entry);
        }
        table.fold_equal_blocks();
        table
    }

    #[inline]
    pub(super) fn answer(&self, column: u32, row: u32) -> Answer<'_> {
        let (block, within) = self.locate(column, row);
        let mut entry = self.blocks[block];
        if entry & KIND == BLOCK {
            entry = self.cells[(entry & !KIND) as usize * BLOCK_CELLS + within];
        }
        match entry & KIND {
            NOTHING => Answer::Nothing,
            WHOLE => Answer::Whole(entry & !KIND),
            _ => Answer::Candidates(CandidateIter { rest: &self.candidates[(entry & !KIND) as usize..] }),
        }
    }

    #[inline]
    fn locate(&self, column: u32, row: u32) -> (usize, usize) {
        let block = row / BLOCK_SIDE * self.blocks_per_row + column / BLOCK_SIDE;
        let within = row % BLOCK_SIDE * BLOCK_SIDE + column % BLOCK_SIDE;
        (block as usize, within as usize)
    }

    /// The entry of a cell, from its claims in ascending order of polygon: nothing after the first polygon that
    /// covers the whole cell can be the answer.
    fn entry(&mut self, claims: &[u64], code_of: impl Fn(u32) -> u32) -> u32 {
        let first = candidate_of(claims[0]);
        if first.covers_cell {
            return WHOLE | code_of(first.polygon);
        }
        let start = self.candidates.len();
        for &claim in claims {
            let candidate = candidate_of(claim);
            self.candidates.push(candidate.polygon | if candidate.covers_cell { COVERS_CELL } else { 0 });
            if candidate.covers_cell {
                break;
            }
        }
        if let Some(last) = self.candidates.last_mut() {
            *last |= LAST;
        }
        // Neighbouring cells along a border have the same candidates.
        let length = self.candidates.len() - start;
        if start >= length && self.candidates[start - length..start] == self.candidates[start..] {
            self.candidates.truncate(start);
            return CANDIDATES | (start - length) as u32;
        }
        CANDIDATES | start as u32
    }

    fn put(&mut self, column: u32, row: u32, entry: u32) {
        let (block, within) = self.locate(column, row);
        if self.blocks[block] == NOTHING {
            self.blocks[block] = BLOCK | (self.cells.len() / BLOCK_CELLS) as u32;
            self.cells.resize(self.cells.len() + BLOCK_CELLS, NOTHING);
        }
        self.cells[(self.blocks[block] & !KIND) as usize * BLOCK_CELLS + within] = entry;
    }

    fn fold_equal_blocks(&mut self) {
        let mut kept = Vec::new();
        for block in &mut self.blocks {
            if *block & KIND != BLOCK {
                continue;
            }
            let start = (*block & !KIND) as usize * BLOCK_CELLS;
            let cells = &self.cells[start..start + BLOCK_CELLS];
            if cells.iter().all(|cell| *cell == cells[0]) {
                *block = cells[0];
            } else {
                *block = BLOCK | (kept.len() / BLOCK_CELLS) as u32;
                kept.extend_from_slice(cells);
            }
        }
        kept.shrink_to_fit();
        self.cells = kept;
    }
}

/// The candidates of a cell, in ascending order of code.
pub(super) struct CandidateIter<'t> {
    rest: &'t [u32],
}

impl Iterator for CandidateIter<'_> {
    type Item = Candidate;

    #[inline]
    fn next(&mut self) -> Option<Candidate> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = if first & LAST == 0 { rest } else { &[] };
        Some(Candidate { polygon: first & !(LAST | COVERS_CELL), covers_cell: first & COVERS_CELL != 0 })
    }
}

/// A claim is a cell, a polygon and whether it covers the cell, in one number that sorts in this order.
fn sorted_claims(spans: Vec<Span>) -> Vec<u64> {
    let claims = spans.into_iter().flat_map(|span| {
        let low = (u64::from(span.candidate.polygon) << 1) | u64::from(span.candidate.covers_cell);
        span.cells.map(move |cell| (u64::from(cell) << 32) | low)
    });
    let mut claims: Vec<u64> = claims.collect();
    claims.par_sort_unstable();
    claims
}

fn cell_of(claim: u64) -> u32 {
    (claim >> 32) as u32
}

fn candidate_of(claim: u64) -> Candidate {
    Candidate { polygon: (claim as u32) >> 1, covers_cell: claim & 1 == 1 }
}
