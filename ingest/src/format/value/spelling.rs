//! How a partner spells values.
//!
//! In: a configuration. Out: what decides between the meanings that a value can have: the unit of numbers that
//! are timestamps, the zone of times that name none, the words that stand for no value.

pub(crate) use super::unit::TimestampUnit;
use super::words::MissingWords;
use super::zone::Zone;

/// A partner's way to spell values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spelling {
    /// How timestamps are written that do not say it by their type.
    pub(crate) unit: TimestampUnit,
    /// Where local times are that name no zone. `None`: they are refused.
    pub(crate) zone: Option<Zone>,
    /// Words that stand for no value.
    pub(crate) missing: MissingWords,
}
