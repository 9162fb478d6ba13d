//! Nothing lost, nothing twice, whatever happens between two steps: the real binary, a real Kafka, and a
//! fault at every point that the code has.
//!
//! Fault points exist in builds with debug assertions only, so this binary is not for `--release`.
#![allow(unreachable_pub, reason = "nothing is outside of a test")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why"
)]

use kayoi_harness::{kafka, kayoi, names, process, records, repository};

mod feed;
mod contents;
mod broker;
mod place;
mod points;
mod zombie;
mod group;
mod lost;
mod order;
mod maintenance;
mod aggregate;
mod release;
