//! A message from Kafka → the id of its schema and the bytes of its record (Confluent's wire format).
//!
//! In: the value of a message: a zero byte, the schema's id in four bytes with the highest first, for
//! Protobuf the path to the message inside the .proto file, then the record. Out: a [`Frame`] that borrows
//! the record. The path is kept in the frame itself, without an allocation per message.

use kayoi_schemas::ping::RejectReason;

use super::wire::{Cursor, Fault};
use crate::rejection::{Detail, Rejection};

/// What language a schema is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SchemaKind {
    /// Apache Avro, as JSON.
    Avro,
    /// Protocol Buffers, as a .proto file.
    Protobuf,
    /// JSON Schema, of records that are JSON.
    Json,
}

/// A message without its envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Id of the writer's schema in the registry.
    pub schema_id: u32,
    /// Which message of the .proto file; the first one for other kinds.
    pub message: MessagePath,
    /// The record, without the envelope.
    pub body: &'a [u8],
}

/// Which message of a .proto file: the index among the messages of the file, then among those nested in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessagePath {
    indexes: [u32; Self::DEEPEST],
    depth: usize,
}

/// The first byte of the format, the only one that is defined.
const MAGIC: u8 = 0;
/// How the detail of a message begins that is not in this format.
const NO_FRAME: &str = "no message in the registry's wire format: ";

impl<'a> Frame<'a> {
    /// Opens a message.
    ///
    /// # Errors
    /// `malformed` when the bytes are not a frame.
    pub fn parse(bytes: &'a [u8], kind: SchemaKind) -> Result<Self, Rejection> {
        let mut cursor = Cursor::new(bytes);
        let envelope = cursor.array().and_then(|[magic, id @ ..]: [u8; 5]| {
            let message = match kind {
                SchemaKind::Protobuf if magic == MAGIC => MessagePath::read(&mut cursor)?,
                _ => MessagePath::FIRST,
            };
            Ok((magic, u32::from_be_bytes(id), message))
        });
        match envelope {
            Ok((MAGIC, schema_id, message)) => Ok(Self { schema_id, message, body: cursor.rest() }),
            Ok(_) => Err(no_frame(Detail::from(NO_FRAME).and("the first byte is not 0"))),
            Err(Fault::Truncated) => {
                Err(no_frame(Detail::from(NO_FRAME).and("it ends after ").count(bytes.len()).and(" bytes")))
            }
            Err(_) => {
                Err(no_frame(Detail::from(NO_FRAME).and("the path to its Protobuf message cannot be read")))
            }
        }
    }
}

#[cold]
fn no_frame(detail: Detail) -> Rejection {
    Rejection::new(RejectReason::Malformed, detail)
}

impl MessagePath {
    /// The first message of the file.
    pub(crate) const FIRST: Self = Self { indexes: [0; Self::DEEPEST], depth: 1 };

    /// Levels of nested messages that are followed.
    const DEEPEST: usize = 8;

    /// The indexes, outermost first; never empty.
    pub(crate) fn indexes(&self) -> &[u32] {
        &self.indexes[..self.depth]
    }

    /// A single 0 is short for the path of one index 0.
    fn read(cursor: &mut Cursor<'_>) -> Result<Self, Fault> {
        let depth = cursor.zigzag()?;
        if depth == 0 {
            return Ok(Self::FIRST);
        }
        let depth = usize::try_from(depth).map_err(|_| Fault::Length)?;
        let mut indexes = [0; Self::DEEPEST];
        for index in indexes.get_mut(..depth).ok_or(Fault::Depth)? {
            *index = u32::try_from(cursor.zigzag()?).map_err(|_| Fault::Integer)?;
        }
        Ok(Self { indexes, depth })
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
