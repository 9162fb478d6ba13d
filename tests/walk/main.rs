//! That it is true: the whole walk as a user sees it, with the real binary, a real Kafka and real clients.
//!
//! One binary, so that DataFusion is linked once. Each file is a promise of the README.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why"
)]

mod repository;
mod kayoi;
mod bad_records;
mod kafka;
mod registry;
mod direction;
mod circles;
mod documents;
mod bad_input;
mod cells;
mod exactly_once;
mod formats;
mod order;
mod kept;
mod answers;
#[allow(dead_code, reason = "the fault tests use the rest")]
#[path = "../faults/process.rs"]
mod process;
mod security;
mod operators;
mod upkeep;
mod real;
