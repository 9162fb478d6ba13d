//! Does the store do what a lake rests on?
//!
//! In: a lake's place. Out: whether a file can be written, found again and deleted, and whether a second
//! writer of the same file is refused, which is what keeps two commits of one version apart; and what the
//! bucket does on its own. Nothing of the lake is touched.

use bytes::Bytes;
use kayoi_schemas::time::UtcMillis;
use object_store::ObjectStoreExt;

use crate::error::LakeError;
use crate::lake::Lake;
use crate::lifecycle::Lifecycle;
use crate::location::Location;

/// What a store did when it was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Whether it refused to create a file that was there.
    pub refuses_second: bool,
    /// When the file was made, by the store's clock; `None` for a folder, whose clock is the machine's own.
    pub made_at: Option<UtcMillis>,
    /// Whether it keeps what is overwritten or deleted as an older version, so that nothing is ever forgotten.
    pub keeps_versions: bool,
    /// What rules of the bucket do to files of the lake; `None` for a folder.
    pub lifecycle: Option<Lifecycle>,
}

impl Lake {
    /// Writes a small file of its own name, writes it again, looks at it, deletes it.
    ///
    /// # Errors
    /// [`LakeError::Store`] when the store refuses one of these.
    pub fn probe(&self) -> Result<Probe, LakeError> {
        let path = format!("kayoi-probe-{}", uuid::Uuid::new_v4());
        self.block_on(async {
            let tried = try_out(self.location(), &path).await;
            let deleted = self.location().delete(&path).await;
            let probe = tried?;
            deleted.map(|()| probe)
        })
    }
}

async fn try_out(location: &Location, path: &str) -> Result<Probe, LakeError> {
    location.create(path, Bytes::from_static(b"first")).await?;
    let refuses_second = !location.create(path, Bytes::from_static(b"second")).await?;
    let found =
        location.store().head(&location.key(path)).await.map_err(LakeError::store("look at", path))?;
    let is_folder = location.path(path).is_some();
    let made_at = (!is_folder).then(|| UtcMillis(found.last_modified.timestamp_millis()));
    // A bucket whose versioning was switched off again calls the version of what is new `null`.
    let keeps_versions = found.version.is_some_and(|version| version != "null");
    let lifecycle = location.lifecycle().await;
    Ok(Probe { refuses_second, made_at, keeps_versions, lifecycle })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_two_writers_apart_and_keeps_no_probe() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::connect(folder.path()).unwrap();
        assert_eq!(
            lake.probe().unwrap(),
            Probe { refuses_second: true, made_at: None, keeps_versions: false, lifecycle: None }
        );
        assert_eq!(lake.format().unwrap(), None);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
