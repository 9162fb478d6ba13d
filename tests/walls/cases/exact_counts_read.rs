//! error[E0624]: method `grids` is private: private method
// Nothing outside of the draw reads an exact count.

use kayoi_release::draw::MonthCounts;

pub fn counts(counts: &MonthCounts) -> usize {
    counts.grids().len()
}
