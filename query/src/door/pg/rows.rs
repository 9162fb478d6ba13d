//! Rows of an answer as messages.
//!
//! In: an answer in Arrow. Out: a stream of rows in the client's formats, encoded a piece at a time when the client
//! has taken those before, so that a large answer lies in its file and not in memory.

use std::io::Read;
use std::sync::Arc;

use arrow_pg::datatypes::{encode_recordbatch, into_pg_type};
use datafusion::arrow::array::{Array, ArrayRef};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::reader::StreamReader;
use datafusion::arrow::record_batch::RecordBatch;
use futures::{Stream, TryStreamExt, stream};
use pgwire::api::portal::Format;
use pgwire::api::results::{FieldFormat, FieldInfo, QueryResponse, Response};
use pgwire::error::PgWireResult;
use pgwire::messages::data::DataRow;

use super::allowance::Taken;
use super::columns::fields;
use super::written::as_texts;
use crate::error::QueryError;
use crate::service::Answer;
use crate::types::sql_type;

/// The pieces of an answer, in order.
pub(super) type Batches = StreamReader<Box<dyn Read + Send>>;

/// The rows of an answer, to be sent as the client takes them. `described` are the columns that it was told.
pub(super) fn rows(
    answer: Answer,
    described: Option<&SchemaRef>,
    format: &Format,
    taken: Taken,
) -> PgWireResult<Response> {
    let batches = answer.into_batches()?;
    let schema = match described {
        Some(described) => align(&batches.schema(), described)?,
        None => batches.schema(),
    };
    let fields = Arc::new(fields(&schema, Some(format))?);
    // It belongs to the answer as long as that is read.
    let pieces = batches.inspect(move |_| {
        let _open = &taken;
    });
    Ok(Response::Query(QueryResponse::new(Arc::clone(&fields), encoded(pieces, schema, fields))))
}

/// Reads a piece when the one before was taken. What is read lies in memory or in the system's cache, so that
/// it needs no thread of its own.
pub(super) fn encoded(
    batches: impl Iterator<Item = Result<RecordBatch, ArrowError>> + Send,
    schema: SchemaRef,
    fields: Arc<Vec<FieldInfo>>,
) -> impl Stream<Item = PgWireResult<DataRow>> + Send {
    let pieces = batches.map(move |batch| {
        let is_text = |place: usize| {
            fields.get(place).is_none_or(|field: &FieldInfo| field.format() == FieldFormat::Text)
        };
        let batch =
            batch.and_then(|batch| widened(&batch, &schema)).and_then(|batch| as_texts(batch, is_text));
        let batch = batch.map_err(QueryError::internal)?;
        if batch.columns().iter().any(is_without_interval) {
            return Err(QueryError::Unsupported(NO_INTERVAL.to_owned()).into());
        }
        // The encoder's rows cannot be sent to another thread. A row that it cannot encode it gives again and again.
        encode_recordbatch(Arc::clone(&fields), batch).collect::<PgWireResult<Vec<_>>>()
    });
    stream::iter(pieces).map_ok(|rows| stream::iter(rows.into_iter().map(Ok))).try_flatten()
}

/// What is said instead of an interval where there is none: in binary the encoder writes one of no length.
const NO_INTERVAL: &str = "an interval that is NULL in binary\nhint: ask for it as text: CAST(… AS text)";

/// Whether a column that stayed one of intervals lacks one.
fn is_without_interval(column: &ArrayRef) -> bool {
    matches!(column.data_type(), DataType::Interval(_)) && column.null_count() > 0
}

/// The columns as they go to the client: what was described before parameters were known, or else what they
/// are. A client that reads binary would misread anything else. A column that cannot be widened without loss
/// is an error.
fn align(schema: &SchemaRef, described: &SchemaRef) -> PgWireResult<SchemaRef> {
    let mut fields = Vec::new();
    for (has, told) in schema.fields().iter().zip(described.fields()) {
        let (from, to) = (has.data_type(), told.data_type());
        if to.is_null() || into_pg_type(from)? == into_pg_type(to)? {
            fields.push(Arc::clone(has));
        } else if widens(from, to) {
            fields.push(Arc::new(Field::new(has.name(), to.clone(), true)));
        } else {
            let (name, from, to) = (has.name(), sql_type(from), sql_type(to));
            let message = format!(
                "column `{name}` is {from} with these parameters and was described as {to}\n\
                 hint: say the type of a parameter, as in $1::{from}"
            );
            return Err(QueryError::Plan(message).into());
        }
    }
    Ok(Arc::new(Schema::new(fields)))
}

fn widens(from: &DataType, to: &DataType) -> bool {
    use DataType::{Float32, Float64, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, Utf8};
    matches!(
        (from, to),
        (Int8 | Int16 | Int32 | UInt8 | UInt16 | UInt32, Int64)
            | (Int8 | Int16 | UInt8 | UInt16, Int32)
            | (Int8 | UInt8, Int16)
            | (Int8 | Int16 | Int32 | UInt8 | UInt16 | UInt32 | Float32, Float64)
            | (_, Utf8)
    )
}

fn widened(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns = batch.columns().iter().zip(schema.fields());
    let columns = columns.map(|(column, field)| cast(column, field.data_type())).collect::<Result<_, _>>()?;
    RecordBatch::try_new(Arc::clone(schema), columns)
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{Decimal128Array, IntervalMonthDayNanoArray};
    use datafusion::arrow::datatypes::IntervalMonthDayNano;
    use futures::StreamExt;

    use super::*;

    /// What comes of one column in a format: rows, and refusals.
    async fn sent(column: ArrayRef, format: Format) -> Vec<bool> {
        let field = Field::new("a", column.data_type().clone(), true);
        let schema = Arc::new(Schema::new(vec![field]));
        let fields = Arc::new(fields(&schema, Some(&format)).unwrap());
        let batch = RecordBatch::try_new(Arc::clone(&schema), vec![column]).unwrap();
        let rows = encoded([Ok(batch)].into_iter(), schema, fields);
        rows.map(|row| row.is_ok()).collect().await
    }

    #[tokio::test]
    async fn a_value_that_cannot_be_encoded_ends_the_answer() {
        let digits = 12_345_678_901_234_567_890_123 * 10_000_000_000_i128;
        let numbers = Decimal128Array::from(vec![1, digits, 2]).with_precision_and_scale(38, 10).unwrap();
        let numbers: ArrayRef = Arc::new(numbers);
        assert_eq!(sent(Arc::clone(&numbers), Format::UnifiedBinary).await, [false]);
        assert_eq!(sent(numbers, Format::UnifiedText).await, [true; 3]);
        let month = IntervalMonthDayNano::new(1, 0, 0);
        let lengths: ArrayRef = Arc::new(IntervalMonthDayNanoArray::from(vec![Some(month), None]));
        assert_eq!(sent(Arc::clone(&lengths), Format::UnifiedBinary).await, [false]);
        assert_eq!(sent(lengths.slice(0, 1), Format::UnifiedBinary).await, [true]);
        assert_eq!(sent(lengths, Format::UnifiedText).await, [true; 2]);
    }
}
