//! `kayoi aggregate`: pings into released figures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use kayoi_aggregate::{
    AggregateSummary, Aggregated, MeasuredBucket, Watch, aggregate, finish, measure_bucket, measure_together,
};
use kayoi_geography::population::Population;
use kayoi_geography::{CarShares, Geography, Offices};
use kayoi_lake::lease::MaintenanceLease;
use kayoi_lake::{Bucket, Lake, LakeError, Traffic};
use kayoi_release::{Expansion, People, ReleaseOptions, ReleaseSummary, check, due_releases, release};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::time::Month;
use serde_json::{Value, json};

use super::{Leases, cluster, definition, definition_text, holder, open, release as release_command};
use crate::args::{AggregateOptions, ExpansionName};
use crate::coded::refuse;
use crate::progress::Bar;
use crate::run_record::{Figures, Step, recorded};
use crate::screen::{count, line, note, size};

pub(crate) fn run(options: &AggregateOptions) -> anyhow::Result<()> {
    let lake = open(&options.lake.lake)?;
    let started = Instant::now();
    if options.abandon {
        lake.clear_journal()?;
        return if options.json {
            line(json!({ "abandoned": true }))
        } else {
            line("nothing is under way any more")
        };
    }
    let step = match (options.bucket, options.finish) {
        (Some(_), _) => Step::Bucket,
        (None, true) => Step::Finish,
        (None, false) => Step::Aggregate,
    };
    let metrics_file = options.record.metrics_file.as_deref();
    // A run that is refused has failed too: whoever watches its timer sees it in the metrics.
    recorded(step, &lake, metrics_file, |figures| {
        let all = definitions(options)?;
        let [definition] = all.as_slice() else {
            return by_each(&lake, options, &all, figures, started);
        };
        let (run, out) = prepared(options, definition.clone())?;
        if options.bucket.is_none() {
            // What may not be released is not measured for hours first.
            check(&lake.release_writer(), &out)?;
        }
        let leases = Leases::given_back_on_signal()?;
        let mut watch = Bars::new(&leases);
        if let Some(bucket) = options.bucket {
            figures.insert("buckets_failed", 1.0);
            let measured = measure_bucket(&lake, &run, bucket, &mut watch)?;
            drop(watch);
            note_measured(figures, &measured.summary, 1);
            return print_bucket(
                bucket,
                &measured,
                lake.location().traffic(),
                started.elapsed(),
                options.json,
            );
        }
        let mut taken_over = None;
        if let Some(scheduler) = &options.cluster {
            let by = (scheduler.as_str(), options, definition_of(options)?);
            let mut bar = |done, all| watch.pieces(done, all);
            taken_over = Some(cluster::measure(by, &lake, &run, figures, &mut bar)?);
        }
        let is_measured = options.finish || options.cluster.is_some();
        let aggregated =
            if is_measured { finish(&lake, &run, &mut watch)? } else { aggregate(&lake, &run, &mut watch)? };
        drop(watch);
        let (mut measured, released) = released(&lake, aggregated, &out)?;
        // All have notes by now; those of this run's executors were not measured before.
        measured.resumed_buckets = taken_over.unwrap_or(measured.resumed_buckets);
        note_measured(figures, &measured, u64::from(lake.buckets()?.count()));
        print(&measured, &released, lake.location().traffic(), started.elapsed(), options.json)
    })
}

/// The definitions that are named, or connected-2026.
fn definitions(options: &AggregateOptions) -> anyhow::Result<Vec<Definition>> {
    if options.definitions.is_empty() {
        return Ok(vec![definition(None)?]);
    }
    let named = options.definitions.iter().map(|named| definition(Some(named.as_path())));
    let named = named.collect::<anyhow::Result<Vec<Definition>>>()?;
    let mut known = BTreeSet::new();
    if let Some(again) = named.iter().find(|definition| !known.insert(definition.id())) {
        refuse!(
            Argument,
            "the definition `{}` is named twice\nhint: name each once; of a file of your own change name or version",
            again.id()
        );
    }
    let is_shared = options.bucket.is_some() || options.finish || options.cluster.is_some();
    if named.len() > 1 && is_shared {
        refuse!(
            Argument,
            "several definitions are measured in one pass by one process alone\nhint: leave out --bucket, --finish and --cluster, or measure and finish by one definition after the other"
        );
    }
    Ok(named)
}

