//! Options of the command line → the configuration that a file would give.
//!
//! In: options. Out: one [`Config`], whichever way it was given, so that there is one path behind it.

use std::path::Path;

use anyhow::Context;
use kayoi_ingest::config::{ByteSize, Config, FeedConfig, HumanDuration, RecordFormat, TimestampName};
use kayoi_ingest::source::file::{FileFormat, TextEncoding, TextOptions};

use crate::args::{IngestOptions, RecordFormatName, UnitName};
use crate::coded::refuse;

/// The configuration of a file, or of the options.
pub(crate) fn config(options: &IngestOptions) -> anyhow::Result<Config> {
    match &options.config {
        Some(path) => from_file(path),
        None => from_options(options),
    }
}

/// Reads a configuration file, with the environment on top.
pub(crate) fn from_file(path: &Path) -> anyhow::Result<Config> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(Config::from_toml(&text, &path.display().to_string(), environment)?)
}

/// How files are written; `None`: as their names say.
pub(crate) fn file_format(name: RecordFormatName) -> Option<FileFormat> {
    match name {
        // A folder of messages has no offsets to resume at: Protobuf comes in topics only.
        RecordFormatName::Auto | RecordFormatName::Protobuf => None,
        RecordFormatName::Json => Some(FileFormat::Ndjson),
        RecordFormatName::Csv => Some(FileFormat::Csv),
        RecordFormatName::Parquet => Some(FileFormat::Parquet),
        RecordFormatName::Avro => Some(FileFormat::Avro),
    }
}

/// How the text of files is written.
pub(crate) fn text(options: &IngestOptions) -> anyhow::Result<TextOptions> {
    let delimiter = match options.delimiter.as_str() {
        "tab" | "\\t" => b'\t',
        sign => match sign.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => *byte,
            _ => refuse!(
                Argument,
                "--delimiter `{sign}` is not one sign of ASCII, or tab\nhint: as ';', '|' or tab"
            ),
        },
    };
    let Some(encoding) = TextEncoding::parse(&options.encoding) else {
        refuse!(
            Argument,
            "--encoding `{}` is not known\nhint: as utf-8, shift_jis, euc-jp or utf-16",
            options.encoding
        );
    };
    Ok(TextOptions { delimiter, encoding })
}

fn from_options(options: &IngestOptions) -> anyhow::Result<Config> {
    let mut config = Config::default();
    config.job.clone_from(&options.job);
    config.lake.url = options.lake.lake.to_string_lossy().into_owned();
    config.lake.key_file.clone_from(&options.key.key_file);
    config.lake.boundaries.clone_from(&options.geography.boundaries);
    config.lake.coast_m = options.coast.metres;
    config.places.sensitive.clone_from(&options.sensitive_places);
    config.commit.rows = options.commit_rows;
    let milliseconds = options.commit_seconds * 1000.0;
    if !(0.0..1e12).contains(&milliseconds) {
        refuse!(Argument, "--commit-seconds `{}` must be 0 or more", options.commit_seconds);
    }
    let after = HumanDuration::parse(&format!("{}ms", milliseconds.round() as u64));
    config.commit.after = after.unwrap_or(config.commit.after);
    if let Some(text) = &options.allowed_lateness {
        let Some(lateness) = HumanDuration::parse(text) else {
            refuse!(Argument, "--allowed-lateness `{text}` is not a duration\nhint: as 12h or 45d");
        };
        config.event_time.allowed_lateness = Some(lateness);
    }
    config.kafka.brokers = options.kafka.clone().unwrap_or_default();
    config.registry.url.clone_from(&options.registry);
    config.feed.push(feed(options)?);
    Ok(config)
}

fn feed(options: &IngestOptions) -> anyhow::Result<FeedConfig> {
    let mut feed = FeedConfig {
        partner: options.partner.clone(),
        topics: options.topic.clone().into_iter().collect(),
        schema_file: options.schema_file.clone(),
        placeholder_ids: options.placeholder_id.clone(),
        require_consent: options.require_consent,
        max_accuracy_m: options.max_accuracy_m,
        timestamp_zone: options.timestamp_zone.clone(),
        empty_words: options.empty_word.clone(),
        ..FeedConfig::default()
    };
    feed.format = match options.format {
        RecordFormatName::Auto => RecordFormat::Auto,
        RecordFormatName::Json => RecordFormat::Json,
        RecordFormatName::Avro if options.kafka.is_some() => RecordFormat::Avro,
        RecordFormatName::Protobuf if options.kafka.is_some() => RecordFormat::Protobuf,
        RecordFormatName::Protobuf => {
            refuse!(Argument, "--format protobuf is for topics\nhint: files are NDJSON, CSV, Parquet or Avro")
        }
        other if options.kafka.is_some() => {
            refuse!(
                Argument,
                "--format {other:?} is for files\nhint: records of a topic are json, avro or protobuf"
            )
        }
        _ => RecordFormat::Auto,
    };
    feed.timestamp_unit = match options.timestamp_unit {
        UnitName::Ms => TimestampName::Ms,
        UnitName::S => TimestampName::S,
        UnitName::Iso => TimestampName::Iso,
    };
    let size = ByteSize::parse(&options.max_record_bytes)
        .or_else(|| ByteSize::parse(&format!("{}B", options.max_record_bytes)));
    let Some(size) = size else {
        refuse!(
            Argument,
            "--max-record-bytes `{}` is not a size\nhint: as 65536, 64KiB or 1MiB",
            options.max_record_bytes
        );
    };
    feed.max_record_bytes = size;
    for map in &options.map {
        let Some((theirs, ours)) = map.split_once('=') else {
            refuse!(Argument, "cannot map `{map}`\nhint: write --map THEIRS=OURS, as in --map lat=latitude");
        };
        feed.map.insert(theirs.to_owned(), ours.to_owned());
    }
    Ok(feed)
}
