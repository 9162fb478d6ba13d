//! error[E0451]: fields `key` and `persons` of struct `Weighed` are private: private field, private field
// A weight comes after disclosure control.

use kayoi_release::weigh::{Persons, Weighed};

pub fn weighed(persons: Persons) -> Weighed<u8> {
    Weighed { key: 1, persons: Some(persons) }
}
