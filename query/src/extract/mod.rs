//! Rows with the outlines of their places, as files for maps.
//!
//! In: an answer as Arrow, and the borders. Out: GeoParquet or GeoJSON. A row lies where its cell, its municipality, its
//! area or its prefecture lies, whichever of these columns comes first; one that lies nowhere keeps its figures and has
//! no geometry. It is done by `kayoi extract`, which has a process of its own: the borders of all municipalities are
//! more than a worker of a server may hold.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BinaryArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::json::WriterBuilder;
use datafusion::arrow::json::writer::LineDelimited;
use datafusion::arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};

mod geometry;
mod places;

pub use places::Places;

use crate::ask::Asked;
use crate::error::QueryError;
use crate::notice::Notice;
use crate::render::{Rendering, entries};
use crate::service::Service;

/// A form of file with geometries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapForm {
    /// GeoParquet 1.1, geometries as WKB.
    GeoParquet,
    /// GeoJSON of RFC 7946.
    GeoJson,
}

/// The column of geometries.
const GEOMETRY: &str = "geometry";
/// Columns that say where a row lies, the most particular first.
const PLACES: [&str; 5] = ["cell", "mesh", "municipality_code", "area_code", "prefecture_code"];

/// The column of a table that says where its rows lie.
pub fn place_column(schema: &Schema) -> Option<&'static str> {
    PLACES
        .into_iter()
        .find(|name| schema.field_with_name(name).is_ok_and(|field| *field.data_type() == DataType::Utf8))
}

/// Writes an answer with geometries of the codes in a column. Returns the number of rows.
///
/// # Errors
/// [`QueryError`]: what was wrong with the question, or what the sink says.
pub async fn extract(
    service: &Service,
    asked: Asked,
    (column, places): (&str, &Places),
    form: MapForm,
    mut sink: impl Write + Send,
) -> Result<usize, QueryError> {
    let answer = service.answer(asked, Rendering::Arrow).await?;
    let batches = answer.into_batches()?;
    let schema = batches.schema();
    let notice = service.notice();
    let mut rows = 0;
    match form {
        MapForm::GeoParquet => {
            let mut writer = parquet(&schema, notice, &mut sink)?;
            for batch in batches {
                let batch = batch.map_err(QueryError::internal)?;
                rows += batch.num_rows();
                writer.write(&with_geometry(&batch, column, places)?).map_err(failed("GeoParquet"))?;
            }
            writer.close().map_err(failed("GeoParquet"))?;
        }
        MapForm::GeoJson => {
            let about: serde_json::Map<String, Value> =
                entries(notice).map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect();
            let head =
                format!("{{\"type\":\"FeatureCollection\",\"about\":{},\"features\":[", Value::from(about));
            sink.write_all(head.as_bytes()).map_err(failed("GeoJSON"))?;
            for batch in batches {
                features(&batch.map_err(QueryError::internal)?, column, places, &mut rows, &mut sink)?;
            }
            sink.write_all(b"\n]}\n").map_err(failed("GeoJSON"))?;
        }
    }
    sink.flush().map_err(QueryError::io)?;
    Ok(rows)
}

fn failed<E: std::error::Error + Send + Sync + 'static>(format: &'static str) -> impl Fn(E) -> QueryError {
    move |error| QueryError::Render { format, source: Box::new(error) }
}

/// A file whose key `geo` says what its geometries are. Without `crs` they are longitude and latitude, as N03 has them.
fn parquet<'s, W: Write + Send>(
    schema: &SchemaRef,
    notice: &Notice,
    sink: &'s mut W,
) -> Result<ArrowWriter<&'s mut W>, QueryError> {
    let geo = json!({
        "version": "1.1.0",
        "primary_column": GEOMETRY,
        "columns": { GEOMETRY: {
            "encoding": "WKB",
            "geometry_types": ["Polygon", "MultiPolygon"],
            "orientation": "counterclockwise",
        } },
    });
    let mut about: Vec<KeyValue> =
        entries(notice).map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned())).into();
    about.push(KeyValue::new("geo".to_owned(), geo.to_string()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(Default::default()))
        .set_key_value_metadata(Some(about))
        .build();
    let mut fields: Vec<Field> = schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.push(Field::new(GEOMETRY, DataType::Binary, true));
    ArrowWriter::try_new(sink, Arc::new(Schema::new(fields)), Some(properties)).map_err(failed("GeoParquet"))
}

fn with_geometry(batch: &RecordBatch, column: &str, places: &Places) -> Result<RecordBatch, QueryError> {
    let geometries: BinaryArray = where_rows_lie(batch, column)?
        .map(|code| code.and_then(|code| places.find(code)).map(|found| found.wkb()))
        .collect();
    let mut fields: Vec<Field> = batch.schema().fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.push(Field::new(GEOMETRY, DataType::Binary, true));
    let mut columns: Vec<ArrayRef> = batch.columns().to_vec();
    columns.push(Arc::new(geometries));
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).map_err(QueryError::internal)
}

/// The code in the column of each row.
fn where_rows_lie<'b>(
    batch: &'b RecordBatch,
    column: &str,
) -> Result<impl Iterator<Item = Option<&'b str>>, QueryError> {
    let codes = batch.column_by_name(column).and_then(|column| column.as_string_opt::<i32>());
    let none = || QueryError::internal(ArrowError::SchemaError(format!("no text column `{column}`")));
    let codes = codes.ok_or_else(none)?;
    Ok((0..codes.len()).map(|row| codes.is_valid(row).then(|| codes.value(row))))
}

/// The rows as features, each on a line of its own.
fn features(
    batch: &RecordBatch,
    column: &str,
    places: &Places,
    rows: &mut usize,
    sink: &mut impl Write,
) -> Result<(), QueryError> {
    let mut lines = Vec::new();
    let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, LineDelimited>(&mut lines);
    writer.write(batch).and_then(|()| writer.finish()).map_err(failed("GeoJSON"))?;
    drop(writer);
    let text = String::from_utf8_lossy(&lines);
    for (properties, code) in text.lines().zip(where_rows_lie(batch, column)?) {
        let geometry = code
            .and_then(|code| places.find(code))
            .map_or_else(|| "null".to_owned(), |found| found.geojson());
        let comma = if *rows == 0 { "" } else { "," };
        *rows += 1;
        writeln!(
            sink,
            "{comma}\n{{\"type\":\"Feature\",\"properties\":{properties},\"geometry\":{geometry}}}"
        )
        .map_err(failed("GeoJSON"))?;
    }
    Ok(())
}
