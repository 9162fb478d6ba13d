//! Pings → release.
//!
//! In: the table `pings`. Out: `stays`, `nights`, `residences`, `ties`, `indicators` (internal) and the release
//! tables, the only ones people can query. Each step is a pure function of one device or of counts; [`run`]
//! cuts the devices into pieces and does the reading and writing. Counts are suppressed before they are
//! weighted and rounded: the types allow no other order.

pub mod error;
pub mod plan;
pub mod almanac;
mod ground;
pub mod fixes;
pub mod motion;
pub mod stays;
pub mod nights;
pub mod presence;
pub mod spots;
pub mod sleep;
pub mod residences;
pub mod work;
pub mod kinds;
pub mod ties;
pub mod device;
pub mod indicators;
pub mod suppress;
pub mod weigh;
mod gross;
pub mod release;
pub mod tables;
mod resume;
pub mod run;

pub use error::AggregateError;
pub use run::{AggregateOptions, AggregateSummary, aggregate};
