//! A message between two processes: a head of JSON and a body of bytes, each after its length.
//!
//! In and out: bytes of a socket. The server's side is asynchronous and the worker's is not, so that each
//! half is here twice; both sides are the same program, so that nothing is versioned.

use std::io::{self, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

/// Most bytes of a head or a body: texts, values and small answers are far below it.
const MOST_BYTES: u64 = 64 << 20;

fn lengths(head: &[u8], body: &[u8]) -> [u8; 16] {
    let mut lengths = [0; 16];
    lengths[..8].copy_from_slice(&(head.len() as u64).to_le_bytes());
    lengths[8..].copy_from_slice(&(body.len() as u64).to_le_bytes());
    lengths
}

fn read_lengths(bytes: [u8; 16]) -> io::Result<(usize, usize)> {
    let [head, body] = [0, 8].map(|from| {
        let mut one = [0; 8];
        one.copy_from_slice(&bytes[from..from + 8]);
        u64::from_le_bytes(one)
    });
    if head > MOST_BYTES || body > MOST_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a message of another program"));
    }
    Ok((head as usize, body as usize))
}

/// Sends a message.
pub(super) async fn send(socket: &mut UnixStream, head: &impl Serialize, body: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    socket.write_all(&lengths(&head, body)).await?;
    socket.write_all(&head).await?;
    socket.write_all(body).await
}

/// Waits for a message.
pub(super) async fn receive<T: DeserializeOwned>(socket: &mut UnixStream) -> io::Result<(T, Vec<u8>)> {
    let mut bytes = [0; 16];
    socket.read_exact(&mut bytes).await?;
    let (head, body) = read_lengths(bytes)?;
    let (mut head, mut body) = (vec![0; head], vec![0; body]);
    socket.read_exact(&mut head).await?;
    socket.read_exact(&mut body).await?;
    Ok((serde_json::from_slice(&head)?, body))
}

/// As [`send`], in a worker.
pub(super) fn write(socket: &mut impl Write, head: &impl Serialize, body: &[u8]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    socket.write_all(&lengths(&head, body))?;
    socket.write_all(&head)?;
    socket.write_all(body)
}

/// As [`receive`], in a worker; `None` when the server has gone.
pub(super) fn read<T: DeserializeOwned>(socket: &mut impl Read) -> io::Result<Option<(T, Vec<u8>)>> {
    let mut bytes = [0; 16];
    match socket.read_exact(&mut bytes) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let (head, body) = read_lengths(bytes)?;
    let (mut head, mut body) = (vec![0; head], vec![0; body]);
    socket.read_exact(&mut head)?;
    socket.read_exact(&mut body)?;
    Ok(Some((serde_json::from_slice(&head)?, body)))
}
