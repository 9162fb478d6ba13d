//! Counts → the table `indicators`: every cell of every cube, exact.
//!
//! In: [`Counts`]. Out: the table replaced in one commit, month by month, so that a release reads one month at
//! a time and a month can be deleted when it is sealed. A month that is sealed is not written again. It is the
//! only thing that the release reads, and it is written in batches, because a nation has more cells than one
//! should hold.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int16Array, RecordBatch, StringArray, StringBuilder};
use kayoi_lake::{Lake, LakeError, Replacement, RunMark};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Atom, Cube, declaration_hash};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::{Covered, Month};

use super::column::{batch, booleans, longs};
use crate::count::Counts;
use crate::options::AggregateOptions;

/// Most rows of a batch: some 50 MB of columns in memory.
const BATCH_ROWS: usize = 500_000;
/// What a text of a cell takes, about.
const TEXT_BYTES: usize = 10;

/// Replaces the table `indicators` by these counts.
///
/// # Errors
/// [`LakeError`] when it cannot be written; the table of the last run then stays.
pub(crate) fn replace(
    lake: &Lake,
    counts: &Counts,
    options: &AggregateOptions,
    (mark, covered): (RunMark, &dyn Fn(Month) -> Covered),
) -> Result<(), LakeError> {
    let mut by_month: BTreeMap<Month, Vec<(Cube, &Atom, u64)>> = BTreeMap::new();
    for cube in cubes_by_name() {
        for (atom, value) in counts.of(cube) {
            by_month.entry(atom.month(cube)).or_default().push((cube, atom, *value));
        }
    }
    let sealed: BTreeSet<Month> =
        if options.counts_final_months { BTreeSet::new() } else { lake.sealed_months()? };
    let mut table = CountsTable::replace(lake, &options.definition)?;
    for (month, cells) in by_month.iter().filter(|(month, _)| !sealed.contains(month)) {
        table.write(*month, covered(*month), cells)?;
    }
    table.commit(mark)
}

/// The table while it is written, month by month.
pub struct CountsTable<'a> {
    table: Replacement,
    definition: &'a Definition,
}

impl<'a> CountsTable<'a> {
    pub(crate) fn replace(lake: &Lake, definition: &'a Definition) -> Result<Self, LakeError> {
        Ok(Self { table: lake.replace(InternalTable::Indicators)?, definition })
    }

    /// Writes all cells of a month of whose time so much is covered, in the order of the cubes' names.
    ///
    /// # Errors
    /// [`LakeError`] when a file cannot be written.
    pub fn write(
        &mut self,
        month: Month,
        covered: Covered,
        cells: &[(Cube, &Atom, u64)],
    ) -> Result<(), LakeError> {
        self.table.begin_partition(&month.to_string())?;
        for part in cells.chunks(BATCH_ROWS) {
            self.table.write(&rows(part, covered, self.definition)?)?;
        }
        Ok(())
    }

    pub(crate) fn commit(self, mark: RunMark) -> Result<(), LakeError> {
        self.table.commit(Some(mark)).map(|_| ())
    }
}

/// All cubes by name, because the table is sorted by it.
fn cubes_by_name() -> Vec<Cube> {
    let mut cubes = Cube::ALL.to_vec();
    cubes.sort_by_key(|cube| cube.declaration().name);
    cubes
}

fn rows(
    cells: &[(Cube, &Atom, u64)],
    covered: Covered,
    definition: &Definition,
) -> Result<RecordBatch, LakeError> {
    let same = |word: &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(word, cells.len())))
    };
    batch(
        InternalTable::Indicators,
        vec![
            text(cells, |cube, _| cube, |cube, _| cube.declaration().name.to_owned()),
            text(cells, |cube, atom| (cube, atom.period), |cube, atom| atom.period_text(cube)),
            text(cells, |_, atom| atom.area, |_, atom| atom.area.to_string()),
            text(cells, |_, atom| atom.origin, |_, atom| atom.origin.to_string()),
            text(
                cells,
                |cube, atom| (cube, atom.class),
                |cube, atom| atom.class.text(cube.declaration().dimensions),
            ),
            longs(cells.iter().map(|(_, _, value)| *value as i64)),
            same(&definition.id()),
            same(&definition.hash()),
            same(&declaration_hash()),
            Arc::new(Int16Array::from_value(covered.window_months as i16, cells.len())),
            booleans(std::iter::repeat_n(covered.is_whole_month, cells.len())),
        ],
    )
}

/// A column of texts, each of which follows from a key: millions of cells have some thousands of keys, and most
/// have that of the cell before.
fn text<Key: Copy + Eq + Hash>(
    cells: &[(Cube, &Atom, u64)],
    key: impl Fn(Cube, &Atom) -> Key,
    write: impl Fn(Cube, &Atom) -> String,
) -> ArrayRef {
    let mut texts: Vec<String> = Vec::new();
    let mut known: HashMap<Key, usize> = HashMap::new();
    let mut last: Option<(Key, usize)> = None;
    let mut column = StringBuilder::with_capacity(cells.len(), cells.len() * TEXT_BYTES);
    for (cube, atom, _) in cells {
        let key = key(*cube, atom);
        let place = match last {
            Some((before, place)) if before == key => place,
            _ => *known.entry(key).or_insert_with(|| {
                texts.push(write(*cube, atom));
                texts.len() - 1
            }),
        };
        last = Some((key, place));
        column.append_value(&texts[place]);
    }
    Arc::new(column.finish())
}
