//! Where a lake lives: a folder, or a prefix of a bucket.
//!
//! In: what was typed, a path or `s3://bucket/prefix`. Out: one object store and the URL of the lake in it;
//! every file of the lake is read and written through here. Settings of a bucket come from the `AWS_*`
//! variables that every S3 client reads. Two writers of one Delta version must not both win, so a store must
//! honour a put that asks for absence (`If-None-Match`); S3 does, and so do folders by hard links.

use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use deltalake_core::logstore::{LogStoreRef, StorageConfig, default_logstore};
use futures::future::ready;
use futures::{StreamExt, TryStreamExt, stream};
use kayoi_schemas::tables::Table;
use kayoi_schemas::time::UtcMillis;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, S3ConditionalPut};
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{
    ClientConfigKey, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutPayload, RetryConfig, UploadPart,
};
use tokio::runtime::Handle;
use url::Url;

use crate::durable::DurableFolder;
use crate::error::LakeError;
use crate::lifecycle::{self, Lifecycle};
use crate::refusal::Refusal;
use crate::stored_file::StoredFile;
use crate::traffic::{Counted, Far, Meter, Traffic};

/// Scheme of a bucket.
const BUCKET: &str = "s3://";
/// A request that a store does not answer is tried again for this long.
const RETRY_FOR: Duration = Duration::from_secs(90);

/// Asking a store again whose answer broke off: its client tries a request again, not a body that ends
/// midway.
#[derive(Debug)]
pub(crate) struct Patience {
    left: u32,
    pause: Duration,
}

impl Patience {
    /// Waits a little longer than the last time; false when it was enough, and at once for a folder.
    pub(crate) async fn waits(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        tokio::time::sleep(self.pause).await;
        self.left -= 1;
        self.pause *= 2;
        true
    }
}

/// What a bucket is sent in one request. A larger file goes in parts: a connection that breaks costs one of them, and
/// each has its own limit of time.
const ONE_REQUEST_BYTES: usize = 128 << 20;
/// Bytes of a part; stores want all but the last to be of one size, and 5 MiB at least.
const PART_BYTES: usize = 16 << 20;
/// Parts that are under way at once.
const PARTS_IN_FLIGHT: usize = 4;

/// A file that was found in the store.
#[derive(Debug)]
pub(crate) struct Found {
    /// Path below the lake's root.
    pub path: String,
    pub size_bytes: u64,
    /// Last change, by the store's clock.
    pub modified: UtcMillis,
}

/// How often a broken answer is asked for again, and the pause before the first time.
const ASK_AGAIN: u32 = 5;
const ASK_PAUSE: Duration = Duration::from_millis(250);

/// A lake's place. Clones share the store's connections.
#[derive(Debug, Clone)]
pub struct Location {
    store: Arc<dyn ObjectStore>,
    root: Url,
    /// Where `root` is in `store`.
    prefix: Key,
    /// The folder, when it is one.
    folder: Option<PathBuf>,
    runtime: Handle,
    meter: Arc<Meter>,
}

impl Location {
    /// Reads what was typed; makes a folder that is not there.
    ///
    /// # Errors
    /// [`LakeError::Place`] for a bucket whose settings do not fit together, [`LakeError::Io`] for a folder
    /// that cannot be made.
    pub fn parse(typed: &Path, runtime: &Handle) -> Result<Self, LakeError> {
        match typed.to_str().filter(|text| text.starts_with(BUCKET)) {
            Some(url) => Self::bucket(url, runtime),
            None => Self::in_folder(typed, runtime),
        }
    }

    /// Whether what was typed names a bucket.
    pub fn is_bucket(typed: &Path) -> bool {
        typed.to_str().is_some_and(|text| text.starts_with(BUCKET))
    }

    fn in_folder(folder: &Path, runtime: &Handle) -> Result<Self, LakeError> {
        std::fs::create_dir_all(folder).map_err(LakeError::io(folder))?;
        let absolute = std::fs::canonicalize(folder).map_err(LakeError::io(folder))?;
        let no_url = || std::io::Error::new(std::io::ErrorKind::InvalidInput, "the path has no URL form");
        let root = Url::from_directory_path(&absolute).map_err(|()| LakeError::io(folder)(no_url()))?;
        let prefix = Key::from_absolute_path(&absolute).map_err(|_| LakeError::io(folder)(no_url()))?;
        let meter = Arc::default();
        let store = Arc::new(Counted::new(DurableFolder::new(), &meter, Far::Folder));
        Ok(Self { store, root, prefix, folder: Some(absolute), runtime: runtime.clone(), meter })
    }

