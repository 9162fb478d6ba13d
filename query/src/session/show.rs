//! What SHOW tells. In: settings. Out: their names and values as rows, those of PostgreSQL and no other:
//! what the engine is set to is nobody's to see.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;

use super::{KNOWN, SessionSettings};
use crate::error::QueryError;

/// What a statement wants to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Show {
    /// One setting.
    One(String),
    /// All of them.
    All,
}

impl Show {
    /// The columns of the answer.
    pub(crate) fn columns(&self) -> SchemaRef {
        let text = |name: &str| Field::new(name, DataType::Utf8, false);
        Arc::new(Schema::new(match self {
            Self::One(name) if name == "timezone" => vec![text("TimeZone")],
            Self::One(name) if name == "datestyle" => vec![text("DateStyle")],
            Self::One(name) => vec![text(name)],
            Self::All => vec![text("name"), text("setting"), text("description")],
        }))
    }

    /// Refuses a setting that there is not.
    ///
    /// # Errors
    /// [`QueryError::UnknownSetting`].
    pub(crate) fn check(&self, settings: &SessionSettings) -> Result<(), QueryError> {
        match self {
            Self::One(name) if settings.value(name).is_none() => {
                Err(QueryError::UnknownSetting(name.clone()))
            }
            _ => Ok(()),
        }
    }

    /// The rows of the answer.
    pub(crate) fn rows(&self, settings: &SessionSettings) -> Result<RecordBatch, ArrowError> {
        let value = |name: &str| settings.value(name).unwrap_or_default().to_owned();
        let column = |values: Vec<String>| -> ArrayRef { Arc::new(StringArray::from(values)) };
        let columns = match self {
            Self::One(name) => vec![column(vec![value(name)])],
            Self::All => vec![
                column(KNOWN.iter().map(|known| known.name.to_owned()).collect()),
                column(KNOWN.iter().map(|known| value(known.name)).collect()),
                column(vec![String::new(); KNOWN.len()]),
            ],
        };
        RecordBatch::try_new(self.columns(), columns)
    }
}
