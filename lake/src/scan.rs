//! Reading files back: whole columns, or the rows of one range of devices.
//!
//! In: a data file. Out: batches. Files are sorted by device and carry the least and greatest device of each
//! row group, so the rows of a device range cost only the groups that hold them; this is how a year of a
//! nation is cut into pieces that fit in memory.

use std::fs::File;
use std::ops::RangeInclusive;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int64Type;
use kayoi_schemas::tables::Table;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::file::statistics::Statistics;

use crate::error::LakeError;
use crate::table::DataFile;

const BATCH_ROWS: usize = 65_536;

/// Reads the named columns of a file, in the order named.
///
/// # Errors
/// [`LakeError`] when the file cannot be read.
pub fn read_columns(table: &Table, file: &DataFile, columns: &[&str]) -> Result<Vec<RecordBatch>, LakeError> {
    let builder = open(table, file)?;
    let batches = collect(table, project(builder, columns).build().map_err(LakeError::parquet(table.name))?)?;
    batches.into_iter().map(|batch| reorder(table, &batch, columns)).collect()
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
    let builder = open(table, file)?;
    let column = builder.schema().index_of("device_id").map_err(LakeError::arrow(table.name))?;
    let groups = builder.metadata().row_groups().iter().enumerate();
    let groups = groups.filter(|(_, group)| match group.column(column).statistics() {
        Some(Statistics::Int64(statistics)) => match (statistics.min_opt(), statistics.max_opt()) {
            (Some(least), Some(greatest)) => least <= devices.end() && greatest >= devices.start(),
            _ => true,
        },
        _ => true,
    });
    let groups: Vec<usize> = groups.map(|(index, _)| index).collect();
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let builder = project(builder, columns).with_row_groups(groups);
    let batches = collect(table, builder.build().map_err(LakeError::parquet(table.name))?)?;
    let batches = batches.into_iter().map(|batch| reorder(table, &batch, columns));
    let at = columns.iter().position(|name| *name == "device_id").unwrap_or_default();
    batches.map(|batch| batch.map(|batch| cut(&batch, at, devices))).collect()
}

/// The rows of a device range of a batch that is sorted by device: a slice, nothing is copied.
fn cut(batch: &RecordBatch, device_column: usize, devices: &RangeInclusive<i64>) -> RecordBatch {
    let values = batch.column(device_column).as_primitive::<Int64Type>().values();
    let from = values.partition_point(|device| device < devices.start());
    let to = values.partition_point(|device| device <= devices.end());
    batch.slice(from, to - from)
}

fn open(table: &Table, file: &DataFile) -> Result<ParquetRecordBatchReaderBuilder<File>, LakeError> {
    let opened = File::open(&file.path).map_err(LakeError::io(&file.path))?;
    ParquetRecordBatchReaderBuilder::try_new(opened).map_err(LakeError::parquet(table.name))
}

fn project(
    builder: ParquetRecordBatchReaderBuilder<File>,
    columns: &[&str],
) -> ParquetRecordBatchReaderBuilder<File> {
    let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
    builder.with_projection(mask).with_batch_size(BATCH_ROWS)
}

fn collect(table: &Table, reader: ParquetRecordBatchReader) -> Result<Vec<RecordBatch>, LakeError> {
    reader.map(|batch| batch.map_err(LakeError::arrow(table.name))).collect()
}

fn reorder(table: &Table, batch: &RecordBatch, columns: &[&str]) -> Result<RecordBatch, LakeError> {
    let schema = batch.schema();
    let indices: Result<Vec<usize>, _> = columns.iter().map(|name| schema.index_of(name)).collect();
    let arrow = LakeError::arrow(table.name);
    batch.project(&indices.map_err(&arrow)?).map_err(&arrow)
}
