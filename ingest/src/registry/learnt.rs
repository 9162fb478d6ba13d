//! The schemas that a feed's records name, asked for once each.
//!
//! In: records of a topic and a registry. Out: for each chunk a [`Table`] of compiled schemas, made before
//! the chunk is decoded. A registry that does not answer is waited for, and then ends the ingest: its silence
//! says nothing about the records. An id that the registry does not know costs the records that name it,
//! counted as `unknown_schema`, and is asked for again later.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use kayoi_schemas::error_code::ErrorCode;

use super::client::SchemaRegistry;
use super::error::RegistryError;
use crate::format::framed::{KnownSchema, Table, WriterSchema, schema_id};
use crate::format::mapping::Mapping;
use crate::record::Records;

/// How long a registry may be silent.
const PATIENCE: Duration = Duration::from_secs(120);
/// Pause between two questions to a silent registry.
const PAUSE: Duration = Duration::from_secs(1);
/// When an unknown id is asked for again: registries copy themselves with delay.
const ASK_AGAIN: Duration = Duration::from_secs(30);

/// A registry that does not tell a schema, so that nothing can be said about the records that name it.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot learn schema `{schema_id}`\nhint: is the registry running? nothing is lost: reading goes on from here at the next start"
)]
pub struct UnlearntSchema {
    /// The id that the records name.
    schema_id: u32,
    /// Why the registry was given up.
    source: RegistryError,
}

impl UnlearntSchema {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        self.source.code()
    }
}

/// What a feed has learnt of its schemas so far.
#[derive(Debug)]
pub(crate) struct LearntSchemas {
    registry: SchemaRegistry,
    /// Whether a record that does not begin with 0 is JSON, or malformed.
    accepts_json: bool,
    learnt: Mutex<Vec<Learnt>>,
}

#[derive(Debug)]
struct Learnt {
    schema: KnownSchema,
    asked: Instant,
}

impl LearntSchemas {
    /// Schemas of a registry, none learnt yet.
    pub(crate) fn new(registry: SchemaRegistry, accepts_json: bool) -> Self {
        Self { registry, accepts_json, learnt: Mutex::default() }
    }

    /// Learns every schema that the records name.
    ///
    /// # Errors
    /// [`UnlearntSchema`] when the registry does not answer for two minutes.
    pub(crate) fn table(&self, records: &Records, mapping: &Mapping) -> Result<Table, UnlearntSchema> {
        let mut learnt = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        // Neighbours mostly hold the same message of the same schema, which then need not be looked for.
        let mut last = None;
        for index in 0..records.len() {
            let bytes = records.bytes_of(index);
            let Some(id) = schema_id(bytes) else { continue };
            let at = self.learn(&mut learnt, id)?;
            let known = &mut learnt[at].schema;
            let Some(message) = known.message_of(bytes) else { continue };
            if last != Some((id, message)) {
                last = Some((id, message));
                known.meet(message, mapping);
            }
        }
        let schemas = learnt.iter().map(|learnt| learnt.schema.clone());
        Ok(Table::new(self.accepts_json, schemas.collect()))
    }

    /// The index of a schema, which is asked for when it is new, or was unknown a while ago.
    fn learn(&self, learnt: &mut Vec<Learnt>, id: u32) -> Result<usize, UnlearntSchema> {
        let found = learnt.iter().position(|learnt| learnt.schema.id() == id);
        if let Some(at) = found
            && (learnt[at].schema.is_there() || learnt[at].asked.elapsed() < ASK_AGAIN)
        {
            return Ok(at);
        }
        let schema = KnownSchema::new(id, self.ask(id)?);
        let news = Learnt { schema, asked: Instant::now() };
        match found {
            Some(at) => {
                learnt[at] = news;
                Ok(at)
            }
            None => {
                learnt.push(news);
                Ok(learnt.len() - 1)
            }
        }
    }

    fn ask(&self, id: u32) -> Result<Option<WriterSchema>, UnlearntSchema> {
        let since = Instant::now();
        loop {
            match self.registry.schema(id) {
                Ok(schema) => return Ok(schema),
                Err(error) if error.is_transient() && since.elapsed() < PATIENCE => {
                    tracing::warn!(schema_id = id, %error, "the registry does not answer, asking again");
                    std::thread::park_timeout(PAUSE);
                }
                Err(source) => return Err(UnlearntSchema { schema_id: id, source }),
            }
        }
    }
}
