//! error[E0451]: fields `instant`, `point`, `accuracy_m`, `speed`, `source`, `age` and `sex` of struct `CheckedFix` are private: private field, private field, private field, private field, private field, private field, private field
// Only `validate` makes a fix that counts as checked.

use kayoi_ingest::validate::CheckedFix;
use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::GridPoint;

pub fn unchecked(instant: UtcMillis, point: GridPoint) -> CheckedFix {
    CheckedFix { instant, point, accuracy_m: None, speed: None, source: None, age: None, sex: None }
}
