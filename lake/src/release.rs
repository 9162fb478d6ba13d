//! The key that opens release tables, for who must not be able to open anything else.
//!
//! In: a lake's place, from [`Lake::release_reader`](crate::Lake::release_reader). Out: [`ReleaseReader`]. It
//! takes a [`ReleaseTable`] and no other table, reads the files of it that a release's manifest names, and the
//! store that it hands out sees the folder of the releases only and refuses to write. Whoever holds this key and not the lake cannot read a ping, by mistake
//! or otherwise: that is why the query side is given this.

use std::sync::Arc;

use kayoi_schemas::tables::ReleaseTable;
use object_store::{ObjectMeta, ObjectStore};

use crate::error::LakeError;
use crate::location::Location;
use crate::manifest::{self, Manifest};

/// The folder of a lake in which all release tables lie; a test compares it with their descriptions.
const FOLDER: &str = "release";

/// Reads the release tables of a lake, and nothing else of it.
#[derive(Debug, Clone)]
pub struct ReleaseReader {
    location: Location,
    store: Arc<dyn ObjectStore>,
}

impl ReleaseReader {
    pub(crate) fn new(location: &Location) -> Self {
        let store = location.read_only(FOLDER);
        Self { location: location.clone(), store }
    }

    /// The newest release; `None` before the first.
    ///
    /// # Errors
    /// [`LakeError::NoManifest`] when there are figures and no release, or one whose tables have other columns than this
    /// Kayoi's, [`LakeError`] when the store does not answer or the manifest cannot be read.
    pub async fn newest(&self) -> Result<Option<Manifest>, LakeError> {
        let newest = manifest::newest(&self.location).await?;
        self.check(newest).await
    }

    /// The number of the newest release, by the names of the manifests alone; `None` before the first.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub async fn newest_revision(&self) -> Result<Option<u64>, LakeError> {
        Ok(self.revisions().await?.pop())
    }

    /// The numbers of the releases that can be read, in their order.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub async fn revisions(&self) -> Result<Vec<u64>, LakeError> {
        manifest::revisions(&self.location).await
    }

    /// The release of a number; `None` when there is none, or it is retired.
    ///
    /// # Errors
    /// Those of [`ReleaseReader::newest`].
    pub async fn of(&self, revision: u64) -> Result<Option<Manifest>, LakeError> {
        match manifest::bytes(&self.location, revision).await? {
            Some(bytes) => self.check(Some(manifest::parse(revision, &bytes)?)).await,
            None => Ok(None),
        }
    }

    /// Refuses a release whose tables have other columns than this Kayoi's, and figures without a release.
    async fn check(&self, newest: Option<Manifest>) -> Result<Option<Manifest>, LakeError> {
        let log = format!("{}/_delta_log", ReleaseTable::ConnectedMonthly.table().path);
        if newest.is_none() && !self.location.list(&log).await?.is_empty() {
            return Err(LakeError::NoManifest);
        }
        // Before any question is planned: inside a query the reason would be hidden from who asks.
        let is_of_this_version = |table: ReleaseTable| {
            let made = newest.as_ref().and_then(|release| release.tables.get(table.table().name));
            made.is_none_or(|made| made.columns == manifest::columns_hash(table.table()))
        };
        if !ReleaseTable::ALL.into_iter().all(is_of_this_version) {
            return Err(LakeError::NoManifest);
        }
        Ok(newest)
    }

    /// The files of a table in a release, as [`ReleaseReader::store`] knows them.
    ///
    /// # Errors
    /// [`LakeError::OtherSchema`] when the release has other columns than this Kayoi expects.
    pub fn files(&self, release: &Manifest, table: ReleaseTable) -> Result<Vec<ObjectMeta>, LakeError> {
        let description = table.table();
        let Some(found) = release.tables.get(description.name) else { return Ok(Vec::new()) };
        let needed = manifest::columns_hash(description);
        if found.columns != needed {
            let (table, found) = (description.name, found.columns.clone());
            return Err(LakeError::OtherSchema { table, found, needed });
        }
        Ok(found.files.iter().map(|file| self.location.file_below(FOLDER, &file.path, file.bytes)).collect())
    }

    /// The store in which the files lie. It has the folder of the releases as its root and refuses to write.
    pub fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }
}

#[cfg(test)]
mod tests {
    use object_store::ObjectStoreExt;
    use object_store::path::Path as Key;

    use super::*;
    use crate::Lake;

    #[test]
    fn every_release_table_and_no_other_lies_in_the_folder_of_the_releases() {
        for table in ReleaseTable::ALL {
            assert!(table.table().path.starts_with("release/"), "{}", table.table().name);
        }
        for table in kayoi_schemas::tables::InternalTable::ALL {
            assert!(!table.table().path.starts_with("release/"), "{}", table.table().name);
        }
    }

    #[test]
    fn the_store_of_a_reader_sees_no_other_file_of_the_lake_and_writes_none() {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        std::fs::create_dir(folder.path().join(FOLDER)).unwrap();
        std::fs::write(folder.path().join("release/seen"), "1").unwrap();
        let reader = lake.release_reader();
        lake.block_on(async {
            assert_eq!(reader.store().get(&Key::from("seen")).await.unwrap().bytes().await.unwrap(), "1");
            for other in ["kayoi-lake.json", "../kayoi-lake.json", "/kayoi-lake.json"] {
                assert!(reader.store().get(&Key::from(other)).await.is_err(), "{other}");
            }
            assert!(reader.store().put(&Key::from("new"), "1".into()).await.is_err());
            assert!(reader.store().delete(&Key::from("seen")).await.is_err());
            assert!(reader.store().copy(&Key::from("seen"), &Key::from("new")).await.is_err());
        });
        assert!(folder.path().join("release/seen").exists() && !folder.path().join("release/new").exists());
    }
}
