//! The columns of an answer as clients of Flight are told them, and the rows brought into them.
//!
//! In: the columns that a worker tells or writes. Out: columns that every driver reads: texts and bytes without
//! views or dictionaries, all nullable, without the marks that planning leaves on them. A driver compares what was
//! told before with what comes, to the last mark, so that both go through here.

use std::sync::Arc;

use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::writer::IpcWriteOptions;
use datafusion::arrow::record_batch::RecordBatch;

use arrow_flight::{IpcMessage, SchemaAsIpc};
use prost::bytes::Bytes;
use tonic::Status;

use super::status::with_state;
use crate::error::QueryError;
use crate::types::sql_type;

/// Most columns of an answer, as PostgreSQL has it: what is told of each must fit a message.
const MOST_COLUMNS: usize = 1_664;

/// The columns as they are told.
///
/// # Errors
/// When there are more than fit.
pub(super) fn told(columns: &Schema) -> Result<SchemaRef, Status> {
    let count = columns.fields().len();
    if count > MOST_COLUMNS {
        let message =
            format!("`{count}` columns: an answer has at most `{MOST_COLUMNS}`\nhint: take fewer columns");
        return Err(with_state("54011", &message));
    }
    let field = |field: &Arc<Field>| Field::new(field.name(), plain(field.data_type()), true);
    Ok(Arc::new(Schema::new(columns.fields().iter().map(field).collect::<Vec<_>>())))
}

fn plain(kind: &DataType) -> DataType {
    let item = |field: &Arc<Field>| Arc::new(Field::new(field.name(), plain(field.data_type()), true));
    match kind {
        DataType::Utf8View => DataType::Utf8,
        DataType::BinaryView => DataType::Binary,
        DataType::Dictionary(_, values) => plain(values),
        DataType::List(field) | DataType::ListView(field) => DataType::List(item(field)),
        DataType::LargeList(field) | DataType::LargeListView(field) => DataType::LargeList(item(field)),
        kind => kind.clone(),
    }
}

/// The columns in which an answer is sent: what was told, if something was, or else what they are.
///
/// # Errors
/// When a column is something else than was told, with the values that were bound.
pub(super) fn sent(columns: &Schema, was_told: Option<SchemaRef>) -> Result<SchemaRef, Status> {
    let has = told(columns)?;
    let Some(was_told) = was_told else { return Ok(has) };
    let fits = |(has, told): (&Arc<Field>, &Arc<Field>)| widens(has.data_type(), told.data_type());
    if has.fields().len() == was_told.fields().len() && has.fields().iter().zip(was_told.fields()).all(fits) {
        return Ok(was_told);
    }
    let differs = has.fields().iter().zip(was_told.fields()).find(|pair| !fits(*pair));
    let said = differs.map_or_else(
        || "the columns are others than were told".to_owned(),
        |(has, told)| {
            let (name, from, to) = (has.name(), sql_type(has.data_type()), sql_type(told.data_type()));
            format!("column `{name}` is {from} with these values and was described as {to}")
        },
    );
    Err(with_state(
        "42804",
        &format!("{said}\nhint: say the type of a parameter, as in CAST(? AS double precision)"),
    ))
}

fn widens(from: &DataType, to: &DataType) -> bool {
    use DataType::{Decimal128, Float32, Float64, Int8, Int16, Int32, Int64, Null, UInt8, UInt16, UInt32};
    // Only once it is calculated is it known how many decimals `round` leaves.
    let has_more_decimals = matches!((from, to), (Decimal128(_, has), Decimal128(_, told)) if has <= told);
    from == to
        || has_more_decimals
        || matches!(
            (from, to),
            (Null, _)
                | (Int8 | UInt8, Int16 | Int32 | Int64 | Float64)
                | (Int16 | UInt16, Int32 | Int64 | Float64)
                | (Int32 | UInt32, Int64 | Float64)
                | (Float32, Float64)
        )
}

/// Rows in the columns that are sent.
pub(super) fn brought(batch: &RecordBatch, columns: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let arrays = batch.columns().iter().zip(columns.fields());
    let arrays = arrays.map(|(array, field)| match array.data_type() == field.data_type() {
        true => Ok(Arc::clone(array)),
        // What does not fit is an error, and no NULL.
        false => cast_with_options(
            array,
            field.data_type(),
            &CastOptions { safe: false, ..CastOptions::default() },
        ),
    });
    RecordBatch::try_new(Arc::clone(columns), arrays.collect::<Result<_, _>>()?)
}

/// Columns as bytes of the protocol.
///
/// # Errors
/// Our own fault.
pub(super) fn bytes(columns: &Schema) -> Result<Bytes, Status> {
    let options = IpcWriteOptions::default();
    let IpcMessage(bytes) = SchemaAsIpc::new(columns, &options)
        .try_into()
        .map_err(|error| Status::from(QueryError::internal(error)))?;
    Ok(bytes)
}

/// The columns of such bytes; `None` when there are none.
pub(super) fn of_bytes(bytes: &Bytes) -> Result<Option<SchemaRef>, Status> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let columns = Schema::try_from(IpcMessage(bytes.clone()));
    columns.map(|columns| Some(Arc::new(columns))).map_err(|error| Status::from(QueryError::internal(error)))
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::array::{ArrayRef, DictionaryArray, Int32Array, StringViewArray};
    use datafusion::arrow::datatypes::Int32Type;

    use super::*;

    #[test]
    fn rows_come_in_the_columns_that_were_told() {
        let view: ArrayRef =
            Arc::new(StringViewArray::from(vec!["長野", "a text that is longer than a view"]));
        let shared: ArrayRef = Arc::new(vec!["a", "b"].into_iter().collect::<DictionaryArray<Int32Type>>());
        let number: ArrayRef = Arc::new(Int32Array::from(vec![1, 2]));
        let batch = RecordBatch::try_from_iter([("v", view), ("d", shared), ("n", number)]).unwrap();
        let columns = told(&batch.schema()).unwrap();
        let kinds: Vec<&DataType> = columns.fields().iter().map(|field| field.data_type()).collect();
        assert_eq!(kinds, [&DataType::Utf8, &DataType::Utf8, &DataType::Int32]);
        assert_eq!(of_bytes(&bytes(&columns).unwrap()).unwrap().unwrap(), columns);
        let mut fields = columns.fields().to_vec();
        fields[2] = Arc::new(Field::new("n", DataType::Float64, true));
        let before = Arc::new(Schema::new(fields));
        let columns = sent(&batch.schema(), Some(Arc::clone(&before))).unwrap();
        assert_eq!(brought(&batch, &columns).unwrap().schema(), before);
        let error = sent(&before, Some(told(&batch.schema()).unwrap())).unwrap_err();
        assert!(error.message().contains("column `n` is double with these values"), "{error:?}");
    }

    #[test]
    fn an_answer_with_too_many_columns_is_refused_before_it_is_told() {
        let field = |number: usize| Field::new(format!("c{number}"), DataType::Int64, true);
        let columns = Schema::new((0..=MOST_COLUMNS).map(field).collect::<Vec<_>>());
        assert!(told(&columns).unwrap_err().message().contains("1664"));
    }
}
