//! `kayoi lake compact`, `vacuum` and `maintain`: upkeep, one job at a time.
//!
//! In: a lake. Out: what was done, as lines or JSON. The order of `maintain`: quality first, because it reads
//! log entries that the last step deletes and days that retention takes away; then retention, so that nothing
//! is compacted only to be dropped; then the files that these two left behind, and the log.

use std::collections::BTreeMap;

use kayoi_ingest::quality::{self, Folded};
use kayoi_lake::compact::Compacted;
use kayoi_lake::{DeltaTable, Lake};
use kayoi_schemas::tables::{InternalTable, ReleaseTable};
use kayoi_schemas::time::{Clock, Day, DayRule};
use serde_json::{Value, json};

use super::tables;
use crate::args::DEFAULT_VACUUM_HOURS;
use crate::commands::lease;
use crate::commands::quality::note_missed;
use crate::progress::Bar;
use crate::screen::{count, line, note, size};

/// Residences and ties of a month look back over the 12 months that end with it.
const WINDOW_DAYS: u32 = 396;

/// Files or log entries by table.
type ByTable = BTreeMap<&'static str, u64>;

/// Compacts pings.
pub(crate) fn compact(lake: &Lake, as_json: bool) -> anyhow::Result<()> {
    let _lease = lease(lake, "compact")?;
    let compacted = compact_pings(lake)?;
    if as_json { line(compacted_json(&compacted)) } else { print_compacted(&compacted) }
}

/// Deletes files that no table names any more.
pub(crate) fn vacuum(lake: &Lake, hours: u32, is_dry_run: bool, as_json: bool) -> anyhow::Result<()> {
    // Counting disturbs nobody.
    let _lease = if is_dry_run { None } else { Some(lease(lake, "vacuum")?) };
    let files = vacuum_all(lake, hours, is_dry_run)?;
    if as_json {
        return line(json!({ "hours": hours, "dry_run": is_dry_run, "files": files }));
    }
    print_vacuumed(&files, hours, is_dry_run)
}

/// Everything, in order.
pub(crate) fn run(lake: &Lake, keep_pings_days: Option<u32>, as_json: bool) -> anyhow::Result<()> {
    let _lease = lease(lake, "maintain")?;
    let folded = quality::fold(lake)?;
    note_missed(&folded);
    if !as_json {
        print_folded(&folded)?;
    }
    let retained = keep_pings_days.map(|days| retain(lake, days)).transpose()?;
    if let (Some((first, rows)), false) = (retained, as_json) {
        line(format_args!("retention  {} pings before {first} taken out", count(rows)))?;
    }
    let compacted = compact_pings(lake)?;
    if !as_json {
        print_compacted(&compacted)?;
    }
    let vacuumed = vacuum_all(lake, DEFAULT_VACUUM_HOURS, false)?;
    if !as_json {
        print_vacuumed(&vacuumed, DEFAULT_VACUUM_HOURS, false)?;
    }
    let logs = tidy_all(lake)?;
    if !as_json {
        return line(format_args!("logs       {} old entries deleted", count(logs.values().sum())));
    }
    line(json!({
        "quality": {
            "commits": folded.commits,
            "days": folded.days,
            "missed_commits": folded.missed_commits,
        },
        "retention": retained.map(|(first, rows)| json!({ "first_day": first.to_string(), "rows": rows })),
        "compact": compacted_json(&compacted),
        "vacuum": vacuumed,
        "logs": logs,
    }))
}

fn print_folded(folded: &Folded) -> anyhow::Result<()> {
    line(format_args!(
        "quality    {} commits counted, {} days measured",
        count(folded.commits),
        count(folded.days)
    ))
}

/// Takes old days out. Returns the first day that stays and the rows that went.
fn retain(lake: &Lake, days: u32) -> anyhow::Result<(Day, u64)> {
    if days < WINDOW_DAYS {
        note(format_args!(
            "note: residences and ties look back 12 months; with {days} days of pings the next aggregate sees less than that"
        ));
    }
    let today = DayRule::JAPAN.day(Clock::System.now());
    let first = today.plus(1 - days as i32);
    let rows = match lake.table_if_there(InternalTable::Pings)? {
        Some(mut pings) => pings.retain_from(lake, first)?,
        None => 0,
    };
    Ok((first, rows))
}

pub(super) fn compact_pings(lake: &Lake) -> anyhow::Result<Compacted> {
    let Some(mut pings) = lake.table_if_there(InternalTable::Pings)? else { return Ok(Compacted::default()) };
    let bar = Bar::new("compact");
    Ok(pings.compact(lake, &mut |share| bar.show(share, ""))?)
}

fn vacuum_all(lake: &Lake, hours: u32, is_dry_run: bool) -> anyhow::Result<ByTable> {
    let mut files = ByTable::new();
    for table in InternalTable::ALL.map(InternalTable::table) {
        if let Some(mut delta) = lake.block_on(DeltaTable::open_as_it_is(table, lake.location()))? {
            files.insert(table.name, lake.block_on(delta.vacuum(hours, is_dry_run))?);
        }
    }
    // Files of a release that is listed stay, whatever version of the table they are of.
    let releases = lake.release_writer();
    for table in ReleaseTable::ALL {
        if lake.release_version(table)?.is_some() {
            files.insert(table.table().name, releases.vacuum(table, hours, is_dry_run)?);
        }
    }
    Ok(files)
}

fn tidy_all(lake: &Lake) -> anyhow::Result<ByTable> {
    let mut entries = ByTable::new();
    for table in tables() {
        if let Some(mut delta) = lake.block_on(DeltaTable::open_as_it_is(table, lake.location()))? {
            entries.insert(table.name, lake.block_on(delta.tidy_log())?);
        }
    }
    Ok(entries)
}

pub(super) fn compacted_json(compacted: &Compacted) -> Value {
    json!({
        "partitions": compacted.partitions,
        "files_before": compacted.files_before,
        "files_after": compacted.files_after,
        "bytes_before": compacted.bytes_before,
        "bytes_after": compacted.bytes_after,
        "copies": compacted.copies,
    })
}

pub(super) fn print_compacted(compacted: &Compacted) -> anyhow::Result<()> {
    if compacted.partitions == 0 {
        return line("compact    nothing new since the last time");
    }
    line(format_args!(
        "compact    {} days: {} files ({}) -> {} files ({}), {} copies removed",
        count(compacted.partitions),
        count(compacted.files_before),
        size(compacted.bytes_before),
        count(compacted.files_after),
        size(compacted.bytes_after),
        count(compacted.copies)
    ))
}

fn print_vacuumed(files: &ByTable, hours: u32, is_dry_run: bool) -> anyhow::Result<()> {
    let what = if is_dry_run { "would be deleted" } else { "deleted" };
    let all: u64 = files.values().sum();
    line(format_args!("vacuum     {} files {what}, out of their table for {hours} h", count(all)))?;
    for (table, number) in files.iter().filter(|(_, number)| **number > 0) {
        line(format_args!("  {table:<25} {:>8}", count(*number)))?;
    }
    Ok(())
}
