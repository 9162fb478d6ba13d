//! The release tables. In: nothing. Out: descriptions of what people may query.
//!
//! Every row says which definition and revision made it, and in the words of
//! [`Status`](crate::figure::Status) whether its figure may be read. `persons` is the row's own figure and nothing
//! else, so that a sum over rows of one level never counts a person of a coarser row again.

mod activity;
mod columns;
mod compared;
mod connected;
mod panel;
mod visitors;
mod work;
mod yearly;

pub(super) use activity::*;
pub(super) use compared::*;
pub(super) use connected::*;
pub(super) use panel::*;
pub(super) use visitors::*;
pub(super) use work::*;
pub(super) use yearly::*;
