//! One partner's feed: who delivers, how its records are written, and what of them is accepted.
//!
//! In: a configuration, or the command line. Out: what every stage asks about a record's origin. It travels
//! with the stream, because one process reads several feeds at once.

use crate::format::avro::Program;
use crate::format::mapping::Mapping;
use crate::format::protobuf::ProtoProgram;
use crate::registry::LearntSchemas;
use crate::validate::Rules;

/// Largest record that is read by default, bytes.
const DEFAULT_MAX_RECORD_BYTES: usize = 1 << 20;

/// A partner's feed.
#[derive(Debug)]
pub struct Feed {
    /// Name of the partner, as it stands on each row.
    pub(crate) partner: String,
    /// How single records are written. Files of rows and columns say it themselves.
    pub(crate) encoding: Encoding,
    /// The partner's names and units.
    pub(crate) mapping: Mapping,
    /// What is accepted.
    pub(crate) rules: Rules,
    /// Larger records are rejected.
    pub(crate) max_record_bytes: usize,
}

/// How a feed writes single records.
#[derive(Debug)]
pub(crate) enum Encoding {
    /// One JSON object.
    Json,
    /// One Avro record of a schema known beforehand.
    Avro(Program),
    /// One Protobuf message of a schema known beforehand.
    Protobuf(ProtoProgram),
    /// A frame that names the schema of its record.
    Framed(LearntSchemas),
}

impl Feed {
    /// A partner that follows the contract, in JSON.
    pub fn new(partner: &str) -> Self {
        Self {
            partner: partner.to_owned(),
            encoding: Encoding::Json,
            mapping: Mapping::default(),
            rules: Rules::default(),
            max_record_bytes: DEFAULT_MAX_RECORD_BYTES,
        }
    }
}
