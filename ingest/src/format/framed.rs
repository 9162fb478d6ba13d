//! Records that name their schema: the frame's id decides how each is read.
//!
//! In: a [`Table`] of the schemas that the records of a chunk name, compiled before the chunk is decoded.
//! Out: pings, or why not. Threads look up and never wait: who asks for a schema, and how long, is the
//! business of [`crate::registry`], which makes the table. A schema that is not known, or cannot be used,
//! costs the records that name it and no others.

use std::sync::Arc;

use kayoi_schemas::ping::{Ping, RejectReason};

use super::avro::Program;
use super::frame::{Frame, MessagePath, SchemaKind};
use super::json;
use super::mapping::Mapping;
use super::protobuf::{ProtoProgram, message_at};
use super::schema_error::SchemaError;
use crate::rejection::{Detail, Rejection};

/// A writer's schema with everything that is needed to use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WriterSchema {
    /// The language that it is written in.
    pub(crate) kind: SchemaKind,
    /// The schema itself.
    pub(crate) text: String,
    /// The texts that it refers to, each after those that it needs itself: what `compile_with_references`
    /// takes.
    pub(crate) references: Vec<String>,
}

/// How records of one schema and one of its messages are read.
#[derive(Debug)]
enum SchemaReader {
    Avro(Program),
    Protobuf(ProtoProgram),
    Json,
    Unknown,
    Unusable(SchemaError),
}

/// A schema by its id, with a reader for each of its messages that was met.
#[derive(Debug, Clone)]
pub(crate) struct KnownSchema {
    id: u32,
    kind: SchemaKind,
    /// `None`: there is no schema with this id.
    schema: Option<Arc<WriterSchema>>,
    readers: Vec<(MessagePath, Arc<SchemaReader>)>,
}

/// The schemas that the records of a chunk name.
#[derive(Debug)]
pub(crate) struct Table {
    /// Whether a record that does not begin with 0 is JSON, or malformed.
    accepts_json: bool,
    schemas: Vec<KnownSchema>,
}

impl KnownSchema {
    /// What is known of an id; `None` when there is no schema with this id.
    pub(crate) fn new(id: u32, schema: Option<WriterSchema>) -> Self {
        // Without a schema any kind will do: the frame is read for its id only, and the record is rejected.
        let kind = schema.as_ref().map_or(SchemaKind::Avro, |schema| schema.kind);
        Self { id, kind, schema: schema.map(Arc::new), readers: Vec::new() }
    }

    /// The id that records name it by.
    pub(crate) fn id(&self) -> u32 {
        self.id
    }

    /// Whether there is a schema with this id.
    pub(crate) fn is_there(&self) -> bool {
        self.schema.is_some()
    }

    /// Which message a record of this schema holds; `None` for a frame that cannot be read.
    pub(crate) fn message_of(&self, bytes: &[u8]) -> Option<MessagePath> {
        Frame::parse(bytes, self.kind).ok().map(|frame| frame.message)
    }

    /// Compiles the reader of a message, unless it was met before.
    pub(crate) fn meet(&mut self, message: MessagePath, mapping: &Mapping) {
        if self.readers.iter().all(|(met, _)| *met != message) {
            let reader = SchemaReader::of(self.schema.as_deref(), &message, mapping);
            self.readers.push((message, Arc::new(reader)));
        }
    }
}

impl Table {
    /// A table of the schemas that are known.
    pub(crate) fn new(accepts_json: bool, schemas: Vec<KnownSchema>) -> Self {
        Self { accepts_json, schemas }
    }

    /// Decodes one record.
    ///
    /// # Errors
    /// The decoder's rejection, or `unknown_schema`.
    pub(crate) fn decode<'a>(&self, bytes: &'a [u8], mapping: &Mapping) -> Result<Ping<'a>, Rejection> {
        if self.accepts_json && bytes.first() != Some(&0) {
            return json::decode(bytes, mapping);
        }
        let id = schema_id(bytes).unwrap_or_default();
        let known = self.schemas.iter().find(|known| known.id == id);
        let frame = Frame::parse(bytes, known.map_or(SchemaKind::Avro, |known| known.kind))?;
        let unknown = |detail| Err(Rejection::new(RejectReason::UnknownSchema, detail));
        match known.and_then(|known| known.reader(&frame.message)) {
            Some(SchemaReader::Avro(program)) => program.decode(frame.body),
            Some(SchemaReader::Protobuf(program)) => program.decode(frame.body),
            Some(SchemaReader::Json) => json::decode(frame.body, mapping),
            Some(SchemaReader::Unusable(error)) => {
                unknown(Detail::from("schema ").schema(id).and(" cannot be used: ").and(error.kind()))
            }
            Some(SchemaReader::Unknown) | None => {
                unknown(Detail::from("the registry knows no schema ").schema(id))
            }
        }
    }
}

impl KnownSchema {
    fn reader(&self, message: &MessagePath) -> Option<&SchemaReader> {
        self.readers.iter().find(|(met, _)| met == message).map(|(_, reader)| reader.as_ref())
    }
}

impl SchemaReader {
    fn of(schema: Option<&WriterSchema>, message: &MessagePath, mapping: &Mapping) -> Self {
        let Some(schema) = schema else { return Self::Unknown };
        let compiled = match schema.kind {
            SchemaKind::Json => return Self::Json,
            SchemaKind::Avro => {
                Program::compile_with_references(&schema.text, &schema.references, mapping).map(Self::Avro)
            }
            SchemaKind::Protobuf => message_at(&schema.text, message)
                .and_then(|name| {
                    ProtoProgram::compile_with_references(
                        &schema.text,
                        &schema.references,
                        Some(&name),
                        mapping,
                    )
                })
                .map(Self::Protobuf),
        };
        compiled.unwrap_or_else(Self::Unusable)
    }
}

/// The id in a frame's first five bytes; `None` for bytes that do not begin as a frame does.
pub(crate) fn schema_id(bytes: &[u8]) -> Option<u32> {
    match bytes {
        [0, a, b, c, d, ..] => Some(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => None,
    }
}
