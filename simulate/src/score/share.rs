//! Parts of wholes.
//!
//! In: two numbers. Out: one by the other; `None` where there is nothing to divide by, which is no share of 0.

pub(super) fn share(part: u64, whole: u64) -> Option<f64> {
    ratio(part as f64, whole as f64)
}

pub(super) fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}
