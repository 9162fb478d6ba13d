//! One TOML file → everything `kayoi ingest` can be told.
//!
//! In: the file's text and the environment. Out: [`Config`], typed and checked as a whole before anything is
//! opened, so that a wrong key costs a second and not a night. The file that ships with Kayoi,
//! [`Config::REFERENCE`], is the default and the reference in one: a test loads it, and another looks for
//! every key in it. Secrets are only ever named as files, so a configuration can be printed and kept in
//! version control.
//!
//! How text becomes values, and an error names its line, is the affair of crate `kayoi-settings`; here stand
//! the sections of ingest and the rules between them.

pub mod error;
pub mod sections;
pub mod kafka;
pub mod feed;
mod shape;
mod rules;

use kayoi_settings::Document;
use serde::{Deserialize, Serialize};

pub use error::ConfigError;
pub use feed::{FeedConfig, RecordFormat, TimestampName};
pub use kafka::{KafkaConfig, Mechanism, OnLostOffset, Protocol, Start};
pub use kayoi_settings::{ByteSize, HumanDuration, Place};
pub use sections::{
    CommitConfig, EventTimeConfig, LakeConfig, MemoryConfig, MetricsConfig, PlacesConfig, RegistryConfig,
};

/// What names of variables start with.
const PREFIX: &str = "KAYOI_INGEST__";

/// Everything `kayoi ingest` can be told.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Name of this ingest: positions are kept per job. Another name reads everything again; changed by
    /// whoever runs two ingests into one lake.
    pub job: String,
    /// Graceful stop: longest time to finish and commit what was read. Below what the supervisor waits before
    /// it kills; what is not committed by then is read again at the next start.
    pub stop_deadline: HumanDuration,
    /// Where pings go and how they are placed.
    pub lake: LakeConfig,
    /// Which pings are not stored, for where they are.
    pub places: PlacesConfig,
    /// How to reach Kafka.
    pub kafka: KafkaConfig,
    /// Where schemas of framed records are asked for.
    pub registry: RegistryConfig,
    /// When waiting rows are committed.
    pub commit: CommitConfig,
    /// What may wait in memory.
    pub memory: MemoryConfig,
    /// What the time of a fix decides.
    pub event_time: EventTimeConfig,
    /// Where the process tells how it is.
    pub metrics: MetricsConfig,
    /// Who delivers what. At least one.
    pub feed: Vec<FeedConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            job: "ingest".to_owned(),
            stop_deadline: HumanDuration::from_secs(30),
            lake: LakeConfig::default(),
            places: PlacesConfig::default(),
            kafka: KafkaConfig::default(),
            registry: RegistryConfig::default(),
            commit: CommitConfig::default(),
            memory: MemoryConfig::default(),
            event_time: EventTimeConfig::default(),
            metrics: MetricsConfig::default(),
            feed: Vec::new(),
        }
    }
}

impl Config {
    /// The default configuration with a line on every key, to start one's own from.
    pub const REFERENCE: &'static str = include_str!("../../config.toml");

    /// Reads and checks a configuration. `source_name` is what errors call the file; `environment` is what
    /// [`std::env::vars_os`] has as text ([`std::env::vars`] panics on anything else); only names with
    /// `KAYOI_INGEST__` count.
    ///
    /// # Errors
    /// [`ConfigError`] with the key, its place, what is allowed and what to do: the first that is found.
    pub fn from_toml(
        text: &str,
        source_name: &str,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut document = Document::read(text, source_name, shape::config())?;
        document.take_environment(PREFIX, environment)?;
        rules::librdkafka::check(&document)?;
        let config: Self = document.typed()?;
        rules::check(&config, &document)?;
        Ok(config)
    }

    /// The configuration as TOML, for `--print-config`: reading it again gives the same one. Secrets are
    /// named as files, so none is in it.
    ///
    /// # Errors
    /// [`ConfigError::Settings`] for a path that is not UTF-8, which no file can have given.
    pub fn to_toml(&self) -> Result<String, ConfigError> {
        Ok(kayoi_settings::to_toml(self)?)
    }

    /// The consumer group: the given one, or `kayoi-<job>-<eight digits of the lake's place>`. The place is
    /// in it because two lakes in one group would share the partitions, and each would miss what the other
    /// reads.
    pub fn group(&self) -> String {
        let place = self.lake.url.trim_end_matches('/');
        let place = match place.contains("://") {
            true => place.to_owned(),
            false => std::path::absolute(place).map_or(place.to_owned(), |path| path.display().to_string()),
        };
        let digits = &blake3::hash(place.as_bytes()).to_hex()[..8];
        self.kafka.group.clone().unwrap_or_else(|| format!("kayoi-{}-{digits}", self.job))
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "document_tests.rs"]
mod document_tests;
#[cfg(test)]
#[path = "unknown_tests.rs"]
mod unknown_tests;
#[cfg(test)]
#[path = "environment_tests.rs"]
mod environment_tests;
#[cfg(test)]
#[path = "reference_tests.rs"]
mod reference_tests;
