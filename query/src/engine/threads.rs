//! Threads with deep stacks.
//!
//! In: work on SQL. Out: its result. Parsers, planners and expressions recurse as deep as a query nests, and
//! a chain such as `1+1+1…` nests once per sign: 300 of them overflowed the usual 2 MiB, which ends the
//! process and with it everybody's connection. All work on SQL therefore runs here, and [`crate::gate`]
//! bounds the nesting to what these stacks hold. Only touched pages cost memory.

use std::io;

use datafusion::common::runtime::SpawnedTask;
use tokio::runtime::{Builder, Handle, Runtime};

/// Chains of 100 fit 2 MiB and chains of 300 do not; chains of 1,900, twice what the gate lets pass, fit
/// this.
pub(crate) const STACK_BYTES: usize = 256 << 20;

pub(crate) struct Threads {
    runtime: Option<Runtime>,
    handle: Handle,
}

impl Threads {
    pub(crate) fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread()
            .thread_name("kayoi-query")
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()?;
        Ok(Self { handle: runtime.handle().clone(), runtime: Some(runtime) })
    }

    /// Starts work that stops when the returned task is dropped.
    pub(crate) fn spawn<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> SpawnedTask<T> {
        let _entered = self.handle.enter();
        SpawnedTask::spawn(work)
    }
}

impl Drop for Threads {
    /// An engine may be dropped by a task, where waiting for threads is not allowed.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