    fn bucket(text: &str, runtime: &Handle) -> Result<Self, LakeError> {
        let place = |reason: String| LakeError::Place { url: text.to_owned(), reason };
        let mut root = Url::parse(text).map_err(|error| place(error.to_string()))?;
        if !root.path().ends_with('/') {
            root.set_path(&format!("{}/", root.path()));
        }
        let retry = RetryConfig { retry_timeout: RETRY_FOR, ..RetryConfig::default() };
        let store = reached(&root)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .with_retry(retry)
            // The limit covers a whole body, which is never more than ONE_REQUEST_BYTES.
            .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), "120s")
            .build()
            .map_err(|error| place(error.to_string()))?;
        let prefix = Key::from_url_path(root.path()).map_err(|error| place(error.to_string()))?;
        let meter = Arc::default();
        let store = Arc::new(Counted::new(store, &meter, Far::Requests));
        Ok(Self { store, root, prefix, folder: None, runtime: runtime.clone(), meter })
    }

    /// What rules of the bucket do to the lake; a folder has none.
    pub(crate) async fn lifecycle(&self) -> Option<Lifecycle> {
        if self.is_folder() {
            return None;
        }
        Some(lifecycle::of(reached(&self.root), &self.prefix).await)
    }

    /// How often a question to the store may be asked again.
    pub(crate) fn patience(&self) -> Patience {
        Patience { left: if self.folder.is_none() { ASK_AGAIN } else { 0 }, pause: ASK_PAUSE }
    }

    /// The lake's URL, `file:///…/` or `s3://bucket/prefix/`.
    pub fn url(&self) -> &Url {
        &self.root
    }

    /// What was asked of the store since this place was opened.
    pub fn traffic(&self) -> Traffic {
        self.meter.traffic()
    }

    /// The store, with keys from its own root.
    pub(crate) fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }

    /// Key of a file of the lake in the store.
    pub(crate) fn key(&self, relative: &str) -> Key {
        relative.split('/').fold(self.prefix.clone(), |key, part| key.join(part))
    }

    /// Path of a file of the lake, when it is a folder.
    pub(crate) fn path(&self, relative: &str) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(relative))
    }

    /// What Delta needs to know of a table's place.
    pub(crate) fn log_store(&self, table: &Table) -> Result<LogStoreRef, LakeError> {
        let url = self
            .root
            .join(&format!("{}/", table.path))
            .map_err(|error| LakeError::Place { url: self.root.to_string(), reason: error.to_string() })?;
        let tables = Arc::new(PrefixStore::new(Arc::clone(&self.store), self.key(table.path)));
        Ok(default_logstore(tables, Arc::clone(&self.store), &url, &StorageConfig::default()))
    }

    /// Writes a file that is not there yet, and returns when it would survive a power cut. For threads, not
    /// for tasks.
    pub(crate) fn write_new(&self, relative: &str, bytes: Bytes) -> Result<(), LakeError> {
        if let Some(path) = self.path(relative) {
            self.meter.wrote(bytes.len() as u64);
            return write_file(&path, &bytes).map_err(LakeError::io(&path));
        }
        let put = self.runtime.block_on(put(&self.store, &self.key(relative), bytes));
        put.map_err(LakeError::store("write", relative))
    }

    /// A file of the lake to read at any place, when it is a folder.
    pub(crate) fn stored_file(&self, relative: &str, size_bytes: u64) -> Option<StoredFile> {
        Some(StoredFile { path: self.path(relative)?, size_bytes, meter: Arc::clone(&self.meter) })
    }

    /// Parts of a file. For threads, not for tasks.
    pub(crate) fn read_ranges(&self, relative: &str, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, LakeError> {
        self.block_on(self.ranges(relative, ranges))
    }

    /// Parts of a file.
    pub(crate) async fn ranges(
        &self,
        relative: &str,
        ranges: &[Range<u64>],
    ) -> Result<Vec<Bytes>, LakeError> {
        let read = self.store.get_ranges(&self.key(relative), ranges).await;
        read.map_err(LakeError::store("read", relative))
    }

    /// Runs requests to their end. For threads, not for tasks.
    pub(crate) fn block_on<T>(&self, requests: impl Future<Output = T>) -> T {
        self.runtime.block_on(requests)
    }

    /// Whether the lake is a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.folder.is_some()
    }

    /// Writes a file unless it is there. Returns whether it was written. Where a store broke off it may have been written
    /// all the same, and the next try finds it: what stands in it tells whose it is, as no two writers write the same.
    pub(crate) async fn create(&self, relative: &str, bytes: Bytes) -> Result<bool, LakeError> {
        let key = self.key(relative);
        let mut patience = self.patience();
        loop {
            let payload = PutPayload::from_bytes(bytes.clone());
            match self.store.put_opts(&key, payload, PutMode::Create.into()).await {
                Ok(_) => return Ok(true),
                // The client of a bucket tries again by itself where the store failed, and does not say so.
                Err(object_store::Error::AlreadyExists { .. }) if !self.is_folder() => {
                    return Ok(self.read(relative).await?.is_some_and(|found| found == bytes));
                }
                Err(object_store::Error::AlreadyExists { .. }) => return Ok(false),
                Err(error) if !is_worth_asking_again(&error) || !patience.waits().await => {
                    return Err(LakeError::store("create", relative)(error));
                }
                Err(_) => {}
            }
        }
    }

    /// Writes a file in the place of the one that is there.
    pub(crate) async fn overwrite(&self, relative: &str, bytes: Bytes) -> Result<(), LakeError> {
        let put = self.store.put(&self.key(relative), PutPayload::from_bytes(bytes)).await;
        put.map(|_| ()).map_err(LakeError::store("write", relative))
    }

    /// A whole small file; `None` when there is none.
    pub(crate) async fn read(&self, relative: &str) -> Result<Option<Bytes>, LakeError> {
        let mut patience = self.patience();
        loop {
            let read = async { self.store.get(&self.key(relative)).await?.bytes().await };
            match read.await {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(error) => {
                    let refusal = Refusal::of(&error);
                    // Where the bucket is missing, its files are as well, and that is another thing to say.
                    if refusal.is_none() && matches!(error, object_store::Error::NotFound { .. }) {
                        return Ok(None);
                    }
                    if refusal.is_some_and(Refusal::is_final) || !patience.waits().await {
                        return Err(LakeError::store("read", relative)(error));
                    }
                }
            }
        }
    }

    /// The size of a file; `None` when it is not there.
    pub(crate) async fn size_bytes(&self, relative: &str) -> Result<Option<u64>, LakeError> {
        match self.store.head(&self.key(relative)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(LakeError::store("look at", relative)(error)),
        }
    }

    /// All files below a folder of the lake.
    pub(crate) async fn list(&self, folder: &str) -> Result<Vec<Found>, LakeError> {
        let prefix = self.key(folder);
        let all: Result<Vec<_>, _> = self.store.list(Some(&prefix)).try_collect().await;
        let all = all.map_err(LakeError::store("list", folder))?;
        let found = |meta: ObjectMeta| {
            let parts = meta.location.prefix_match(&self.prefix)?;
            let path = parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join("/");
            Some(Found {
                path,
                size_bytes: meta.size,
                modified: UtcMillis(meta.last_modified.timestamp_millis()),
            })
        };
        Ok(all.into_iter().filter_map(found).collect())
    }

    /// Deletes a file; one that is gone already counts as deleted.
    pub(crate) async fn delete(&self, relative: &str) -> Result<(), LakeError> {
        match self.store.delete(&self.key(relative)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(LakeError::store("delete", relative)(error)),
        }
    }
}

