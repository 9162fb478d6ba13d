//! What every test from outside needs: the real binary, a process of it, real servers, and where things are.
//!
//! In: nothing but the environment. Out: values that end what they started when they are dropped. One
//! package, so that the walk, the faults and the torture share it by name. It depends on none of our crates:
//! a test from outside sees what a user sees.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says why"
)]

pub mod repository;
pub mod data;
pub mod parts;
pub mod kayoi;
pub mod process;
pub mod wire;
pub mod kafka;
pub mod registry;
pub mod store;
pub mod postgres;
pub mod records;
pub mod names;
