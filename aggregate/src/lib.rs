//! What do all devices say together?
//!
//! In: the table `pings`. Out: `stays`, `nights`, `residences`, `workplaces`, `ties` and the exact counts of
//! `indicators`, none of which is ever served. [`aggregate()`] sweeps over the devices, measures them with
//! `kayoi-device`, and does the reading and writing; [`measure_together()`] does it by several definitions at once.
//! What of it may be seen is decided in `kayoi-release`, which reads `indicators` and knows neither this crate nor a
//! device.

mod error;
mod options;
pub mod plan;
mod months;
mod count;
mod summary;
pub mod piece;
mod tables;
mod outputs;
mod bucket;
mod run;
mod open_run;
mod shared_run;
mod aggregate;
mod together;

pub use aggregate::{
    Aggregated, MeasuredBucket, Watch, aggregate, finish, measure_bucket, measure_bucket_of, replace_counts,
};
pub use error::AggregateError;
pub use options::AggregateOptions;
pub use shared_run::SharedRun;
pub use summary::AggregateSummary;
pub use tables::CountsTable;
pub use together::{Together, measure_together};
