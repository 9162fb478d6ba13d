//! Buckets of a run on a cluster, by Ballista.
//!
//! In: a run that is open in a lake, and the address of a scheduler. Out: a note in the lake for every bucket, from which
//! the driver sums up as it does for buckets that processes have measured by hand. The cluster moves names of buckets and
//! nothing else: an executor reads through our own lake code, writes its files and its note, and returns one row. The
//! driver believes the notes and not what comes back, since an engine that loses a machine may answer a part twice.
//!
//! Everything stands behind the feature `engine`, which is off: Ballista turns on features of DataFusion that nobody else
//! needs.

#[cfg(feature = "engine")]
mod error;
#[cfg(feature = "engine")]
mod item;
#[cfg(feature = "engine")]
mod bench;
#[cfg(feature = "engine")]
mod exec;
#[cfg(feature = "engine")]
mod codec;
#[cfg(feature = "engine")]
mod stores;
#[cfg(feature = "engine")]
mod tls;
#[cfg(feature = "engine")]
mod scheduler;
#[cfg(feature = "engine")]
mod executor;
#[cfg(feature = "engine")]
mod handout;
#[cfg(feature = "engine")]
mod driver;

#[cfg(feature = "engine")]
pub use bench::Bench;
#[cfg(feature = "engine")]
pub use driver::{Driver, measure_on};
#[cfg(feature = "engine")]
pub use error::ClusterError;
#[cfg(feature = "engine")]
pub use executor::{ExecutorOptions, execute};
#[cfg(feature = "engine")]
pub use handout::Progress;
#[cfg(feature = "engine")]
pub use scheduler::{SchedulerOptions, schedule};
#[cfg(feature = "engine")]
pub use tls::{TlsError, TlsFiles};
