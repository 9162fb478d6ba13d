//! error[E0277]: the trait bound `Planned: From<&str>` is not satisfied: the trait `From<&str>` is not implemented for `Planned`
// A text cannot become a plan past the gate.

use kayoi_query::Planned;

pub fn planned(text: &'static str) -> Planned {
    text.into()
}
