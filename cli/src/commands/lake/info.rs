//! `kayoi lake info`: what a lake holds.
//!
//! In: a lake. Out: one line a table, the positions of the sources, and the newest local day of each partner.

use std::collections::BTreeMap;

use kayoi_ingest::quality;
use kayoi_lake::Lake;
use kayoi_lake::maintain::TableInfo;
use kayoi_schemas::tables::{InternalTable, ReleaseTable};
use kayoi_schemas::time::Day;
use serde_json::{Value, json};

use crate::screen::{count, line, size};

/// What marks a file as read to its end, after its own position's key.
const COMPLETE: &str = "/complete";
const FILE: &str = "/file/";
/// What marks which topic a position is of.
const TOPIC_ID: &str = "/topic-id";

pub(crate) fn run(lake: &Lake, as_json: bool) -> anyhow::Result<()> {
    let mut tables = Vec::new();
    for table in InternalTable::ALL {
        tables.extend(lake.info(table)?.map(|mut info| {
            info.positions.retain(|id, _| !id.ends_with(TOPIC_ID));
            (table.table().name, info)
        }));
    }
    for table in ReleaseTable::ALL {
        tables.extend(release(lake, table)?.map(|info| (table.table().name, info)));
    }
    let watermarks = quality::watermarks(lake)?;
    let fingerprint = lake.key_fingerprint()?;
    if as_json {
        let tables: Vec<Value> = tables.iter().map(|(name, info)| table_json(name, info)).collect();
        let watermarks: BTreeMap<&str, String> =
            watermarks.iter().map(|(partner, day)| (partner.as_str(), day.to_string())).collect();
        return line(json!({
            "url": lake.location().url().as_str(),
            "key_fingerprint": fingerprint,
            "buckets": lake.buckets()?.count(),
            "tables": tables,
            "watermarks": watermarks,
        }));
    }
    line(format_args!("lake  {}", lake.location().url()))?;
    line(format_args!("key   {}", fingerprint.as_deref().unwrap_or("none yet: nothing was ingested")))?;
    line(format_args!("buckets of devices  {}", lake.buckets()?.count()))?;
    print_tables(&tables)?;
    if let Some((_, pings)) = tables.iter().find(|(name, _)| *name == InternalTable::Pings.table().name) {
        print_positions(&pings.positions)?;
    }
    print_watermarks(&watermarks)
}

/// What a release table holds. It has no days, no positions, and compaction leaves it alone: each release
/// replaces it.
fn release(lake: &Lake, table: ReleaseTable) -> anyhow::Result<Option<TableInfo>> {
    let Some(version) = lake.release_version(table)? else { return Ok(None) };
    let files = lake.release_files(table)?;
    Ok(Some(TableInfo {
        version,
        files: files.len() as u64,
        bytes: files.iter().map(|file| file.size_bytes).sum(),
        rows: files.iter().map(|file| file.row_count).sum(),
        ..TableInfo::default()
    }))
}

fn table_json(name: &str, info: &TableInfo) -> Value {
    let (first, last) = info.partitions.clone().unzip();
    json!({
        "name": name,
        "version": info.version,
        "files": info.files,
        "compacted_files": info.compacted_files,
        "bytes": info.bytes,
        "rows": info.rows,
        "first_partition": first,
        "last_partition": last,
        "positions": info.positions,
    })
}

fn print_tables(tables: &[(&str, TableInfo)]) -> anyhow::Result<()> {
    line("")?;
    table_lines(tables).iter().try_for_each(line)
}

/// The tables under a heading, the first column as wide as the longest name.
fn table_lines(tables: &[(&str, TableInfo)]) -> Vec<String> {
    let heading = "table";
    let width = tables.iter().map(|(name, _)| name.len()).fold(heading.len(), usize::max);
    let mut lines = vec![format!(
        "{heading:<width$} {:>8} {:>8} {:>10} {:>11} {:>16}  days",
        "version", "files", "compacted", "size", "rows"
    )];
    lines.extend(tables.iter().map(|(name, info)| {
        let days = info.partitions.as_ref().map(|(first, last)| format!("  {first} to {last}"));
        format!(
            "{name:<width$} {:>8} {:>8} {:>10} {:>11} {:>16}{}",
            info.version,
            count(info.files),
            count(info.compacted_files),
            size(info.bytes),
            count(info.rows),
            days.unwrap_or_default()
        )
    }));
    lines
}

fn print_positions(positions: &BTreeMap<String, i64>) -> anyhow::Result<()> {
    let (files, topics): (Vec<_>, Vec<_>) = positions.iter().partition(|(id, _)| id.contains(FILE));
    if !topics.is_empty() {
        line("\nnext record of each source (job/kafka/topic/partition)")?;
    }
    for (id, next) in topics {
        line(format_args!("  {id:<40} {:>16}", count((*next).max(0) as u64)))?;
    }
    // A file that was read to its end has two entries: its position and the mark.
    let complete = files.iter().filter(|(id, _)| id.ends_with(COMPLETE)).count();
    let under_way = files.len().saturating_sub(2 * complete);
    if !files.is_empty() {
        line(format_args!(
            "\nfiles read to their end {}, not yet to their end {}",
            count(complete as u64),
            count(under_way as u64)
        ))?;
    }
    Ok(())
}

fn print_watermarks(watermarks: &BTreeMap<String, Day>) -> anyhow::Result<()> {
    if watermarks.is_empty() {
        return Ok(());
    }
    line("\nnewest local day of each partner")?;
    for (partner, day) in watermarks {
        line(format_args!("  {partner:<40} {:>16}", day.to_string()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_whatever_the_longest_name_is() {
        let longest = ReleaseTable::ALL.map(|table| table.table().name);
        let longest = longest.into_iter().max_by_key(|name| name.len()).unwrap();
        let lines = table_lines(&[("pings", TableInfo::default()), (longest, TableInfo::default())]);
        let ends = |line: &String, word: &str| line.find(word).map(|at| at + word.len());
        assert_eq!(lines[1].len(), lines[2].len(), "{lines:?}");
        assert_eq!(ends(&lines[0], "rows"), Some(lines[1].len()), "{lines:?}");
    }
}
