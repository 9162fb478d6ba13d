//! The order of stored rows, and which of them are the same fix.
//!
//! In: what waits of all streams. Out: the sorted rows of each local day, without copies, and the counts.
//! The order is total and depends on nothing but the rows, so the same pings give the same file whatever
//! order they came in.
//!
//! The key of a fix is (partner, device, instant, point). A producer that sends a record twice sends these
//! unchanged; of rows with one key the first by accuracy (the best, absent last), speed (the least, absent last),
//! source, age and sex (the first by their words, absent last) is kept. Compaction keeps the same one
//! (`lake/src/merge.rs`), so that it does not matter how copies were cut into commits.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::invariant::Broken;
use kayoi_schemas::person::Sex;
use kayoi_schemas::ping::{FixSource, RejectReason};
use kayoi_schemas::time::{Day, DayRule, UtcMillis};
use rayon::prelude::*;

use super::buckets;
use super::columns::FixColumns;
use super::waiting::Waiting;
use crate::place::PlacedPing;
use crate::rejection::Rejection;
use crate::summary::Summary;

/// Pings that are fetched at once. Sorted rows lie anywhere in memory: a loop that does nothing but copy them waits
/// for many at a time, one that also fills columns for each of them.
const BLOCK_ROWS: usize = 128;

/// A row that is to be sorted: what it is sorted by first, and where the rest of it stands.
#[derive(Clone, Copy)]
struct Row<'w> {
    device: DeviceId,
    instant: UtcMillis,
    ping: &'w PlacedPing,
    /// Index of the partner's name in [`partners`].
    partner: u16,
}

/// Names of the partners of what waits, sorted.
pub(super) fn partners<'w>(waiting: impl Iterator<Item = &'w Waiting>) -> Vec<String> {
    let mut names: Vec<String> = waiting.map(|waiting| waiting.stream.feed.partner.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Rows of each local day, by day.
pub(super) type RowsByDay = Vec<(Day, FixColumns)>;

/// Gathers, sorts and counts what waits.
///
/// # Errors
/// [`Broken`] when the counts do not add up.
pub(super) fn gather<'w>(
    waiting: impl Iterator<Item = &'w Waiting> + Clone,
) -> Result<(RowsByDay, Summary), Broken> {
    let partners = partners(waiting.clone());
    let mut summary = Summary::default();
    let mut days: BTreeMap<Day, Vec<Row<'w>>> = BTreeMap::new();
    for waiting in waiting {
        let partner = partners.partition_point(|name| *name < waiting.stream.feed.partner) as u16;
        summary.records.read += waiting.read;
        summary.records.rejected += waiting.outcome.rejects.len() as u64 + waiting.outcome.sensitive;
        summary.records.late += waiting.outcome.late.len() as u64;
        summary.unknown_fields += waiting.outcome.unknown_fields;
        for (reason, count) in rejects_by_reason(waiting) {
            *summary.rejected_by_reason.entry(reason).or_default() += count;
        }
        for (_, Rejection { reason, detail }) in &waiting.outcome.rejects {
            summary.reject_details.entry(*reason).or_insert_with(|| detail.clone());
        }
        // Pings of a feed come more or less in time, so the day is mostly that of the ping before.
        let mut last: Option<(Day, &mut Vec<Row<'w>>)> = None;
        for ping in waiting.outcome.pings.iter().flatten() {
            let day = DayRule::JAPAN.day(ping.instant());
            let row = Row { device: ping.device(), instant: ping.instant(), ping, partner };
            match &mut last {
                Some((known, rows)) if *known == day => rows.push(row),
                _ => {
                    let rows = days.entry(day).or_default();
                    rows.push(row);
                    last = Some((day, rows));
                }
            }
        }
    }
    let before: usize = days.values().map(Vec::len).sum();
    let days: RowsByDay = days.into_par_iter().map(|(day, rows)| (day, columns(rows))).collect();
    let stored: usize = days.iter().map(|(_, rows)| rows.len()).sum();
    summary.records.stored = stored as u64;
    summary.records.duplicates = (before - stored) as u64;
    summary.outside_municipalities = days.iter().map(|(_, rows)| rows.outside_municipalities).sum();
    summary.off_coast = days.iter().map(|(_, rows)| rows.off_coast).sum();
    summary.records.check()?;
    Ok((days, summary))
}

/// Sorts the rows of a day and leaves out copies: they stand side by side then, and the first is the one to
/// keep.
fn columns(rows: Vec<Row<'_>>) -> FixColumns {
    let mut rows = buckets::sort(rows, |row| row.device, compare);
    rows.dedup_by(|later, first| is_same_fix(first, later));
    let mut columns = FixColumns::with_capacity(rows.len());
    let mut near = Vec::with_capacity(BLOCK_ROWS);
    for block in rows.chunks(BLOCK_ROWS) {
        near.clear();
        near.extend(block.iter().map(|row| *row.ping));
        near.iter().zip(block).for_each(|(ping, row)| columns.push(ping, row.partner));
    }
    columns
}

/// Device, instant, point, partner, then what may differ between copies.
fn compare(a: &Row<'_>, b: &Row<'_>) -> Ordering {
    let first = |row: &Row<'_>| (row.device, row.instant);
    first(a).cmp(&first(b)).then_with(|| {
        let rest = |row: &Row<'_>| {
            let accuracy = row.ping.accuracy_m().map_or(u32::MAX, f32::to_bits);
            // `None` would come first.
            let speed = (row.ping.speed().is_none(), row.ping.speed());
            (row.ping.point(), row.partner, accuracy, speed, row.ping.source().map(FixSource::as_str))
        };
        rest(a).cmp(&rest(b)).then_with(|| persons(a.ping, b.ping))
    })
}

/// Age and sex by the words that are stored. Nearly all copies have the same, and need no words.
fn persons(a: &PlacedPing, b: &PlacedPing) -> Ordering {
    if (a.age(), a.sex()) == (b.age(), b.sex()) {
        return Ordering::Equal;
    }
    let age = |ping: &PlacedPing| (ping.age().is_none(), ping.age().map(|age| age.to_string()));
    let sex = |ping: &PlacedPing| (ping.sex().is_none(), ping.sex().map(Sex::as_str));
    age(a).cmp(&age(b)).then_with(|| sex(a).cmp(&sex(b)))
}

/// Whether two rows are copies of one fix.
fn is_same_fix(a: &Row<'_>, b: &Row<'_>) -> bool {
    let rest = |row: &Row<'_>| (row.ping.point(), row.partner);
    (a.device, a.instant) == (b.device, b.instant) && rest(a) == rest(b)
}

/// Rejects by reason, with those that have no row.
pub(super) fn rejects_by_reason(waiting: &Waiting) -> BTreeMap<RejectReason, u64> {
    let mut counts = BTreeMap::new();
    for (_, Rejection { reason, .. }) in &waiting.outcome.rejects {
        *counts.entry(*reason).or_default() += 1;
    }
    if waiting.outcome.sensitive > 0 {
        counts.insert(RejectReason::SensitivePlace, waiting.outcome.sensitive);
    }
    counts
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
