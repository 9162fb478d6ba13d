//! Ids of schemas → their texts, from a schema registry (Confluent's REST interface).
//!
//! In: where the registry is. Out: for an id, the [`WriterSchema`] with all it refers to, or `None` when
//! the registry says that it has none. That answer and a registry which does not answer are kept apart: the
//! first costs one record, the second must stop the stream until it answers, or good records would be
//! rejected. It is asked once per id, so the client is a blocking one, without a runtime; keeping what was
//! fetched is left to the caller, as ids never change their meaning.
//!
//! The nearest rival, `schema_registry_converter`, brings reqwest and apache-avro with it and decodes records
//! into values of its own. Of it we would use the question alone, and what tells an unknown id from a silent
//! registry would still be ours to write.
//!
//! Several addresses are asked in turn until one answers. Connections are encrypted with rustls and ring,
//! which the program has anyway, and certificates are checked against those of the system.

use std::collections::HashSet;

use serde::Deserialize;

use super::error::RegistryError;
use super::http::{self, Answer, Http};
use super::options::RegistryOptions;
use crate::format::frame::SchemaKind;
use crate::format::framed::WriterSchema;

/// A client of a registry.
#[derive(Debug)]
pub struct SchemaRegistry {
    http: Http,
}

/// References of a schema, with theirs. Real ones have a handful; a chain without end must not be followed.
const MOST_REFERENCES: usize = 64;

#[derive(Deserialize)]
struct SchemaAnswer {
    schema: String,
    #[serde(rename = "schemaType")]
    kind: Option<String>,
    #[serde(default)]
    references: Vec<Reference>,
}

#[derive(Deserialize)]
struct Reference {
    subject: String,
    version: i64,
}

impl SchemaRegistry {
    /// Prepares a client. Nothing is asked yet.
    ///
    /// # Errors
    /// [`RegistryError::Address`] when an address cannot be used.
    pub(crate) fn new(options: &RegistryOptions) -> Result<Self, RegistryError> {
        Ok(Self { http: Http::new(options)? })
    }

    /// Fetches a schema by its id; `None` when the registry has none with this id.
    ///
    /// # Errors
    /// [`RegistryError`] when no address gives an answer that can be used. It says nothing about the schema.
    pub(crate) fn schema(&self, id: u32) -> Result<Option<WriterSchema>, RegistryError> {
        match self.http.get::<SchemaAnswer>(&format!("/schemas/ids/{id}"))? {
            Answer::Found(answer) => self.with_references(answer).map(Some),
            Answer::NotFound => Ok(None),
        }
    }

    /// Asks whether a registry is there and lets us in. Returns how many subjects it shows.
    ///
    /// # Errors
    /// [`RegistryError`] when no address answers as a registry does.
    pub fn subjects(&self) -> Result<usize, RegistryError> {
        match self.http.get::<Vec<String>>("/subjects")? {
            Answer::Found(subjects) => Ok(subjects.len()),
            Answer::NotFound => Ok(0),
        }
    }

    fn with_references(&self, answer: SchemaAnswer) -> Result<WriterSchema, RegistryError> {
        let kind = match answer.kind.as_deref() {
            // Registries from before there were other kinds do not say it.
            None | Some("AVRO") => SchemaKind::Avro,
            Some("PROTOBUF") => SchemaKind::Protobuf,
            Some("JSON") => SchemaKind::Json,
            Some(other) => return Err(RegistryError::Kind { kind: other.to_owned() }),
        };
        let mut references = Vec::new();
        self.collect(&answer.references, &mut HashSet::new(), &mut references)?;
        Ok(WriterSchema { kind, text: answer.schema, references })
    }

    /// Fetches references depth first, each once.
    fn collect(
        &self,
        references: &[Reference],
        seen: &mut HashSet<(String, i64)>,
        texts: &mut Vec<String>,
    ) -> Result<(), RegistryError> {
        for Reference { subject, version } in references {
            if !seen.insert((subject.clone(), *version)) {
                continue;
            }
            if seen.len() > MOST_REFERENCES {
                return Err(RegistryError::TooManyReferences { limit: MOST_REFERENCES });
            }
            let path = format!("/subjects/{}/versions/{version}", http::escape(subject));
            let Answer::Found(answer) = self.http.get::<SchemaAnswer>(&path)? else {
                return Err(RegistryError::NoReference { subject: subject.clone(), version: *version });
            };
            self.collect(&answer.references, seen, texts)?;
            texts.push(answer.schema);
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
