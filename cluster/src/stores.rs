//! No store at all.
//!
//! In: an address in a plan. Out: a refusal. Ballista runs whatever plan reaches its scheduler with the rights of its
//! executors; ours open no file for a plan, so that one that was not ours finds nothing to read or write. The lake is
//! opened by the bench, from the executor's own configuration.

use std::sync::Arc;

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::object_store::ObjectStoreRegistry;
use object_store::ObjectStore;
use url::Url;

/// Opens nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct NoStores;

impl ObjectStoreRegistry for NoStores {
    fn register_store(&self, _address: &Url, _store: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        None
    }

    fn get_store(&self, _address: &Url) -> Result<Arc<dyn ObjectStore>> {
        Err(DataFusionError::Plan("an executor opens no store for a plan".to_owned()))
    }
}
