//! A socket that lets whole and well-formed messages through, and nothing else.
//!
//! In: bytes of a client that has started. Out: the same bytes, a message at a time, each [checked](check)
//! before a decoder sees its first byte; the first that is none is an error, and everything after it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::check::{self, Malformed};

/// Bytes of a message that every connection may send.
const SMALL_MESSAGE: usize = 64 << 10;
/// Bytes that larger messages of all connections may have at once.
const ROOM_BYTES: usize = 64 << 20;
/// Bytes that one permit stands for.
const PERMIT_BYTES: usize = 1 << 10;

/// The memory for large messages, shared by all connections.
#[derive(Debug, Clone)]
pub(super) struct Room(Arc<Semaphore>);

impl Room {
    pub(super) fn new() -> Self {
        Self(Arc::new(Semaphore::new(ROOM_BYTES / PERMIT_BYTES)))
    }

    /// Keeps room for a message; nothing for a small one.
    fn keep(&self, bytes: usize) -> Result<Option<OwnedSemaphorePermit>, Malformed> {
        if bytes <= SMALL_MESSAGE {
            return Ok(None);
        }
        let permits = u32::try_from(bytes.div_ceil(PERMIT_BYTES)).map_err(|_| check::NO_ROOM)?;
        Arc::clone(&self.0).try_acquire_many_owned(permits).map(Some).map_err(|_| check::NO_ROOM)
    }
}

/// Bytes that are read at a time. What a message claims to be is not reserved before it is there.
const PIECE_BYTES: usize = 8 << 10;

pub(super) struct Guarded<S> {
    stream: S,
    read: BytesMut,
    /// Bytes at the front of `read` that have been checked.
    checked: usize,
    refused: Option<Malformed>,
    room: Room,
    /// Kept while a large message is read and answered.
    kept: Option<OwnedSemaphorePermit>,
}

impl<S> Guarded<S> {
    /// A socket of which some bytes have been read, the first of them checked.
    pub(super) fn new(stream: S, read: BytesMut, checked: usize, room: Room) -> Self {
        Self { stream, read, checked, refused: None, room, kept: None }
    }

    /// The socket; what was read and not taken is lost.
    pub(super) fn into_inner(self) -> S {
        self.stream
    }

    /// Why no more messages come, when that is the client's fault.
    pub(super) fn refused(&self) -> Option<Malformed> {
        self.refused
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if this.checked > 0 {
                let count = this.checked.min(into.remaining());
                into.put_slice(&this.read[..count]);
                this.read.advance(count);
                this.checked -= count;
                return Poll::Ready(Ok(()));
            }
            if let Some(refused) = this.refused {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, refused)));
            }
            match check::message(&this.read) {
                Ok(Some(length)) => this.checked = length,
                Err(refused) => this.refused = Some(refused),
                Ok(None) => {
                    let large = check::announced(&this.read) > SMALL_MESSAGE;
                    if !large {
                        this.kept = None;
                    } else if this.kept.is_none() {
                        match this.room.keep(check::announced(&this.read)) {
                            Ok(kept) => this.kept = kept,
                            Err(refused) => {
                                this.refused = Some(refused);
                                continue;
                            }
                        }
                    }
                    let mut piece = [0; PIECE_BYTES];
                    let mut piece = ReadBuf::new(&mut piece);
                    ready!(Pin::new(&mut this.stream).poll_read(cx, &mut piece))?;
                    if piece.filled().is_empty() {
                        return Poll::Ready(Ok(()));
                    }
                    this.read.extend_from_slice(piece.filled());
                }
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    /// The head of a statement that is never sent.
    fn announced(bytes: u32) -> BytesMut {
        BytesMut::from(&[b"Q".as_slice(), &bytes.to_be_bytes()].concat()[..])
    }

    #[tokio::test]
    async fn large_messages_share_their_room_and_small_ones_need_none() {
        let room = Room::new();
        let mut held = Vec::new();
        let refused = loop {
            // Its other end is closed at once: the rest of the message never comes.
            let (stream, _) = tokio::io::duplex(64);
            let mut guarded = Guarded::new(stream, announced(8 << 20), 0, room.clone());
            match guarded.read(&mut [0; 8]).await {
                Ok(_) => held.push(guarded),
                Err(_) => break guarded.refused(),
            }
            assert!(held.len() <= ROOM_BYTES / (8 << 20), "{}", held.len());
        };
        assert_eq!(refused, Some(check::NO_ROOM));
        assert!(room.keep(SMALL_MESSAGE).unwrap().is_none());
        drop(held);
        assert!(room.keep(8 << 20).is_ok(), "the room is given back");
    }
}
