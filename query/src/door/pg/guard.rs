//! A socket that lets whole and well-formed messages through, and nothing else.
//!
//! In: bytes of a client that has started. Out: the same bytes, a message at a time, each [checked](check)
//! before a decoder sees its first byte; the first that is none is an error, and everything after it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::check::{self, Malformed};

/// Bytes that are read at a time. What a message claims to be is not reserved before it is there.
const PIECE_BYTES: usize = 8 << 10;

pub(super) struct Guarded<S> {
    stream: S,
    read: BytesMut,
    /// Bytes at the front of `read` that have been checked.
    checked: usize,
    refused: Option<Malformed>,
}

impl<S> Guarded<S> {
    /// A socket of which some bytes have been read, the first of them checked.
    pub(super) fn new(stream: S, read: BytesMut, checked: usize) -> Self {
        Self { stream, read, checked, refused: None }
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
