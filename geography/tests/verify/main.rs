//! Cells and municipalities against oracles that share no code with them, on hard points and on real
//! boundaries.
//!
//! The folder of the data is `KAYOI_TEST_DATA`; without it the tests on real borders do not run. How many
//! points are asked of each oracle is `KAYOI_VERIFY_POINTS` (default 200,000); `make verify-place` asks a
//! billion.

#![allow(unreachable_pub, reason = "nothing is outside of a test")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and says what it found")]

mod draw;
mod naive;
mod oracle;
mod cells;
mod places;
mod coast;
mod simplified;

use kayoi_geography::boundaries::BoundarySet;
use kayoi_geography::import::{ImportOptions, import_file};

/// How many points to ask.
fn points_to_ask() -> u64 {
    std::env::var("KAYOI_VERIFY_POINTS").ok().and_then(|text| text.parse().ok()).unwrap_or(200_000)
}

fn import(path: &std::path::Path) -> BoundarySet {
    import_file(path, &ImportOptions::default(), &mut |_| {}).unwrap().0
}
