//! The table: what is known of each cell of the grid.
//!
//! In: an entry for each cell that land reaches. Out: per cell nothing, one code for the whole cell, or where
//! its record starts. Cells are kept in blocks of 16 by 16; a block of equal cells is one entry, so that the
//! sea costs nothing and the common lookups stay in the cache.

use std::ops::Range;

use super::section::Section;

const BLOCK_SIDE: u32 = 16;
const BLOCK_CELLS: usize = (BLOCK_SIDE * BLOCK_SIDE) as usize;

// An entry is two bits of kind over 30 bits of value.
const KIND: u32 = 0b11 << 30;
const NOTHING: u32 = 0;
const WHOLE: u32 = 0b01 << 30;
const RECORD: u32 = 0b10 << 30;
const BLOCK: u32 = 0b11 << 30;

/// What is known of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// No polygon reaches into it.
    Nothing,
    /// This code is the answer everywhere in it.
    Whole(u32),
    /// The record that starts at this word decides.
    Record(u32),
}

impl Known {
    fn entry(self) -> u32 {
        match self {
            Self::Nothing => NOTHING,
            Self::Whole(code) => WHOLE | code,
            Self::Record(start) => RECORD | start,
        }
    }
}

/// Entries of cells, by block.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) blocks_per_row: u32,
    pub(super) blocks: Section<u32>,
    pub(super) cells: Section<u32>,
}

/// How many blocks lie side by side over so many columns.
pub(super) fn blocks_per_row(columns: u32) -> u32 {
    columns.div_ceil(BLOCK_SIDE)
}

/// The first word beyond those that a table can point at.
pub(super) const LARGEST_RECORDS: usize = 1 << 30;

impl Table {
    /// Fills the table. Cells that are not named hold nothing.
    pub(super) fn build(columns: u32, rows: u32, known: impl Iterator<Item = (u32, u32, Known)>) -> Self {
        let blocks_per_row = blocks_per_row(columns);
        let mut blocks = vec![NOTHING; blocks_per_row as usize * rows.div_ceil(BLOCK_SIDE) as usize];
        let mut cells = Vec::new();
        for (column, row, known) in known {
            let (block, within) = locate(blocks_per_row, column, row);
            if blocks[block] == NOTHING {
                blocks[block] = BLOCK | (cells.len() / BLOCK_CELLS) as u32;
                cells.resize(cells.len() + BLOCK_CELLS, NOTHING);
            }
            cells[(blocks[block] & !KIND) as usize * BLOCK_CELLS + within] = known.entry();
        }
        let cells = fold_equal_blocks(&mut blocks, &cells);
        Self { blocks_per_row, blocks: Section::Owned(blocks), cells: Section::Owned(cells) }
    }

    #[inline]
    pub(super) fn known(&self, column: u32, row: u32) -> Known {
        let (block, within) = locate(self.blocks_per_row, column, row);
        let mut entry = self.blocks.as_slice().get(block).copied().unwrap_or(NOTHING);
        if entry & KIND == BLOCK {
            let start = (entry & !KIND) as usize * BLOCK_CELLS;
            entry = self.cells.as_slice().get(start + within).copied().unwrap_or(NOTHING);
        }
        match entry & KIND {
            WHOLE => Known::Whole(entry & !KIND),
            RECORD => Known::Record(entry & !KIND),
            _ => Known::Nothing,
        }
    }
}

impl Table {
    /// Where the records start, each once.
    pub(super) fn records(&self) -> impl Iterator<Item = u32> {
        // Every border cell has a record of its own, so that no block of equal cells holds one.
        self.cells.as_slice().iter().filter(|entry| **entry & KIND == RECORD).map(|entry| entry & !KIND)
    }

    /// Whether no land reaches into any block that these cells lie in: so of most of the sea.
    pub(super) fn is_open_sea(&self, columns: &Range<u32>, rows: &Range<u32>) -> bool {
        let blocks = |cells: &Range<u32>| cells.start / BLOCK_SIDE..cells.end.div_ceil(BLOCK_SIDE);
        blocks(rows).all(|row| {
            let start = (row * self.blocks_per_row) as usize;
            let (first, end) = (blocks(columns).start as usize, blocks(columns).end as usize);
            let blocks = self.blocks.as_slice().get(start + first..start + end).unwrap_or_default();
            blocks.iter().all(|block| *block == NOTHING)
        })
    }
}

#[inline(always)]
fn locate(blocks_per_row: u32, column: u32, row: u32) -> (usize, usize) {
    let block = row / BLOCK_SIDE * blocks_per_row + column / BLOCK_SIDE;
    let within = row % BLOCK_SIDE * BLOCK_SIDE + column % BLOCK_SIDE;
    (block as usize, within as usize)
}

fn fold_equal_blocks(blocks: &mut [u32], cells: &[u32]) -> Vec<u32> {
    let mut kept = Vec::new();
    for block in blocks {
        if *block & KIND != BLOCK {
            continue;
        }
        let start = (*block & !KIND) as usize * BLOCK_CELLS;
        let own = &cells[start..start + BLOCK_CELLS];
        if own.iter().all(|cell| *cell == own[0]) {
            *block = own[0];
        } else {
            *block = BLOCK | (kept.len() / BLOCK_CELLS) as u32;
            kept.extend_from_slice(own);
        }
    }
    kept
}
