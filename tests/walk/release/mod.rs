//! The walk, release: that a release is the same whatever way its records came.

mod order;
mod series;
mod nation;
mod rebound;
mod definitions;
mod several;
mod people;
mod coverage;
