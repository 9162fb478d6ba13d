//! One partner's feed: who delivers, how its records are written, and what of them is accepted.
//!
//! In: a configuration, or the command line. Out: what every stage asks about a record's origin. It travels with
//! the stream, because one process reads several feeds at once.

use crate::decode::Encoding;
use crate::source::Mapping;
use crate::validate::Rules;

/// Largest record that is read by default, bytes.
pub const DEFAULT_MAX_RECORD_BYTES: usize = 1 << 20;

/// A partner's feed.
#[derive(Debug)]
pub struct Feed {
    /// Who delivers.
    pub partner: String,
    /// How single records are written. Files of rows and columns say it themselves.
    pub encoding: Encoding,
    /// The partner's names and units.
    pub mapping: Mapping,
    /// What is accepted.
    pub rules: Rules,
    /// Larger records are rejected.
    pub max_record_bytes: usize,
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
