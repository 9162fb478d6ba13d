//! One Avro record → a ping, by the schema of its writer.
//!
//! In: a schema as JSON, compiled once into a [`Program`]; then the bytes of records. Out: pings that borrow
//! from the bytes.
//!
//! The nearest rival is `serde_avro_fast`, which also reads one record at a time and borrows its texts. Its
//! error ends the walk where it occurs: a field of a wrong type would take with it where the next record of a
//! file begins, and with that the rest of the block. Here a field is refused and the record walked to its
//! end. Arrow's decoder fills columns: a truncated record leaves them unequal, so that one bad record costs
//! the batch, and every text is copied into a column from which we would read it once.
//!
//! The writer's schema rules. A contract field that it lacks is `None`; fields beyond the contract are passed
//! over and counted; null may stand anywhere in a union. A type that the contract does not allow is not an error of the schema; it refuses each record that
//! has it, as in JSON: another branch of the same union may be right. A logical type (`timestamp-millis`,
//! `-micros`, `-nanos`) is stronger than the mapping's unit; it is rounded down to milliseconds, so that an
//! instant keeps its order and its day. A local one (`local-timestamp-millis`) needs the partner's zone, and
//! without one the schema is refused.

mod schema;
mod skip;
mod compile;
pub(super) mod records;
pub mod container;

use std::borrow::Cow;

use kayoi_schemas::ping::Ping;

use self::compile::{Read, Step, ValueType};
use self::schema::Types;
use super::draft::Draft;
use super::mapping::Mapping;
use super::schema_error::SchemaError;
use super::slot::Slot;
use super::value::Value;
use super::value::refusal::Refusal;
use super::value::spelling::Spelling;
use super::wire::{Cursor, Fault};
use crate::rejection::Rejection;

/// A writer's schema, ready to read records.
#[derive(Debug)]
pub struct Program {
    steps: Vec<Step>,
    types: Types,
    spelling: Spelling,
    unknown_fields: u32,
}

impl Program {
    /// Compiles a schema that refers to no other.
    ///
    /// # Errors
    /// [`SchemaError`] when the text cannot be read as an Avro schema of a record.
    pub fn compile(schema: &str, mapping: &Mapping) -> Result<Self, SchemaError> {
        Self::compile_with_references(schema, &[], mapping)
    }

    /// Compiles a schema with the texts of those it refers to, each after those that it needs itself.
    ///
    /// # Errors
    /// [`SchemaError`] when a text cannot be read as an Avro schema, or the last one is not of a record.
    pub(crate) fn compile_with_references(
        schema: &str,
        references: &[String],
        mapping: &Mapping,
    ) -> Result<Self, SchemaError> {
        let (types, root) = Types::read(schema, references)?;
        let (steps, unknown_fields) = compile::steps(&types, root, mapping)?;
        Ok(Self { steps, types, spelling: mapping.spelling.clone(), unknown_fields })
    }

