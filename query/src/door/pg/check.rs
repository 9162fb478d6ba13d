//! Whether the bytes of a client are messages of the Postgres protocol, version 3.
//!
//! In: bytes as they came. Out: the length of the first whole message, `None` while it is not there yet, or
//! why it is none. Each length, count and text is held against the bytes that there are, before a decoder
//! trusts them: that of pgwire 0.41 takes counts as they come and panics. A refusal is made of static words.

/// Bytes of the largest message.
pub(super) const LARGEST_MESSAGE: usize = 8 << 20;
/// Bytes of the largest message that carries no statement and no value.
const LARGEST_SMALL_MESSAGE: usize = 10_000;
/// Bytes of the largest packet before a connection has started.
pub(super) const LARGEST_START: usize = 10_000;

const SSL_REQUEST: u32 = 80_877_103;
const GSS_REQUEST: u32 = 80_877_104;
const CANCEL_REQUEST: u32 = 80_877_102;
/// Bytes of a cancel request: that of protocol 3.0, and with the longest key of protocol 3.2.
const CANCEL_BYTES: std::ops::RangeInclusive<usize> = 16..=12 + 256;

/// Why bytes are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Malformed {
    /// What is wrong.
    pub(super) message: &'static str,
    /// Its SQLSTATE.
    pub(super) sqlstate: &'static str,
}

const fn malformed(message: &'static str) -> Malformed {
    Malformed { message, sqlstate: "08P01" }
}

/// A client that asks for encryption again and again.
pub(super) const TOO_MANY_REQUESTS: Malformed = malformed("encryption was refused already");
/// A message that was let through and could not be decoded.
pub(super) const UNREADABLE: Malformed = malformed("the message cannot be read");

/// A large message, when others have come before it.
pub(super) const NO_ROOM: Malformed =
    Malformed { message: "the server has no room for a message of this size now", sqlstate: "53200" };

/// What a connection begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// A wish for encryption, of this many bytes, by TLS or by something else.
    Encryption {
        /// Whether it is TLS.
        is_tls: bool,
        /// Bytes of the packet.
        length: usize,
    },
    /// A wish that another connection's query end.
    Cancel {
        /// The number of the connection.
        pid: i32,
        /// Bytes of the packet; the key begins at the twelfth.
        length: usize,
    },
    /// A start-up packet of this many bytes.
    Startup(usize),
}

/// The first packet of a connection.
pub(super) fn opening(bytes: &[u8]) -> Result<Option<Opening>, Malformed> {
    let mut head = Body(bytes);
    let Ok(length) = head.number() else { return Ok(None) };
    let length = length as usize;
    if !(8..=LARGEST_START).contains(&length) {
        return Err(malformed("the length of the start-up packet is not between 8 and 10000"));
    }
    let Ok(code) = head.number() else { return Ok(None) };
    match code {
        SSL_REQUEST | GSS_REQUEST if length != 8 => {
            return Err(malformed("a request for encryption has 8 bytes"));
        }
        CANCEL_REQUEST if !CANCEL_BYTES.contains(&length) => {
            return Err(malformed("the length of the cancel request is wrong"));
        }
        SSL_REQUEST | GSS_REQUEST | CANCEL_REQUEST => {}
        version if version >> 16 == 3 => {}
        _ => {
            return Err(Malformed {
                message: "the protocol of the client is not version 3",
                sqlstate: "0A000",
            });
        }
    }
    let Some(packet) = bytes.get(..length) else { return Ok(None) };
    let mut body = Body(&packet[8..]);
    Ok(Some(match code {
        SSL_REQUEST | GSS_REQUEST => Opening::Encryption { is_tls: code == SSL_REQUEST, length },
        CANCEL_REQUEST => Opening::Cancel { pid: body.number()? as i32, length },
        _ => {
            body.settings()?;
            Opening::Startup(length)
        }
    }))
}

