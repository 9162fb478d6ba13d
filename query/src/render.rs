//! Answers as bytes: a table to read, CSV, CSV for Excel, JSON, Parquet.
//!
//! In: the rows of an answer, as they come. Out: bytes. A hidden figure is NULL and stays so: empty in CSV, `null` in JSON,
//! absent in Parquet, and 0 nowhere. JSON and Parquet carry the credit and the edition of the boundaries;
//! Parquet files travel, so they also carry the ban on identifying persons, in both languages.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::csv;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::json::writer::JsonArray;
use datafusion::arrow::json::{self, WriterBuilder};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::arrow::util::pretty::pretty_format_batches_with_schema;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::QueryError;
use crate::excel;
use crate::notice::Notice;
use crate::types::sql_type;

/// Rows of a row group. Until one is full its columns are in memory.
const ROW_GROUP_ROWS: usize = 64 << 10;

/// The form in which an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rendering {
    /// A table of text.
    Table,
    /// CSV with a header.
    Csv,
    /// CSV that Excel shows as it was.
    CsvExcel,
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
            "csv-excel" => Ok(Self::CsvExcel),
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
            Self::Csv | Self::CsvExcel => "text/csv; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// The name under which a browser saves it, for a form that is made to be opened from a file.
    pub fn file_name(self) -> Option<&'static str> {
        match self {
            Self::CsvExcel => Some("kayoi.csv"),
            Self::Table | Self::Csv | Self::Json | Self::Parquet => None,
        }
    }

    /// Begins to write rows to `sink`.
    ///
    /// # Errors
    /// [`QueryError::Render`] when a column has a type that the format does not.
    pub(crate) fn begin<W: Write + Send>(
        self,
        schema: SchemaRef,
        notice: Notice,
        sink: W,
    ) -> Result<RowWriter<W>, QueryError> {
        let form = match self {
            Self::Table => Form::Table { batches: Vec::new(), sink },
            Self::Csv => Form::Csv(Box::new(csv::Writer::new(sink))),
            Self::CsvExcel => Form::csv_excel(&schema, sink)?,
            Self::Json => Form::json(&schema, sink)?,
            Self::Parquet => Form::parquet(&schema, &notice, sink)?,
        };
        Ok(RowWriter { form, rows: 0, schema, notice })
    }
}

/// Writes the rows of an answer as they come.
pub(crate) struct RowWriter<W: Write + Send> {
    form: Form<W>,
    rows: usize,
    schema: SchemaRef,
    notice: Notice,
}

enum Form<W: Write + Send> {
    /// Columns are as wide as their widest value, so that all rows have to be there.
    Table {
        batches: Vec<RecordBatch>,
        sink: W,
    },
    Csv(Box<csv::Writer<W>>),
    /// With the columns as they stand in the file.
    CsvExcel(Box<csv::Writer<W>>, SchemaRef),
    Json(Box<json::Writer<W, JsonArray>>),
    Parquet(Box<ArrowWriter<W>>),
}

fn failed<E: std::error::Error + Send + Sync + 'static>(format: &'static str) -> impl Fn(E) -> QueryError {
    move |error| QueryError::Render { format, source: Box::new(error) }
}

impl<W: Write + Send> Form<W> {
    fn csv_excel(schema: &SchemaRef, mut sink: W) -> Result<Self, QueryError> {
        sink.write_all(excel::BYTE_ORDER_MARK).map_err(failed("CSV"))?;
        Ok(Self::CsvExcel(Box::new(excel::form().build(sink)), excel::columns(schema)))
    }

    fn json(schema: &SchemaRef, mut sink: W) -> Result<Self, QueryError> {
        let columns: Vec<Value> = (schema.fields().iter())
            .map(|field| json!({ "name": field.name(), "type": sql_type(field.data_type()) }))
            .collect();
        write!(sink, "{{\"columns\":{},\"rows\":", Value::from(columns)).map_err(failed("JSON"))?;
        Ok(Self::Json(Box::new(WriterBuilder::new().with_explicit_nulls(true).build(sink))))
    }

    fn parquet(schema: &SchemaRef, notice: &Notice, sink: W) -> Result<Self, QueryError> {
        let entry = |key: &str, value: &str| KeyValue::new(key.to_owned(), value.to_owned());
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(Default::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .set_key_value_metadata(Some(vec![
                entry("kayoi.credit", &notice.credit),
                entry("kayoi.boundaries", &notice.boundaries),
                entry("kayoi.terms.ja", Notice::TERMS_JA),
                entry("kayoi.terms.en", Notice::TERMS_EN),
            ]))
            .build();
        let writer = ArrowWriter::try_new(sink, Arc::clone(schema), Some(properties));
        Ok(Self::Parquet(Box::new(writer.map_err(failed("Parquet"))?)))
    }
}

impl<W: Write + Send> RowWriter<W> {
    /// Writes some rows.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        self.rows += batch.num_rows();
        match &mut self.form {
            Form::Table { batches, .. } => batches.push(batch.clone()),
            Form::Csv(writer) => writer.write(batch).map_err(failed("CSV"))?,
            Form::CsvExcel(writer, columns) => {
                let rows = excel::rows(columns, batch).map_err(failed("CSV"))?;
                writer.write(&rows).map_err(failed("CSV"))?;
            }
            Form::Json(writer) => writer.write(batch).map_err(failed("JSON"))?,
            Form::Parquet(writer) => writer.write(batch).map_err(failed("Parquet"))?,
        }
        Ok(())
    }

    /// Writes what comes after the last row, and gives the sink back.
    pub(crate) fn finish(self) -> Result<W, QueryError> {
        let Self { form, rows, schema, notice } = self;
        match form {
            Form::Table { batches, mut sink } => {
                let table = pretty_format_batches_with_schema(schema, &batches).map_err(failed("a table"))?;
                let unit = if rows == 1 { "row" } else { "rows" };
                write!(sink, "{table}\n{rows} {unit}\n").map_err(failed("a table"))?;
                Ok(sink)
            }
            Form::Csv(mut writer) => {
                if rows == 0 {
                    // The writer puts the header before the first row only.
                    writer.write(&RecordBatch::new_empty(schema)).map_err(failed("CSV"))?;
                }
                Ok(writer.into_inner())
            }
            Form::CsvExcel(mut writer, columns) => {
                if rows == 0 {
                    writer.write(&RecordBatch::new_empty(columns)).map_err(failed("CSV"))?;
                }
                Ok(writer.into_inner())
            }
            Form::Json(mut writer) => {
                writer.finish().map_err(failed("JSON"))?;
                let mut sink = writer.into_inner();
                let tail = json!({
                    "row_count": rows,
                    "credit": notice.credit,
                    "boundaries": notice.boundaries,
                    "boundaries_are_simplified": notice.boundaries_are_simplified,
                });
                // Its object goes on with ours, so that rows are never parsed again to nest them.
                write!(sink, ",{}", &tail.to_string()[1..]).map_err(failed("JSON"))?;
                Ok(sink)
            }
            Form::Parquet(writer) => writer.into_inner().map_err(failed("Parquet")),
        }
    }
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
