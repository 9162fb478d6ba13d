//! `kayoi ingest`: files or Kafka into the lake.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use kayoi_geography::Geography;
use kayoi_ingest::source::file::{FileSource, Format};
use kayoi_ingest::source::kafka::{KafkaOptions, KafkaSource};
use kayoi_ingest::source::{Mapping, Positions, Source, TimestampUnit};
use kayoi_ingest::validate::Rules;
use kayoi_ingest::{IngestError, Pipeline, PipelineOptions, Summary};
use kayoi_lake::Lake;
use kayoi_schemas::time::Clock;
use serde_json::json;

use super::key;
use crate::args::{FileFormat, IngestOptions, UnitName};
use crate::progress::Bar;
use crate::screen::{count, line, note};
use crate::stop;

pub fn run(options: &IngestOptions) -> anyhow::Result<()> {
    let lake = Lake::open(&options.lake.lake)?;
    let geography = Geography::open_or_sketch(options.geography.boundaries.as_deref())?
        .with_coast_metres(options.coast.metres);
    if geography.is_sketch() {
        note(
            "note: municipalities come from a sketch of Japan, not from borders; see `kayoi boundaries import`",
        );
    }
    let key = key(&options.key, &options.lake.lake)?;
    let pipeline_options = pipeline_options(options)?;
    let stop = stop::flag()?;
    let pipeline =
        Pipeline { lake: &lake, geography: &geography, key: &key, options: &pipeline_options, stop: &stop };
    let started = Instant::now();
    let bar = Bar::new("ingest");
    let show = |summary: &Summary, share: Option<f64>| {
        bar.show(share.unwrap_or(0.0), format!("{} records", count(summary.records.read)));
    };
    let summary = pipeline
        .run(|positions| open(options, pipeline_options.chunk_records(), positions), &mut { show })?;
    drop(bar);
    print(&summary, started.elapsed(), options.json)
}

fn open(
    options: &IngestOptions,
    chunk_records: usize,
    positions: &Positions<'_>,
) -> Result<Box<dyn Source>, IngestError> {
    if let (Some(brokers), Some(topic)) = (&options.kafka, &options.topic) {
        let kafka = KafkaOptions {
            brokers: brokers.clone(),
            topic: topic.clone(),
            until_end: options.until_end,
            job: options.job.clone(),
            max_record_bytes: options.max_record_bytes,
            chunk_records,
        };
        return Ok(Box::new(KafkaSource::open(kafka, positions)?));
    }
    let format = match options.format {
        FileFormat::Auto => None,
        FileFormat::Ndjson => Some(Format::Ndjson),
        FileFormat::Csv => Some(Format::Csv),
        FileFormat::Parquet => Some(Format::Parquet),
        FileFormat::Avro => Some(Format::Avro),
    };
    let path = options.file.clone().unwrap_or_default();
    Ok(Box::new(FileSource::open(&path, format, &options.job, options.max_record_bytes, chunk_records)?))
}

fn pipeline_options(options: &IngestOptions) -> anyhow::Result<PipelineOptions> {
    let mut mapping = Mapping::default();
    for map in &options.map {
        let Some((theirs, ours)) = map.split_once('=') else {
            bail!("cannot map `{map}`\nhint: write --map THEIRS=OURS, as in --map lat=latitude");
        };
        mapping.add(theirs, ours)?;
    }
    mapping.timestamp_unit = match options.timestamp_unit {
        UnitName::Ms => TimestampUnit::Milliseconds,
        UnitName::S => TimestampUnit::Seconds,
        UnitName::Iso => TimestampUnit::Iso,
    };
    let mut rules = Rules::new(Clock::System.now());
    rules.require_consent = options.require_consent;
    rules.max_accuracy_m = options.max_accuracy_m;
    let mut pipeline = PipelineOptions::new(&options.partner, rules);
    pipeline.mapping = mapping;
    pipeline.commit_rows = options.commit_rows;
    pipeline.commit_after = Duration::try_from_secs_f64(options.commit_seconds)
        .with_context(|| format!("--commit-seconds `{}` must be 0 or more", options.commit_seconds))?;
    Ok(pipeline)
}

/// Prints what an ingest did.
pub fn print(summary: &Summary, elapsed: Duration, as_json: bool) -> anyhow::Result<()> {
    let records = summary.records;
    let rejected = summary.rejected_by_reason.iter();
    if as_json {
        let reasons: serde_json::Map<_, _> =
            rejected.map(|(reason, count)| (reason.to_string(), json!(count))).collect();
        return line(json!({
            "read": records.read,
            "stored": records.stored,
            "rejected": records.rejected,
            "duplicates": records.duplicates,
            "rejected_by_reason": reasons,
            "unknown_fields": summary.unknown_fields,
            "outside_municipalities": summary.outside_municipalities,
            "off_coast": summary.off_coast,
            "skipped_files": summary.skipped_files,
            "commits": summary.commits,
            "seconds": elapsed.as_secs_f64(),
        }));
    }
    line(format_args!(
        "read {} = stored {} + rejected {} + duplicates {}, in {:.1} s",
        count(records.read),
        count(records.stored),
        count(records.rejected),
        count(records.duplicates),
        elapsed.as_secs_f64()
    ))?;
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
    Ok(())
}
