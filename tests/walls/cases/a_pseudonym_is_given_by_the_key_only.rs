//! error[E0451]: fields `device` and `fix` of struct `PseudonymousPing` are private: private field, private field
// A fix is stored under no other identifier than the one the key gives.

use kayoi_ingest::pseudonymize::PseudonymousPing;
use kayoi_ingest::validate::CheckedFix;
use kayoi_schemas::ids::DeviceId;

pub fn unhidden(identifier: u64, fix: CheckedFix) -> PseudonymousPing {
    PseudonymousPing { device: DeviceId::from_hash(identifier), fix }
}
