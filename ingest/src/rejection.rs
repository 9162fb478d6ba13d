//! Why a record did not become a ping.
//!
//! In: the stage that found it out. Out: a row of table `rejects`. A rejection is a value and not an error,
//! because one bad record must not stop the stream it came in.

use kayoi_schemas::ping::RejectReason;

/// A record that was read and not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The first rule that it breaks; what `rejects` are counted by.
    pub reason: RejectReason,
    /// The value and what is allowed, for people. Never the partner's identifier.
    pub detail: String,
}

impl Rejection {
    /// A rejection, with its detail.
    pub(crate) fn new(reason: RejectReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}
