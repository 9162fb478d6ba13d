//! A partner's own words and units.
//!
//! In: `theirs=ours` pairs of a configuration. Out: for each field name that a record carries, the contract's
//! name, or that it has none. Decoders ask by name; compiled formats ask once per schema.

use std::collections::HashMap;

use crate::error::IngestError;

/// The partner's names for the contract's fields, and the unit of its timestamps.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    ours: HashMap<String, &'static str>,
    /// How timestamps are written.
    pub timestamp_unit: TimestampUnit,
}

/// How a partner writes timestamps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TimestampUnit {
    /// Milliseconds since the epoch: the contract.
    #[default]
    Milliseconds,
    /// Seconds since the epoch.
    Seconds,
    /// ISO 8601 text; UTC when it names no offset.
    Iso,
}

impl Mapping {
    /// Adds `theirs=ours`.
    ///
    /// # Errors
    /// [`IngestError::UnknownField`] when the contract has no field `ours`.
    pub fn add(&mut self, theirs: &str, ours: &str) -> Result<(), IngestError> {
        let contract = kayoi_schemas::ping::CONTRACT.iter().map(|field| field.name);
        if let Some(known) = contract.clone().find(|name| *name == ours) {
            self.ours.insert(theirs.to_owned(), known);
            return Ok(());
        }
        let nearest = contract.min_by_key(|name| strsim::levenshtein(name, ours));
        let (theirs, ours) = (theirs.to_owned(), ours.to_owned());
        Err(IngestError::UnknownField { theirs, ours, nearest: nearest.unwrap_or_default() })
    }

    /// The contract's name for a partner's field; `None` for one that is not in the contract.
    pub fn field(&self, theirs: &str) -> Option<&'static str> {
        if let Some(ours) = self.ours.get(theirs) {
            return Some(ours);
        }
        let own =
            kayoi_schemas::ping::CONTRACT.iter().map(|field| field.name).find(|name| *name == theirs)?;
        // A field that is mapped from another name is taken from there only.
        (!self.ours.values().any(|mapped| *mapped == own)).then_some(own)
    }
}
