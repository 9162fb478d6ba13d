//! What a release costs in privacy, declared before a figure is drawn.
//!
//! In: nothing. Out: [`Parameters`], the one set of noise and thresholds of a lake; [`Lattice`], what each
//! release table draws and how much of it one tie can reach; and the cost that follows from both. The figures
//! of a lattice are fixed, so that neither a row that is there nor one that is missing says who was counted.

mod cost;
mod lattice;
mod lattices;
mod parameters;

pub use cost::{AR_TERMS, PHI, information, standard_deviation_of_a_mean};
pub use lattice::{
    Draw, Lattice, Line, MOST_RUN_STARTS, MOST_STANDING_STARTS, MOST_YEAR_PANEL_STARTS, Strength, TIE_WINDOWS,
};
pub use lattices::{LATTICES, MOST_NAMED};
pub use parameters::{LEAST_DEVICES, LEAST_SIGMA, Noise, ParameterError, Parameters, threshold};

#[cfg(test)]
#[path = "disclosure_tests.rs"]
mod tests;
