//! The names under which Kayoi writes into a table's log.
//!
//! In: nothing. Out: the names. Commits are made with them and history reads them back, today and in every
//! lake there is: they must never change.

/// Key of our entry in a commit's info.
pub(crate) const NOTE: &str = "kayoi";
/// What the commit of a forgetting says about itself, in [`NOTE`].
pub(crate) const FORGET: &str = "forget";
/// The `txn` of everything that rewrites files.
pub(crate) const MAINTENANCE: &str = "kayoi/maintenance";
/// The `txn` that says which run made a table, as a number of 63 bits.
pub(crate) const RUN: &str = "kayoi/run";
/// The `txn` that says of which version of `pings` it was made.
pub(crate) const PINGS_VERSION: &str = "kayoi/pings-version";
