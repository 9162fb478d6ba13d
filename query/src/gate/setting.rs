//! Settings that clients of the Postgres wire read when they connect.
//!
//! In: a parsed statement. Out: a [`Setting`], when it asks for one that this server tells. The values say
//! what is so: a read-only server that answers as PostgreSQL 16 does. Any other `SHOW` goes the way of a
//! query.

use std::sync::Arc;

use datafusion::arrow::array::StringArray;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::sql::sqlparser::ast::Statement;

/// A setting, with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Setting {
    name: &'static str,
    value: &'static str,
}

const SETTINGS: [(&str, &str); 14] = [
    ("application_name", ""),
    ("client_encoding", "UTF8"),
    ("datestyle", "ISO, MDY"),
    ("default_transaction_read_only", "on"),
    ("integer_datetimes", "on"),
    ("is_superuser", "off"),
    ("max_identifier_length", "63"),
    ("search_path", "public"),
    ("server_encoding", "UTF8"),
    ("server_version", "16.6"),
    ("server_version_num", "160006"),
    ("standard_conforming_strings", "on"),
    ("transaction_isolation", "repeatable read"),
    ("transaction_read_only", "on"),
];

impl Setting {
    /// The setting that a statement asks for; `None` when it asks for something else.
    pub(super) fn of(statement: &Statement) -> Option<Self> {
        let Statement::ShowVariable { variable } = statement else { return None };
        let words: Vec<_> = variable.iter().map(|word| word.value.to_lowercase()).collect();
        let asked = match words.join(" ").as_str() {
            "transaction isolation level" => "transaction_isolation".to_owned(),
            other => other.to_owned(),
        };
        let (name, value) = SETTINGS.iter().find(|(known, _)| *known == asked)?;
        Some(Self { name, value })
    }

    /// Its one column.
    pub(crate) fn columns(&self) -> SchemaRef {
        Arc::new(Schema::new(vec![Field::new(self.name, DataType::Utf8, false)]))
    }

    /// Its one row.
    pub(crate) fn row(&self) -> Result<RecordBatch, ArrowError> {
        RecordBatch::try_new(self.columns(), vec![Arc::new(StringArray::from(vec![self.value]))])
    }
}
