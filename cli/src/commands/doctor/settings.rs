//! The configuration that is examined, of a file or of the options.
//!
//! In: options. Out: [`Config`]. Secrets and schemas that it names are read once here, because a file that is
//! missing is the most frequent thing that is wrong.

use kayoi_ingest::config::{Config, FeedConfig};
use kayoi_ingest::setup;

use super::finding::Finding;
use crate::args::DoctorOptions;
use crate::commands::ingest;

/// The configuration of a file, or of the options.
pub(crate) fn config(options: &DoctorOptions) -> anyhow::Result<Config> {
    if let Some(path) = &options.config {
        return ingest::from_file(path);
    }
    let mut config = Config::default();
    config.job.clone_from(&options.job);
    config.lake.url = options.lake.lake.to_string_lossy().into_owned();
    config.lake.key_file.clone_from(&options.key.key_file);
    config.lake.boundaries.clone_from(&options.geography.boundaries);
    config.kafka.brokers = options.kafka.clone().unwrap_or_default();
    config.registry.url.clone_from(&options.registry);
    config.feed.push(FeedConfig {
        partner: "default".to_owned(),
        topics: options.topic.clone(),
        ..FeedConfig::default()
    });
    Ok(config)
}

/// Whether everything that the configuration names can be read.
pub(crate) fn finding(options: &DoctorOptions, config: &Config) -> Finding {
    if let Err(error) = setup::kafka_options(config, true) {
        return Finding::of_error("config", &error, "an ingest ends at its start without it");
    }
    let name =
        options.config.as_ref().map_or_else(|| "options".to_owned(), |path| format!("`{}`", path.display()));
    let topics: usize = config.feed.iter().map(|feed| feed.topics.len()).sum();
    Finding::ok(
        "config",
        format!("{name}: {} feeds, {topics} topics, job `{}`", config.feed.len(), config.job),
    )
}
