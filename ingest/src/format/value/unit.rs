//! The unit of timestamps that do not say it by their type.
//!
//! In: a word of the configuration. Out: what numbers and texts in the place of a timestamp mean.

/// How a partner writes timestamps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum TimestampUnit {
    /// Milliseconds since the epoch: the contract.
    #[default]
    Milliseconds,
    /// Seconds since the epoch.
    Seconds,
    /// A text with date and time.
    Iso,
}
