//! The walk, operate: what a person on call relies on.

pub(crate) mod operators;
mod runbook;
mod store;
mod watched;
