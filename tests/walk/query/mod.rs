//! The walk, query: that every door gives the same answer.

pub mod answers;
mod released;
mod clients;
pub mod flight;
mod python;
mod http;
mod postgres;
mod torture;
mod soak;
mod truth;
mod ask;
mod users;
mod oidc;
mod logic;
mod partner;
mod kpi;
mod page;
mod session;
