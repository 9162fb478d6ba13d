//! One Protobuf message → a ping, by the .proto file of its writer.
//!
//! In: a .proto file as text, compiled once into a [`ProtoProgram`]; then the bytes of messages. Out: pings
//! that borrow from the bytes. No message types are generated at build time: the partner's file decides, and
//! only its field numbers and types matter.
//!
//! In proto3 a field without `optional` that is 0 or empty is not written, so a reader cannot tell it from
//! one that was never set. We take what is not there as missing, not as 0. The other way round, a record
//! without a position would silently become one at (0, 0) in 1970. Nothing is lost: a fix that is exactly on
//! the equator or the meridian of Greenwich is not in Japan, a timestamp of 0 is too old, and an empty device
//! id is refused either way. An accuracy of exactly 0 becomes an unknown one. A wrapper such as
//! `google.protobuf.DoubleValue` says that it is set.
//!
//! The nearest rival is prost-reflect, which reads messages of a schema that is known only at run time. It
//! makes a dynamic message of each record, with a map of values, a copy of each text and all unknown fields,
//! from which we would take eight values and throw the rest away; and it does not say at which byte a record
//! cannot be read on.
//!
//! A field number that the mapping does not lead to the contract is passed over and counted, once per
//! occurrence. When a field stands twice, the last one counts, as the format has it: a message may be written
//! in parts; of two speeds, ages or sexes none counts, as in every format. Two fields of the schema for one of the contract
//! are refused when it is compiled.

mod schema;
mod wire;
mod compile;

use kayoi_schemas::ping::Ping;

use self::compile::{Entry, Read};
use self::schema::Files;
use self::wire::{Raw, Scalar};
use super::draft::Draft;
use super::frame::MessagePath;
use super::mapping::Mapping;
use super::schema_error::SchemaError;
use super::value::Value;
use super::value::refusal::Refusal;
use super::value::spelling::Spelling;
use super::wire::{Cursor, Fault};
use crate::rejection::Rejection;

/// Numbers below this are found without a search.
const NEAR: usize = 64;

/// A writer's .proto file, ready to read messages.
#[derive(Debug)]
pub struct ProtoProgram {
    entries: Vec<Entry>,
    /// For each small number, 1 + the index of its entry; 0 for an unknown one.
    near: [u16; NEAR],
    spelling: Spelling,
}

impl ProtoProgram {
    /// Compiles a file for one of its messages, named with or without the package; `None` is the first one.
    ///
    /// # Errors
    /// [`SchemaError`] when the text cannot be read as a .proto file or has no such message.
    pub fn compile(proto_text: &str, message: Option<&str>, mapping: &Mapping) -> Result<Self, SchemaError> {
        Self::compile_with_references(proto_text, &[], message, mapping)
    }

    /// Compiles a file with the texts of those it imports.
    ///
    /// # Errors
    /// As for [`ProtoProgram::compile`].
    pub(crate) fn compile_with_references(
        proto_text: &str,
        references: &[String],
        message: Option<&str>,
        mapping: &Mapping,
    ) -> Result<Self, SchemaError> {
        let files = Files::read(proto_text, references)?;
        let entries = compile::entries(&files.message(message)?, &files.names(), mapping)?;
        let mut near = [0; NEAR];
        for (index, entry) in entries.iter().enumerate() {
            if let (Some(place), Ok(index)) = (near.get_mut(entry.number as usize), u16::try_from(index + 1))
            {
                *place = index;
            }
        }
        Ok(Self { entries, near, spelling: mapping.spelling.clone() })
    }

