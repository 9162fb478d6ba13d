//! The rows of a release table as they are made, in bounded pieces.
//!
//! In: values in the order of the table's columns. Out: [`Released`] batches, the only thing that the writer takes.
//! A value of another type than its column's is an error of this crate, found when the batch is made.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Builder, Float64Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder,
};
use kayoi_lake::LakeError;
use kayoi_schemas::tables::{ColumnType, ReleaseTable};
use kayoi_schemas::time::Day;

/// Rows of one release table, all of them made of noised counts. Only this module makes one, and the writer
/// takes nothing else.
#[derive(Debug)]
pub struct Released {
    table: ReleaseTable,
    batch: RecordBatch,
    tally: Tally,
}

/// Rows by level and status.
pub(crate) type Tally = BTreeMap<(&'static str, &'static str), u64>;

impl Released {
    /// The table.
    pub fn table(&self) -> ReleaseTable {
        self.table
    }

    /// Its rows, in the table's order.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }
}

enum Column {
    Text(StringBuilder),
    Long(Int64Builder),
    Int(Int32Builder),
    Date(Date32Builder),
    Double(Float64Builder),
}

/// Rows that grow.
pub(crate) struct Sheet {
    table: ReleaseTable,
    columns: Vec<Column>,
    next: usize,
    tally: Tally,
}

impl Sheet {
    pub(crate) fn new(table: ReleaseTable) -> Self {
        let column = |kind| match kind {
            ColumnType::Long => Column::Long(Int64Builder::new()),
            ColumnType::Int | ColumnType::Short => Column::Int(Int32Builder::new()),
            ColumnType::Date => Column::Date(Date32Builder::new()),
            ColumnType::Double | ColumnType::Float => Column::Double(Float64Builder::new()),
            ColumnType::Text | ColumnType::Boolean | ColumnType::Timestamp => {
                Column::Text(StringBuilder::new())
            }
        };
        let columns = table.table().columns.iter().map(|described| column(described.kind)).collect();
        Self { table, columns, next: 0, tally: Tally::new() }
    }

    fn column(&mut self) -> &mut Column {
        let at = self.next;
        self.next = (at + 1) % self.columns.len();
        &mut self.columns[at]
    }

    pub(crate) fn text(&mut self, value: Option<&str>) -> &mut Self {
        if let Column::Text(column) = self.column() {
            column.append_option(value);
        }
        self
    }

    pub(crate) fn long(&mut self, value: Option<i64>) -> &mut Self {
        if let Column::Long(column) = self.column() {
            column.append_option(value);
        }
        self
    }

    pub(crate) fn int(&mut self, value: i32) -> &mut Self {
        if let Column::Int(column) = self.column() {
            column.append_value(value);
        }
        self
    }

    pub(crate) fn optional_int(&mut self, value: Option<i32>) -> &mut Self {
        if let Column::Int(column) = self.column() {
            column.append_option(value);
        }
        self
    }

    pub(crate) fn date(&mut self, value: Option<Day>) -> &mut Self {
        if let Column::Date(column) = self.column() {
            column.append_option(value.map(|day| day.0));
        }
        self
    }

    pub(crate) fn double(&mut self, value: f64) -> &mut Self {
        if let Column::Double(column) = self.column() {
            column.append_value(value);
        }
        self
    }

    pub(crate) fn optional_double(&mut self, value: Option<f64>) -> &mut Self {
        if let Column::Double(column) = self.column() {
            column.append_option(value);
        }
        self
    }

    /// Counts a row by its level and status.
    pub(crate) fn count(&mut self, level: &'static str, status: &'static str) {
        *self.tally.entry((level, status)).or_default() += 1;
    }

    /// The rows so far as one batch.
    ///
    /// # Errors
    /// [`LakeError::Arrow`] when columns do not fit.
    pub(crate) fn finish(mut self) -> Result<Released, LakeError> {
        let columns: Vec<ArrayRef> = self
            .columns
            .iter_mut()
            .map(|column| -> ArrayRef {
                match column {
                    Column::Text(column) => Arc::new(column.finish()),
                    Column::Long(column) => Arc::new(column.finish()),
                    Column::Int(column) => Arc::new(column.finish()),
                    Column::Date(column) => Arc::new(column.finish()),
                    Column::Double(column) => Arc::new(column.finish()),
                }
            })
            .collect();
        let description = self.table.table();
        let batch = RecordBatch::try_new(description.arrow_schema(), columns)
            .map_err(|source| LakeError::Arrow { table: description.name.to_owned(), source })?;
        Ok(Released { table: self.table, batch, tally: self.tally })
    }
}
