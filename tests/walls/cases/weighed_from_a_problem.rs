//! error[E0308]: mismatched types: expected `Vec<Suppressed<u8>>`, found `Vec<Figure<u8>>`
// A figure is weighed when it was suppressed, not before.

use kayoi_release::suppress::Problem;
use kayoi_release::weigh::{Factors, Weighed, weigh};
use kayoi_schemas::definition::Thresholds;

pub fn weighed(problem: Problem<u8>, factors: &Factors, thresholds: &Thresholds) -> Vec<Weighed<u8>> {
    weigh(problem.figures, &[], factors, thresholds)
}
