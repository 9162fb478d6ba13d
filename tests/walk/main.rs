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

use kayoi_harness::{kafka, kayoi, process, registry, repository};

mod bad_records;
mod broker;
mod direction;
mod documents;
mod bad_input;
mod cells;
mod exactly_once;
mod formats;
mod order;
mod answers;
mod security;
mod operators;
mod upkeep;
mod real;
