//! Answers as bytes: a table to read, CSV, JSON, Parquet.
//!
//! In: an [`Answer`]. Out: bytes. A suppressed figure is NULL and stays so: empty in CSV, `null` in JSON,
//! absent in Parquet, and 0 nowhere. JSON and Parquet carry the credit and the edition of the boundaries;
//! Parquet files travel, so they also carry the ban on identifying persons, in both languages.

use std::sync::Arc;

use datafusion::arrow::csv;
use datafusion::arrow::json::WriterBuilder;
use datafusion::arrow::json::writer::JsonArray;
use datafusion::arrow::util::pretty::pretty_format_batches_with_schema;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::error::QueryError;
use crate::notice::Notice;
use crate::types::sql_type;

/// The form in which an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendering {
    /// A table of text.
    Table,
    /// CSV with a header.
    Csv,
    /// One JSON object.
    Json,
    /// A Parquet file.
    Parquet,
}

impl std::str::FromStr for Rendering {
    type Err = QueryError;

    fn from_str(name: &str) -> Result<Self, QueryError> {
        match name {
            "table" => Ok(Self::Table),
            "csv" => Ok(Self::Csv),
            "json" => Ok(Self::Json),
            "parquet" => Ok(Self::Parquet),
            other => Err(QueryError::UnknownFormat(other.to_owned())),
        }
    }
}

impl Rendering {
    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Table => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// Writes an answer.
    ///
    /// # Errors
    /// [`QueryError::Render`] when a column has a type that the format does not.
    pub fn write(self, answer: &Answer, notice: &Notice) -> Result<Vec<u8>, QueryError> {
        match self {
            Self::Table => table(answer),
            Self::Csv => csv(answer),
            Self::Json => json(answer, notice),
            Self::Parquet => parquet(answer, notice),
        }
    }
}

fn failed<E: std::error::Error + Send + Sync + 'static>(format: &'static str) -> impl Fn(E) -> QueryError {
    move |error| QueryError::Render { format, source: Box::new(error) }
}

fn table(answer: &Answer) -> Result<Vec<u8>, QueryError> {
    let table = pretty_format_batches_with_schema(Arc::clone(answer.schema()), answer.batches());
    let rows = answer.row_count();
    let unit = if rows == 1 { "row" } else { "rows" };
    Ok(format!("{}\n{rows} {unit}\n", table.map_err(failed("a table"))?).into_bytes())
}

fn csv(answer: &Answer) -> Result<Vec<u8>, QueryError> {
    let mut bytes = Vec::new();
    if answer.row_count() == 0 {
        // The writer puts the header before the first row only.
        let empty = datafusion::arrow::record_batch::RecordBatch::new_empty(Arc::clone(answer.schema()));
        csv::Writer::new(&mut bytes).write(&empty).map_err(failed("CSV"))?;
        return Ok(bytes);
    }
    let mut writer = csv::Writer::new(&mut bytes);
    for batch in answer.batches() {
        writer.write(batch).map_err(failed("CSV"))?;
    }
    drop(writer);
    Ok(bytes)
}

fn json(answer: &Answer, notice: &Notice) -> Result<Vec<u8>, QueryError> {
    let columns: Vec<Value> = (answer.schema().fields().iter())
        .map(|field| json!({ "name": field.name(), "type": sql_type(field.data_type()) }))
        .collect();
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(Vec::new());
    for batch in answer.batches() {
        writer.write(batch).map_err(failed("JSON"))?;
    }
    writer.finish().map_err(failed("JSON"))?;
    let rows = writer.into_inner();
    let tail = json!({
        "row_count": answer.row_count(),
        "credit": notice.credit,
        "boundaries": notice.boundaries,
        "boundaries_are_simplified": notice.boundaries_are_simplified,
    });
    // The rows are bytes already; parsing them again to nest them would double the memory.
    let mut bytes = format!("{{\"columns\":{},\"rows\":", Value::from(columns)).into_bytes();
    bytes.extend_from_slice(if rows.is_empty() { b"[]" } else { &rows });
    bytes.push(b',');
    bytes.extend_from_slice(&tail.to_string().as_bytes()[1..]);
    Ok(bytes)
}

fn parquet(answer: &Answer, notice: &Notice) -> Result<Vec<u8>, QueryError> {
    let entry = |key: &str, value: &str| KeyValue::new(key.to_owned(), value.to_owned());
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(Default::default()))
        .set_key_value_metadata(Some(vec![
            entry("kayoi.credit", &notice.credit),
            entry("kayoi.boundaries", &notice.boundaries),
            entry("kayoi.terms.ja", Notice::TERMS_JA),
            entry("kayoi.terms.en", Notice::TERMS_EN),
        ]))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, Arc::clone(answer.schema()), Some(properties))
        .map_err(failed("Parquet"))?;
    for batch in answer.batches() {
        writer.write(batch).map_err(failed("Parquet"))?;
    }
    writer.close().map_err(failed("Parquet"))?;
    Ok(bytes)
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
