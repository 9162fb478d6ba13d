//! error[E0624]: associated function `new` is private: private associated function
// Only completing stays makes a completed one.

use kayoi_device::CompletedStay;
use kayoi_device::stays::Stay;

pub fn completed(stay: Stay) -> CompletedStay {
    CompletedStay::new(stay)
}
