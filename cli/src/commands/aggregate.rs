//! `kayoi aggregate`: pings into released figures.

use std::time::{Duration, Instant};

use kayoi_aggregate::{AggregateSummary, aggregate};
use kayoi_geography::{Geography, Offices};
use kayoi_lake::{Lake, Traffic};
use kayoi_release::{Expansion, ReleaseOptions, ReleaseSummary, release};
use serde_json::json;

use super::definition;
use crate::args::{AggregateOptions, ExpansionName};
use crate::progress::Bar;
use crate::screen::{count, line};

pub(crate) fn run(options: &AggregateOptions) -> anyhow::Result<()> {
    let lake = Lake::open(&options.lake.lake)?;
    let geography = Geography::open_or_simplified(options.geography.boundaries.as_deref())?;
    let mut run = kayoi_aggregate::AggregateOptions::new(definition(options.definition.as_deref())?);
    run.offices = options.offices.as_deref().map_or_else(|| Ok(Offices::none()), Offices::read)?;
    run.piece_pings = options.piece_pings;
    let mut out = ReleaseOptions::new(run.definition.clone(), &geography);
    out.expansion = match options.expansion {
        ExpansionName::None => Expansion::None,
        ExpansionName::Census => Expansion::Census,
    };
    let started = Instant::now();
    let (measured, released) = measure_and_release(&lake, &run, &out)?;
    print(&measured, &released, lake.location().traffic(), started.elapsed(), options.json)
}

/// Measures every device, then releases what may be seen of the counts. Neither crate knows the other: the
/// table `indicators` is all that passes between them.
pub(crate) fn measure_and_release(
    lake: &Lake,
    run: &kayoi_aggregate::AggregateOptions,
    out: &ReleaseOptions,
) -> anyhow::Result<(AggregateSummary, ReleaseSummary)> {
    let bar = Bar::new("aggregate");
    let aggregated = aggregate(lake, run, &mut |done, all| bar.show(done as f64 / all as f64, ""))?;
    drop(bar);
    let released = release(&lake.release_writer(), out)?;
    Ok((aggregated.finish(lake)?, released))
}

/// Prints what an aggregation did.
pub(crate) fn print(
    summary: &AggregateSummary,
    released: &ReleaseSummary,
    store: Traffic,
    elapsed: Duration,
    as_json: bool,
) -> anyhow::Result<()> {
    let months = summary.months.map(|(first, last)| (first.to_string(), last.to_string()));
    if as_json {
        return line(json!({
            "pings": summary.pings,
            "copies": summary.copies,
            "resumed_pieces": summary.resumed_pieces,
            "devices": summary.devices,
            "located_devices": summary.located_devices,
            "stays": summary.stays,
            "nights": summary.nights,
            "known_nights": summary.known_nights,
            "months": months,
            "release_rows": released.rows,
            "published_rows": released.published_rows,
            "revision": released.revision,
            "store": {
                "reads": store.reads,
                "read_bytes": store.read_bytes,
                "writes": store.writes,
                "written_bytes": store.written_bytes,
                "lists": store.lists,
                "deletes": store.deletes,
            },
            "seconds": elapsed.as_secs_f64(),
        }));
    }
    if summary.resumed_pieces > 0 {
        line(format_args!(
            "went on with {} pieces of a run that was stopped",
            count(summary.resumed_pieces)
        ))?;
    }
    line(format_args!(
        "{} pings of {} devices ({} located) -> {} stays, {} known nights of {}, in {:.1} s",
        count(summary.pings),
        count(summary.devices),
        count(summary.located_devices),
        count(summary.stays),
        count(summary.known_nights),
        count(summary.nights),
        elapsed.as_secs_f64()
    ))?;
    let (first, last) = months.unwrap_or_default();
    line(format_args!(
        "release {}: months {first} to {last}, {} figures, {} of them published",
        released.revision,
        count(released.rows),
        count(released.published_rows)
    ))
}
