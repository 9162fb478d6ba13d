//! Bytes on their way to a client, compressed where it wants that.
//!
//! In: a reader. Out: a body. A short one is compressed whole, so that its length is known; a long one piece
//! by piece, each when the client has taken the one before, away from the threads that look after sockets.

use std::io::{self, Read};

use axum::body::{Body, Bytes};
use flate2::Compression;
use flate2::read::GzEncoder;
use futures::{Stream, stream};
use zstd::stream::read::Encoder;

/// Bytes that wait for a client at a time.
const PIECE_BYTES: usize = 64 << 10;
/// Answers up to this many bytes are sent as one.
const SHORT_BYTES: u64 = 256 << 10;
/// Fewer bytes fit a packet as they are.
const WORTH_IT_BYTES: u64 = 1_000;
const GZIP_LEVEL: u32 = 4;
const ZSTD_LEVEL: i32 = 3;

/// How bytes are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// Not at all.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

impl Coding {
    /// Its name in a header.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// The same for an answer of this length: a short one stays as it is.
    pub(super) fn for_length(self, length: u64) -> Self {
        if length < WORTH_IT_BYTES { Self::Identity } else { self }
    }

    /// Bytes, compressed.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) fn compressed(self, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        if self == Self::Identity {
            return Ok(bytes);
        }
        let mut compressed = Vec::new();
        self.through(Box::new(io::Cursor::new(bytes)))?.read_to_end(&mut compressed)?;
        Ok(compressed)
    }

    fn through(self, reader: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Identity => reader,
            Self::Gzip => Box::new(GzEncoder::new(reader, Compression::new(GZIP_LEVEL))),
            Self::Zstd => Box::new(Encoder::new(reader, ZSTD_LEVEL)?),
        })
    }
}

/// A body of so many bytes, and its length where that is known.
///
/// # Errors
/// When the bytes cannot be read.
pub(super) async fn body(
    mut reader: Box<dyn Read + Send>,
    length: u64,
    coding: Coding,
) -> io::Result<(Body, Option<u64>)> {
    if length > SHORT_BYTES {
        let known = (coding == Coding::Identity).then_some(length);
        return Ok((Body::from_stream(pieces(coding.through(reader)?)), known));
    }
    let mut whole = move || {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        coding.compressed(bytes)
    };
    let bytes = if coding == Coding::Identity { whole()? } else { apart(whole).await? };
    let length = bytes.len() as u64;
    Ok((Body::from(bytes), Some(length)))
}

/// The bytes of a reader, a piece when the client has taken the one before.
fn pieces(reader: Box<dyn Read + Send>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::try_unfold(reader, async |mut reader| {
        apart(move || {
            let mut piece = vec![0; PIECE_BYTES];
            let mut filled = 0;
            // A compressor gives little at a time.
            while filled < piece.len() {
                match reader.read(&mut piece[filled..])? {
                    0 => break,
                    count => filled += count,
                }
            }
            piece.truncate(filled);
            Ok((filled > 0).then(|| (Bytes::from(piece), reader)))
        })
        .await
    })
}

/// Does work that would hold up a socket.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
