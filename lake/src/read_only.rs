//! A store that is only read.
//!
//! In: a store and a folder in it. Out: a store with that folder as its root, which refuses every write.
//! DataFusion takes a whole store where it needs a few files; this is as much of one as it gets.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::DateTime;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use crate::location::Location;

/// The files below a folder of a store, for reading.
#[derive(Debug)]
struct ReadOnly {
    files: PrefixStore<Arc<dyn ObjectStore>>,
}

impl Location {
    /// The files below a folder of the lake, for reading, with that folder as the root.
    pub(crate) fn read_only(&self, folder: &str) -> Arc<dyn ObjectStore> {
        Arc::new(ReadOnly { files: PrefixStore::new(Arc::clone(self.store()), self.key(folder)) })
    }

    /// A file of the lake as [`Location::read_only`] of a folder knows it. Only for files that are never changed, so that
    /// their time tells nothing.
    pub(crate) fn file_below(&self, folder: &str, path: &str, size_bytes: u64) -> ObjectMeta {
        let key = self.key(path);
        let below = key.prefix_match(&self.key(folder)).map(Key::from_iter);
        ObjectMeta {
            location: below.unwrap_or(key),
            last_modified: DateTime::UNIX_EPOCH,
            size: size_bytes,
            e_tag: None,
            version: None,
        }
    }
}

fn refused(location: &Key) -> Error {
    Error::PermissionDenied { path: location.to_string(), source: "this store is only read".into() }
}

#[async_trait]
impl ObjectStore for ReadOnly {
    async fn put_opts(&self, location: &Key, _: PutPayload, _: PutOptions) -> Result<PutResult> {
        Err(refused(location))
    }

    async fn put_multipart_opts(
        &self,
        location: &Key,
        _: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        Err(refused(location))
    }

    async fn get_opts(&self, location: &Key, options: GetOptions) -> Result<GetResult> {
        self.files.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Key, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.files.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Key>>) -> BoxStream<'static, Result<Key>> {
        locations.map(|location| location.and_then(|location| Err(refused(&location)))).boxed()
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.files.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> Result<ListResult> {
        self.files.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, _: &Key, to: &Key, _: CopyOptions) -> Result<()> {
        Err(refused(to))
    }
}

impl fmt::Display for ReadOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "read-only {}", self.files)
    }
}
