//! The walk, ingest: how records become rows, each once, whatever a partner sends and however the broker is
//! reached.

pub(crate) mod bad_records;
mod bad_input;
mod broker;
mod cells;
mod exactly_once;
mod formats;
mod security;
mod sensitive;
mod person;
mod speed;
