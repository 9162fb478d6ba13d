//! The order of stored rows, and which of them are the same fix.
//!
//! In: what waits of all streams. Out: one sorted run of rows per local day, without copies, and the counts.
//! The order is total and depends on nothing but the rows, so the same pings give the same file whatever
//! order they came in.
//!
//! The key of a fix is (partner, device, instant, point). A producer that sends a record twice sends these
//! unchanged; of rows with one key the first by accuracy (the best, absent last) and source is kept.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use kayoi_schemas::invariant::Broken;
use kayoi_schemas::ping::RejectReason;
use kayoi_schemas::time::{Day, DayRule};
use rayon::prelude::*;

use super::waiting::Waiting;
use crate::place::PlacedPing;
use crate::rejection::Rejection;
use crate::summary::Summary;

/// A ping and who delivered it: an index into the sorted names of [`partners`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The ping itself.
    pub(super) ping: PlacedPing,
    /// Index of the partner's name.
    pub(super) partner: u16,
}

/// Names of the partners of what waits, sorted.
pub(super) fn partners<'w>(waiting: impl Iterator<Item = &'w Waiting>) -> Vec<String> {
    let mut names: Vec<String> = waiting.map(|waiting| waiting.stream.feed.partner.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Rows of each local day, by day.
pub(super) type RowsByDay = Vec<(Day, Vec<Row>)>;

/// Gathers, sorts and counts what waits.
///
/// # Errors
/// [`Broken`] when the counts do not add up.
pub(super) fn gather<'w>(
    waiting: impl Iterator<Item = &'w Waiting> + Clone,
) -> Result<(RowsByDay, Summary), Broken> {
    let partners = partners(waiting.clone());
    let mut summary = Summary::default();
    let mut days: BTreeMap<Day, Vec<Row>> = BTreeMap::new();
    for waiting in waiting {
        let partner = partners.partition_point(|name| *name < waiting.stream.feed.partner) as u16;
        summary.records.read += waiting.read;
        summary.records.rejected += waiting.outcome.rejects.len() as u64;
        summary.records.late += waiting.outcome.late.len() as u64;
        summary.unknown_fields += waiting.outcome.unknown_fields;
        for (_, Rejection { reason, detail }) in &waiting.outcome.rejects {
            *summary.rejected_by_reason.entry(*reason).or_default() += 1_u64;
            summary.reject_details.entry(*reason).or_insert_with(|| detail.clone());
        }
        // Pings of a feed come more or less in time, so the day is mostly that of the ping before.
        let mut last: Option<(Day, &mut Vec<Row>)> = None;
        for ping in &waiting.outcome.pings {
            let day = DayRule::JAPAN.day(ping.instant());
            let row = Row { ping: *ping, partner };
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
    // Copies stand side by side once the rows are sorted; of them the first is the one to keep.
    let before: usize = days.values().map(Vec::len).sum();
    for rows in days.values_mut() {
        rows.par_sort_unstable_by(compare);
        rows.dedup_by(|later, first| is_same_fix(first, later));
    }
    let stored: usize = days.values().map(Vec::len).sum();
    let rows = || days.values().flatten().map(|row| &row.ping);
    summary.records.stored = stored as u64;
    summary.records.duplicates = (before - stored) as u64;
    summary.outside_municipalities = rows().filter(|ping| ping.municipality.is_none()).count() as u64;
    summary.off_coast = rows().filter(|ping| ping.is_off_coast).count() as u64;
    summary.records.check()?;
    Ok((days.into_iter().collect(), summary))
}

/// Device, instant, point, partner, then what may differ between copies.
pub(super) fn compare(a: &Row, b: &Row) -> Ordering {
    let first = |row: &Row| (row.ping.device(), row.ping.instant());
    first(a).cmp(&first(b)).then_with(|| {
        let rest = |row: &Row| {
            let accuracy = row.ping.accuracy_m().map_or(u32::MAX, f32::to_bits);
            (row.ping.point(), row.partner, accuracy, row.ping.source())
        };
        rest(a).cmp(&rest(b))
    })
}

/// Whether two rows are copies of one fix.
pub(super) fn is_same_fix(a: &Row, b: &Row) -> bool {
    let key = |row: &Row| (row.ping.device(), row.ping.instant(), row.ping.point(), row.partner);
    key(a) == key(b)
}

/// Rejects by reason, for the quality of a commit.
pub(super) fn rejects_by_reason(waiting: &Waiting) -> BTreeMap<RejectReason, u64> {
    let mut counts = BTreeMap::new();
    for (_, Rejection { reason, .. }) in &waiting.outcome.rejects {
        *counts.entry(*reason).or_default() += 1;
    }
    counts
}
