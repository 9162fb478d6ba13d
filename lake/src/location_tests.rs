//! What goes to a bucket: large files in parts, and files that must be new though the store breaks off.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, PutMultipartOptions, PutOptions,
    PutResult, Result,
};

use super::*;

/// A store that does its work and breaks off before it says so, some times.
#[derive(Debug)]
struct BreaksOff {
    store: InMemory,
    left: AtomicU32,
}

impl fmt::Display for BreaksOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.store, f)
    }
}

#[async_trait]
impl ObjectStore for BreaksOff {
    async fn put_opts(&self, location: &Key, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let done = self.store.put_opts(location, payload, options).await;
        if self.left.load(Ordering::Relaxed) > 0 {
            self.left.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::Generic { store: "S3", source: "connection reset".into() });
        }
        done
    }

    async fn put_multipart_opts(
        &self,
        location: &Key,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.store.put_multipart_opts(location, options).await
    }

    async fn get_opts(&self, location: &Key, options: GetOptions) -> Result<GetResult> {
        self.store.get_opts(location, options).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Key>>) -> BoxStream<'static, Result<Key>> {
        self.store.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Key>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Key>) -> Result<ListResult> {
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Key, to: &Key, options: CopyOptions) -> Result<()> {
        self.store.copy_opts(from, to, options).await
    }
}

/// A lake in such a bucket, and the bucket, to say how often.
fn lake() -> (Location, Arc<BreaksOff>) {
    let bucket = Arc::new(BreaksOff { store: InMemory::new(), left: AtomicU32::new(0) });
    let store: Arc<dyn ObjectStore> = bucket.clone();
    let location = Location {
        store,
        root: Url::parse("s3://bucket/lake/").unwrap(),
        prefix: Key::from("lake"),
        folder: None,
        runtime: Handle::current(),
        meter: Arc::default(),
    };
    (location, bucket)
}

#[tokio::test]
async fn a_file_that_must_be_new_is_its_writers_though_the_store_broke_off() {
    let (lake, bucket) = lake();
    bucket.left.store(1, Ordering::Relaxed);
    assert!(lake.create("lease", Bytes::from_static(b"mine")).await.unwrap());
    assert_eq!(lake.read("lease").await.unwrap().unwrap(), "mine");
    assert!(!lake.create("lease", Bytes::from_static(b"another's")).await.unwrap());
}

#[tokio::test]
async fn a_file_of_another_is_not_taken_for_ones_own_though_the_store_broke_off() {
    let (lake, bucket) = lake();
    assert!(lake.create("lease", Bytes::from_static(b"first")).await.unwrap());
    bucket.left.store(1, Ordering::Relaxed);
    assert!(!lake.create("lease", Bytes::from_static(b"second")).await.unwrap());
    assert_eq!(lake.read("lease").await.unwrap().unwrap(), "first");
}

#[tokio::test]
async fn a_file_over_the_limit_goes_in_parts_and_is_whole() {
    let meter = Arc::default();
    let store: Arc<dyn ObjectStore> = Arc::new(Counted::new(InMemory::new(), &meter, Far::Requests));
    let mut bytes: Vec<u8> = vec![7; ONE_REQUEST_BYTES];
    bytes.extend([1, 2, 3]);
    let bytes = Bytes::from(bytes);
    put(&store, &Key::from("one"), bytes.slice(..ONE_REQUEST_BYTES)).await.unwrap();
    assert_eq!((meter.traffic().puts, meter.traffic().parts), (1, 0));
    put(&store, &Key::from("large"), bytes.clone()).await.unwrap();
    // Eight parts of 16 MiB, one of three bytes, the beginning and the end.
    assert_eq!((meter.traffic().puts, meter.traffic().parts), (1, 11));
    assert_eq!(meter.traffic().written_bytes, 2 * ONE_REQUEST_BYTES as u64 + 3);
    let read = store.get(&Key::from("large")).await.unwrap().bytes().await.unwrap();
    assert!(read == bytes, "the parts are not in order");
}
