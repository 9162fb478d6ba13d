//! error[E0423]: cannot initialize a tuple struct which contains private fields
// A threshold is read from a definition, within its range.

use kayoi_schemas::definition::Count;

pub fn no_disclosure_control() -> Count {
    Count(0)
}
