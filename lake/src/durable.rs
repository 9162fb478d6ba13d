//! A folder as an object store whose commits survive a power cut.
//!
//! In: puts of the Delta log. Out: the same as `LocalFileSystem`, except that a put is synced before its name
//! exists, and the folder after it. Without that the newest commit can be an empty
//! file after a power cut, and an empty commit makes the whole table unreadable.
//!
//! object_store syncs by itself with `LocalFileSystem::with_fsync`, which came after the version that
//! delta-rs takes (its pull request 643; not in 0.13.2). When delta-rs takes one that has it, this file goes.

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// The file system, with durable creation.
#[derive(Debug)]
pub(crate) struct DurableFolder(LocalFileSystem);

impl DurableFolder {
    /// The whole file system.
    pub(crate) fn new() -> Self {
        Self(LocalFileSystem::new())
    }
}

impl fmt::Display for DurableFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for DurableFolder {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let path = self.0.path_to_filesystem(location)?;
        let put = match options.mode {
            PutMode::Create => put(&path, &payload, |beside| std::fs::hard_link(beside, &path)),
            PutMode::Overwrite => put(&path, &payload, |beside| std::fs::rename(beside, &path)),
            PutMode::Update(_) => return self.0.put_opts(location, payload, options).await,
        };
        match put {
            Ok(()) => Ok(PutResult { e_tag: None, version: None }),
            Err(source) if source.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(Error::AlreadyExists { path: location.to_string(), source: Box::new(source) })
            }
            Err(source) => Err(Error::Generic { store: "folder", source: Box::new(source) }),
        }
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.0.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.0.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.0.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.0.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.0.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.0.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.0.copy_opts(from, to, options).await
    }
}

/// Writes beside, syncs, then gives the file its name: by a hard link, which fails when the name is taken, or
/// by moving it over the one that has it.
fn put(
    path: &FilePath,
    payload: &PutPayload,
    name: impl FnOnce(&FilePath) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let folder = path.parent().map(PathBuf::from).unwrap_or_default();
    std::fs::create_dir_all(&folder)?;
    let beside = folder.join(format!(".{}", uuid::Uuid::new_v4()));
    let written = (|| {
        let mut file = File::create_new(&beside)?;
        for part in payload {
            file.write_all(part)?;
        }
        file.sync_all()?;
        name(&beside)
    })();
    let _ = std::fs::remove_file(&beside);
    written?;
    File::open(&folder)?.sync_all()
}
