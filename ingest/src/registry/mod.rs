//! Ids of schemas → what they mean, from a schema registry (Confluent's REST interface).
//!
//! In: where the registry is, and records that name schemas. Out: the schemas, compiled, or that the registry
//! has none of this id. `client` asks one question and gives one answer; `learnt` decides what is asked,
//! how often and how long, for a feed.

mod options;
mod error;
mod http;
mod client;
mod learnt;

pub use client::SchemaRegistry;
pub use error::RegistryError;
pub(crate) use learnt::LearntSchemas;
pub use learnt::UnlearntSchema;
pub(crate) use options::RegistryOptions;
