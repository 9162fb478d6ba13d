//! Real servers for tests and trials, each a process whose state is one folder: Kafka, a schema registry, two
//! S3 stores. No container.
//!
//! In: folders and ports. Out: addresses, or an error with its reason. `tests/parts` says which versions;
//! `cargo xtask` is the same functions for a person. They never panic, because a person reads what comes out.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a person reads what comes out")]

mod error;
mod program;
mod once;
mod service;
pub mod port;
pub mod kafka;
pub mod registry;
pub mod gateway;
pub mod s3;
pub mod jdbc;

pub use error::PartError;
pub use service::Stop;
