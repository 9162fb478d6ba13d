//! What all questions share, and a context for each.
//!
//! In: a catalog, the geography, limits. Out: [`Engine`], which makes a DataFusion context per connection or
//! request. Contexts share one runtime with one memory pool, so that the limit is the server's and not each
//! connection's. There is no temporary disk: a query that does not fit fails with a hint instead of filling a
//! volume that the ingest writes to.

use std::sync::Arc;

use datafusion::error::DataFusionError;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::SessionContext;
use kayoi_geography::Geography;

use crate::catalog::Catalog;
use crate::error::QueryError;
use crate::explain::explain;
use crate::notice::Notice;

mod context;
mod limits;
mod threads;

use context::context;
pub use limits::Limits;
pub(crate) use threads::{STACK_BYTES, Threads};

/// Bytes of what stands at the end of files that a process remembers.
const FOOTER_BYTES: usize = 40 << 20;

/// Answers questions about release tables.
pub struct Engine {
    catalog: Catalog,
    known: Vec<String>,
    limits: Limits,
    notice: Notice,
    geography: Arc<Geography>,
    resources: Arc<RuntimeEnv>,
    template: SessionContext,
    threads: Threads,
}

impl Engine {
    /// An engine over release tables.
    ///
    /// # Errors
    /// [`QueryError::Internal`] when DataFusion or its threads cannot be set up.
    pub fn new(catalog: Catalog, geography: Arc<Geography>, limits: Limits) -> Result<Self, QueryError> {
        let internal = |error: DataFusionError| QueryError::Internal(Box::new(error));
        let resources = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(FairSpillPool::new(limits.memory_bytes)))
            .with_metadata_cache_limit(FOOTER_BYTES)
            .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
            .build_arc()
            .map_err(internal)?;
        let template = context(&catalog, &geography, &resources)?;
        let threads = Threads::start().map_err(|error| internal(DataFusionError::IoError(error)))?;
        let notice = Notice::of(&geography);
        Ok(Self { known: catalog.names(), catalog, limits, notice, geography, resources, template, threads })
    }

    /// A context for one request. It knows release tables and functions only.
    pub(crate) fn session(&self) -> SessionContext {
        SessionContext::new_with_state(self.template.state())
    }

    /// A context with a catalog of its own, for a door that adds to it or a scope that takes from it.
    pub(crate) fn separate_session(&self, catalog: &Catalog) -> Result<SessionContext, QueryError> {
        context(catalog, &self.geography, &self.resources)
    }

    /// The tables that can be asked.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// How much a question may take.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What must stand beside figures.
    pub fn notice(&self) -> &Notice {
        &self.notice
    }

    /// Where SQL is worked on.
    pub(crate) fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Translates an error of DataFusion.
    pub(crate) fn explain(&self, error: DataFusionError) -> QueryError {
        self.explain_to(error, &self.known)
    }

    /// The same for who sees these tables.
    pub(crate) fn explain_to(&self, error: DataFusionError, known: &[String]) -> QueryError {
        explain(error, known, self.limits.memory_bytes)
    }
}
