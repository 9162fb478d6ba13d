//! error[E0308]: mismatched types: expected `Metres`, found `Minutes`
// A length of time is no distance.

use kayoi_schemas::definition::{Metres, Thresholds};

pub fn radius(thresholds: &Thresholds) -> Metres {
    thresholds.stay_min_minutes
}
