//! A configuration → what the walk needs.
//!
//! In: [`Config`]. Out: feeds by topic, sensitive places, and the options of the Kafka source and of the
//! pipeline. Files that a configuration names (secrets, schemas, places) are read here, once, so that a wrong
//! path ends the start and not the first record.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kayoi_geography::OfficesError;
use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::placeholder::plain;

use crate::config::{
    Config, ConfigError, FeedConfig, KafkaConfig, OnLostOffset, RecordFormat, Start, TimestampName,
};
use crate::feed::{Encoding, Feed};
use crate::format::avro::Program;
use crate::format::mapping::{Mapping, UnknownField};
use crate::format::protobuf::ProtoProgram;
use crate::format::schema_error::SchemaError;
use crate::format::value::spelling::{Spelling, TimestampUnit};
use crate::format::value::words::MissingWords;
use crate::format::value::zone::{UnknownZone, Zone};
use crate::metrics::Metrics;
use crate::pipeline::PipelineOptions;
use crate::registry::{LearntSchemas, RegistryError, RegistryOptions, SchemaRegistry};
use crate::sensitive::SensitivePlaces;
use crate::source::kafka::{KafkaOptions, Security};
use crate::validate::Rules;

/// A configuration that reads well and cannot be carried out.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A schema file is not there, or may not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A schema file cannot be used.
    #[error("cannot use schema file `{}`", path.display())]
    Schema {
        /// Path of the file.
        path: PathBuf,
        /// What is wrong with it.
        source: SchemaError,
    },
    /// The registry's settings are wrong.
    #[error("cannot use the schema registry")]
    Registry {
        /// The client's answer.
        source: RegistryError,
    },
    /// A field is mapped to one that the contract does not have.
    #[error(transparent)]
    Mapping(#[from] UnknownField),
    /// A zone is named that nobody knows.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The list of sensitive places cannot be used.
    #[error(transparent)]
    Places(#[from] OfficesError),
    /// A secret's file cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl SetupError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Read { .. } => ErrorCode::File,
            Self::Schema { .. } => ErrorCode::Contract,
            Self::Registry { source } => source.code(),
            Self::Mapping(_) | Self::Zone(_) => ErrorCode::Argument,
            Self::Places(error) => error.code(),
            Self::Config(error) => error.code(),
        }
    }
}

/// When to commit.
pub fn pipeline_options(config: &Config) -> PipelineOptions {
    PipelineOptions { commit_rows: config.commit.rows, commit_after: config.commit.after.get() }
}

/// The places whose pings are dropped; none without a list.
///
/// # Errors
/// [`SetupError::Places`] when the list cannot be read, or one of its places is not as it should be.
pub fn sensitive_places(config: &Config) -> Result<SensitivePlaces, SetupError> {
    match &config.places.sensitive {
        Some(path) => Ok(SensitivePlaces::read(path)?),
        None => Ok(SensitivePlaces::none()),
    }
}

/// The feeds by topic.
///
/// # Errors
/// [`SetupError`] when a mapping names no field of the contract, or a schema file cannot be used.
pub fn feeds(config: &Config) -> Result<BTreeMap<String, Arc<Feed>>, SetupError> {
    let mut topics = BTreeMap::new();
    for feed in &config.feed {
        let made = Arc::new(self::feed(config, feed)?);
        topics.extend(feed.topics.iter().map(|topic| (topic.clone(), Arc::clone(&made))));
    }
    Ok(topics)
}

/// One feed.
///
/// # Errors
/// As [`feeds`].
pub fn feed(config: &Config, feed: &FeedConfig) -> Result<Feed, SetupError> {
    let mut mapping = Mapping::default();
    for (theirs, ours) in &feed.map {
        mapping.add(theirs, ours)?;
    }
    mapping.spelling = spelling(feed)?;
    let lateness = config.event_time.allowed_lateness;
    let rules = Rules {
        max_accuracy_m: feed.max_accuracy_m,
        // What stands for no value stands for no device either.
        placeholder_ids: feed
            .placeholder_ids
            .iter()
            .chain(&feed.empty_words)
            .map(|word| plain(word))
            .collect(),
        require_consent: feed.require_consent,
        allowed_lateness_ms: lateness.map(|lateness| lateness.as_millis() as i64),
        ..Rules::default()
    };
    Ok(Feed {
        partner: feed.partner.clone(),
        encoding: encoding(config, feed, &mapping)?,
        mapping,
        rules,
        max_record_bytes: feed.max_record_bytes.bytes() as usize,
    })
}

