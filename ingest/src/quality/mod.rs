//! Data quality: what each partner delivered of each local day, in figures.
//!
//! In: what commits to `pings` say about their deliveries, and the pings themselves. Out: table `quality`,
//! one row for each partner, day and measure, and warnings. [`fold()`] brings the table up to date; every
//! delivery counts once, because the version of `pings` up to which the table is told stands in the same
//! commit as its rows.
//!
//! A day's rows come from two sides. Counts of deliveries only grow: retention and compaction do not change
//! what was delivered. What is measured on rows is measured again whenever the rows of the day change.

mod figures;
mod deliveries;
mod measure;
mod fold;
mod warn;

pub use figures::{
    ACCURACY_MEDIAN, ACCURACY_P95, AGE_KNOWN, DELAY_MEAN, DEVICES, Figures, HOURS, LATE, MEASURES, Measure,
    Measures, PINGS, PINGS_PER_DEVICE, RECEIVED, REJECTED, REPEATED, SEX_KNOWN, SHARED, figures,
};
pub use fold::{Folded, fold, watermarks};
pub use warn::{Warning, warnings};

#[cfg(test)]
#[path = "quality_tests.rs"]
mod tests;