    /// Decodes one record that fills the bytes.
    ///
    /// # Errors
    /// `malformed` (also for bytes after the record), `invalid_utf8` or `wrong_type`.
    pub fn decode<'a>(&self, body: &'a [u8]) -> Result<Ping<'a>, Rejection> {
        let mut cursor = Cursor::new(body);
        let mut draft = Draft::default();
        let walked = self.walk(&mut cursor, &mut draft);
        match walked {
            Ok(()) if cursor.rest().is_empty() => draft.finish(),
            Ok(()) => Err(Fault::Trailing.rejection(body.len() - cursor.rest().len())),
            Err(fault) => Err(fault.rejection(body.len() - cursor.rest().len())),
        }
    }

    /// Decodes the record at the start of the bytes. Returns its length too.
    ///
    /// # Errors
    /// As for [`Program::decode`], but bytes may follow.
    pub fn decode_prefix<'a>(&self, bytes: &'a [u8]) -> Result<(Ping<'a>, usize), Rejection> {
        let mut cursor = Cursor::new(bytes);
        let mut draft = Draft::default();
        let walked = self.walk(&mut cursor, &mut draft);
        let length = bytes.len() - cursor.rest().len();
        match walked {
            Ok(()) => draft.finish().map(|ping| (ping, length)),
            Err(fault) => Err(fault.rejection(length)),
        }
    }

    #[inline]
    fn walk<'a>(&self, cursor: &mut Cursor<'a>, draft: &mut Draft<'a>) -> Result<(), Fault> {
        draft.ping.unknown_fields = self.unknown_fields;
        self.steps(&self.steps, cursor, draft)
    }

    #[inline]
    fn steps<'a>(&self, steps: &[Step], cursor: &mut Cursor<'a>, draft: &mut Draft<'a>) -> Result<(), Fault> {
        for step in steps {
            let read = match step {
                Step::Read(read) => Some(read),
                Step::ReadNullable { null_branch, read } => match cursor.zigzag()? {
                    branch if branch == *null_branch => None,
                    0 | 1 => Some(read),
                    _ => return Err(Fault::Branch),
                },
                Step::ReadUnion(branches) => {
                    branches[skip::choice(cursor, branches.len(), Fault::Branch)?].as_ref()
                }
                Step::Skip(kind) => {
                    skip::skip(&self.types, *kind, cursor, 0)?;
                    None
                }
                nested => {
                    self.nested(nested, cursor, draft)?;
                    None
                }
            };
            if let Some(read) = read {
                self.read(read, cursor, draft)?;
            }
        }
        Ok(())
    }

    /// Goes into a value that has fields of the contract in it. Steps are as deep as the mapping, so that a
    /// record cannot make this deep.
    #[cold]
    fn nested<'a>(&self, step: &Step, cursor: &mut Cursor<'a>, draft: &mut Draft<'a>) -> Result<(), Fault> {
        match step {
            Step::Within(steps) => self.steps(steps, cursor, draft),
            Step::Branches(steps) => {
                let branch = skip::choice(cursor, steps.len(), Fault::Branch)?;
                self.steps(&steps[branch..=branch], cursor, draft)
            }
            Step::Items(wanted, kind) => {
                let mut index = 0;
                skip::blocks(cursor, false, |cursor| {
                    let step = wanted.iter().find(|(at, _)| *at == index).map(|(_, step)| step);
                    index += 1;
                    match step {
                        Some(step) => self.steps(std::slice::from_ref(step), cursor, draft),
                        None => skip::skip(&self.types, *kind, cursor, 0),
                    }
                })
            }
            step => self.steps(std::slice::from_ref(step), cursor, draft),
        }
    }

    #[inline]
    fn read<'a>(&self, read: &Read, cursor: &mut Cursor<'a>, draft: &mut Draft<'a>) -> Result<(), Fault> {
        match read {
            Read::Value(slot, kind) => self.value(*slot, *kind, cursor, draft)?,
            Read::SourceSymbol(sources) => {
                draft.ping.source = sources[skip::choice(cursor, sources.len(), Fault::Symbol)?];
            }
            Read::Symbol(slot, symbols) => {
                let symbol = &symbols[skip::choice(cursor, symbols.len(), Fault::Symbol)?];
                draft.take(*slot, Value::Text(Cow::Owned(symbol.clone())), &self.spelling);
            }
            Read::Refuse(slot, kind) => {
                skip::skip(&self.types, *kind, cursor, 0)?;
                draft.refuse_value(*slot, Refusal::Type(slot.name()));
            }
        }
        Ok(())
    }

    /// Each kind of value goes straight into the draft: one that is returned first is put together in memory, and
    /// waited for.
    #[inline]
    fn value<'a>(
        &self,
        slot: Slot,
        kind: ValueType,
        cursor: &mut Cursor<'a>,
        draft: &mut Draft<'a>,
    ) -> Result<(), Fault> {
        let spelling = &self.spelling;
        match kind {
            ValueType::Double => draft.take(slot, Value::Float(cursor.double()?), spelling),
            ValueType::Float => draft.take(slot, Value::Single(cursor.single()?), spelling),
            ValueType::Long => draft.take(slot, Value::Integer(cursor.zigzag()?), spelling),
            ValueType::Int => {
                let number = i32::try_from(cursor.zigzag()?).map_err(|_| Fault::Integer)?;
                draft.take(slot, Value::Integer(i64::from(number)), spelling);
            }
            ValueType::Boolean => draft.take(slot, Value::Boolean(cursor.take(1)? != [0]), spelling),
            ValueType::Time(logical) => {
                let made = if logical.is_local { Value::Local } else { Value::Instant };
                let time = logical.scale.of_integer(cursor.zigzag()?).map_or(Value::Other, made);
                draft.take(slot, time, spelling);
            }
            ValueType::Text => draft.take_bytes(slot, skip::bytes(cursor)?, spelling),
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "avro_tests.rs"]
mod tests;
#[cfg(test)]
#[path = "evolution_tests.rs"]
mod evolution_tests;
