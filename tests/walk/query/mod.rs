//! The walk, query: that every door gives the same answer.

pub mod answers;
mod postgres;
mod torture;