/// Measures by each of several definitions, reading pings once, and makes a release by each.
fn by_each(
    lake: &Lake,
    options: &AggregateOptions,
    all: &[Definition],
    figures: &mut Figures,
    started: Instant,
) -> anyhow::Result<()> {
    let ids: Vec<String> = all.iter().map(Definition::id).collect();
    let prepared = all.iter().map(|definition| prepared(options, definition.clone()));
    let prepared: Vec<_> = prepared.collect::<anyhow::Result<_>>()?;
    let (runs, out): (Vec<_>, Vec<_>) = prepared.into_iter().unzip();
    let releases = due_releases(&lake.release_writer(), out)?;
    let leases = Leases::given_back_on_signal()?;
    let mut watch = Bars::new(&leases);
    let mut together = measure_together(lake, &runs, &mut watch)?;
    drop(watch);
    let mut printed = Vec::new();
    for (release, id) in releases.into_iter().zip(&ids) {
        let mut watch = Bars::new(&leases);
        let measured = together.replace_by_next(&mut watch)?;
        drop(watch);
        let bar = Bar::new("release");
        let mut progress = |done: u64, all: u64| bar.show(done as f64 / all.max(1) as f64, "");
        let released = release.release(&lake.release_writer(), &mut progress)?;
        drop(bar);
        note_measured(figures, &measured, u64::from(lake.buckets()?.count()));
        let (store, elapsed) = (lake.location().traffic(), started.elapsed());
        if options.json {
            let mut words = summary_json(&measured, &released, store, elapsed);
            if let Some(words) = words.as_object_mut() {
                words.insert("definition".to_owned(), json!(id));
            }
            printed.push(words);
        } else {
            line(format_args!("by {id}:"))?;
            print(&measured, &released, store, elapsed, false)?;
        }
    }
    together.finish()?;
    if options.json { line(Value::Array(printed)) } else { Ok(()) }
}

/// What a run measures, and how it is released.
fn prepared(
    options: &AggregateOptions,
    definition: Definition,
) -> anyhow::Result<(kayoi_aggregate::AggregateOptions, ReleaseOptions)> {
    let geography = Geography::open_or_simplified(options.geography.boundaries.as_deref())?;
    let run = kayoi_aggregate::AggregateOptions::new(definition);
    let mut run = run.with_borders(&geography);
    run.offices = options.offices.as_deref().map_or_else(|| Ok(Offices::none()), Offices::read)?;
    run.piece_pings = options.piece_pings;
    let series = release_command::series(&options.series)?;
    let mut out = ReleaseOptions::new(run.definition.clone(), &geography, series);
    out.parameters = release_command::parameters(options.series.preset);
    out.as_of = release_command::as_of(&options.series)?;
    out.seal_after_days = options.series.seal_after_days;
    out.correction.clone_from(&options.series.correction);
    out.expansion = match options.expansion {
        ExpansionName::None => Expansion::None,
        ExpansionName::Census => Expansion::Census,
    };
    if let Some(file) = &options.population {
        if out.expansion == Expansion::None {
            refuse!(
                Argument,
                "--population says whom devices stand for, and without --expansion census each is a person\nhint: add --expansion census"
            );
        }
        out.people = Arc::new(People::of(&Population::read(file)?)?);
    }
    if let Some(file) = &options.car_shares {
        out.car_shares = Arc::new(CarShares::read(file)?);
    }
    run.counts_final_months = out.correction.is_some();
    Ok((run, out))
}

/// The text of the definition, for those who measure elsewhere.
fn definition_of(options: &AggregateOptions) -> anyhow::Result<String> {
    definition_text(options.definitions.first().map_or(Path::new("connected-2026"), PathBuf::as_path))
}

/// What was read, of so many buckets.
pub(crate) fn note_measured(figures: &mut Figures, summary: &AggregateSummary, buckets: u64) {
    figures.insert("pings_read", summary.pings as f64);
    figures.insert("buckets_measured", buckets.saturating_sub(summary.resumed_buckets) as f64);
    figures.insert("buckets_taken_over", summary.resumed_buckets as f64);
    figures.insert("buckets_failed", 0.0);
}

/// Measures every device, then releases what may be seen of the counts.
pub(crate) fn measure_and_release(
    lake: &Lake,
    run: &kayoi_aggregate::AggregateOptions,
    out: &ReleaseOptions,
) -> anyhow::Result<(AggregateSummary, ReleaseSummary)> {
    let leases = Leases::given_back_on_signal()?;
    let mut watch = Bars::new(&leases);
    let aggregated = aggregate(lake, run, &mut watch)?;
    drop(watch);
    released(lake, aggregated, out)
}

/// Releases what a run has counted. Neither crate knows the other: the table `indicators` is all that passes
/// between them.
fn released(
    lake: &Lake,
    aggregated: Aggregated,
    out: &ReleaseOptions,
) -> anyhow::Result<(AggregateSummary, ReleaseSummary)> {
    let bar = Bar::new("release");
    let mut progress = |done: u64, all: u64| bar.show(done as f64 / all.max(1) as f64, "");
    let released = release(&lake.release_writer(), out, &mut progress)?;
    drop(bar);
    Ok((aggregated.finish(lake)?, released))
}

/// A bar for the pieces, and a word when the tables have to wait.
struct Bars<'l> {
    bar: Bar,
    leases: &'l Leases,
    waits_for: String,
}

impl<'l> Bars<'l> {
    fn new(leases: &'l Leases) -> Self {
        Self { bar: Bar::new("aggregate"), leases, waits_for: String::new() }
    }
}