    /// Decodes one message that fills the bytes.
    ///
    /// # Errors
    /// `malformed`, `invalid_utf8` or `wrong_type`.
    pub fn decode<'a>(&self, body: &'a [u8]) -> Result<Ping<'a>, Rejection> {
        let mut cursor = Cursor::new(body);
        let mut draft = Draft::default();
        match self.walk(&mut cursor, &mut draft) {
            Ok(()) => draft.finish(),
            Err(fault) => Err(fault.rejection(body.len() - cursor.rest().len())),
        }
    }

    fn walk<'a>(&self, cursor: &mut Cursor<'a>, draft: &mut Draft<'a>) -> Result<(), Fault> {
        while let Some((number, raw)) = wire::field(cursor)? {
            match self.entry(number) {
                Some(entry) => entry.read(raw, draft, &self.spelling)?,
                None => draft.ping.unknown_fields += 1,
            }
        }
        Ok(())
    }

    #[inline]
    fn entry(&self, number: u32) -> Option<&Entry> {
        match self.near.get(number as usize) {
            Some(0) => None,
            Some(index) => self.entries.get(usize::from(*index) - 1),
            None => {
                let index = self.entries.binary_search_by_key(&number, |entry| entry.number).ok()?;
                self.entries.get(index)
            }
        }
    }
}

/// The full name of the message that a frame's path leads to.
///
/// # Errors
/// [`SchemaError`] when the text cannot be read as a .proto file or the path leads nowhere.
pub fn message_at(proto_text: &str, path: &MessagePath) -> Result<String, SchemaError> {
    Files::read(proto_text, &[])?.message_at(path.indexes())
}

impl Entry {
    #[inline]
    fn read<'a>(&self, raw: Raw<'a>, draft: &mut Draft<'a>, spelling: &Spelling) -> Result<(), Fault> {
        let raw = if self.is_wrapped { raw.unwrap_value()? } else { Some(raw) };
        let read = match raw {
            Some(raw) => self.put(raw, draft, spelling)?,
            None => None,
        };
        // A message on the way to fields of the contract has no slot, and must be one.
        if read.is_none() && !self.slot.is_lenient() {
            draft.refuse(Refusal::Type(self.slot.name()));
        }
        Ok(())
    }

    /// Goes into a message that has fields of the contract in it. A part of the program may stand in the
    /// record twice; its fields then are those of the last one, as the outermost ones are.
    #[cold]
    fn inside<'a>(
        entries: &[Self],
        bytes: &'a [u8],
        draft: &mut Draft<'a>,
        spelling: &Spelling,
    ) -> Result<(), Fault> {
        let mut cursor = Cursor::new(bytes);
        while let Some((number, raw)) = wire::field(&mut cursor)? {
            match entries.binary_search_by_key(&number, |entry| entry.number) {
                Ok(index) => entries[index].read(raw, draft, spelling)?,
                Err(_) => draft.ping.unknown_fields += 1,
            }
        }
        Ok(())
    }

    /// Puts a value into its place; `None` when it has another type than the schema or the contract says.
    #[inline]
    fn put<'a>(&self, raw: Raw<'a>, draft: &mut Draft<'a>, spelling: &Spelling) -> Result<Option<()>, Fault> {
        Ok(match &self.read {
            Read::Number(scalar) => scalar.value(raw).map(|value| draft.take(self.slot, value, spelling)),
            Read::Text => raw.text().map(|text| draft.take_bytes(self.slot, text, spelling)),
            Read::Timestamp => {
                raw.timestamp()?.map(|instant| draft.take(self.slot, Value::Instant(instant), spelling))
            }
            Read::Boolean => Scalar::Uint64
                .integer(raw)
                .map(|number| draft.take(self.slot, Value::Boolean(number != 0), spelling)),
            Read::SourceNumber(sources) => Scalar::Int32.integer(raw).map(|number| {
                let found = sources.iter().find(|(value, _)| i64::from(*value) == number);
                draft.ping.source = found.map(|(_, source)| *source);
            }),
            Read::WordNumber(words) => Scalar::Int32.integer(raw).map(|number| {
                let word = words.iter().find(|(value, _)| i64::from(*value) == number);
                let value = word.map_or(Value::Other, |(_, word)| Value::Text(word.clone().into()));
                draft.take(self.slot, value, spelling);
            }),
            Read::Message(entries) => match raw {
                Raw::Bytes(bytes) => Some(Self::inside(entries, bytes, draft, spelling)?),
                _ => None,
            },
            Read::Unstored => Some(()),
            Read::Refuse => None,
        })
    }
}

#[cfg(test)]
#[path = "protobuf_tests.rs"]
mod tests;
