//! `kayoi ingest`: files or Kafka into the lake.

mod files;
mod rejects;
mod settings;
mod summary;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use kayoi_geography::{Geography, simplified};
use kayoi_ingest::config::Config;
use kayoi_ingest::metrics::Metrics;
use kayoi_ingest::source::Input;
use kayoi_ingest::source::file::FileOptions;
use kayoi_ingest::{Pipeline, PipelineOptions, Summary, setup};
use kayoi_lake::Lake;

use rejects::MostRejects;
pub(crate) use settings::from_file;
pub(crate) use summary::print;

use super::key;
use crate::args::{IngestOptions, KeyOption};
use crate::progress::Bar;
use crate::screen::{bytes, count, note};
use crate::telemetry;
use crate::{stop, supervisor};

pub(crate) fn run(options: &IngestOptions) -> anyhow::Result<()> {
    if options.print_config && options.config.is_none() {
        return bytes(Config::REFERENCE.as_bytes());
    }
    let most_rejects = options.max_rejects.as_deref().map(MostRejects::parse).transpose()?;
    let config = settings::config(options)?;
    if options.print_config {
        return bytes(config.to_toml()?.as_bytes());
    }
    // Before the lake is made: without its list nothing may be read, and a word that nobody knows leaves nothing behind.
    let sensitive = setup::sensitive_places(&config)?;
    let pipeline_options = setup::pipeline_options(&config);
    let metrics = Metrics::default();
    let input = input(options, &config, &pipeline_options, &metrics)?;
    let place = PathBuf::from(&config.lake.url);
    let lake = Lake::open(&place)?;
    let geography = Geography::open_or_simplified(config.lake.boundaries.as_deref())?
        .with_coast_metres(config.lake.coast_m);
    if geography.is_simplified() {
        note(format_args!(
            "note: {}; {} with `kayoi boundaries import`",
            simplified::HOW_FAR_THEY_ERR,
            simplified::ADVICE
        ));
    }
    let key = key(&KeyOption { key_file: config.lake.key_file.clone() }, &place, &lake)?;
    let stop = stop::flag_within(config.stop_deadline.get())?;
    if let Some(listen) = config.metrics.listen {
        let address = telemetry::serve(listen, metrics.clone())?;
        note(format_args!("metrics: http://{address}/metrics"));
    }
    let health = metrics.clone();
    supervisor::ready(move || health.health().live().is_ok())?;
    let pipeline = Pipeline {
        lake: &lake,
        geography: &geography,
        sensitive: &sensitive,
        key: &key,
        options: &pipeline_options,
        stop: &stop,
        metrics: &metrics,
    };
    let started = Instant::now();
    let bar = Bar::new("ingest");
    let show = |summary: &Summary, share: Option<f64>| {
        bar.show(share.unwrap_or(0.0), format!("{} records", count(summary.records.read)));
    };
    let summary = pipeline.run(input, &mut { show })?;
    drop(bar);
    print(&summary, started.elapsed(), options.json)?;
    files::tell(&summary)?;
    rejects::judge(&summary, most_rejects, options.json)
}

fn input(
    options: &IngestOptions,
    config: &Config,
    pipeline: &PipelineOptions,
    metrics: &Metrics,
) -> anyhow::Result<Input> {
    let Some(path) = &options.file else {
        let mut kafka = setup::kafka_options(config, options.until_end)?;
        kafka.metrics = metrics.clone();
        return Ok(Input::Topics(kafka));
    };
    let feed = config.feed.first().cloned().unwrap_or_default();
    let files = FileOptions {
        feed: Arc::new(setup::feed(config, &feed)?),
        format: settings::file_format(options.format),
        text: settings::text(options)?,
        job: config.job.clone(),
        chunk_records: pipeline.chunk_records(),
        again: options.again,
    };
    Ok(Input::Files(path.into(), files))
}
