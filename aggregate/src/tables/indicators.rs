//! Counts → the table `indicators`: every cell of every cube, exact.
//!
//! In: [`Counts`]. Out: the table replaced in one commit. It is the only thing that the release reads, and it
//! is written in batches, because a nation has more cells than one should hold.

use arrow::array::RecordBatch;
use kayoi_lake::{Lake, LakeError, RunMark};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Atom, Cube, UNKNOWN, declaration_hash};
use kayoi_schemas::tables::InternalTable;

use super::column::{batch, longs, texts};
use crate::count::Counts;

/// Most rows of a batch: some 50 MB of columns in memory.
const BATCH_ROWS: usize = 500_000;

/// Replaces the table `indicators` by these counts.
///
/// # Errors
/// [`LakeError`] when it cannot be written; the table of the last run then stays.
pub(crate) fn replace(
    lake: &Lake,
    counts: &Counts,
    definition: &Definition,
    mark: RunMark,
) -> Result<(), LakeError> {
    let mut table = lake.replace(InternalTable::Indicators)?;
    for cube in cubes_by_name() {
        let cells: Vec<(&Atom, &u64)> = counts.of(cube).iter().collect();
        for part in cells.chunks(BATCH_ROWS) {
            table.write(&rows(cube, part, definition)?)?;
        }
    }
    table.commit(Some(mark))
}

/// All cubes by name, because the table is sorted by it.
fn cubes_by_name() -> Vec<Cube> {
    let mut cubes = Cube::ALL.to_vec();
    cubes.sort_by_key(|cube| cube.declaration().name);
    cubes
}

fn rows(cube: Cube, cells: &[(&Atom, &u64)], definition: &Definition) -> Result<RecordBatch, LakeError> {
    let declaration = cube.declaration();
    let same = |word: &str| texts(std::iter::repeat_n(Some(word.to_owned()), cells.len()));
    let text = |of: &dyn Fn(&Atom) -> String| texts(cells.iter().map(|(atom, _)| Some(of(atom))));
    batch(
        InternalTable::Indicators,
        vec![
            same(declaration.name),
            text(&|atom| atom.period_text(cube)),
            text(&|atom| atom.area.to_string()),
            text(&|atom| atom.origin.to_string()),
            same(UNKNOWN),
            same(UNKNOWN),
            same(UNKNOWN),
            text(&|atom| atom.class.text(declaration.dimensions)),
            longs(cells.iter().map(|(_, value)| **value as i64)),
            same(&definition.id()),
            same(&definition.hash()),
            same(&declaration_hash()),
        ],
    )
}
