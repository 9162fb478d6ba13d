//! Kafka or files → pings.
//!
//! In: partners' records. Out: the tables `pings`, `late_pings` and `rejects`, every record in one of them or
//! counted as a known duplicate, exactly once whatever happens to the process. Modules stand in the order a record meets
//! them; [`Pipeline`] wires them. What stops an ingest is made of the stages' errors, so it stands behind them.

pub mod config;
pub mod metrics;
mod record;
pub mod rejection;
pub mod format;
pub mod registry;
pub mod feed;
mod chunk;
pub mod source;
pub mod decode;
pub mod validate;
pub mod pseudonymize;
mod place;
pub mod store;
pub mod quality;
pub mod partner;
pub mod summary;
pub mod error;
mod pipeline;
pub mod setup;

pub use error::IngestError;
pub use pipeline::{Pipeline, PipelineOptions};
pub use summary::Summary;
