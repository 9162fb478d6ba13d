//! error[E0423]: cannot initialize a tuple struct which contains private fields
// A stay that was found is not one that was completed.

use kayoi_device::CompletedStay;
use kayoi_device::stays::Stay;

pub fn completed(stay: Stay) -> CompletedStay {
    CompletedStay(stay)
}
