//! The key to what a server itself writes: who may ask, who asked what, and what towns aim at.
//!
//! In: a lake. Out: [`Desk`], which opens the folder `desk` and nothing else of the lake. There are two kinds of
//! file, and none is ever changed: lists of users and of targets, of which the one with the highest number counts, so that
//! two writers cannot overwrite each other unseen; and batches of audit lines under names that their server makes, so
//! that replicas do not collide and a batch that is written again after a crash is the same file.

use std::sync::Arc;

use bytes::Bytes;
use object_store::{ObjectMeta, ObjectStore};

use crate::error::LakeError;
use crate::lake::Lake;
use crate::location::{Found, Location};

const FOLDER: &str = "desk";
const USERS: &str = "desk/users";
const TARGETS: &str = "desk/targets";
const AUDIT: &str = "desk/audit";

/// Reads and writes users and audit lines.
///
/// It keeps its lake open, on whose threads requests run.
#[derive(Debug, Clone)]
pub struct Desk(Lake);

impl Lake {
    /// The key for a server's own writing.
    pub fn desk(&self) -> Desk {
        Desk(self.clone())
    }
}

impl Desk {
    fn location(&self) -> &Location {
        self.0.location()
    }

    /// The newest list of users with its number; `None` before the first.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub async fn users(&self) -> Result<Option<(u64, Bytes)>, LakeError> {
        self.newest(USERS).await
    }

    /// Writes the list after the one of a number. False when somebody else has written it meanwhile.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub async fn write_users(&self, before: u64, list: Bytes) -> Result<bool, LakeError> {
        self.location().create(&numbered(USERS, before + 1), list).await
    }

    /// The newest list of targets with its number; `None` before the first.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub async fn targets(&self) -> Result<Option<(u64, Bytes)>, LakeError> {
        self.newest(TARGETS).await
    }

    /// Writes the list of targets after the one of a number. False when somebody else has written it meanwhile.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub async fn write_targets(&self, before: u64, list: Bytes) -> Result<bool, LakeError> {
        self.location().create(&numbered(TARGETS, before + 1), list).await
    }

    /// The list with the highest number in a folder.
    async fn newest(&self, folder: &str) -> Result<Option<(u64, Bytes)>, LakeError> {
        let found = self.location().list(folder).await?;
        let number = |path: &str| path.rsplit('/').next()?.strip_suffix(".json")?.parse::<u64>().ok();
        let Some(newest) = found.iter().filter_map(|file| number(&file.path)).max() else { return Ok(None) };
        Ok(self.location().read(&numbered(folder, newest)).await?.map(|bytes| (newest, bytes)))
    }

    /// Writes a batch of audit lines below the name of a day; one that is there already is the same batch.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub async fn write_audit(&self, day: &str, name: &str, batch: Bytes) -> Result<(), LakeError> {
        self.location().create(&format!("{AUDIT}/{day}/{name}.parquet"), batch).await.map(drop)
    }

    /// Runs requests to the desk where nothing else runs, as in a command.
    pub fn block_on<T>(&self, requests: impl Future<Output = T>) -> T {
        self.location().block_on(requests)
    }

    /// The store of audit batches, for reading.
    pub fn audit_store(&self) -> Arc<dyn ObjectStore> {
        self.location().read_only(FOLDER)
    }

    /// The batches of audit lines, as [`Desk::audit_store`] knows them, in the order of their names.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub async fn audit_files(&self) -> Result<Vec<ObjectMeta>, LakeError> {
        let files = self.location().list(AUDIT).await?;
        let below = |file: &Found| self.location().file_below(FOLDER, &file.path, file.size_bytes);
        let mut files: Vec<ObjectMeta> = files.iter().map(below).collect();
        files.sort_by(|one, other| one.location.cmp(&other.location));
        Ok(files)
    }
}

fn numbered(folder: &str, number: u64) -> String {
    format!("{folder}/{number:08}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_writers_of_the_next_list_one_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Lake::open(folder.path()).unwrap().desk();
        desk.block_on(async {
            assert_eq!(desk.users().await.unwrap(), None);
            assert!(desk.write_users(0, "first".into()).await.unwrap());
            assert!(!desk.write_users(0, "other".into()).await.unwrap());
            assert!(desk.write_users(1, "second".into()).await.unwrap());
            assert_eq!(desk.users().await.unwrap(), Some((2, "second".into())));
        });
    }

    #[test]
    fn a_batch_that_is_written_again_is_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Lake::open(folder.path()).unwrap().desk();
        desk.block_on(async {
            for _ in 0..2 {
                desk.write_audit("2026-03-01", "a-00000001", "batch".into()).await.unwrap();
            }
            let files = desk.audit_files().await.unwrap();
            assert_eq!(files.len(), 1);
            assert_eq!(files[0].location.as_ref(), "audit/2026-03-01/a-00000001.parquet");
        });
    }
}
