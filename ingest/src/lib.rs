//! Kafka or files → pings.
//!
//! In: partners' records. Out: the tables `pings`, `late_pings` and `rejects`, every record in one of them or
//! counted as a known duplicate, exactly once whatever happens to the process. Modules stand in the order a
//! record meets them; [`Pipeline`] wires them. What stops an ingest is made of the stages' errors, so it
//! stands behind them.

pub mod config;
pub mod metrics;
mod record;
pub mod rejection;
pub mod format;
pub mod registry;
pub mod feed;
mod chunk;
pub mod source;
mod decode;
pub mod validate;
pub mod sensitive;
pub mod pseudonymize;
mod place;
mod store;
pub mod quality;
mod partner;
mod summary;
mod error;
mod pipeline;
pub mod optouts;
pub mod setup;

pub use decode::DecodeError;
pub use error::IngestError;
pub use pipeline::{Pipeline, PipelineOptions};
pub use store::StoreError;
pub use summary::Summary;
