//! error[E0308]: mismatched types: expected `&Rung`, found `&MonthCounts`
// People are estimated from noised counts, and from nothing that is exact.

use kayoi_release::draw::MonthCounts;
use kayoi_release::estimate::{Estimate, Spread, estimate};
use kayoi_release::weights::Weight;

pub fn people(counts: &MonthCounts) -> Option<Estimate> {
    estimate(counts, &Weight::ONE, Spread::EVEN, 10, 10.0)
}
