//! error[E0451]: fields `device_id` and `fix` of struct `ValidPing` are private: private field, private field
// Only `validate` makes a valid ping.

use kayoi_ingest::validate::{CheckedFix, ValidPing};

pub fn unchecked(fix: CheckedFix) -> ValidPing<'static> {
    ValidPing { device_id: "6d92078a", fix }
}
