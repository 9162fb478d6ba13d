//! What all questions share, and a context for each.
//!
//! In: a catalog, the geography, limits. Out: [`Engine`], which makes a DataFusion context per connection or
//! request. Contexts share one runtime with one memory pool, so that the limit is the server's and not each
//! connection's. There is no temporary disk: a query that does not fit fails with a hint instead of filling a
//! volume that the ingest writes to.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use datafusion::common::config::Dialect;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use kayoi_geography::Geography;

use crate::catalog::{CATALOG, Catalog, SCHEMA};
use crate::error::QueryError;
use crate::functions;
use crate::threads::Threads;

/// Where a question came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The command line.
    CommandLine,
    /// HTTP.
    Http,
    /// The Postgres wire.
    Postgres,
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CommandLine => "command line",
            Self::Http => "http",
            Self::Postgres => "postgres",
        })
    }
}

/// How much a question may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows of an answer.
    pub rows: usize,
    /// Bytes of an answer in memory.
    pub answer_bytes: usize,
    /// Time from the text to the last row.
    pub timeout: Duration,
    /// Bytes that all running queries together may use for sorting, grouping and joining.
    pub memory_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 1_000_000,
            answer_bytes: 512 << 20,
            timeout: Duration::from_secs(30),
            memory_bytes: 256 << 20,
        }
    }
}

/// What must stand beside figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whose data the boundaries and names are.
    pub credit: String,
    /// Edition of the municipality borders.
    pub boundaries: String,
    /// Whether the borders are a sketch, so that figures near a border may be wrong.
    pub boundaries_are_a_sketch: bool,
}

impl Notice {
    /// What nobody may do with the figures, in Japanese.
    pub const TERMS_JA: &str =
        "このデータから個人を識別すること、およびそのために他の情報と照合することを禁じます。";
    /// The same in English.
    pub const TERMS_EN: &str = "Identifying persons from these data, or linking them with other information to that end, is prohibited.";

    /// The notice of a geography.
    pub fn of(geography: &Geography) -> Self {
        Self {
            credit: geography.credit().to_string(),
            boundaries: geography.edition().to_string(),
            boundaries_are_a_sketch: geography.is_sketch(),
        }
    }
}

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
            .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
            .build_arc()
            .map_err(internal)?;
        let template = context(&catalog, &geography, &resources)?;
        let threads = Threads::start().map_err(|error| internal(DataFusionError::IoError(error)))?;
        let notice = Notice::of(&geography);
        Ok(Self { known: catalog.names(), catalog, limits, notice, geography, resources, template, threads })
    }

    /// A context for one request. It knows release tables and functions only.
    pub fn session(&self) -> SessionContext {
        SessionContext::new_with_state(self.template.state())
    }

    /// A context with a catalog of its own, for a door that adds to it.
    pub(crate) fn separate_session(&self) -> Result<SessionContext, QueryError> {
        context(&self.catalog, &self.geography, &self.resources)
    }

    /// The tables.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The limits.
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
        QueryError::from_engine(error, &self.known, self.limits.memory_bytes)
    }
}

fn context(
    catalog: &Catalog,
    geography: &Arc<Geography>,
    resources: &Arc<RuntimeEnv>,
) -> Result<SessionContext, QueryError> {
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema(CATALOG, SCHEMA)
        .with_create_default_catalog_and_schema(false)
        .with_information_schema(true);
    config.options_mut().sql_parser.dialect = Dialect::PostgreSQL;
    // The physical plan names the files of the lake.
    config.options_mut().explain.logical_plan_only = true;
    // Nothing can be created and no file read or written, whatever gets past the gate.
    let state = SessionStateBuilder::new_with_default_features()
        .with_config(config)
        .with_runtime_env(Arc::clone(resources))
        .with_table_factories(HashMap::new())
        .with_file_formats(Vec::new())
        .build();
    let context = SessionContext::new_with_state(state);
    context.register_catalog(CATALOG, catalog.provider()?);
    for function in functions::all(geography) {
        context.register_udf(function);
    }
    Ok(context)
}
