//! What do all devices say together?
//!
//! In: the table `pings`. Out: `stays`, `nights`, `residences`, `workplaces`, `ties` and the exact counts of
//! `indicators`, none of which is ever served. [`aggregate`] cuts the devices into pieces, measures each with
//! `kayoi-device`, and does the reading and writing. What of it may be seen is decided in `kayoi-release`,
//! which reads `indicators` and knows neither this crate nor a device.

mod error;
mod options;
pub mod plan;
mod months;
mod count;
mod summary;
pub mod piece;
mod tables;
mod outputs;
mod run;

pub use error::AggregateError;
pub use options::AggregateOptions;
pub use run::{Aggregated, aggregate};
pub use summary::AggregateSummary;
