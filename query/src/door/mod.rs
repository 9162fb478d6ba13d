//! The doors: how a question comes in and how its answer goes out.
//!
//! In: connections and requests. Out: rows in each door's own form. A door reads and writes its wire and
//! decides nothing: what may be asked is the gate's to say, and every question ends in [`crate::answer`].

mod patience;
mod admit;
pub(crate) mod tls;
mod socket;
pub(crate) mod pg;
pub(crate) mod http;
pub(crate) mod flight;
