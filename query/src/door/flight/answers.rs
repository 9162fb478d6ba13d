//! Rows on their way to a client of Flight.
//!
//! In: an answer, which waits in memory or in a file. Out: messages, one when the client has taken those before. A
//! client that takes none for [`WRITE_TIME`] loses its answer: on a connection of HTTP/2 it may well be awake and
//! only have forgotten one of its calls, which nothing else would notice.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use arrow_flight::FlightData;
use arrow_flight::encode::FlightDataEncoderBuilder;
use arrow_flight::error::FlightError;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use futures::{Stream, StreamExt, stream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tonic::{Code, Status};

use super::columns;
use super::running::{Used, cancelled};
use super::status::refusal;
use crate::door::patience::WRITE_TIME;
use crate::error::QueryError;
use crate::service::Answer;

/// Messages to a client.
pub(super) type Messages = Pin<Box<dyn Stream<Item = Result<FlightData, Status>> + Send>>;

/// What an answer keeps until it is read: its ticket in use, and its place among those that are read.
pub(super) type Kept = (Used, OwnedSemaphorePermit);

/// The rows of an answer, in the columns that were told.
///
/// # Errors
/// When they do not fit, or cannot be read.
pub(super) fn rows(answer: Answer, was_told: Option<SchemaRef>, kept: Kept) -> Result<Messages, Status> {
    let batches = answer.into_batches()?;
    let schema = columns::sent(&batches.schema(), was_told)?;
    let into = Arc::clone(&schema);
    let batches = batches.map(move |batch| {
        let batch = batch.and_then(|batch| columns::brought(&batch, &into));
        batch.map_err(|error| FlightError::Tonic(Box::new(QueryError::internal(error).into())))
    });
    Ok(Box::pin(Watched::new(encoded(schema, stream::iter(batches)), kept, WRITE_TIME)))
}

/// Rows that are there already.
pub(super) fn few(batch: RecordBatch) -> Messages {
    encoded(batch.schema(), stream::iter([Ok(batch)]))
}

fn encoded(
    schema: SchemaRef,
    batches: impl Stream<Item = Result<RecordBatch, FlightError>> + Send + 'static,
) -> Messages {
    let messages = FlightDataEncoderBuilder::new().with_schema(schema).build(batches);
    Box::pin(messages.map(|message| {
        message.map_err(|error| match error {
            FlightError::Tonic(status) => *status,
            // Its words are Arrow's.
            error => QueryError::io(std::io::Error::other(error)).into(),
        })
    }))
}

/// An answer that is taken away from a client that does not read it.
struct Watched {
    shared: Arc<Shared>,
    watch: JoinHandle<()>,
}

struct Shared {
    reading: Mutex<Option<(Messages, Kept)>>,
    /// How often the client has asked for more.
    asked: AtomicU64,
}

impl Watched {
    fn new(messages: Messages, kept: Kept, patience: Duration) -> Self {
        let shared =
            Arc::new(Shared { reading: Mutex::new(Some((messages, kept))), asked: AtomicU64::new(0) });
        let watched = Arc::downgrade(&shared);
        let watch = tokio::spawn(async move {
            let mut before = 0;
            loop {
                sleep(patience).await;
                let Some(shared) = watched.upgrade() else { return };
                let asked = shared.asked.load(Ordering::Relaxed);
                if asked == before {
                    shared.take();
                    return;
                }
                before = asked;
            }
        });
        Self { shared, watch }
    }
}

impl Shared {
    fn take(&self) {
        drop(self.reading.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

impl Stream for Watched {
    type Item = Result<FlightData, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.shared.asked.fetch_add(1, Ordering::Relaxed);
        let mut reading = self.shared.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((messages, (used, _))) = reading.as_mut() else {
            let seconds = WRITE_TIME.as_secs();
            let message = format!("the answer was given up: nothing of it was read for `{seconds}` s");
            return Poll::Ready(Some(Err(refusal(
                Code::DeadlineExceeded,
                &message,
                "ask again and read it at once",
            ))));
        };
        if used.is_cancelled() {
            *reading = None;
            return Poll::Ready(Some(Err(cancelled())));
        }
        messages.as_mut().poll_next(cx)
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.watch.abort();
    }
}

#[cfg(test)]
mod tests {
    use prost::bytes::Bytes;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::door::flight::running::Running;

    #[tokio::test]
    async fn an_answer_that_nobody_reads_or_wants_any_more_gives_its_place_back() {
        let running = Running::default();
        let places = Arc::new(Semaphore::new(1));
        let keep = || (running.begin(&Bytes::new()), Arc::clone(&places).try_acquire_owned().unwrap());
        let endless = || Box::pin(stream::repeat_with(|| Ok(FlightData::new()))) as Messages;
        let mut slow = Watched::new(endless(), keep(), Duration::from_millis(20));
        assert!(slow.next().await.unwrap().is_ok());
        drop(places.acquire().await.unwrap());
        assert_eq!(slow.next().await.unwrap().unwrap_err().code(), Code::DeadlineExceeded);
        let mut unwanted = Watched::new(endless(), keep(), WRITE_TIME);
        assert!(unwanted.next().await.unwrap().is_ok() && running.cancel(&Bytes::new()));
        assert_eq!(unwanted.next().await.unwrap().unwrap_err().code(), Code::Cancelled);
        assert_eq!(places.available_permits(), 1);
    }
}
