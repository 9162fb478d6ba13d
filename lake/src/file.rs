//! One data file: a sorted batch becomes zstd Parquet with the statistics that let readers skip it.
//!
//! In: sorted batches. Out: the Delta `add` action of a finished file. The file is complete and synced before
//! its action exists, so a crash leaves an orphan at worst, never a broken table.
//!
//! Names are random, never made of the content: a name that comes back would be deleted by a clean-up that
//! still remembers the first one. Devices and texts have no entry in the statistics, because those stand in
//! the log, where a forgotten device, or what a record held, would be read long after its rows are gone.

use std::collections::HashMap;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::{max, min};
use arrow::datatypes::{DataType, Date32Type, Int32Type, Int64Type, SchemaRef, TimestampMicrosecondType};
use bytes::Bytes;
use deltalake_core::kernel::Add;
use kayoi_schemas::tables::{InternalTable, ReleaseTable, Table};
use kayoi_schemas::time::{Clock, Day};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use serde_json::{Map, Value, json};

use crate::bucket::Bucket;
use crate::error::LakeError;
use crate::fault;
use crate::table::{COMPACTED, DeltaTable, PART};

/// Rows of a row group. Small enough that one device range of many skips most groups, large enough that a
/// group's header costs little.
pub(crate) const ROW_GROUP_ROWS: usize = 131_072;

/// Rows of a page of a release table. A question of a town reads some hundred rows of a month, and a page is what it has to
/// unpack for each column; a page also takes some bytes of what a server remembers of its file.
const RELEASE_PAGE_ROWS: usize = 2_048;

/// How hard a file is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Press {
    /// Written once, soon compacted.
    Light,
    /// Written by compaction, read often.
    Firm,
}

impl DeltaTable {
    /// Writes one file. `batch` has the table's columns without the partition column and is sorted. Must not
    /// be called from an asynchronous task.
    ///
    /// # Errors
    /// [`LakeError`] when the file cannot be written.
    pub fn write_file(&self, batch: &RecordBatch, partition_value: Option<&str>) -> Result<Add, LakeError> {
        let mut file = FileBuilder::new(self.description, batch.schema(), Press::Light)?;
        file.write(batch)?;
        self.finish_file(file, partition_value)
    }

    /// Puts a finished file in its place.
    pub(crate) fn finish_file(
        &self,
        file: FileBuilder,
        partition_value: Option<&str>,
    ) -> Result<Add, LakeError> {
        let table = self.description;
        let kind = if file.press == Press::Firm { COMPACTED } else { PART };
        let name = format!("{kind}{}{}.parquet", file.bucket.label(), uuid::Uuid::new_v4());
        let relative = match (table.partition, partition_value) {
            (Some(column), Some(value)) => format!("{column}={value}/{name}"),
            _ => name,
        };
        let (bytes, statistics) = file.finish()?;
        let size = bytes.len();
        fault::point("write-file")?;
        let path = format!("{}/{relative}", table.path);
        self.location.write_new(&path, bytes)?;
        let partition_values = table.partition.map(|c| (c.to_owned(), partition_value.map(str::to_owned)));
        Ok(Add {
            path: relative,
            partition_values: HashMap::from_iter(partition_values),
            size: size as i64,
            modification_time: Clock::System.now().0,
            data_change: true,
            stats: Some(statistics.to_string()),
            ..Add::default()
        })
    }
}

/// A file that grows in memory.
pub(crate) struct FileBuilder {
    table: &'static Table,
    writer: ArrowWriter<Vec<u8>>,
    statistics: Statistics,
    press: Press,
    bucket: Bucket,
}

impl FileBuilder {
    pub(crate) fn new(table: &'static Table, schema: SchemaRef, press: Press) -> Result<Self, LakeError> {
        let properties = properties(table, &schema, press);
        let writer = ArrowWriter::try_new(Vec::new(), schema, Some(properties))
            .map_err(LakeError::parquet(table.name))?;
        Ok(Self { table, writer, statistics: Statistics::default(), press, bucket: Bucket::WHOLE })
    }

    /// Says in the file's name that all of its devices are of a bucket.
    pub(crate) fn of(self, bucket: Bucket) -> Self {
        Self { bucket, ..self }
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), LakeError> {
        self.statistics.add(batch);
        self.writer.write(batch).map_err(LakeError::parquet(self.table.name))
    }

    fn finish(self) -> Result<(Bytes, Value), LakeError> {
        let bytes = self.writer.into_inner().map_err(LakeError::parquet(self.table.name))?;
        Ok((bytes.into(), self.statistics.into_json()))
    }
}

