//! The walk, people: what is measured of people, on real trajectories.

mod real;
