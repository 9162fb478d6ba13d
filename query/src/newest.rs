//! Which release a question reads.
//!
//! In: the lake's key to its releases. Out: a manifest. A question reads one release, named before it is
//! answered, so that its answer, its tag, its line of the audit and what they say of themselves are of the same one, also
//! where several questions come in one request and a new release comes between them. The newest is looked up by the
//! names of the manifests, at most once in [`LOOK`], and read when it is a new one. Who names a definition reads the newest
//! release that was made by it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;
use std::time::{Duration, Instant};

use datafusion::error::DataFusionError;
use kayoi_lake::{LakeError, Manifest, ReleaseReader};
use tokio::sync::Mutex;

use crate::error::QueryError;

/// How long a look at the lake is taken for true.
const LOOK: Duration = Duration::from_millis(200);
/// Letters of a name that are shown again where there is nothing of that name.
const SHOWN_LETTERS: usize = 60;

/// Which release is asked for; `Default` is the newest, whatever it was made by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Its number.
    pub(crate) revision: Option<u64>,
    /// What it was made by: the id of a definition as `resas-stay/1`, with a dot as addresses have it, or without its number;
    /// or its hash.
    pub(crate) definition: Option<String>,
}

/// The definition of a release, which does not change.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MadeBy {
    id: String,
    hash: String,
}

impl MadeBy {
    fn of(release: &Manifest) -> Self {
        Self { id: release.definition.clone(), hash: release.definition_hash.clone() }
    }

    fn is_called(&self, said: &str) -> bool {
        let name = self.id.split_once('/').map_or(self.id.as_str(), |(name, _)| name);
        said == name || said == self.hash || said.replace('.', "/") == self.id
    }
}

/// The releases of a lake, as a server sees them.
#[derive(Debug)]
pub(crate) struct ReleaseLookup {
    /// `None` where there is no lake, in tests.
    reader: Option<ReleaseReader>,
    seen: Mutex<Option<(Instant, Option<Arc<Manifest>>)>>,
    /// What releases were made by, as far as somebody has asked; `None` for one that cannot be read any more.
    made_by: Mutex<BTreeMap<u64, Option<MadeBy>>>,
}

impl ReleaseLookup {
    pub(crate) fn new(reader: Option<ReleaseReader>) -> Self {
        Self { reader, seen: Mutex::new(None), made_by: Mutex::default() }
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

    /// The release that is asked for; `None` before the first.
    ///
    /// # Errors
    /// [`QueryError::UnknownRevision`] and [`QueryError::UnknownDefinition`] when there is none such.
    pub(crate) async fn of(&self, wanted: &Wanted) -> Result<Option<Arc<Manifest>>, QueryError> {
        let found = self.of_number(wanted.revision).await?;
        let (Some(release), Some(said)) = (&found, &wanted.definition) else { return Ok(found) };
        if MadeBy::of(release).is_called(said) {
            return Ok(found);
        }
        let number = match wanted.revision {
            Some(_) => None,
            None => self.newest_by(said, release.revision).await?,
        };
        match number {
            Some(_) => self.of_number(number).await,
            None => Err(QueryError::UnknownDefinition(said.chars().take(SHOWN_LETTERS).collect())),
        }
    }

    /// The number of the newest release before one that was made by a definition.
    async fn newest_by(&self, said: &str, before: u64) -> Result<Option<u64>, QueryError> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let numbers = reader.revisions().await.map_err(failed)?;
        let mut made_by = self.made_by.lock().await;
        for number in numbers.into_iter().rev().filter(|number| *number < before) {
            let by = match made_by.entry(number) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(match reader.of(number).await {
                    Ok(release) => release.as_ref().map(MadeBy::of),
                    // Its tables have columns of another version.
                    Err(LakeError::NoManifest) => None,
                    Err(error) => return Err(failed(error)),
                }),
            };
            if by.as_ref().is_some_and(|by| by.is_called(said)) {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }

    /// The release of a number, or the newest.
    async fn of_number(&self, revision: Option<u64>) -> Result<Option<Arc<Manifest>>, QueryError> {
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

#[cfg(test)]
mod tests {
    use kayoi_lake::Lake;

    use super::*;

    fn wanted(revision: Option<u64>, definition: Option<&str>) -> Wanted {
        Wanted { revision, definition: definition.map(str::to_owned) }
    }

    #[test]
    fn a_definition_names_the_newest_release_that_was_made_by_it() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let made =
            [(1, "connected-2026/4", "57ab"), (2, "resas-stay/1", "90cd"), (3, "connected-2026/5", "12ef")];
        for (revision, definition, hash) in made {
            let manifest = Manifest {
                format: 1,
                revision,
                definition: definition.to_owned(),
                definition_hash: hash.to_owned(),
                ..Manifest::default()
            };
            let bytes = serde_json::to_vec(&manifest).unwrap();
            lake.release_writer().publish(revision, bytes.into(), None).unwrap();
        }
        let lookup = ReleaseLookup::new(Some(lake.release_reader()));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let read = |revision, definition| {
            let found = runtime.block_on(lookup.of(&wanted(revision, definition)));
            found.map(|release| release.unwrap().revision)
        };
        assert_eq!(read(None, None).unwrap(), 3);
        assert_eq!(read(None, Some("resas-stay")).unwrap(), 2);
        assert_eq!(read(None, Some("connected-2026")).unwrap(), 3);
        assert_eq!(read(None, Some("connected-2026/4")).unwrap(), 1);
        // As an address has it, and by the hash.
        assert_eq!(read(None, Some("connected-2026.4")).unwrap(), 1);
        assert_eq!(read(None, Some("57ab")).unwrap(), 1);
        assert_eq!(read(Some(2), Some("resas-stay")).unwrap(), 2);
        let not_there =
            [(None, "connected"), (None, "connected-2026.6"), (Some(2), "connected-2026"), (None, "")];
        for (revision, definition) in not_there {
            let refused = read(revision, Some(definition)).unwrap_err();
            assert!(matches!(refused, QueryError::UnknownDefinition(_)), "{definition}: {refused}");
        }
    }
}
