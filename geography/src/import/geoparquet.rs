//! GeoParquet: a table with one column of geometries.
//!
//! In: a .parquet with the file metadata `geo`. Out: features for the collector. Only the columns that matter
//! are read, some rows at a time, and their geometries are parsed in parallel. A geometry that is none is a
//! skipped row, never the end of the import.

use std::fs::File;

use arrow::array::{Array, ArrayRef, AsArray as _, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rayon::prelude::*;

use super::attributes::{Attribute, Attributes, CodeColumn};
use super::collect::{Cleaned, Collector, Feature, clean};
use super::report::Skip;
use super::source::SourceFile;
use super::{geo_metadata, wkb};
use crate::GeographyError;
use crate::error::Cause;

/// Rows at a time: a prefecture at full resolution is some tens of MB.
const BATCH_ROWS: usize = 256;

pub(super) fn read(source: &SourceFile, collector: &mut Collector<'_>) -> Result<(), GeographyError> {
    let path = &source.path;
    let malformed = |error: Cause| GeographyError::malformed(path, "the table", "Parquet", error);
    let file = File::open(path).map_err(|error| GeographyError::read(path, error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| malformed(error.into()))?;
    let metadata = builder.metadata().file_metadata();
    let rows_total = u64::try_from(metadata.num_rows()).unwrap_or_default();
    let entries = metadata.key_value_metadata().into_iter().flatten();
    let geo = entries.filter(|entry| entry.key == "geo").find_map(|entry| entry.value.as_deref());
    let geometry = geo_metadata::geometry_column(path, geo)?;

    let fields = builder.schema().fields();
    let names: Vec<String> = fields.iter().map(|field| field.name().clone()).collect();
    let wanted = collector.column.attributes();
    let is_wanted = |name: &String| *name == geometry || wanted.contains(&name.as_str());
    let columns = (0..names.len()).filter(|&column| is_wanted(&names[column]));
    let mask = ProjectionMask::roots(builder.parquet_schema(), columns);
    let reader = builder
        .with_projection(mask)
        .with_batch_size(BATCH_ROWS)
        .build()
        .map_err(|error| malformed(error.into()))?;
    let layer = Layer { source, geometry, names, column: collector.column.clone() };
    for batch in reader {
        layer.cleaned(&batch.map_err(|error| malformed(error.into()))?)?.into_iter().for_each(|cleaned| {
            collector.add(cleaned);
        });
        let share = collector.features() as f64 / rows_total.max(1) as f64;
        collector.tell((source.length as f64 * share) as u64, source.length);
    }
    collector.tell(source.length, source.length);
    Ok(())
}

/// What holds for all rows.
struct Layer<'s> {
    source: &'s SourceFile,
    /// The column with the geometries.
    geometry: String,
    /// The names of all columns.
    names: Vec<String>,
    column: CodeColumn,
}

impl Layer<'_> {
    fn cleaned(&self, batch: &RecordBatch) -> Result<Vec<Cleaned>, GeographyError> {
        let refuse = |found: String| GeographyError::not_geoparquet(&self.source.path, found);
        let geometries = batch
            .column_by_name(&self.geometry)
            .ok_or_else(|| refuse(format!("it has no column `{}`, which `geo` names", self.geometry)))?;
        let geometries = binaries(geometries).ok_or_else(|| {
            refuse(format!("its column `{}` is of type `{}`", self.geometry, geometries.data_type()))
        })?;
        let geometries = geometries.as_binary::<i64>();
        let attributes = self.attributes(batch)?;
        let rows = attributes.into_par_iter().enumerate().map(|(row, attributes)| {
            let bytes = geometries.is_valid(row).then(|| geometries.value(row));
            let polygons = bytes.ok_or(Skip::NotPolygon).and_then(wkb::polygons);
            clean(Feature { attributes, polygons, orphan_holes: 0, other_crs: None }, &self.column)
        });
        Ok(rows.collect())
    }

    fn attributes(&self, batch: &RecordBatch) -> Result<Vec<Attributes>, GeographyError> {
        let mut rows = vec![Attributes::default(); batch.num_rows()];
        for name in self.column.attributes() {
            let Some(values) = batch.column_by_name(name) else { continue };
            let values = texts(values).ok_or_else(|| {
                let kind = values.data_type();
                let found = format!(
                    "its column `{name}` is of type `{kind}`, and a code is a text or a whole number"
                );
                GeographyError::no_areas(&self.source.path, self.column.name(), found)
            })?;
            for (row, value) in rows.iter_mut().zip(values) {
                if let Some(slot) = row.slot(name, &self.column) {
                    *slot = value;
                }
            }
        }
        Ok(rows.into_iter().map(|row| row.with_names(|| self.names.clone())).collect())
    }
}

/// A column as attributes: texts (also of a dictionary, as pandas' categories are) and numbers as they are.
/// `None` for other types.
fn texts(values: &ArrayRef) -> Option<Vec<Attribute>> {
    let or_null = |attribute: Option<Attribute>| attribute.unwrap_or(Attribute::Null);
    let kind = match values.data_type() {
        DataType::Dictionary(_, kind) => kind.as_ref(),
        kind => kind,
    };
    if kind.is_integer() || kind.is_floating() {
        let numbers = as_type(values, &DataType::Float64)?;
        let numbers = numbers.as_primitive::<Float64Type>().iter();
        return Some(numbers.map(|number| or_null(number.map(Attribute::from_number))).collect());
    }
    if !(kind.is_string() || kind.is_null()) {
        return None;
    }
    let texts = as_type(values, &DataType::LargeUtf8)?;
    Some(texts.as_string::<i64>().iter().map(|text| or_null(text.map(Attribute::from_text))).collect())
}

fn as_type(values: &ArrayRef, kind: &DataType) -> Option<ArrayRef> {
    cast(values, kind).ok()
}

/// A column of bytes; `None` for other types, of which a cast would take texts too.
fn binaries(values: &ArrayRef) -> Option<ArrayRef> {
    let kind = values.data_type();
    let is_binary = matches!(kind, DataType::Binary | DataType::LargeBinary | DataType::BinaryView);
    if is_binary { as_type(values, &DataType::LargeBinary) } else { None }
}

#[cfg(test)]
#[path = "geoparquet_tests.rs"]
mod tests;