/// The bytes that a message will have, as far as its head says.
pub(super) fn announced(bytes: &[u8]) -> usize {
    let length = bytes.get(1..).and_then(|rest| Body(rest).number().ok());
    length.map_or(0, |length| length as usize + 1).min(LARGEST_MESSAGE)
}

/// A message of a connection that has started.
pub(super) fn message(bytes: &[u8]) -> Result<Option<usize>, Malformed> {
    let Some(&kind) = bytes.first() else { return Ok(None) };
    let largest = match kind {
        b'Q' | b'P' | b'B' | b'd' => LARGEST_MESSAGE,
        b'D' | b'C' | b'E' | b'H' | b'S' | b'X' | b'c' | b'f' | b'p' => LARGEST_SMALL_MESSAGE,
        _ => return Err(malformed("there is no message of this type")),
    };
    let Ok(length) = Body(&bytes[1..]).number() else { return Ok(None) };
    let length = length as usize;
    if length < 4 {
        return Err(malformed("the length of the message is less than 4"));
    }
    if length > largest {
        return Err(malformed("the message is longer than a message of its type may be"));
    }
    let Some(body) = bytes.get(5..=length) else { return Ok(None) };
    Body(body).of_kind(kind)?;
    Ok(Some(length + 1))
}

/// What is left of a message.
struct Body<'b>(&'b [u8]);

const CUT: Malformed = malformed("the message is shorter than what it says it holds");

impl<'b> Body<'b> {
    fn of_kind(mut self, kind: u8) -> Result<(), Malformed> {
        match kind {
            b'Q' | b'f' => self.text()?,
            b'P' => {
                self.text()?;
                self.text()?;
                let types = self.count()?;
                self.take(4 * types)?;
            }
            b'B' => {
                self.text()?;
                self.text()?;
                self.formats()?;
                for _ in 0..self.count()? {
                    self.value()?;
                }
                self.formats()?;
            }
            b'D' | b'C' => {
                if !matches!(self.take(1)?, b"S" | b"P") {
                    return Err(malformed("only statements and portals can be described and closed"));
                }
                self.text()?;
            }
            b'E' => {
                self.text()?;
                self.take(4)?;
            }
            // What a client signs in with is looked at by who checks it.
            b'd' | b'p' => return Ok(()),
            _ => {}
        }
        if self.0.is_empty() { Ok(()) } else { Err(malformed("the message is longer than what it holds")) }
    }

    fn take(&mut self, count: usize) -> Result<&'b [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(CUT)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, Malformed> {
        let bytes = self.take(4)?;
        Ok(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }

    fn count(&mut self) -> Result<usize, Malformed> {
        let bytes = self.take(2)?;
        Ok(bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    fn formats(&mut self) -> Result<(), Malformed> {
        let count = self.count()?;
        let known = |format: &[u8]| matches!(format, [0, 0 | 1]);
        match self.take(2 * count)?.chunks(2).all(known) {
            true => Ok(()),
            false => Err(malformed("a format is neither 0, text, nor 1, binary")),
        }
    }

    fn value(&mut self) -> Result<(), Malformed> {
        match self.number()? {
            // NULL is -1, and no other length is negative.
            u32::MAX => Ok(()),
            length => self.take(length as usize).map(drop),
        }
    }

    /// A text, up to its NUL.
    fn text(&mut self) -> Result<(), Malformed> {
        let end = self.0.iter().position(|byte| *byte == 0);
        let end = end.ok_or_else(|| malformed("a text has no end"))?;
        let text = self.take(end)?;
        self.take(1)?;
        match std::str::from_utf8(text) {
            Ok(_) => Ok(()),
            Err(_) => Err(Malformed { message: "a text is not UTF-8", sqlstate: "22021" }),
        }
    }

    /// Names and values, up to an empty name, with which the packet ends.
    fn settings(mut self) -> Result<(), Malformed> {
        while self.0.first().ok_or(CUT)? != &0 {
            self.text()?;
            self.text()?;
        }
        match self.0 {
            [0] => Ok(()),
            _ => Err(malformed("the start-up packet is longer than what it holds")),
        }
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
