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
    UploadPart, coalesce_ranges,
};

/// Keys that a store lists in one answer.
const KEYS_A_PAGE: usize = 1_000;

/// What was asked of a store since its handle was made: requests by their kind, as a store bills them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Requests for a file or a part of one.
    pub gets: u64,
    /// Questions whether a file is there and how large it is.
    pub heads: u64,
    /// Bytes of the answers.
    pub read_bytes: u64,
    /// Requests that wrote a whole file.
    pub puts: u64,
    /// Requests of uploads in parts: the beginning and the end of each, and its parts.
    pub parts: u64,
    /// Bytes written.
    pub written_bytes: u64,
    /// Requests that copied a file inside the store.
    pub copies: u64,
    /// Requests that listed a folder, or a page of it.
    pub lists: u64,
    /// Files that were deleted.
    pub deletes: u64,
}

impl Traffic {
    /// Requests by the name of their measure, which is the kind and `_requests`.
    pub fn requests(&self) -> [(&'static str, u64); 7] {
        [
            ("get_requests", self.gets),
            ("head_requests", self.heads),
            ("put_requests", self.puts),
            ("part_requests", self.parts),
            ("copy_requests", self.copies),
            ("list_requests", self.lists),
            ("delete_requests", self.deletes),
        ]
    }

    /// Requests that read.
    pub fn reads(&self) -> u64 {
        self.gets + self.heads
    }

    /// Requests that wrote.
    pub fn writes(&self) -> u64 {
        self.puts + self.parts + self.copies
    }
}

/// The counters. Clones of a location share them.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    gets: AtomicU64,
    heads: AtomicU64,
    read_bytes: AtomicU64,
    puts: AtomicU64,
    parts: AtomicU64,
    written_bytes: AtomicU64,
    copies: AtomicU64,
    lists: AtomicU64,
    deletes: AtomicU64,
}

impl Meter {
    /// A request for a file or a part of one.
    pub(crate) fn read(&self, bytes: u64) {
        one_more(&self.gets);
        self.read_more(bytes);
    }

    /// Bytes of a request that was counted already.
    pub(crate) fn read_more(&self, bytes: u64) {
        self.read_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A request that wrote a whole file.
    pub(crate) fn wrote(&self, bytes: u64) {
        one_more(&self.puts);
        self.written_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// A request of an upload in parts.
    fn sent(&self, bytes: u64) {
        one_more(&self.parts);
        self.written_bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// What was counted.
    pub(crate) fn traffic(&self) -> Traffic {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Traffic {
            gets: of(&self.gets),
            heads: of(&self.heads),
            read_bytes: of(&self.read_bytes),
            puts: of(&self.puts),
            parts: of(&self.parts),
            written_bytes: of(&self.written_bytes),
            copies: of(&self.copies),
            lists: of(&self.lists),
            deletes: of(&self.deletes),
        }
    }
}

fn one_more(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// An upload in parts that is counted.
#[derive(Debug)]
struct CountedUpload {
    upload: Box<dyn MultipartUpload>,
    meter: Arc<Meter>,
}

#[async_trait]
impl MultipartUpload for CountedUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.meter.sent(data.content_length() as u64);
        self.upload.put_part(data)
    }

    async fn complete(&mut self) -> Result<PutResult> {
        self.meter.sent(0);
        self.upload.complete().await
    }

    async fn abort(&mut self) -> Result<()> {
        self.meter.sent(0);
        self.upload.abort().await
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

    /// Counts a listing, each page of which is a request.
    fn paged(&self, found: BoxStream<'static, Result<ObjectMeta>>) -> BoxStream<'static, Result<ObjectMeta>> {
        one_more(&self.meter.lists);
        if self.far == Far::Folder {
            return found;
        }
        let meter = Arc::clone(&self.meter);
        let begins_page = |number: usize| number > 0 && number.is_multiple_of(KEYS_A_PAGE);
        let numbered = found.enumerate().map(move |(number, found)| {
            if begins_page(number) {
                one_more(&meter.lists);
            }
            found
        });
        numbered.boxed()
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
        self.meter.sent(0);
        let upload = self.store.put_multipart_opts(location, options).await?;
        Ok(Box::new(CountedUpload { upload, meter: Arc::clone(&self.meter) }))
    }

    async fn get_opts(&self, location: &Key, options: GetOptions) -> Result<GetResult> {
        let is_head = options.head;
        let answer = self.store.get_opts(location, options).await;
        let bytes = answer.as_ref().map_or(0, |found| found.range.end - found.range.start);
        if is_head {
            one_more(&self.meter.heads);
        } else {
            self.meter.read(bytes);
        }
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
        let counted = locations.inspect(move |_| one_more(&meter.deletes));
        self.store.delete_stream(counted.boxed())
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.paged(self.store.list(prefix))
    }

    fn list_with_offset(&self, prefix: Option<&Key>, offset: &Key) -> BoxStream<'static, Result<ObjectMeta>> {
        self.paged(self.store.list_with_offset(prefix, offset))
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> Result<ListResult> {
        one_more(&self.meter.lists);
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Key, to: &Key, options: CopyOptions) -> Result<()> {
        one_more(&self.meter.copies);
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
        store.copy(&key, &Key::from("copy")).await.unwrap();
        store.delete(&key).await.unwrap();
        let mut upload = store.put_multipart(&Key::from("large")).await.unwrap();
        upload.put_part(vec![0; 10].into()).await.unwrap();
        upload.put_part(vec![0; 5].into()).await.unwrap();
        upload.complete().await.unwrap();
        let expected = Traffic {
            gets: 3,
            heads: 1,
            read_bytes: 130,
            puts: 1,
            parts: 4,
            written_bytes: 4_000_015,
            copies: 1,
            lists: 1,
            deletes: 1,
        };
        assert_eq!(meter.traffic(), expected);
        assert_eq!((expected.reads(), expected.writes()), (4, 6));
        assert_eq!(expected.requests().iter().map(|(_, requests)| requests).sum::<u64>(), 12);
    }

    #[tokio::test]
    async fn each_page_of_a_listing_is_a_request() {
        let meter = Arc::default();
        let store = Counted::new(InMemory::new(), &meter, Far::Requests);
        for number in 0..=KEYS_A_PAGE {
            store.put(&Key::from(format!("folder/{number}")), vec![0].into()).await.unwrap();
        }
        let all: Vec<_> = store.list(Some(&Key::from("folder"))).collect().await;
        assert_eq!((all.len(), meter.traffic().lists), (1_001, 2));
    }
}
