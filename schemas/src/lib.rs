//! What is true between the stages of Kayoi (通い).
//!
//! In: nothing. Out: the words every other crate shares. The tables described here are the only interface
//! between ingest, aggregate and query, so that none of the three needs to know another.
//!
//! Modules stand in the order data meets them.

pub mod ids;
pub mod name;
pub mod units;
pub mod time;
pub mod calendar;
pub mod person;
pub mod ping;
pub mod spelling;
pub mod placeholder;
pub mod tables;
pub mod definition;
pub mod standing;
pub mod tie;
pub mod figure;
pub mod disclosure;
pub mod invariant;
pub mod error_code;
pub mod telework;
pub mod rebound;
