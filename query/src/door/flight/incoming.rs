//! What a client sends with one call.
//!
//! In: the body of a request. Out: the same, until it is too large, or too slow, or all bodies together are. A call
//! waits for the end of its message; one that never ends would hold its place and its memory for ever.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use prost::bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};
use tonic::{Code, Status};

use super::status::refusal;

/// Most bytes of one message: a text of the longest statement, or values.
pub(super) const MESSAGE_BYTES: usize = 2 << 20;
/// Most bytes of one call.
const CALL_BYTES: usize = 4 << 20;
/// How long the messages of one call may take to come.
const CALL_TIME: Duration = Duration::from_secs(30);
/// Bytes that every call may send.
const SMALL_CALL: usize = 64 << 10;
/// Bytes beyond them that all calls together may have under way.
const ROOM_BYTES: usize = 64 << 20;
/// Bytes that one permit stands for.
const PERMIT_BYTES: usize = 1 << 10;

/// The memory for large calls, shared by all connections.
#[derive(Debug, Clone)]
pub(super) struct Room(Arc<Semaphore>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(ROOM_BYTES / PERMIT_BYTES)))
    }
}

/// The body of a request within its limits.
pub(super) struct Measured<B = Incoming> {
    body: B,
    received: usize,
    room: Room,
    kept: Option<OwnedSemaphorePermit>,
    time: Pin<Box<Sleep>>,
}

impl<B> Measured<B> {
    pub(super) fn new(body: B, room: Room) -> Self {
        Self { body, received: 0, room, kept: None, time: Box::pin(sleep(CALL_TIME)) }
    }

    /// Takes more bytes in.
    fn take(&mut self, data: &[u8]) -> Result<(), Status> {
        // The length of the first message stands after a byte. tonic would say in its own words that it is too large.
        if let (0, [_, a, b, c, d, ..]) = (self.received, data)
            && u32::from_be_bytes([*a, *b, *c, *d]) as usize > MESSAGE_BYTES
        {
            let message = format!("a message of more than `{MESSAGE_BYTES}` bytes");
            return Err(refusal(Code::ResourceExhausted, &message, "send less at once"));
        }
        self.received += data.len();
        if self.received > CALL_BYTES {
            let message = format!("a call of more than `{CALL_BYTES}` bytes");
            return Err(refusal(Code::ResourceExhausted, &message, "send less at once"));
        }
        let large = self.received.saturating_sub(SMALL_CALL).div_ceil(PERMIT_BYTES);
        let has = self.kept.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        if large > has {
            let more = u32::try_from(large - has).unwrap_or(u32::MAX);
            let more = Arc::clone(&self.room.0).try_acquire_many_owned(more).map_err(|_| {
                let message = "the server has no room for so large a call now";
                refusal(Code::Unavailable, message, "try again in a few seconds, or send less at once")
            })?;
            match &mut self.kept {
                Some(kept) => kept.merge(more),
                none => *none = Some(more),
            }
        }
        Ok(())
    }
}

impl<B> Body for Measured<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.time.as_mut().poll(cx).is_ready() {
            let message = format!("the call was not sent within `{}` s", CALL_TIME.as_secs());
            let late = refusal(Code::DeadlineExceeded, &message, "send all of it at once");
            return Poll::Ready(Some(Err(late)));
        }
        Poll::Ready(match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
            Some(Ok(frame)) => {
                let data: &[u8] = frame.data_ref().map_or(&[], |data| data);
                Some(self.take(data).map(|()| frame))
            }
            Some(Err(_)) => Some(Err(Status::new(Code::Cancelled, "the client has gone"))),
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::poll_fn;

    use super::*;

    /// A body of so many pieces of a mebibyte.
    struct Pieces(usize);

    impl Body for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.0 == 0 {
                return Poll::Ready(None);
            }
            self.0 -= 1;
            Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![0; 1 << 20])))))
        }
    }

    async fn read(body: &mut Measured<Pieces>) -> Result<usize, Status> {
        let mut bytes = 0;
        while let Some(frame) = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
            bytes += frame?.data_ref().map_or(0, Bytes::len);
        }
        Ok(bytes)
    }

    #[tokio::test]
    async fn large_calls_share_their_room_and_a_too_large_one_is_refused() {
        let room = Room::new();
        assert_eq!(read(&mut Measured::new(Pieces(4), room.clone())).await.unwrap(), 4 << 20);
        let error = read(&mut Measured::new(Pieces(5), room.clone())).await.unwrap_err();
        assert_eq!(error.code(), Code::ResourceExhausted);
        let mut held = Vec::new();
        let refused = loop {
            let mut body = Measured::new(Pieces(4), room.clone());
            match read(&mut body).await {
                Ok(_) => held.push(body),
                Err(error) => break error,
            }
            assert!(held.len() <= ROOM_BYTES / (3 << 20), "{}", held.len());
        };
        assert_eq!(refused.code(), Code::Unavailable);
        drop(held);
        assert!(read(&mut Measured::new(Pieces(4), room)).await.is_ok(), "the room is given back");
    }
}