fn spelling(feed: &FeedConfig) -> Result<Spelling, SetupError> {
    let unit = match feed.timestamp_unit {
        TimestampName::Ms => TimestampUnit::Milliseconds,
        TimestampName::S => TimestampUnit::Seconds,
        TimestampName::Iso => TimestampUnit::Iso,
    };
    let zone = feed.timestamp_zone.as_deref().map(Zone::parse).transpose()?;
    Ok(Spelling { unit, zone, missing: MissingWords::with(&feed.empty_words) })
}

fn encoding(config: &Config, feed: &FeedConfig, mapping: &Mapping) -> Result<Encoding, SetupError> {
    let bare = |path: &Path| -> Result<Encoding, SetupError> {
        let read = |source| SetupError::Read { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path).map_err(read)?;
        let schema = |source| SetupError::Schema { path: path.to_owned(), source };
        if feed.format == RecordFormat::Protobuf {
            let program = ProtoProgram::compile(&text, feed.message.as_deref(), mapping);
            return program.map(Encoding::Protobuf).map_err(schema);
        }
        Program::compile(&text, mapping).map(Encoding::Avro).map_err(schema)
    };
    match (feed.format, &feed.schema_file) {
        (RecordFormat::Avro | RecordFormat::Protobuf, Some(path)) => bare(path),
        (RecordFormat::Json, _) => Ok(Encoding::Json),
        (RecordFormat::Auto, _) if config.registry.url.is_none() => Ok(Encoding::Json),
        (format, _) => {
            let accepts_json = format == RecordFormat::Auto;
            Ok(Encoding::Framed(LearntSchemas::new(registry(config)?, accepts_json)))
        }
    }
}

/// A client of the configured registry.
///
/// # Errors
/// [`SetupError::Registry`] when its address cannot be used, [`SetupError::Config`] when a secret
/// cannot be read.
pub fn registry(config: &Config) -> Result<SchemaRegistry, SetupError> {
    let registry = &config.registry;
    let password = registry.password_file.as_deref().map(secret_of).transpose()?;
    let options = RegistryOptions {
        url: registry.url.clone().unwrap_or_default(),
        username: registry.username.clone(),
        password,
        timeout: registry.timeout.get(),
    };
    SchemaRegistry::new(&options).map_err(|source| SetupError::Registry { source })
}

/// How to read Kafka. Secrets are read from their files.
///
/// # Errors
/// As [`feeds`], and when a secret cannot be read.
pub fn kafka_options(config: &Config, until_end: bool) -> Result<KafkaOptions, SetupError> {
    let kafka = &config.kafka;
    Ok(KafkaOptions {
        brokers: kafka.brokers.clone(),
        topics: feeds(config)?,
        group: config.group(),
        instance: kafka.instance.clone(),
        security: security(kafka)?,
        session_timeout: kafka.session_timeout.get(),
        librdkafka: kafka.librdkafka.clone(),
        until_end,
        skips_lost_offsets: kafka.on_lost_offset == OnLostOffset::Skip,
        starts_at_end: kafka.start == Start::Latest,
        job: config.job.clone(),
        chunk_records: pipeline_options(config).chunk_records(),
        queue_bytes: config.memory.queue.bytes() as usize,
        handover_deadline: config.stop_deadline.get(),
        metrics: Metrics::default(),
    })
}

fn secret_of(path: &Path) -> Result<String, ConfigError> {
    Ok(kayoi_settings::secret(path)?.expose().to_owned())
}

fn security(kafka: &KafkaConfig) -> Result<Security, SetupError> {
    let mut settings = Vec::new();
    let files = [
        ("ssl.ca.location", &kafka.ca_file),
        ("ssl.certificate.location", &kafka.certificate_file),
        ("ssl.key.location", &kafka.private_key_file),
    ];
    for (name, path) in files {
        settings.extend(path.as_ref().map(|path| (name, path.display().to_string())));
    }
    if let Some(path) = &kafka.private_key_password_file {
        settings.push(("ssl.key.password", secret_of(path)?));
    }
    settings.extend(kafka.mechanism.map(|mechanism| ("sasl.mechanism", mechanism.as_str().to_owned())));
    settings.extend(kafka.username.clone().map(|username| ("sasl.username", username)));
    if let Some(path) = &kafka.password_file {
        settings.push(("sasl.password", secret_of(path)?));
    }
    if let Some(path) = &kafka.token_file {
        // Read again at each login; a file that is not there should end the start, not the first login.
        secret_of(path)?;
    }
    let protocol = kafka.protocol.as_str().to_owned();
    Ok(Security { protocol, settings, token_file: kafka.token_file.clone() })
}
