//! The walk, people: what is measured of people, on real trajectories and on lives whose truth is known.

mod real;
mod rebound;