fn properties(table: &Table, schema: &SchemaRef, press: Press) -> WriterProperties {
    let sorting = table.sorted_by.iter().filter_map(|name| schema.index_of(name).ok());
    let sorting = sorting
        .map(|index| SortingColumn { column_idx: index as i32, descending: false, nulls_first: false })
        .collect();
    let level = if press == Press::Firm { 3 } else { 1 };
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(level).unwrap_or_default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_sorting_columns(Some(sorting))
        .set_statistics_enabled(EnabledStatistics::Page);
    if ReleaseTable::parse(table.name).is_some() {
        // A batch is what the writer looks at the size of a page after.
        builder =
            builder.set_data_page_row_count_limit(RELEASE_PAGE_ROWS).set_write_batch_size(RELEASE_PAGE_ROWS);
        for field in schema.fields() {
            let column = ColumnPath::from(field.name().as_str());
            if !table.sorted_by.contains(&field.name().as_str()) {
                // Rows are in the order of other columns: each page has nearly all values of this one.
                builder = builder.set_column_statistics_enabled(column.clone(), EnabledStatistics::Chunk);
            }
            // The list of all numbers of a group is longer than the page that is read, and would be read with it.
            builder = match field.data_type() {
                DataType::Int32 | DataType::Int64 => builder
                    .set_column_dictionary_enabled(column.clone(), false)
                    .set_column_encoding(column, Encoding::DELTA_BINARY_PACKED),
                DataType::Float64 => builder.set_column_dictionary_enabled(column, false),
                _ => builder,
            };
        }
    }
    let holds_fixes =
        [InternalTable::Pings, InternalTable::LatePings].iter().any(|t| t.table().name == table.name);
    for field in schema.fields().iter().filter(|_| holds_fixes) {
        let bounds = match field.name().as_str() {
            "device_id" => EnabledStatistics::Page,
            "timestamp" => EnabledStatistics::Chunk,
            // Rows are in the order of devices: a page or group has nearly all values of any other column, and to
            // find the least and the greatest takes longer than to write them all.
            _ => EnabledStatistics::None,
        };
        builder = builder.set_column_statistics_enabled(ColumnPath::from(field.name().as_str()), bounds);
        let encoding = match field.name().as_str() {
            // One value over many rows of a device: zstd matches them, a dictionary would be pages of its
            // own.
            "device_id" | "cell" => Encoding::PLAIN,
            // Neighbours differ little, so their differences are few bits. Split by byte they would be smaller
            // still where noise is (simulated pings by 14 %, real ones not at all), but Spark up to 4.1 and DuckDB
            // up to 1.4 read BYTE_STREAM_SPLIT for floats only.
            name if name.ends_with("_e7") || name == "timestamp" => Encoding::DELTA_BINARY_PACKED,
            _ => continue,
        };
        let column = ColumnPath::from(field.name().as_str());
        builder = builder
            .set_column_dictionary_enabled(column.clone(), false)
            .set_column_encoding(column, encoding);
    }
    builder.build()
}

/// Columns without bounds: the log keeps them for weeks after a person was forgotten, and a file may hold one
/// person's fixes; and after an exact count was deleted.
const UNBOUNDED: [&str; 5] = ["device_id", "latitude_e7", "longitude_e7", "cell", "value"];

/// Delta's per-file statistics: rows, nulls, and least and greatest value of every integer, date and instant
/// column that does not say who or where. Floats are left out: no query skips files by them.
#[derive(Default)]
struct Statistics {
    rows: usize,
    nulls: Map<String, Value>,
    least: Map<String, Value>,
    greatest: Map<String, Value>,
}

impl Statistics {
    fn add(&mut self, batch: &RecordBatch) {
        self.rows += batch.num_rows();
        for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
            let nulls = self.nulls.get(field.name()).and_then(Value::as_u64).unwrap_or_default();
            self.nulls.insert(field.name().clone(), json!(nulls + column.null_count() as u64));
            if UNBOUNDED.contains(&field.name().as_str()) {
                continue;
            }
            if let Some((low, high)) = bounds(column) {
                widen(&mut self.least, field.name(), low, std::cmp::Ordering::Less);
                widen(&mut self.greatest, field.name(), high, std::cmp::Ordering::Greater);
            }
        }
    }

    fn into_json(self) -> Value {
        let Self { rows, nulls, least, greatest } = self;
        json!({ "numRecords": rows, "minValues": least, "maxValues": greatest, "nullCount": nulls })
    }
}

/// Keeps the value that lies further out. Dates and instants are texts that sort as they should.
fn widen(bounds: &mut Map<String, Value>, name: &str, value: Value, out: std::cmp::Ordering) {
    let order = |known: &Value| match (value.as_i64(), known.as_i64()) {
        (Some(value), Some(known)) => value.cmp(&known),
        _ => value.as_str().cmp(&known.as_str()),
    };
    if bounds.get(name).is_none_or(|known| order(known) == out) {
        bounds.insert(name.to_owned(), value);
    }
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
