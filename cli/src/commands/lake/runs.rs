//! `kayoi lake runs`: what was run over a lake, and how it went.
//!
//! In: a lake. Out: a line a run, or JSON with all figures of each.

use kayoi_lake::{Lake, Run};
use serde_json::{Value, json};

use super::utc_text;
use crate::screen::{count, line, size};

pub(crate) fn run(lake: &Lake, last: usize, as_json: bool) -> anyhow::Result<()> {
    let all = lake.runs()?;
    let shown = all.get(all.len().saturating_sub(last)..).unwrap_or_default();
    if as_json {
        let runs: Vec<Value> = shown
            .iter()
            .map(|run| {
                json!({
                    "run_id": run.run_id,
                    "step": run.step,
                    "started": utc_text(run.started),
                    "measures": run.measures,
                })
            })
            .collect();
        return line(json!({ "runs": runs }));
    }
    if shown.is_empty() {
        return line("nothing was run yet: `kayoi aggregate` and `kayoi lake maintain` leave a line here");
    }
    line(format_args!(
        "{:<20} {:<10} {:<7} {:>10} {:>16} {:>10} {:>8} {:>9}",
        "started", "step", "ended", "seconds", "pings read", "read", "release", "withheld"
    ))?;
    shown.iter().try_for_each(print)
}

fn print(run: &Run) -> anyhow::Result<()> {
    let of = |measure: &str| run.measures.get(measure).copied();
    let whole = |measure: &str| of(measure).map(|value| count(value as u64)).unwrap_or_default();
    line(format_args!(
        "{:<20} {:<10} {:<7} {:>10.1} {:>16} {:>10} {:>8} {:>9}",
        utc_text(run.started),
        run.step,
        if of("success") == Some(1.0) { "well" } else { "FAILED" },
        of("seconds").unwrap_or(0.0),
        whole("pings_read"),
        of("bytes_read").map(|bytes| size(bytes as u64)).unwrap_or_default(),
        whole("release_revision"),
        of("withheld_share").map(|share| format!("{:.1} %", 100.0 * share)).unwrap_or_default()
    ))
}
