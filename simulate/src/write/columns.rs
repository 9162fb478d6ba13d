//! Records as columns: Parquet and Avro files.
//!
//! In: records. Out: files whose columns may be absent in a row, as a partner's are.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Builder, Float64Builder, Int64Builder, RecordBatch, StringBuilder};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow_avro::compression::CompressionCodec;
use arrow_avro::writer::{AvroWriter, WriterBuilder};
use kayoi_schemas::time::Day;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::fields::{Senders, fields};
use crate::deliver::Record;
use crate::error::SimulateError;
use crate::random::{Purpose, mix};

const BATCH_ROWS: usize = 65_536;
/// Rows of an Avro block: a reader keeps one block in memory.
const BLOCK_ROWS: usize = 8_192;

fn schema(senders: &Senders) -> SchemaRef {
    let column = |name: &str, kind: DataType| Field::new(name, kind, true);
    let mut columns = vec![
        column("device_id", DataType::Utf8),
        column("timestamp", DataType::Int64),
        column("latitude", DataType::Float64),
        column("longitude", DataType::Float64),
        column("horizontal_accuracy", DataType::Float32),
        column("speed", DataType::Float32),
        column("source", DataType::Utf8),
    ];
    if senders.has_attributes() {
        columns.extend([column("age_band", DataType::Utf8), column("sex", DataType::Utf8)]);
    }
    Arc::new(Schema::new(columns))
}

fn batch(
    schema: &SchemaRef,
    senders: &Senders,
    records: &[Record],
) -> Result<RecordBatch, arrow::error::ArrowError> {
    let rows = records.len();
    let mut device_id = StringBuilder::with_capacity(rows, rows * 36);
    let mut timestamp = Int64Builder::with_capacity(rows);
    let mut latitude = Float64Builder::with_capacity(rows);
    let mut longitude = Float64Builder::with_capacity(rows);
    let mut accuracy = Float32Builder::with_capacity(rows);
    let mut speed = Float32Builder::with_capacity(rows);
    let mut source = StringBuilder::with_capacity(rows, rows * 5);
    let (mut age_band, mut sex) = (StringBuilder::new(), StringBuilder::new());
    for record in records {
        let row = fields(record, senders);
        device_id.append_option(row.device_id);
        timestamp.append_option(row.timestamp);
        latitude.append_option(row.latitude);
        longitude.append_option(row.longitude);
        accuracy.append_value(row.accuracy_m as f32);
        speed.append_option(row.speed_m_s.map(|speed_m_s| speed_m_s as f32));
        source.append_value(row.source);
        age_band.append_option(row.age_band);
        sex.append_option(row.sex);
    }
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(device_id.finish()),
        Arc::new(timestamp.finish()),
        Arc::new(latitude.finish()),
        Arc::new(longitude.finish()),
        Arc::new(accuracy.finish()),
        Arc::new(speed.finish()),
        Arc::new(source.finish()),
    ];
    if senders.has_attributes() {
        columns.extend([Arc::new(age_band.finish()) as ArrayRef, Arc::new(sex.finish())]);
    }
    RecordBatch::try_new(schema.clone(), columns)
}

pub(super) fn write_parquet(path: &Path, senders: &Senders, records: &[Record]) -> Result<(), SimulateError> {
    let name = path.display().to_string();
    let file = File::create(path).map_err(SimulateError::io(path))?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        // These columns hardly repeat: a dictionary would be built and thrown away.
        .set_column_dictionary_enabled("timestamp".into(), false)
        .set_column_dictionary_enabled("latitude".into(), false)
        .set_column_dictionary_enabled("longitude".into(), false)
        .build();
    let schema = schema(senders);
    let parquet = SimulateError::parquet(&name);
    let mut writer = ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(&parquet)?;
    for records in records.chunks(BATCH_ROWS) {
        let batch = batch(&schema, senders, records).map_err(SimulateError::columns(&name))?;
        writer.write(&batch).map_err(&parquet)?;
    }
    writer.close().map_err(&parquet)?;
    Ok(())
}

/// The library draws a file's sync marker at random; here it follows from seed and day, so that the same
/// world gives the same bytes.
pub(super) fn write_avro(
    path: &Path,
    seed: u64,
    day: Day,
    senders: &Senders,
    records: &[Record],
) -> Result<(), SimulateError> {
    let name = path.display().to_string();
    let avro = SimulateError::avro(&name);
    let schema = schema(senders);
    let mut writer: AvroWriter<Vec<u8>> = WriterBuilder::new(schema.as_ref().clone())
        .with_compression(Some(CompressionCodec::ZStandard))
        .build(Vec::new())
        .map_err(&avro)?;
    let drawn = writer.sync_marker().copied().unwrap_or_default();
    for records in records.chunks(BLOCK_ROWS) {
        let batch = batch(&schema, senders, records).map_err(SimulateError::columns(&name))?;
        writer.write(&batch).map_err(&avro)?;
    }
    writer.finish().map_err(&avro)?;
    let half = |part| mix([seed, part, day.0 as u64, Purpose::SyncMarker as u64]).to_be_bytes();
    let marker: Vec<u8> = [half(0), half(1)].concat();
    let mut bytes = writer.into_inner();
    let mut at = 0;
    while let Some(found) = bytes[at..].windows(16).position(|window| window == drawn) {
        at += found;
        bytes[at..at + 16].copy_from_slice(&marker);
    }
    std::fs::write(path, bytes).map_err(SimulateError::io(path))
}
