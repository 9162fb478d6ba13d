//! error[E0308]: mismatched types: expected `&ReleaseWriter`, found `&Lake`
// The release is handed a key that opens no table of devices.

use kayoi_lake::Lake;
use kayoi_release::{ReleaseOptions, ReleaseSummary, release};

pub fn released(lake: &Lake, options: &ReleaseOptions) -> ReleaseSummary {
    release(lake, options, &mut |_, _| ()).unwrap()
}
