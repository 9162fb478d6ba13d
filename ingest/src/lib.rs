//! Kafka or files → pings.
//!
//! In: partners' records. Out: the tables `pings`, `late_pings` and `rejects`, every record in one of them or
//! counted as a known duplicate, exactly once whatever happens to the process. Modules stand in the order a record meets
//! them; [`pipeline`] wires them.

pub mod error;
pub mod config;
pub mod metrics;
pub mod feed;
pub mod source;
pub mod registry;
pub mod decode;
pub mod validate;
pub mod pseudonymize;
pub mod place;
pub mod store;
pub mod quality;
pub mod partner;
pub mod summary;
pub mod pipeline;
pub mod setup;

pub use error::IngestError;
pub use pipeline::{Pipeline, PipelineOptions};
pub use summary::Summary;
