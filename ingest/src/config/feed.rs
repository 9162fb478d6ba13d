//! `[[feed]]`: who delivers what, where, and what is accepted of it.
//!
//! A topic belongs to one feed, because a feed says how its records are written and whose they are.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kayoi_settings::{ByteSize, value};
use serde::{Deserialize, Serialize};

/// What one partner delivers in one way.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeedConfig {
    /// Who delivers; stands on each row. Required.
    pub partner: String,
    /// The topics. Required.
    pub topics: Vec<String>,
    /// How records are written. Named where `auto` would guess: records without a frame that are no JSON.
    pub format: RecordFormat,
    /// `.avsc` or `.proto` of the writer, for records that carry no schema id. For partners without a
    /// registry.
    pub schema_file: Option<PathBuf>,
    /// Message of the `.proto`, when it has several.
    pub message: Option<String>,
    /// How the partner writes timestamps.
    pub timestamp_unit: TimestampName,
    /// Where the partner's clocks are, as `Asia/Tokyo`, `UTC` or `+09:00`. For texts and types that name no zone.
    pub timestamp_zone: Option<String>,
    /// Words that stand for no value, beside those of the contract. For a partner with a word of its own.
    pub empty_words: Vec<String>,
    /// Words that the partner writes for no identifier, beside those of `kayoi schema --placeholders`, in any
    /// case and whatever signs stand in them. For a partner with a word of its own.
    pub placeholder_ids: Vec<String>,
    /// Reject records without consent. For partners whose contract leaves the proof of consent to each
    /// record.
    pub require_consent: bool,
    /// Reject fixes with a worse accuracy, metres. Lower where municipalities are small and devices many.
    #[serde(deserialize_with = "value::metres")]
    pub max_accuracy_m: f64,
    /// Reject larger records. Higher for a partner who batches, lower to guard memory.
    pub max_record_bytes: ByteSize,
    /// The partner's name for a field of the contract: theirs = ours.
    pub map: BTreeMap<String, String>,
}

impl Default for FeedConfig {
    fn default() -> Self {
        Self {
            partner: String::new(),
            topics: Vec::new(),
            format: RecordFormat::Auto,
            schema_file: None,
            message: None,
            timestamp_unit: TimestampName::Ms,
            timestamp_zone: None,
            empty_words: Vec::new(),
            placeholder_ids: Vec::new(),
            require_consent: false,
            max_accuracy_m: 200.0,
            max_record_bytes: ByteSize::from_mebibytes(1),
            map: BTreeMap::new(),
        }
    }
}

/// How records of a topic are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordFormat {
    /// One JSON object.
    Json,
    /// One Avro record: framed with a schema id, or bare with `schema_file`.
    Avro,
    /// One Protobuf message: framed with a schema id, or bare with `schema_file`.
    Protobuf,
    /// With a registry: framed when the first byte is 0. JSON otherwise, which never starts with 0.
    Auto,
}

/// How a partner writes timestamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimestampName {
    /// Milliseconds since the epoch.
    Ms,
    /// Seconds since the epoch.
    S,
    /// A text with date and time, ISO 8601 or like it.
    Iso,
}
