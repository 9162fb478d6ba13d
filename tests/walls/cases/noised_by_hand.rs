//! error[E0451]: fields `layout` and `values` of struct `Noised` are private: private field, private field
// The draw alone makes noised counts.

use kayoi_release::draw::Noised;

pub fn noised() -> Noised {
    Noised { layout: panic!(), values: vec![40] }
}
