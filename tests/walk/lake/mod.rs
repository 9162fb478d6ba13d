//! The walk, lake: what must not go wrong while files are rewritten.

mod upkeep;
mod kept;
mod kept_series;
mod buckets;
mod overtaken;
mod stores;
