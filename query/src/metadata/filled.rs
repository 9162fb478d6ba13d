//! Tables of the catalog from rows that say little.
//!
//! In: a schema, and rows that name some of its columns. Out: a table in which the others say what PostgreSQL says
//! where nothing was ever set: 0, false, an empty text, or NULL where that may be.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{MemTable, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::error::Result as DataFusionResult;

/// A row, by the names of its columns.
pub(super) type Row = BTreeMap<&'static str, ScalarValue>;

/// The type of a column that is added.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Oid,
    Flag,
    Text,
    Small,
    Long,
    Moment,
    SmallList,
    OidList,
    TextList,
}

impl Kind {
    pub(super) fn data_type(self) -> DataType {
        let list = |of: DataType| DataType::List(Arc::new(Field::new_list_field(of, true)));
        match self {
            Self::Oid => DataType::Int32,
            Self::Flag => DataType::Boolean,
            Self::Text => DataType::Utf8,
            Self::Small => DataType::Int16,
            Self::Long => DataType::Int64,
            Self::Moment => {
                DataType::Timestamp(datafusion::arrow::datatypes::TimeUnit::Microsecond, Some("UTC".into()))
            }
            Self::SmallList => list(DataType::Int16),
            Self::OidList => list(DataType::Int32),
            Self::TextList => list(DataType::Utf8),
        }
    }
}

/// A schema of columns that may all be NULL.
pub(super) fn schema(columns: &[(&str, Kind)]) -> SchemaRef {
    let field = |(name, kind): &(&str, Kind)| Field::new(*name, kind.data_type(), true);
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}

/// The rows of a table.
pub(super) fn batch(schema: &SchemaRef, rows: &[Row]) -> DataFusionResult<RecordBatch> {
    let mut columns: Vec<ArrayRef> = Vec::new();
    for field in schema.fields() {
        let nothing = nothing(field)?;
        let mut values = Vec::with_capacity(rows.len());
        for row in rows {
            let value = row.get(field.name().as_str()).unwrap_or(&nothing);
            values.push(value.cast_to(field.data_type())?);
        }
        columns.push(match values.is_empty() {
            true => datafusion::arrow::array::new_empty_array(field.data_type()),
            false => cast(&ScalarValue::iter_to_array(values)?, field.data_type())?,
        });
    }
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

/// A table of rows.
pub(super) fn table(schema: &SchemaRef, rows: &[Row]) -> DataFusionResult<Arc<dyn TableProvider>> {
    Ok(Arc::new(MemTable::try_new(Arc::clone(schema), vec![vec![batch(schema, rows)?]])?))
}

/// A table without rows.
pub(super) fn empty(columns: &[(&str, Kind)]) -> DataFusionResult<Arc<dyn TableProvider>> {
    Ok(Arc::new(MemTable::try_new(schema(columns), vec![Vec::new()])?))
}

fn nothing(field: &Field) -> DataFusionResult<ScalarValue> {
    if field.is_nullable() {
        return ScalarValue::try_from(field.data_type());
    }
    match field.data_type() {
        DataType::Utf8 => Ok(ScalarValue::from("")),
        DataType::Boolean => Ok(ScalarValue::from(false)),
        of => ScalarValue::new_zero(of),
    }
}