impl Watch for Bars<'_> {
    fn lease(&mut self, lake: &Lake) -> Result<MaintenanceLease, LakeError> {
        self.leases.take(|| lake.short_lease(&holder("kayoi aggregate")))
    }

    fn pieces(&mut self, done: u64, all: u64) {
        self.bar.show(done as f64 / all.max(1) as f64, "");
    }

    fn waits(&mut self, holder: &str) {
        if self.waits_for != holder {
            note(format_args!("all is measured; waiting for `{holder}` before the tables are replaced"));
            holder.clone_into(&mut self.waits_for);
        }
    }
}

/// Prints what the measuring of a bucket did.
fn print_bucket(
    bucket: Bucket,
    measured: &MeasuredBucket,
    store: Traffic,
    elapsed: Duration,
    as_json: bool,
) -> anyhow::Result<()> {
    let MeasuredBucket { summary, pings_version, uncut_files } = measured;
    if *uncut_files > 0 && bucket.of().count() > 1 {
        note(format_args!(
            "note: {} files are not cut at the borders of buckets, so each bucket reads them; `kayoi lake compact` cuts them",
            count(*uncut_files)
        ));
    }
    if as_json {
        return line(json!({
            "bucket": bucket.to_string(),
            "pings_version": pings_version,
            "was_measured_before": summary.resumed_buckets > 0,
            "devices": summary.devices,
            "copies": summary.copies,
            "stays": summary.stays,
            "nights": summary.nights,
            "known_nights": summary.known_nights,
            "uncut_files": uncut_files,
            "wanted_bytes": summary.wanted_bytes,
            "store": store_json(store),
            "seconds": elapsed.as_secs_f64(),
        }));
    }
    let how = if summary.resumed_buckets > 0 { "was measured before" } else { "measured" };
    line(format_args!(
        "bucket {bucket} {how}, of pings version {pings_version}: {} devices -> {} stays, {} known nights of {}, in {:.1} s",
        count(summary.devices),
        count(summary.stays),
        count(summary.known_nights),
        count(summary.nights),
        elapsed.as_secs_f64()
    ))
}

fn store_json(store: Traffic) -> Value {
    json!({
        "gets": store.gets,
        "heads": store.heads,
        "read_bytes": store.read_bytes,
        "puts": store.puts,
        "parts": store.parts,
        "written_bytes": store.written_bytes,
        "copies": store.copies,
        "lists": store.lists,
        "deletes": store.deletes,
    })
}

/// Prints what an aggregation did.
pub(crate) fn print(
    summary: &AggregateSummary,
    released: &ReleaseSummary,
    store: Traffic,
    elapsed: Duration,
    as_json: bool,
) -> anyhow::Result<()> {
    if as_json {
        return line(summary_json(summary, released, store, elapsed));
    }
    if let (Some(first), Some(last)) = (released.dropped.first(), released.dropped.last()) {
        note(format_args!(
            "note: {} months that were final are in this release no more, {first} to {last}: their pings are gone",
            released.dropped.len()
        ));
    }
    if summary.resumed_buckets > 0 {
        line(format_args!("{} buckets were measured before", count(summary.resumed_buckets)))?;
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
    // Those of the whole release, as `kayoi release list` shows them: what was counted now may be fewer.
    let (first, last) = released.months.clone().unwrap_or_default();
    let kept = if released.kept.is_empty() {
        String::new()
    } else {
        format!(", {} as published before", released.kept.len())
    };
    line(format_args!(
        "release {} ({}): months {first} to {last}{kept}, {} figures, {} with a value",
        released.revision,
        released.series,
        count(released.row_count()),
        count(released.value_count())
    ))?;
    line(format_args!(
        "store: {} read in {} requests, {} written in {}",
        size(store.read_bytes),
        count(store.reads()),
        size(store.written_bytes),
        count(store.writes())
    ))
}

/// The same as JSON.
fn summary_json(
    summary: &AggregateSummary,
    released: &ReleaseSummary,
    store: Traffic,
    elapsed: Duration,
) -> Value {
    let capped: BTreeMap<&str, u64> =
        summary.left_out.iter().map(|(cube, value)| (cube.declaration().name, *value)).collect();
    let texts = |months: &[Month]| months.iter().map(Month::to_string).collect::<Vec<_>>();
    let months = summary.months.map(|(first, last)| (first.to_string(), last.to_string()));
    json!({
        "pings": summary.pings,
        "copies": summary.copies,
        "resumed_buckets": summary.resumed_buckets,
        "devices": summary.devices,
        "located_devices": summary.located_devices,
        "stays": summary.stays,
        "nights": summary.nights,
        "known_nights": summary.known_nights,
        "months": months,
        "capped": capped,
        "release_months": released.months,
        "release_rows": released.row_count(),
        "published_rows": released.value_count(),
        "rows": released.rows,
        "series": released.series,
        "sealed": texts(&released.sealed),
        "provisional": texts(&released.provisional),
        "kept": texts(&released.kept),
        "dropped": texts(&released.dropped),
        "revision": released.revision,
        "wanted_bytes": summary.wanted_bytes,
        "store": store_json(store),
        "seconds": elapsed.as_secs_f64(),
    })
}
