//! error[E0451]: fields `device_id` and `fix` of struct `ValidPing` are private: private field, private field
// Validation alone makes a `ValidPing`.

use kayoi_ingest::validate::ValidPing;

pub fn valid() -> ValidPing<'static> {
    ValidPing { device_id: "somebody", fix: panic!() }
}
