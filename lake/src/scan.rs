//! Reading files back: whole columns, or the rows of one range of devices.
//!
//! In: a data file. Out: batches. Files are sorted by device and carry the least and greatest device of each
//! row group, so the rows of a device range cost only the groups that hold them; this is how a year of a
//! nation is cut into pieces that fit in memory.

use std::ops::RangeInclusive;
use std::sync::Arc;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use kayoi_schemas::tables::Table;
use parquet::file::metadata::ParquetMetaData;

use crate::batches::{self, Batches, groups_of};
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

/// A file whose footer was read: whoever reads it range by range reads the footer once.
#[derive(Debug)]
pub struct Footed<'f> {
    file: &'f DataFile,
    metadata: Arc<ParquetMetaData>,
}

/// Reads the footers of files.
///
/// # Errors
/// [`LakeError`] when one cannot be read.
pub fn footed<'f>(table: &Table, files: &'f [DataFile]) -> Result<Vec<Footed<'f>>, LakeError> {
    let read = |file| Ok(Footed { file, metadata: batches::metadata(table, file)? });
    files.iter().map(read).collect()
}

/// Row groups of a file that one core reads.
#[derive(Debug)]
pub struct Part<'f> {
    of: &'f Footed<'f>,
    groups: Vec<usize>,
}

/// Rows that are worth another core.
const PART_ROWS: i64 = 200_000;

/// Cuts files into parts, in the order of their rows, leaving out row groups without a device of the range.
pub fn parts<'f>(files: &'f [Footed<'f>], devices: &RangeInclusive<i64>) -> Vec<Part<'f>> {
    let mut parts = Vec::new();
    for of in files {
        let (mut groups, mut rows) = (Vec::new(), 0);
        for group in groups_of(&of.metadata, devices) {
            groups.push(group);
            rows += of.metadata.row_group(group).num_rows();
            if rows >= PART_ROWS {
                parts.push(Part { of, groups: std::mem::take(&mut groups) });
                rows = 0;
            }
        }
        if !groups.is_empty() {
            parts.push(Part { of, groups });
        }
    }
    parts
}

/// Reads the named columns of the rows of a part whose `device_id` lies in `devices`. `device_id` must be
/// among them.
///
/// # Errors
/// [`LakeError`] when the file cannot be read.
pub fn read_part(
    table: &Table,
    part: &Part,
    columns: &[&str],
    devices: &RangeInclusive<i64>,
) -> Result<Vec<RecordBatch>, LakeError> {
    let Footed { file, metadata } = part.of;
    let chosen = (columns, PART_BATCH_ROWS, Some(part.groups.clone()));
    rows_of(table, Batches::open_known(table, file, metadata, chosen)?, columns, devices)
}

/// Small enough that a batch stays in a core's cache until it is used.
const PART_BATCH_ROWS: usize = 16_384;

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
fn cut(batch: &RecordBatch, device_column: usize, devices: &RangeInclusive<i64>) -> RecordBatch {
    let values = batch.column(device_column).as_primitive::<Int64Type>().values();
    let from = values.partition_point(|device| device < devices.start());
    let to = values.partition_point(|device| device <= devices.end());
    batch.slice(from, to - from)
}

fn reorder(table: &Table, batch: &RecordBatch, columns: &[&str]) -> Result<RecordBatch, LakeError> {
    let schema = batch.schema();
    let indices: Result<Vec<usize>, _> = columns.iter().map(|name| schema.index_of(name)).collect();
    let arrow = LakeError::arrow(table.name);
    batch.project(&indices.map_err(&arrow)?).map_err(&arrow)
}
