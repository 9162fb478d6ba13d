//! Records that name their schema: the frame's id decides how each is read.
//!
//! In: records of a topic and a registry. Out: for each chunk a table of compiled schemas, made before the chunk
//! is decoded, so that threads look up and never wait. A schema is asked for once. A registry that does not
//! answer is waited for, and then ends the ingest: its silence says nothing about the records. An id that the
//! registry does not know costs the records that name it, counted as `unknown_schema`, and is asked for again
//! later.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kayoi_schemas::ping::{Ping, RejectReason};

use super::avro::Program;
use super::frame::{Frame, MessagePath, SchemaKind};
use super::protobuf::{ProtoProgram, message_at};
use super::{Rejection, SchemaError, json};
use crate::error::IngestError;
use crate::registry::{RegisteredSchema, SchemaRegistry};
use crate::source::{Mapping, Records};

/// How long a registry may be silent.
const PATIENCE: Duration = Duration::from_secs(120);
/// Pause between two questions to a silent registry.
const PAUSE: Duration = Duration::from_secs(1);
/// When an unknown id is asked for again: registries copy themselves with delay.
const ASK_AGAIN: Duration = Duration::from_secs(30);

/// A feed's schemas.
#[derive(Debug)]
pub struct Schemas {
    registry: SchemaRegistry,
    /// Whether a record that does not begin with 0 is JSON, or malformed.
    accepts_json: bool,
    known: Mutex<Vec<Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    id: u32,
    schema: Option<Arc<RegisteredSchema>>,
    asked: Instant,
    readers: Vec<(MessagePath, Arc<Reader>)>,
}

/// How records of one schema are read.
#[derive(Debug)]
enum Reader {
    Avro(Program),
    Protobuf(ProtoProgram),
    Json,
    Unknown,
    Unusable(SchemaError),
}

/// The readers of a schema, by the message they read.
type Readers = Vec<(MessagePath, Arc<Reader>)>;

/// The schemas that a chunk names.
#[derive(Debug)]
pub struct Table {
    accepts_json: bool,
    rows: Vec<(u32, SchemaKind, Readers)>,
}

impl Schemas {
    /// Schemas of a registry, none known yet.
    pub fn new(registry: SchemaRegistry, accepts_json: bool) -> Self {
        Self { registry, accepts_json, known: Mutex::default() }
    }

    /// Learns every schema that the records name.
    ///
    /// # Errors
    /// [`IngestError::Registry`] when the registry does not answer for two minutes.
    pub(super) fn table(&self, records: &Records, mapping: &Mapping) -> Result<Table, IngestError> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut last = None;
        for index in 0..records.records.len() {
            let bytes = records.bytes_of(index);
            let Some(id) = id_of(bytes) else { continue };
            let at = self.known_index(&mut known, id)?;
            let entry = &mut known[at];
            let kind = entry.schema.as_ref().map_or(SchemaKind::Avro, |schema| schema.kind);
            let Ok(frame) = Frame::parse(bytes, kind) else { continue };
            if last == Some((id, frame.message)) {
                continue;
            }
            last = Some((id, frame.message));
            if entry.readers.iter().all(|(message, _)| *message != frame.message) {
                let reader = reader(entry.schema.as_deref(), &frame.message, mapping);
                entry.readers.push((frame.message, Arc::new(reader)));
            }
        }
        let row = |known: &Known| {
            let kind = known.schema.as_ref().map_or(SchemaKind::Avro, |schema| schema.kind);
            (known.id, kind, known.readers.clone())
        };
        Ok(Table { accepts_json: self.accepts_json, rows: known.iter().map(row).collect() })
    }

    fn known_index(&self, known: &mut Vec<Known>, id: u32) -> Result<usize, IngestError> {
        let found = known.iter().position(|known| known.id == id);
        if let Some(at) = found
            && (known[at].schema.is_some() || known[at].asked.elapsed() < ASK_AGAIN)
        {
            return Ok(at);
        }
        let schema = self.ask(id)?.map(Arc::new);
        let entry = Known { id, schema, asked: Instant::now(), readers: Vec::new() };
        match found {
            Some(at) => {
                known[at] = entry;
                Ok(at)
            }
            None => {
                known.push(entry);
                Ok(known.len() - 1)
            }
        }
    }

    fn ask(&self, id: u32) -> Result<Option<RegisteredSchema>, IngestError> {
        let since = Instant::now();
        loop {
            match self.registry.schema(id) {
                Ok(schema) => return Ok(schema),
                Err(error) if error.is_transient() && since.elapsed() < PATIENCE => {
                    tracing::warn!(schema_id = id, %error, "the registry does not answer, asking again");
                    std::thread::park_timeout(PAUSE);
                }
                Err(source) => return Err(IngestError::Registry { schema_id: id, source }),
            }
        }
    }
}

impl Table {
    /// Decodes one record.
    ///
    /// # Errors
    /// The decoder's rejection, or `unknown_schema`.
    pub(super) fn decode<'a>(&self, bytes: &'a [u8], mapping: &Mapping) -> Result<Ping<'a>, Rejection> {
        if self.accepts_json && bytes.first() != Some(&0) {
            return json::decode(bytes, mapping);
        }
        let id = id_of(bytes).unwrap_or_default();
        let row = self.rows.iter().find(|(known, ..)| *known == id);
        let kind = row.map_or(SchemaKind::Avro, |(_, kind, _)| *kind);
        let frame = Frame::parse(bytes, kind)?;
        let reader = row.and_then(|(.., readers)| {
            readers.iter().find(|(message, _)| *message == frame.message).map(|(_, reader)| reader.as_ref())
        });
        match reader {
            Some(Reader::Avro(program)) => program.decode(frame.body),
            Some(Reader::Protobuf(program)) => program.decode(frame.body),
            Some(Reader::Json) => json::decode(frame.body, mapping),
            Some(Reader::Unusable(error)) => {
                Err((RejectReason::UnknownSchema, format!("schema `{id}` cannot be used: {error}")))
            }
            Some(Reader::Unknown) | None => {
                Err((RejectReason::UnknownSchema, format!("the registry knows no schema `{id}`")))
            }
        }
    }
}

/// The id in a frame's first five bytes.
fn id_of(bytes: &[u8]) -> Option<u32> {
    match bytes {
        [0, a, b, c, d, ..] => Some(u32::from_be_bytes([*a, *b, *c, *d])),
        _ => None,
    }
}

fn reader(schema: Option<&RegisteredSchema>, message: &MessagePath, mapping: &Mapping) -> Reader {
    let Some(schema) = schema else { return Reader::Unknown };
    let compiled = match schema.kind {
        SchemaKind::Json => return Reader::Json,
        SchemaKind::Avro => {
            Program::compile_with_references(&schema.text, &schema.references, mapping).map(Reader::Avro)
        }
        SchemaKind::Protobuf => message_at(&schema.text, message)
            .and_then(|name| {
                ProtoProgram::compile_with_references(&schema.text, &schema.references, Some(&name), mapping)
            })
            .map(Reader::Protobuf),
    };
    compiled.unwrap_or_else(Reader::Unusable)
}
