//! The bytes of one record → a [`Ping`](kayoi_schemas::ping::Ping), in each way that partners write them.
//!
//! In: bytes, a CSV row or columns, and the partner's names ([`mapping`]). Out: a ping, or a
//! [`Rejection`](crate::rejection::Rejection). Nothing here knows where records come from, whose they are or
//! where they go: the formats read bytes that anybody may have written, and are fuzzed by themselves. A
//! schema is compiled once, and what is wrong with it is an error of its own type; a record is only ever
//! rejected.

pub mod mapping;
pub mod value;
mod wire;
mod slot;
mod draft;
mod flat_json;
pub mod json;
pub mod header;
pub(crate) mod delimited;
pub(crate) mod columns;
pub mod schema_error;
pub mod frame;
pub mod avro;
pub mod protobuf;
pub(crate) mod framed;

#[cfg(test)]
pub(crate) mod spec_encoder;
#[cfg(test)]
mod golden_tests;
#[cfg(test)]
mod agreement_tests;
#[cfg(test)]
mod left_out_tests;
#[cfg(test)]
mod marker_tests;
#[cfg(test)]
mod nested_tests;
