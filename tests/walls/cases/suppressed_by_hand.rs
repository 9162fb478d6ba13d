//! error[E0451]: fields `key` and `atoms` of struct `Suppressed` are private: private field, private field
// Disclosure control alone says what may be seen.

use kayoi_release::suppress::Suppressed;

pub fn suppressed() -> Suppressed<u8> {
    Suppressed { key: 1, atoms: Some(vec![0]) }
}
