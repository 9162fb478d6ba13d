//! What is counted, and in which words it is released.
//!
//! In: nothing. Out: the ground under counting, disclosure control and every table of figures: cubes with
//! their declarations, the cells they consist of, and the closed lists of words. A new figure begins here.

mod area;
mod kind;
mod status;
mod origin;
mod dimension;
mod cube;
mod atom;
mod tie_class;
mod class_error;

pub use area::Area;
pub use atom::Atom;
pub use class_error::{ClassError, LEAST_TRUE};
pub use cube::{Additive, Areas, Cube, Declaration, MOST_VISIT_DAYS, Period, Rhythm, Unit, declaration_hash};
pub use dimension::{Class, Dimension, MOST_DIMENSIONS, SLEPT};
pub use kind::{CountedKind, Rung};
pub use origin::OriginLevel;
pub use status::{Quality, Status};
pub use tie_class::{MOST_PURPOSES, TieClass};

#[cfg(test)]
#[path = "figure_tests.rs"]
mod tests;
