//! Which release a question reads.
//!
//! In: the lake's key to its releases. Out: a manifest. A question reads one release, named before it is
//! answered, so that its answer, its tag, its line of the audit and what they say of themselves are of the same one, also
//! where several questions come in one request and a new release comes between them. The newest is looked up by the
//! names of the manifests, at most once in [`LOOK`], and read when it is a new one.

use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::error::DataFusionError;
use kayoi_lake::{LakeError, Manifest, ReleaseReader};
use tokio::sync::Mutex;

use crate::error::QueryError;

/// How long a look at the lake is taken for true.
const LOOK: Duration = Duration::from_millis(200);

/// The releases of a lake, as a server sees them.
#[derive(Debug)]
pub(crate) struct ReleaseLookup {
    /// `None` where there is no lake, in tests.
    reader: Option<ReleaseReader>,
    seen: Mutex<Option<(Instant, Option<Arc<Manifest>>)>>,
}

impl ReleaseLookup {
    pub(crate) fn new(reader: Option<ReleaseReader>) -> Self {
        Self { reader, seen: Mutex::new(None) }
    }

    /// The newest release; `None` before the first.
    ///
    /// # Errors
    /// [`QueryError::Internal`] when it cannot be read.
    pub(crate) async fn newest(&self) -> Result<Option<Arc<Manifest>>, QueryError> {
        let Some(reader) = &self.reader else { return Ok(None) };
        // Held while it looks, so that others wait for the same look.
        let mut seen = self.seen.lock().await;
        let known = match &*seen {
            Some((when, manifest)) if when.elapsed() < LOOK => return Ok(manifest.clone()),
            Some((_, manifest)) => manifest.clone(),
            None => None,
        };
        let number = reader.newest_revision().await.map_err(failed)?;
        let newest = match known {
            Some(known) if number == Some(known.revision) => Some(known),
            _ => reader.newest().await.map_err(failed)?.map(Arc::new),
        };
        *seen = Some((Instant::now(), newest.clone()));
        Ok(newest)
    }

    /// The release of a number, or the newest.
    ///
    /// # Errors
    /// [`QueryError::UnknownRevision`] when there is none of that number.
    pub(crate) async fn of(&self, revision: Option<u64>) -> Result<Option<Arc<Manifest>>, QueryError> {
        let newest = self.newest().await?;
        let Some(revision) = revision else { return Ok(newest) };
        if newest.as_ref().is_some_and(|newest| newest.revision == revision) {
            return Ok(newest);
        }
        let Some(reader) = &self.reader else {
            return Err(QueryError::UnknownRevision { revision, known: Vec::new() });
        };
        match reader.of(revision).await.map_err(failed)? {
            Some(manifest) => Ok(Some(Arc::new(manifest))),
            None => {
                let known = reader.revisions().await.map_err(failed)?;
                Err(QueryError::UnknownRevision { revision, known })
            }
        }
    }
}

fn failed(error: LakeError) -> QueryError {
    QueryError::Internal(Box::new(DataFusionError::External(Box::new(error))))
}
