//! Answers as bytes: a table to read, CSV, CSV for Excel, JSON, NDJSON, Arrow, Parquet, XLSX.
//!
//! In: the rows of an answer, as they come. Out: bytes. A hidden figure is NULL and stays so: empty in CSV and in a sheet, `null`
//! in JSON, absent in Arrow and Parquet, and 0 nowhere. JSON, Arrow, Parquet and XLSX carry the credit and the
//! edition of the boundaries; files travel, so they also carry the ban on identifying persons, in both
//! languages.

use std::io::Write;

use datafusion::arrow::datatypes::SchemaRef;
use serde::{Deserialize, Serialize};

use crate::error::QueryError;
use crate::headings::Heads;
use crate::notice::Notice;

mod writer;
mod xlsx;

use writer::Form;
pub(crate) use writer::{RowWriter, entries};

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
    /// A JSON object a line.
    Ndjson,
    /// An Arrow IPC stream.
    Arrow,
    /// A Parquet file.
    Parquet,
    /// A workbook: the rows, and what one must know of them.
    Xlsx,
    /// CSV for Excel with words in Japanese above its columns.
    CsvExcelJa,
    /// A workbook with such words.
    XlsxJa,
}

impl std::str::FromStr for Rendering {
    type Err = QueryError;

    fn from_str(name: &str) -> Result<Self, QueryError> {
        let known = Self::ALL.into_iter().find(|rendering| rendering.name() == name);
        known.ok_or_else(|| QueryError::UnknownFormat(name.to_owned()))
    }
}

impl Rendering {
    /// All forms. Whoever takes several equally gets the first of them.
    pub const ALL: [Self; 10] = [
        Self::Json,
        Self::Ndjson,
        Self::Csv,
        Self::Arrow,
        Self::Parquet,
        Self::Xlsx,
        Self::Table,
        Self::CsvExcel,
        Self::CsvExcelJa,
        Self::XlsxJa,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Csv => "csv",
            Self::CsvExcel => "csv-excel",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Arrow => "arrow",
            Self::Parquet => "parquet",
            Self::Xlsx => "xlsx",
            Self::CsvExcelJa => "csv-excel-ja",
            Self::XlsxJa => "xlsx-ja",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Table => "text/plain; charset=utf-8",
            Self::Csv | Self::CsvExcel | Self::CsvExcelJa => "text/csv; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
            Self::Ndjson => "application/x-ndjson; charset=utf-8",
            Self::Arrow => "application/vnd.apache.arrow.stream",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Xlsx | Self::XlsxJa => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// How the name ends under which a browser saves it, for a form that is made to be opened from a file.
    pub fn file_ending(self) -> Option<&'static str> {
        match self {
            Self::CsvExcel | Self::CsvExcelJa => Some("csv"),
            Self::Parquet => Some("parquet"),
            Self::Xlsx | Self::XlsxJa => Some("xlsx"),
            Self::Table | Self::Csv | Self::Json | Self::Ndjson | Self::Arrow => None,
        }
    }

    /// Whether its bytes are nothing that a terminal can show.
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Arrow | Self::Parquet | Self::Xlsx | Self::XlsxJa)
    }

    /// Whether its bytes are compressed, so that compressing them again gains nothing.
    pub fn is_compressed(self) -> bool {
        matches!(self, Self::Parquet | Self::Xlsx | Self::XlsxJa)
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
            Self::Csv => Form::csv(sink),
            Self::CsvExcel => Form::csv_excel(&schema, Heads::Names, sink)?,
            Self::CsvExcelJa => Form::csv_excel(&schema, Heads::Japanese, sink)?,
            Self::Json => Form::json(&schema, sink)?,
            Self::Ndjson => Form::ndjson(sink),
            Self::Arrow => Form::arrow(&schema, &notice, sink)?,
            Self::Parquet => Form::parquet(&schema, &notice, sink)?,
            Self::Xlsx => Form::xlsx(&schema, Heads::Names, &notice, sink)?,
            Self::XlsxJa => Form::xlsx(&schema, Heads::Japanese, &notice, sink)?,
        };
        Ok(RowWriter::new(form, schema, notice))
    }
}

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
