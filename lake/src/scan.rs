//! Reading files back: whole columns, or the rows of one range of devices.
//!
//! In: a data file. Out: batches. Files are sorted by device and carry the least and greatest device of each
//! row group, so the rows of a device range cost only the groups that hold them. Who reads range after range
//! takes a [`crate::sweep`].

use std::ops::RangeInclusive;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use kayoi_schemas::tables::Table;

use crate::batches::{self, Batches};
use crate::error::LakeError;
use crate::table::DataFile;

/// Reads the named columns of a file, in the order named.
///
/// # Errors
/// [`LakeError`] when the file cannot be read.
pub(crate) fn read_columns(
    table: &Table,
    file: &DataFile,
    columns: &[&str],
) -> Result<Vec<RecordBatch>, LakeError> {
    let batches = Batches::open(table, file, columns, batches::BATCH_ROWS, batches::Groups::All)?;
    batches.map(|batch| reorder(table, &batch?, columns)).collect()
}

/// The named columns of a file, in the order named, batch by batch: a file of figures can hold a whole nation.
pub(crate) fn stream_columns(
    table: &'static Table,
    file: &DataFile,
    columns: &[&str],
) -> Box<dyn Iterator<Item = Result<RecordBatch, LakeError>>> {
    let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
    let names: Vec<&str> = columns.iter().map(String::as_str).collect();
    match Batches::open(table, file, &names, batches::BATCH_ROWS, batches::Groups::All) {
        Ok(batches) => Box::new(batches.map(move |batch| {
            let names: Vec<&str> = columns.iter().map(String::as_str).collect();
            reorder(table, &batch?, &names)
        })),
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

/// Reads the named columns of the rows whose `device_id` lies in `devices`. `device_id` must be among them.
///
/// # Errors
/// [`LakeError`] when the file cannot be read.
pub fn read_device_range(
    table: &Table,
    file: &DataFile,
    columns: &[&str],
    devices: &RangeInclusive<i64>,
) -> Result<Vec<RecordBatch>, LakeError> {
    let chosen = batches::Groups::Holding(devices);
    rows_of(table, Batches::open(table, file, columns, batches::BATCH_ROWS, chosen)?, columns, devices)
}

fn rows_of(
    table: &Table,
    batches: Batches,
    columns: &[&str],
    devices: &RangeInclusive<i64>,
) -> Result<Vec<RecordBatch>, LakeError> {
    let at = columns.iter().position(|name| *name == "device_id").unwrap_or_default();
    let cut =
        |batch: Result<RecordBatch, LakeError>| Ok(cut(&reorder(table, &batch?, columns)?, at, devices));
    batches.map(cut).filter(|batch| batch.as_ref().map_or(true, |batch| batch.num_rows() > 0)).collect()
}

/// The rows of a device range of a batch that is sorted by device: a slice, nothing is copied.
pub(crate) fn cut(batch: &RecordBatch, device_column: usize, devices: &RangeInclusive<i64>) -> RecordBatch {
    let values = batch.column(device_column).as_primitive::<Int64Type>().values();
    let from = values.partition_point(|device| device < devices.start());
    let to = values.partition_point(|device| device <= devices.end());
    batch.slice(from, to - from)
}

/// A batch of the named columns, in the order named.
pub(crate) fn reorder(
    table: &Table,
    batch: &RecordBatch,
    columns: &[&str],
) -> Result<RecordBatch, LakeError> {
    let schema = batch.schema();
    let indices: Result<Vec<usize>, _> = columns.iter().map(|name| schema.index_of(name)).collect();
    let arrow = LakeError::arrow(table.name);
    batch.project(&indices.map_err(&arrow)?).map_err(&arrow)
}
