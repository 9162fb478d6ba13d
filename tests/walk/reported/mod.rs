//! Public reports of people who do this kind of job, each with the right outcome.
//!
//! In: the inputs in `tests/reported`, a folder for each report. A report stands for a kind: beside its own
//! input, siblings of the kind are made here and must end as rightly.

mod reading;
mod records;
mod values;
mod held;
mod borders;
mod answers;
mod doors;

use std::path::PathBuf;

/// The inputs of a report, such as `R01`.
fn input(report: &str, file: &str) -> PathBuf {
    crate::repository::root().join("tests/reported").join(report).join(file)
}
