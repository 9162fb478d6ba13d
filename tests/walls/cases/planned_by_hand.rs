//! error[E0451]: fields `asked`, `context`, `work` and `purpose` of struct `Planned` are private: private field, private field, private field, private field
//! error: type `kayoi_query::plan::Work` is private: private type
//! error: type `kayoi_query::purpose::Purpose` is private: private type
// Only what the gate has admitted is planned.

use kayoi_query::Planned;

pub fn planned() -> Planned {
    Planned { asked: panic!(), context: panic!(), work: panic!(), purpose: panic!() }
}