/// Whether a store may say something else the next time.
fn is_worth_asking_again(error: &object_store::Error) -> bool {
    use object_store::Error::{NotImplemented, PermissionDenied, Unauthenticated};
    !matches!(error, PermissionDenied { .. } | Unauthenticated { .. } | NotImplemented { .. })
        && !Refusal::of(error).is_some_and(Refusal::is_final)
}

/// How a bucket is reached: what the environment says.
fn reached(root: &Url) -> AmazonS3Builder {
    AmazonS3Builder::from_env().with_url(root.as_str())
}

/// Writes a file to a bucket, a large one in parts: it is seen when all of them are there.
async fn put(store: &Arc<dyn ObjectStore>, key: &Key, bytes: Bytes) -> object_store::Result<()> {
    if bytes.len() <= ONE_REQUEST_BYTES {
        return store.put(key, PutPayload::from_bytes(bytes)).await.map(|_| ());
    }
    let mut upload = store.put_multipart(key).await?;
    let part = |start: usize| bytes.slice(start..bytes.len().min(start + PART_BYTES));
    let starts = (0..bytes.len()).step_by(PART_BYTES);
    // Nothing is sent before it is waited for.
    let parts: Vec<UploadPart> =
        starts.map(|start| upload.put_part(PutPayload::from_bytes(part(start)))).collect();
    let sent = stream::iter(parts).buffer_unordered(PARTS_IN_FLIGHT).try_for_each(|()| ready(Ok(())));
    let ended = match sent.await {
        Ok(()) => upload.complete().await.map(|_| ()),
        Err(error) => Err(error),
    };
    if ended.is_err() {
        // What is there of it is paid for; the store's rule for unfinished uploads finds what this cannot.
        let _ = upload.abort().await;
    }
    ended
}

fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut file = File::create_new(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // A full disk: half a file would only take more of it.
        let _ = std::fs::remove_file(path);
    }
    written
}

#[cfg(test)]
#[path = "location_tests.rs"]
mod tests;
