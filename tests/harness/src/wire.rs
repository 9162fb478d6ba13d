//! A client of the Postgres wire with nothing between it and the bytes.
//!
//! In: an address and texts. Out: rows counted, or the SQLSTATE. A real client hides how long each answer
//! took and cannot read one byte a second; psql and drivers are asked elsewhere.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// The longest that any answer may take in a test.
const PATIENCE: Duration = Duration::from_secs(90);

/// A connection that is ready for a question.
#[derive(Debug)]
pub struct Wire {
    stream: TcpStream,
    address: String,
    key: Vec<u8>,
}

/// How a question ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// With this many rows.
    Rows(usize),
    /// With an error.
    Refused {
        /// Its SQLSTATE.
        sqlstate: String,
        /// Its message and hint.
        text: String,
    },
}

impl Wire {
    /// Connects to an address such as `127.0.0.1:5433`.
    ///
    /// # Errors
    /// When nobody listens, or hangs up.
    pub fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut wire = Self { stream, address: address.to_owned(), key: Vec::new() };
        let body = [&196_608_u32.to_be_bytes()[..], b"user\0analyst\0database\0kayoi\0\0"].concat();
        let length = u32::try_from(body.len() + 4).unwrap().to_be_bytes();
        wire.stream.write_all(&[&length[..], &body].concat())?;
        wire.finish()?;
        Ok(wire)
    }

    /// Asks by the simple protocol and reads to the end.
    ///
    /// # Errors
    /// When the server hangs up.
    pub fn ask(&mut self, sql: &str) -> io::Result<End> {
        self.send(sql)?;
        self.finish()
    }

    /// Asks and leaves the answer unread.
    ///
    /// # Errors
    /// When the server hangs up.
    pub fn send(&mut self, sql: &str) -> io::Result<()> {
        let length = u32::try_from(sql.len() + 5).unwrap().to_be_bytes();
        self.stream.write_all(&[b"Q", &length[..], sql.as_bytes(), b"\0"].concat())
    }

    /// Asks from another connection that the question of this one be cancelled.
    ///
    /// # Errors
    /// When nobody listens.
    pub fn cancel(&self) -> io::Result<()> {
        let mut other = TcpStream::connect(&self.address)?;
        other.write_all(&[&16_u32.to_be_bytes()[..], &80_877_102_u32.to_be_bytes(), &self.key].concat())
    }

    /// Reads messages until the server is ready for the next question.
    ///
    /// # Errors
    /// When the server hangs up.
    pub fn finish(&mut self) -> io::Result<End> {
        let mut end = End::Rows(0);
        loop {
            let (kind, body) = self.message()?;
            match (kind, &mut end) {
                (b'K', _) => self.key = body,
                (b'D', End::Rows(rows)) => *rows += 1,
                (b'E', _) => end = refused(&body),
                (b'Z', _) => return Ok(end),
                _ => {}
            }
        }
    }

    /// One message: its type, and what follows.
    ///
    /// # Errors
    /// When the server hangs up.
    pub fn message(&mut self) -> io::Result<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let mut body = vec![0; length - 4];
        self.stream.read_exact(&mut body)?;
        Ok((head[0], body))
    }
}

fn refused(body: &[u8]) -> End {
    let (mut sqlstate, mut text) = (String::new(), String::new());
    for field in body.split(|byte| *byte == 0).filter(|field| !field.is_empty()) {
        let words = String::from_utf8_lossy(&field[1..]).into_owned();
        match field[0] {
            b'C' => sqlstate = words,
            b'M' | b'H' => text = format!("{text}{words}\n"),
            _ => {}
        }
    }
    End::Refused { sqlstate, text }
}
