//! `kayoi aggregate`: pings into released figures.

use std::time::{Duration, Instant};

use kayoi_aggregate::weigh::Expansion;
use kayoi_aggregate::{AggregateSummary, aggregate};
use kayoi_geography::{Geography, Offices};
use kayoi_lake::Lake;
use serde_json::json;

use super::definition;
use crate::args::{AggregateOptions, ExpansionName};
use crate::progress::Bar;
use crate::screen::{count, line};

pub fn run(options: &AggregateOptions) -> anyhow::Result<()> {
    let lake = Lake::open(&options.lake.lake)?;
    let geography = Geography::open_or_sketch(options.geography.boundaries.as_deref())?;
    let mut run = kayoi_aggregate::AggregateOptions::new(definition(options.definition.as_deref())?);
    run.expansion = match options.expansion {
        ExpansionName::None => Expansion::None,
        ExpansionName::Census => Expansion::Census,
    };
    run.offices = options.offices.as_deref().map_or_else(|| Ok(Offices::none()), Offices::read)?;
    run.piece_pings = options.piece_pings;
    let started = Instant::now();
    let bar = Bar::new("aggregate");
    let summary =
        aggregate(&lake, &geography, &run, &mut |done, all| bar.show(done as f64 / all as f64, ""))?;
    drop(bar);
    print(&summary, started.elapsed(), options.json)
}

/// Prints what an aggregation did.
pub fn print(summary: &AggregateSummary, elapsed: Duration, as_json: bool) -> anyhow::Result<()> {
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
            "release_rows": summary.release_rows,
            "published_rows": summary.published_rows,
            "revision": summary.revision,
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
        summary.revision,
        count(summary.release_rows),
        count(summary.published_rows)
    ))
}
