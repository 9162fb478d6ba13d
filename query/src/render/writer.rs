//! Writes the rows of an answer as they come, in each form.
//!
//! In: batches. Out: bytes in a sink. Only a table of text has to see all rows before it can write the first.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::csv;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::arrow::json::writer::{JsonArray, LineDelimited};
use datafusion::arrow::json::{self, WriterBuilder};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::arrow::util::pretty::pretty_format_batches_with_schema;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};

use super::xlsx::Workbook;
use crate::error::QueryError;
use crate::excel;
use crate::headings::Heads;
use crate::notice::Notice;
use crate::types::sql_type;

/// Rows of a row group. Until one is full its columns are in memory.
const ROW_GROUP_ROWS: usize = 64 << 10;

/// Writes the rows of an answer as they come.
pub(crate) struct RowWriter<W: Write + Send> {
    form: Form<W>,
    rows: usize,
    schema: SchemaRef,
    notice: Notice,
}

pub(super) enum Form<W: Write + Send> {
    /// Columns are as wide as their widest value, so that all rows have to be there.
    Table {
        batches: Vec<RecordBatch>,
        sink: W,
    },
    Csv(Box<csv::Writer<W>>),
    /// With the columns as they stand in the file.
    CsvExcel(Box<csv::Writer<W>>, SchemaRef),
    Json(Box<json::Writer<W, JsonArray>>),
    Ndjson(Box<json::Writer<W, LineDelimited>>),
    Arrow(Box<StreamWriter<W>>),
    Parquet(Box<ArrowWriter<W>>),
    Xlsx(Box<Workbook<W>>),
}

fn failed<E: std::error::Error + Send + Sync + 'static>(format: &'static str) -> impl Fn(E) -> QueryError {
    move |error| QueryError::Render { format, source: Box::new(error) }
}

/// What stands in a file beside its rows.
pub(crate) fn entries(notice: &Notice) -> [(&'static str, &str); 4] {
    [
        ("kayoi.credit", notice.credit.as_str()),
        ("kayoi.boundaries", notice.boundaries.as_str()),
        ("kayoi.terms.ja", Notice::TERMS_JA),
        ("kayoi.terms.en", Notice::TERMS_EN),
    ]
}

impl<W: Write + Send> Form<W> {
    pub(super) fn csv(sink: W) -> Self {
        Self::Csv(Box::new(csv::Writer::new(sink)))
    }

    pub(super) fn csv_excel(schema: &SchemaRef, heads: Heads, mut sink: W) -> Result<Self, QueryError> {
        sink.write_all(excel::BYTE_ORDER_MARK).map_err(failed("CSV"))?;
        let columns = excel::columns(schema, &heads.of(schema));
        Ok(Self::CsvExcel(Box::new(excel::form().build(sink)), columns))
    }

    pub(super) fn json(schema: &SchemaRef, mut sink: W) -> Result<Self, QueryError> {
        let columns: Vec<Value> = (schema.fields().iter())
            .map(|field| json!({ "name": field.name(), "type": sql_type(field.data_type()) }))
            .collect();
        write!(sink, "{{\"columns\":{},\"rows\":", Value::from(columns)).map_err(failed("JSON"))?;
        Ok(Self::Json(Box::new(WriterBuilder::new().with_explicit_nulls(true).build(sink))))
    }

    pub(super) fn ndjson(sink: W) -> Self {
        Self::Ndjson(Box::new(WriterBuilder::new().with_explicit_nulls(true).build(sink)))
    }

    pub(super) fn arrow(schema: &SchemaRef, notice: &Notice, sink: W) -> Result<Self, QueryError> {
        let entries = entries(notice).map(|(key, value)| (key.to_owned(), value.to_owned()));
        let metadata: HashMap<String, String> = entries.into();
        let schema = Schema::new_with_metadata(schema.fields().clone(), metadata);
        Ok(Self::Arrow(Box::new(StreamWriter::try_new(sink, &schema).map_err(failed("Arrow"))?)))
    }

    pub(super) fn parquet(schema: &SchemaRef, notice: &Notice, sink: W) -> Result<Self, QueryError> {
        let entries = entries(notice).map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(Default::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .set_key_value_metadata(Some(entries.to_vec()))
            .build();
        let writer = ArrowWriter::try_new(sink, Arc::clone(schema), Some(properties));
        Ok(Self::Parquet(Box::new(writer.map_err(failed("Parquet"))?)))
    }

    pub(super) fn xlsx(
        schema: &SchemaRef,
        heads: Heads,
        notice: &Notice,
        sink: W,
    ) -> Result<Self, QueryError> {
        let workbook = Workbook::begin(schema, heads, notice, sink).map_err(failed("XLSX"))?;
        Ok(Self::Xlsx(Box::new(workbook)))
    }
}

impl<W: Write + Send> RowWriter<W> {
    pub(super) fn new(form: Form<W>, schema: SchemaRef, notice: Notice) -> Self {
        Self { form, rows: 0, schema, notice }
    }

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
            Form::Ndjson(writer) => writer.write(batch).map_err(failed("NDJSON"))?,
            Form::Arrow(writer) => writer.write(batch).map_err(failed("Arrow"))?,
            Form::Parquet(writer) => writer.write(batch).map_err(failed("Parquet"))?,
            Form::Xlsx(workbook) => workbook.write(batch).map_err(failed("XLSX"))?,
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
            Form::Ndjson(mut writer) => {
                writer.finish().map_err(failed("NDJSON"))?;
                Ok(writer.into_inner())
            }
            Form::Arrow(mut writer) => {
                writer.finish().map_err(failed("Arrow"))?;
                writer.into_inner().map_err(failed("Arrow"))
            }
            Form::Parquet(writer) => writer.into_inner().map_err(failed("Parquet")),
            Form::Xlsx(workbook) => workbook.finish().map_err(failed("XLSX")),
        }
    }
}
