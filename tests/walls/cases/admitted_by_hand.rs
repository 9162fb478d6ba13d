//! error[E0451]: fields `asked` and `allowed` of struct `Admitted` are private: private field, private field
//! error: type `kayoi_query::gate::Allowed` is private: private type
// The gate alone makes an `Admitted`.

use kayoi_query::Admitted;

pub fn admitted() -> Admitted {
    Admitted { asked: panic!(), allowed: panic!() }
}
