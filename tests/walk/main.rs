//! That it is true: the whole walk as a user sees it, with the real binary, a real Kafka and real clients.
//!
//! One binary, so that DataFusion is linked once. Each file is a promise of the README, in the room
//! of its stage.
#![allow(unreachable_pub, reason = "nothing is outside of a test")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why"
)]

use ingest::bad_records;
use kayoi_harness::{kafka, kayoi, process, registry, repository};

mod direction;
mod circles;
mod documents;
mod ingest;
mod kept;
mod lake;
mod people;
mod population;
mod release;
mod query;
mod operate;
mod reported;
mod snapshots;
