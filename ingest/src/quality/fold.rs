//! Bringing table `quality` up to date.
//!
//! In: the commits to `pings` since the last time. Out: one commit to `quality` that replaces its rows and
//! moves its position, the version of `pings` that it tells of. A crash before that commit leaves nothing but
//! a file nobody names; of two processes that fold at once one is refused and looks again. So each commit
//! counts once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use kayoi_lake::history::Commit;
use kayoi_lake::{DataFile, DeltaTable, Lake, LakeError, Position};
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Day;

use super::figures::{Figures, Measures, OF_ROWS, PINGS, STORED, figures};
use super::{deliveries, measure};

/// Key of the position in table `quality`.
const SOURCE: &str = "quality/pings";
/// How often it is tried when another process folds at the same time.
const ATTEMPTS: usize = 5;

/// What an update did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Folded {
    /// Commits whose deliveries were counted.
    pub commits: u64,
    /// Days whose rows were measured.
    pub days: u64,
    /// Commits are gone from the log that were never counted: all days were measured, but counts of those
    /// deliveries are missing for good.
    pub missed_commits: bool,
}

/// Brings the table up to date.
///
/// # Errors
/// [`LakeError`] when a table cannot be read or written; the table then is as it was.
pub fn fold(lake: &Lake) -> Result<Folded, LakeError> {
    for attempt in 1.. {
        let Some(plan) = plan(lake)? else { break };
        match plan.commit(lake) {
            Err(LakeError::Fenced { .. }) if attempt < ATTEMPTS => {}
            result => return result,
        }
    }
    Ok(Folded::default())
}

/// The newest local day of each partner that has a fix, with commits that the table does not tell of yet.
///
/// # Errors
/// [`LakeError`] when a table cannot be read.
pub fn watermarks(lake: &Lake) -> Result<BTreeMap<String, Day>, LakeError> {
    let mut all = figures(lake)?;
    if let Some(pings) = lake.table_if_there(InternalTable::Pings)? {
        let quality = lake.table_if_there(InternalTable::Quality)?;
        let position = quality.map(|quality| lake.block_on(quality.position(SOURCE))).transpose()?;
        let commits = lake.block_on(pings.commits_since(version(position.flatten())))?;
        commits.iter().flatten().for_each(|commit| deliveries::count(&mut all, commit));
    }
    let has_fix = |name: &str, measures: &Measures| measures.get(name).is_some_and(|count| *count > 0.0);
    // Days come in order, so the last one stays.
    let with_fix = all.iter().filter(|(_, measures)| has_fix(STORED, measures) || has_fix(PINGS, measures));
    Ok(with_fix.map(|((partner, day), _)| (partner.clone(), *day)).collect())
}

fn version(position: Option<i64>) -> u64 {
    position.map_or(0, |version| version.max(0) as u64)
}

/// An update that is worked out and not yet committed.
pub(super) struct Plan {
    quality: DeltaTable,
    position: Position,
    before: Figures,
    after: Figures,
    folded: Folded,
}

/// Works out an update; `None` when there is nothing new.
pub(super) fn plan(lake: &Lake) -> Result<Option<Plan>, LakeError> {
    let Some(pings) = lake.table_if_there(InternalTable::Pings)? else { return Ok(None) };
    let quality = lake.table(InternalTable::Quality)?;
    // The position is read before the rows: rows that another process writes in between are newer than it,
    // and then the commit is refused.
    let from = lake.block_on(quality.position(SOURCE))?;
    let next = pings.version();
    if version(from) >= next {
        return Ok(None);
    }
    let before = figures(lake)?;
    let mut after = before.clone();
    let commits = lake.block_on(pings.commits_since(version(from)))?;
    let mut folded = Folded { missed_commits: commits.is_none(), ..Folded::default() };
    for commit in commits.iter().flatten() {
        deliveries::count(&mut after, commit);
        folded.commits += 1;
    }
    let changed = commits.as_deref().and_then(changed_days);
    for (day, files) in files_by_day(lake.block_on(pings.files())?) {
        if changed.as_ref().is_none_or(|changed| changed.contains(&day)) {
            remeasure(&mut after, day, &files)?;
            folded.days += 1;
        }
    }
    let position = Position { source_id: SOURCE.to_owned(), from, next: next as i64 };
    Ok(Some(Plan { quality, position, before, after, folded }))
}

impl Plan {
    /// Commits it.
    ///
    /// # Errors
    /// [`LakeError::Fenced`] when another process was faster.
    pub(super) fn commit(mut self, lake: &Lake) -> Result<Folded, LakeError> {
        let positions = [self.position];
        if self.after == self.before {
            // Compaction changes no figure; that it was looked at is worth knowing all the same.
            lake.block_on(self.quality.append(Vec::new(), &positions, None))?;
            return Ok(self.folded);
        }
        let add = self.quality.write_file(&batch(&self.after)?, None)?;
        lake.block_on(self.quality.replace_with(vec![add], &positions))?;
        Ok(self.folded)
    }
}

/// Days whose rows changed; `None` when any may have.
fn changed_days(commits: &[Commit]) -> Option<BTreeSet<Day>> {
    let changed = commits.iter().flat_map(|commit| commit.changed_partitions("event_date"));
    changed.map(|day| Day::parse(&day?)).collect()
}

fn files_by_day(files: Vec<DataFile>) -> BTreeMap<Day, Vec<DataFile>> {
    let mut days: BTreeMap<Day, Vec<DataFile>> = BTreeMap::new();
    for file in files {
        if let Some(day) = file.partition_value.as_deref().and_then(Day::parse) {
            days.entry(day).or_default().push(file);
        }
    }
    days
}

/// Measures a day anew. A day that retention took away is not measured: what was measured while it was there
/// stays.
fn remeasure(figures: &mut Figures, day: Day, files: &[DataFile]) -> Result<(), LakeError> {
    let measured = measure::day(files, measure::PART_ROWS)?;
    for ((_, of), measures) in figures.iter_mut() {
        if *of == day {
            measures.retain(|name, _| !OF_ROWS.contains(&name.as_str()));
        }
    }
    for (partner, measures) in measured {
        figures.entry((partner, day)).or_default().extend(measures);
    }
    Ok(())
}

/// The rows of the table, in its order.
fn batch(figures: &Figures) -> Result<RecordBatch, LakeError> {
    let table = InternalTable::Quality.table();
    let rows: Vec<_> = figures
        .iter()
        .flat_map(|((partner, day), measures)| {
            measures.iter().map(move |(measure, value)| (partner, day, measure, value))
        })
        .collect();
    let columns: Vec<ArrayRef> = vec![
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0))),
        Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.1.0))),
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.2))),
        Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| *row.3))),
    ];
    RecordBatch::try_new(table.arrow_schema(), columns)
        .map_err(|source| LakeError::Arrow { table: table.name.to_owned(), source })
}
