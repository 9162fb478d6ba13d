//! How often a store was asked, and for how many bytes.
//!
//! In: a store. Out: the same store with counters, and [`Traffic`], what they say. A bucket bills requests and
//! a disk has a bandwidth, so what a job asks of its store is a figure like its time. Counted are requests as
//! the store sees them: ranges that lie close together are asked for as one.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::path::Path as Key;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, OBJECT_STORE_COALESCE_DEFAULT,
    ObjectMeta, ObjectStore, ObjectStoreExt, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
    coalesce_ranges,
};

/// What was asked of a store since its handle was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests that read a file or a part of one, or asked whether it is there.
    pub reads: u64,
    /// Bytes of their answers.
    pub read_bytes: u64,
    /// Requests that wrote.
    pub writes: u64,
    /// Bytes written.
    pub written_bytes: u64,
    /// Requests that listed a folder.
    pub lists: u64,
    /// Files that were deleted.
    pub deletes: u64,
}

/// The counters. Clones of a location share them.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    reads: AtomicU64,
    read_bytes: AtomicU64,
    writes: AtomicU64,
    written_bytes: AtomicU64,
    lists: AtomicU64,
    deletes: AtomicU64,
}

impl Meter {
    /// A request that read.
    pub(crate) fn read(&self, bytes: u64) {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.read_more(bytes);
    }

    /// Bytes of a request that was counted already.
    pub(crate) fn read_more(&self, bytes: u64) {
        self.read_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A request that wrote.
    pub(crate) fn wrote(&self, bytes: u64) {
        self.writes.fetch_add(1, Ordering::Relaxed);
        self.written_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// What was counted.
    pub(crate) fn traffic(&self) -> Traffic {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Traffic {
            reads: of(&self.reads),
            read_bytes: of(&self.read_bytes),
            writes: of(&self.writes),
            written_bytes: of(&self.written_bytes),
            lists: of(&self.lists),
            deletes: of(&self.deletes),
        }
    }
}

/// A store that counts.
#[derive(Debug)]
pub(crate) struct Counted<S> {
    store: S,
    meter: Arc<Meter>,
    far: Far,
}

/// Whether parts of a file that lie apart are asked for apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Far {
    /// One request for those that lie close together, with what is between them: each has its delay and its price.
    Requests,
    /// All as they are: a file is opened once for them, and what is between them would be most of what is read.
    Folder,
}

impl<S> Counted<S> {
    pub(crate) fn new(store: S, meter: &Arc<Meter>, far: Far) -> Self {
        Self { store, meter: Arc::clone(meter), far }
    }
}

impl<S: ObjectStore> fmt::Display for Counted<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.store, f)
    }
}

#[async_trait]
impl<S: ObjectStore> ObjectStore for Counted<S> {
    async fn put_opts(&self, location: &Key, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        self.meter.wrote(payload.content_length() as u64);
        self.store.put_opts(location, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Key,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.meter.wrote(0);
        self.store.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Key, options: GetOptions) -> Result<GetResult> {
        let is_head = options.head;
        let answer = self.store.get_opts(location, options).await;
        let bytes = answer.as_ref().map_or(0, |found| found.range.end - found.range.start);
        self.meter.read(if is_head { 0 } else { bytes });
        answer
    }

    async fn get_ranges(&self, location: &Key, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        if self.far == Far::Folder {
            ranges.iter().for_each(|range| self.meter.read(range.end - range.start));
            return self.store.get_ranges(location, ranges).await;
        }
        let one = |range| self.get_range(location, range);
        coalesce_ranges(ranges, one, OBJECT_STORE_COALESCE_DEFAULT).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Key>>) -> BoxStream<'static, Result<Key>> {
        let meter = Arc::clone(&self.meter);
        let counted = locations.inspect(move |_| {
            meter.deletes.fetch_add(1, Ordering::Relaxed);
        });
        self.store.delete_stream(counted.boxed())
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.meter.lists.fetch_add(1, Ordering::Relaxed);
        self.store.list(prefix)
    }

    fn list_with_offset(&self, prefix: Option<&Key>, offset: &Key) -> BoxStream<'static, Result<ObjectMeta>> {
        self.meter.lists.fetch_add(1, Ordering::Relaxed);
        self.store.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> Result<ListResult> {
        self.meter.lists.fetch_add(1, Ordering::Relaxed);
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Key, to: &Key, options: CopyOptions) -> Result<()> {
        self.meter.wrote(0);
        self.store.copy_opts(from, to, options).await
    }
}

#[cfg(test)]
mod tests {
    use object_store::memory::InMemory;

    use super::*;

    #[tokio::test]
    async fn requests_are_counted_as_the_store_sees_them() {
        let meter = Arc::default();
        let store = Counted::new(InMemory::new(), &meter, Far::Requests);
        let key = Key::from("file");
        store.put(&key, vec![0; 4_000_000].into()).await.unwrap();
        // The first two lie close together and are one request, the gap between them read with them.
        store.get_ranges(&key, &[0..10, 20..30, 3_000_000..3_000_100]).await.unwrap();
        store.head(&key).await.unwrap();
        assert!(store.get(&Key::from("none")).await.is_err());
        let _: Vec<_> = store.list(None).collect().await;
        store.delete(&key).await.unwrap();
        let expected =
            Traffic { reads: 4, read_bytes: 130, writes: 1, written_bytes: 4_000_000, lists: 1, deletes: 1 };
        assert_eq!(meter.traffic(), expected);
    }
}
