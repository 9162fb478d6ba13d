//! What is counted, and in which words it is released.
//!
//! In: nothing. Out: the ground under counting, disclosure control and every table of figures: cubes with
//! their declarations, the cells they consist of, and the closed lists of words. A new figure begins here.

mod area;
mod kind;
mod dimension;
mod cube;
mod atom;

pub use area::Area;
pub use atom::{Atom, UNKNOWN};
pub use cube::{Additive, Areas, Cube, Declaration, Period, Unit, declaration_hash};
pub use dimension::{Class, Dimension, MOST_DIMENSIONS};
pub use kind::{CountedKind, Rung, Status};

#[cfg(test)]
#[path = "figure_tests.rs"]
mod tests;
