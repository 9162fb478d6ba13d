//! `kayoi ingest`: files or Kafka into the lake.

mod settings;
mod summary;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use kayoi_geography::Geography;
use kayoi_ingest::config::Config;
use kayoi_ingest::source::Source;
use kayoi_ingest::source::file::{FileOptions, FileSource};
use kayoi_ingest::source::kafka::KafkaSource;
use kayoi_ingest::{IngestError, Pipeline, PipelineOptions, Summary, setup};
use kayoi_lake::Lake;

pub use summary::print;

use super::key;
use crate::args::{IngestOptions, KeyOption};
use crate::progress::Bar;
use crate::screen::{bytes, count, note};
use crate::stop;

pub fn run(options: &IngestOptions) -> anyhow::Result<()> {
    if options.print_config && options.config.is_none() {
        return bytes(Config::REFERENCE.as_bytes());
    }
    let config = settings::config(options)?;
    if options.print_config {
        return bytes(config.to_toml()?.as_bytes());
    }
    let place = PathBuf::from(&config.lake.url);
    let lake = Lake::open(&place)?;
    let geography =
        Geography::open_or_sketch(config.lake.boundaries.as_deref())?.with_coast_metres(config.lake.coast_m);
    if geography.is_sketch() {
        note(
            "note: municipalities come from a sketch of Japan, not from borders; see `kayoi boundaries import`",
        );
    }
    let key = key(&KeyOption { key_file: config.lake.key_file.clone() }, &place)?;
    let pipeline_options = setup::pipeline_options(&config);
    let stop = stop::flag_within(config.stop_deadline.get())?;
    let pipeline =
        Pipeline { lake: &lake, geography: &geography, key: &key, options: &pipeline_options, stop: &stop };
    let started = Instant::now();
    let bar = Bar::new("ingest");
    let show = |summary: &Summary, share: Option<f64>| {
        bar.show(share.unwrap_or(0.0), format!("{} records", count(summary.records.read)));
    };
    let summary = pipeline.run(|_| open(options, &config, &pipeline_options, &lake), &mut { show })?;
    drop(bar);
    print(&summary, started.elapsed(), options.json)
}

fn open(
    options: &IngestOptions,
    config: &Config,
    pipeline: &PipelineOptions,
    lake: &Lake,
) -> Result<Box<dyn Source>, IngestError> {
    let Some(path) = &options.file else {
        return Ok(Box::new(KafkaSource::open(setup::kafka_options(config, options.until_end)?, lake)?));
    };
    let feed = config.feed.first().cloned().unwrap_or_default();
    let files = FileOptions {
        feed: Arc::new(setup::feed(config, &feed)?),
        format: settings::file_format(options.format),
        job: config.job.clone(),
        chunk_records: pipeline.chunk_records(),
    };
    Ok(Box::new(FileSource::open(Path::new(path), files)?))
}
