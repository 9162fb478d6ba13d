//! What an ingest did, for people or as JSON.

use std::time::Duration;

use kayoi_ingest::Summary;
use serde_json::{Value, json};

use super::files::shortened;
use crate::screen::{count, line, note};

/// Prints what an ingest did.
pub(crate) fn print(summary: &Summary, elapsed: Duration, as_json: bool) -> anyhow::Result<()> {
    let records = summary.records;
    let rejected = summary.rejected_by_reason.iter();
    if as_json {
        let reasons: serde_json::Map<_, _> =
            rejected.map(|(reason, count)| (reason.to_string(), json!(count))).collect();
        return line(json!({
            "read": records.read,
            "stored": records.stored,
            "late": records.late,
            "rejected": records.rejected,
            "duplicates": records.duplicates,
            "rejected_by_reason": reasons,
            "commonest_reject": summary.commonest_reject().map(|reason| json!({
                "reason": reason.to_string(),
                "detail": summary.reject_details.get(&reason).map(ToString::to_string),
            })),
            "unmatched_maps": summary.unmatched_maps,
            "unknown_fields": summary.unknown_fields,
            "outside_municipalities": summary.outside_municipalities,
            "off_coast": summary.off_coast,
            "skipped_files": summary.skipped_files,
            "unread_files": listed(&summary.unread_files),
            "failed_files": listed(&reasons_of(summary)),
            "commits": summary.commits,
            "seconds": elapsed.as_secs_f64(),
        }));
    }
    line(format_args!(
        "read {} = stored {} + late {} + rejected {} + duplicates {}, in {:.1} s",
        count(records.read),
        count(records.stored),
        count(records.late),
        count(records.rejected),
        count(records.duplicates),
        elapsed.as_secs_f64()
    ))?;
    if records.late.saturating_mul(MANY_LATE) > records.read {
        note(
            "note: much of it is older than `event_time.allowed_lateness` and lies in `late_pings`, which no figure counts\nhint: a first delivery of history is read without it, under another `job`",
        );
    }
    for (reason, number) in rejected {
        line(format_args!("  rejected {:<20} {}", reason.to_string(), count(*number)))?;
    }
    if summary.outside_municipalities > 0 {
        line(format_args!("  in no municipality       {}", count(summary.outside_municipalities)))?;
    }
    if summary.off_coast > 0 {
        line(format_args!("  nearest, off the coast   {}", count(summary.off_coast)))?;
    }
    if summary.unknown_fields > 0 {
        line(format_args!("  fields dropped           {}", count(summary.unknown_fields)))?;
    }
    if summary.skipped_files > 0 {
        line(format_args!("  files ingested before    {}", count(summary.skipped_files)))?;
    }
    if !summary.unread_files.is_empty() {
        let names = shortened(&summary.unread_files);
        line(format_args!(
            "  files not read           {}: {names}",
            count(summary.unread_files.len() as u64)
        ))?;
    }
    if !summary.failed_files.is_empty() {
        line(format_args!("  files that failed        {}", count(summary.failed_files.len() as u64)))?;
    }
    Ok(())
}

/// From one record in so many on, late ones are no accident.
const MANY_LATE: u64 = 20;

/// Most entries of a list in JSON.
const MOST_ENTRIES: usize = 100;

/// How many there are, and the first of them.
fn listed(entries: &[String]) -> Value {
    json!({ "count": entries.len(), "first": &entries[..entries.len().min(MOST_ENTRIES)] })
}

/// The first line of each failure: it names the file.
fn reasons_of(summary: &Summary) -> Vec<String> {
    let texts = summary.failed_files.iter().map(|error| error.to_string());
    texts.map(|text| text.lines().next().unwrap_or_default().to_owned()).collect()
}
