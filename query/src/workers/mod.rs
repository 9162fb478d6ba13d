//! Questions in processes of their own, which can be killed.
//!
//! In: jobs. Out: what became of them, within their time and their memory whatever they ask. A join that does
//! not yield, a regular expression, an allocation of gigabytes and a plan of twenty thousand columns cannot be
//! stopped from inside; a process can. The server itself never parses, plans or runs SQL: its threads have
//! sockets, health and cancel to look after, and nothing that a question does keeps them from it.
//!
//! Files stand in the order in which a job passes them.

mod pool;
mod memory;
mod worker;
mod frame;
mod child;

pub use child::work_for_server;
pub(crate) use pool::Pool;
pub use worker::WorkerCommand;
