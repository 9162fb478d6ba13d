//! One data file: a sorted batch becomes zstd Parquet with the statistics that let readers skip it.
//!
//! In: a batch sorted by the table's sort columns. Out: the Delta `add` action of a finished file. The file is
//! complete and synced before its action exists, so a crash leaves an orphan at worst, never a broken table.

use std::collections::HashMap;
use std::fs::File;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::{max, max_string, min, min_string};
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type, TimestampMicrosecondType};
use deltalake_core::kernel::Add;
use kayoi_schemas::tables::Table;
use kayoi_schemas::time::{Clock, Day};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use serde_json::{Map, Value, json};

use crate::error::LakeError;
use crate::table::DeltaTable;

/// Rows of a row group. Small enough that one device range of many skips most groups, large enough that a
/// group's header costs little.
const ROW_GROUP_ROWS: usize = 131_072;

impl DeltaTable {
    /// Writes one file. `batch` has the table's columns without the partition column and is sorted.
    ///
    /// # Errors
    /// [`LakeError`] when the file cannot be written.
    pub fn write_file(&self, batch: &RecordBatch, partition_value: Option<&str>) -> Result<Add, LakeError> {
        let table = self.description;
        let name = format!("part-{}.parquet", uuid::Uuid::new_v4());
        let relative = match (table.partition, partition_value) {
            (Some(column), Some(value)) => format!("{column}={value}/{name}"),
            _ => name,
        };
        let path = self.folder.join(&relative);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(LakeError::io(folder))?;
        }
        let file = File::create_new(&path).map_err(LakeError::io(&path))?;
        let parquet = LakeError::parquet(table.name);
        let mut writer =
            ArrowWriter::try_new(file, batch.schema(), Some(properties(table, batch))).map_err(&parquet)?;
        writer.write(batch).map_err(&parquet)?;
        let file = writer.into_inner().map_err(&parquet)?;
        file.sync_all().map_err(LakeError::io(&path))?;
        let size = file.metadata().map_err(LakeError::io(&path))?.len();
        let partition_values = table.partition.map(|c| (c.to_owned(), partition_value.map(str::to_owned)));
        Ok(Add {
            path: relative,
            partition_values: HashMap::from_iter(partition_values),
            size: size as i64,
            modification_time: Clock::System.now().0,
            data_change: true,
            stats: Some(statistics(batch).to_string()),
            ..Add::default()
        })
    }
}

fn properties(table: &Table, batch: &RecordBatch) -> WriterProperties {
    let schema = batch.schema();
    let sorting = table.sorted_by.iter().filter_map(|name| schema.index_of(name).ok());
    let sorting = sorting
        .map(|index| SortingColumn { column_idx: index as i32, descending: false, nulls_first: false })
        .collect();
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1).unwrap_or_default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_sorting_columns(Some(sorting))
        .set_statistics_enabled(EnabledStatistics::Page);
    for field in schema.fields() {
        // Instants and coordinates of one device lie close together: differences are a few bits, a dictionary
        // of them would be as long as the column.
        if matches!(field.data_type(), DataType::Timestamp(..)) || field.name().ends_with("_e7") {
            builder = builder
                .set_column_dictionary_enabled(field.name().as_str().into(), false)
                .set_column_encoding(field.name().as_str().into(), Encoding::DELTA_BINARY_PACKED);
        }
    }
    builder.build()
}

/// Delta's per-file statistics: rows, nulls, and least and greatest value of every integer, date, instant and
/// text column. Floats are left out: no query skips files by them.
fn statistics(batch: &RecordBatch) -> Value {
    let (mut least, mut greatest, mut nulls) = (Map::new(), Map::new(), Map::new());
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        nulls.insert(field.name().clone(), json!(column.null_count()));
        if let Some((low, high)) = bounds(column) {
            least.insert(field.name().clone(), low);
            greatest.insert(field.name().clone(), high);
        }
    }
    json!({ "numRecords": batch.num_rows(), "minValues": least, "maxValues": greatest, "nullCount": nulls })
}

fn bounds(column: &dyn Array) -> Option<(Value, Value)> {
    match column.data_type() {
        DataType::Int64 => {
            let values = column.as_primitive::<Int64Type>();
            Some((json!(min(values)?), json!(max(values)?)))
        }
        DataType::Int32 => {
            let values = column.as_primitive::<Int32Type>();
            Some((json!(min(values)?), json!(max(values)?)))
        }
        DataType::Date32 => {
            let values = column.as_primitive::<Date32Type>();
            Some((json!(Day(min(values)?).to_string()), json!(Day(max(values)?).to_string())))
        }
        DataType::Timestamp(..) => {
            let values = column.as_primitive::<TimestampMicrosecondType>();
            // Delta cuts instants to milliseconds: down is right for the least, up for the greatest.
            Some((
                json!(instant_text(min(values)?.div_euclid(1000))),
                json!(instant_text(max(values)?.div_euclid(1000) + 1)),
            ))
        }
        DataType::Utf8 => {
            let values = column.as_string::<i32>();
            Some((json!(min_string(values)?), json!(max_string(values)?)))
        }
        _ => None,
    }
}

fn instant_text(milliseconds: i64) -> String {
    const DAY_MS: i64 = kayoi_schemas::time::DAY_MS;
    let of_day = milliseconds.rem_euclid(DAY_MS);
    let (seconds, fraction) = (of_day / 1000, of_day % 1000);
    let day = Day(milliseconds.div_euclid(DAY_MS) as i32);
    format!("{day}T{:02}:{:02}:{:02}.{fraction:03}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
