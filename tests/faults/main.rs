//! Nothing lost, nothing twice, whatever happens between two steps: the real binary, a real Kafka, and a fault at
//! every point that the code has.
//!
//! Fault points exist in builds with debug assertions only, so this binary is not for `--release`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why"
)]

#[allow(dead_code, reason = "the walk uses the rest")]
#[path = "../walk/repository.rs"]
mod repository;
#[allow(dead_code, reason = "the walk uses the rest")]
#[path = "../walk/kayoi.rs"]
mod kayoi;
#[allow(dead_code, reason = "the walk uses the rest")]
#[path = "../walk/kafka.rs"]
mod kafka;
mod names;
mod records;
mod process;
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
