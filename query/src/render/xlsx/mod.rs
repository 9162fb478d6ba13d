//! A workbook, written as its rows come: a sheet of them, and one of what people must know who open it.
//!
//! In: columns, then batches. Out: the bytes of an `.xlsx`, which is a ZIP of a few small XML files and one
//! large one. The sheet goes through the compressor straight into the sink: no row is kept, no file is made
//! on the way, and the sink need not go back, which every writer of whole workbooks asks for. Texts stand in
//! their cells, so that no table of texts has to be held until the end.
//!
//! Excel sees what was answered: texts are texts and never formulas, codes keep their zeros, a month is a text
//! (`2026-03`), a day is a day that can be counted with, and NULL is an empty cell.

use std::io::{self, Write};
use std::sync::Arc;

use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use crate::headings::Heads;
use crate::notice::Notice;

mod cell;
mod parts;
mod notes;

use cell::Column;

/// What a sheet can hold, the heading included.
const MOST_ROWS: usize = 1 << 20;
const MOST_COLUMNS: usize = 1 << 14;
/// The quickest; rows of a table repeat themselves enough.
const LEVEL: i64 = 1;
/// Cells are gathered up to here before they are compressed.
const PIECE_BYTES: usize = 64 << 10;

/// Why rows make no workbook.
#[derive(Debug, thiserror::Error)]
pub(super) enum XlsxError {
    #[error("a sheet holds {MOST_ROWS} rows and {MOST_COLUMNS} columns")]
    TooLarge,
    #[error("a cell holds {} characters", cell::MOST_CHARACTERS)]
    LongText,
    #[error("a column of lists or structures")]
    Nested,
    #[error(transparent)]
    Arrow(#[from] ArrowError),
    #[error(transparent)]
    Zip(#[from] zip::result::ZipError),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A workbook that is being written.
pub(super) struct Workbook<W: Write> {
    archive: ZipWriter<StreamWriter<W>>,
    schema: SchemaRef,
    heads: Vec<String>,
    columns: Vec<Column>,
    rows: usize,
    /// Whether the heading is written; the width of columns, which comes before it, is that of the first rows.
    has_begun: bool,
    piece: String,
}

impl<W: Write> Workbook<W> {
    /// Writes what comes before the sheet.
    pub(super) fn begin(schema: &Schema, heads: Heads, notice: &Notice, sink: W) -> Result<Self, XlsxError> {
        if schema.fields().len() > MOST_COLUMNS {
            return Err(XlsxError::TooLarge);
        }
        let columns = schema.fields().iter().map(|field| Column::of(field)).collect::<Result<_, _>>()?;
        let mut archive = ZipWriter::new_stream(sink);
        for (name, text) in parts::all(notice) {
            archive.start_file(name, options())?;
            archive.write_all(text.as_bytes())?;
        }
        archive.start_file(parts::NOTES, options())?;
        archive.write_all(notes::sheet(schema, notice)?.as_bytes())?;
        archive.start_file(parts::SHEET, options())?;
        let schema = Arc::new(schema.clone());
        let heads = heads.of(&schema);
        Ok(Self { archive, schema, heads, columns, rows: 0, has_begun: false, piece: String::new() })
    }

    /// Writes some rows.
    pub(super) fn write(&mut self, batch: &RecordBatch) -> Result<(), XlsxError> {
        self.begin_sheet(batch)?;
        let cells = self.columns.iter().zip(batch.columns());
        let cells = cells.map(|(column, values)| column.cells(values)).collect::<Result<Vec<_>, _>>()?;
        for row in 0..batch.num_rows() {
            self.begin_row()?;
            for column in &cells {
                column.write(row, &mut self.piece)?;
            }
            self.end_row()?;
        }
        Ok(())
    }

    /// Writes what comes after the last row, and gives the sink back.
    pub(super) fn finish(mut self) -> Result<W, XlsxError> {
        self.begin_sheet(&RecordBatch::new_empty(Arc::clone(&self.schema)))?;
        self.piece.push_str(&parts::sheet_end(self.columns.len(), self.rows));
        self.flush()?;
        Ok(self.archive.finish()?.into_inner())
    }

    fn begin_sheet(&mut self, first: &RecordBatch) -> Result<(), XlsxError> {
        if self.has_begun {
            return Ok(());
        }
        self.has_begun = true;
        let mut widths = Vec::new();
        for (position, column) in self.columns.iter().enumerate() {
            let heading = self.heads.get(position).map_or(0, |head| cell::width(head));
            let values = first.columns().get(position).map(|values| column.width(values)).transpose()?;
            widths.push(heading.max(values.unwrap_or_default()));
        }
        self.piece.push_str(&parts::sheet_begin(&widths));
        self.begin_row()?;
        for head in &self.heads {
            cell::write_heading(head, &mut self.piece)?;
        }
        self.end_row()
    }

    fn begin_row(&mut self) -> Result<(), XlsxError> {
        self.rows += 1;
        if self.rows > MOST_ROWS {
            return Err(XlsxError::TooLarge);
        }
        self.piece.push_str("<row>");
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), XlsxError> {
        self.piece.push_str("</row>");
        if self.piece.len() >= PIECE_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), XlsxError> {
        self.archive.write_all(self.piece.as_bytes())?;
        self.piece.clear();
        Ok(())
    }
}

fn options() -> SimpleFileOptions {
    // The time of a file would make equal answers differ.
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(zip::DateTime::default())
}
