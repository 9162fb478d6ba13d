//! Values that a client of Flight binds to a prepared statement.
//!
//! In: messages of Arrow IPC, from anybody. Out: one value for each parameter, as the statement takes it. What the
//! messages claim is checked before a reader acts on it: a compressed buffer says how large it will be, and a
//! reader makes room for that.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow_flight::FlightData;
use arrow_flight::utils::flight_data_to_arrow_batch;
use datafusion::arrow::array::Array;
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::{MessageHeader, root_as_message};
use datafusion::arrow::util::display::FormatOptions;
use datafusion::common::{ParamValues, ScalarValue};
use futures::{Stream, StreamExt};
use tonic::Status;

use super::status::{malformed, with_state};
use crate::types::sql_type;

/// Most messages that carry values: their columns, one row, and an empty one that some drivers add.
const MESSAGES: usize = 8;
/// Most parameters, as the Postgres wire counts them.
const PARAMETERS: usize = 65_535;

/// The values of one row, for parameters of these types, and how many bytes their message took.
///
/// # Errors
/// When they are no values, more than one row, or do not fit.
pub(super) async fn read(
    mut messages: impl Stream<Item = Result<FlightData, Status>> + Unpin,
    types: &[Option<DataType>],
) -> Result<(ParamValues, usize), Status> {
    let mut columns: Option<SchemaRef> = None;
    let mut row = None;
    let mut bytes = 0;
    let mut count = 0;
    while let Some(message) = messages.next().await.transpose()? {
        count += 1;
        if count > MESSAGES {
            return Err(several_rows());
        }
        bytes += message.data_header.len() + message.data_body.len();
        if message.data_header.is_empty() {
            // A command alone.
            continue;
        }
        match (kind(&message)?, &columns) {
            (Kind::Columns, None) => {
                columns = Some(checked(read_by_arrow(|| Schema::try_from(&message))?, types)?);
            }
            (Kind::Rows(0), Some(_)) => {}
            (Kind::Rows(1), Some(columns)) if row.is_none() => {
                let read = || flight_data_to_arrow_batch(&message, Arc::clone(columns), &HashMap::new());
                row = Some(read_by_arrow(read)?);
            }
            (Kind::Rows(_), Some(_)) => return Err(several_rows()),
            (Kind::Rows(_), None) | (Kind::Columns, Some(_)) => return Err(malformed("row of values")),
        }
    }
    let Some(row) = row else {
        return match types.is_empty() {
            true => Ok((ParamValues::List(Vec::new()), bytes)),
            false => Err(number_of_values(0, types.len())),
        };
    };
    let values: Result<Vec<_>, _> = row
        .columns()
        .iter()
        .zip(types)
        .enumerate()
        .map(|(at, (value, kind))| fitted(at, value, kind))
        .collect();
    Ok((ParamValues::from(values?), bytes))
}

/// What Arrow makes of bytes from anybody. Its reader is made for files of its own and panics on some others.
fn read_by_arrow<T>(read: impl FnOnce() -> Result<T, ArrowError>) -> Result<T, Status> {
    let read = catch_unwind(AssertUnwindSafe(read));
    read.ok().and_then(Result::ok).ok_or_else(|| malformed("row of values"))
}

/// What a message is.
enum Kind {
    Columns,
    Rows(i64),
}

fn kind(message: &FlightData) -> Result<Kind, Status> {
    let refused = || malformed("row of values");
    let header = root_as_message(&message.data_header).map_err(|_| refused())?;
    match header.header_type() {
        MessageHeader::Schema => Ok(Kind::Columns),
        MessageHeader::RecordBatch => {
            let batch = header.header_as_record_batch().ok_or_else(refused)?;
            if batch.compression().is_some() {
                let message = "values are compressed\nhint: bind them without compression";
                return Err(with_state("0A000", message));
            }
            Ok(Kind::Rows(batch.length()))
        }
        _ => {
            let message = "values in a dictionary\nhint: bind them as they are: numbers, texts, dates, times";
            Err(with_state("0A000", message))
        }
    }
}

/// Columns of values that are as many as there are parameters, each of a plain type.
fn checked(columns: Schema, types: &[Option<DataType>]) -> Result<SchemaRef, Status> {
    let count = columns.fields().len();
    if count != types.len() || count > PARAMETERS {
        return Err(number_of_values(count, types.len()));
    }
    for field in columns.fields() {
        let kind = field.data_type();
        let is_plain = kind.is_primitive()
            || kind.is_null()
            || matches!(
                kind,
                DataType::Boolean
                    | DataType::Utf8
                    | DataType::LargeUtf8
                    | DataType::Utf8View
                    | DataType::Binary
                    | DataType::LargeBinary
            );
        if !is_plain {
            let message =
                format!("a value of type {}\nhint: bind numbers, texts, dates and times", sql_type(kind));
            return Err(with_state("0A000", &message));
        }
    }
    Ok(Arc::new(columns))
}

/// A value as its parameter takes it.
fn fitted(at: usize, value: &Arc<dyn Array>, kind: &Option<DataType>) -> Result<ScalarValue, Status> {
    let options = CastOptions { safe: false, format_options: FormatOptions::default() };
    let refused = || {
        let takes = kind.as_ref().map_or_else(|| "text".to_owned(), sql_type);
        let (number, is) = (at + 1, sql_type(value.data_type()));
        let message = format!("the value of parameter `{number}`, a {is}, is no {takes}");
        with_state("22P02", &format!("{message}\nhint: bind a value of type {takes}"))
    };
    let cast = match kind {
        Some(kind) if !goes_into(value.data_type(), kind) => return Err(refused()),
        Some(kind) => cast_with_options(value, kind, &options).map_err(|_| refused())?,
        None => Arc::clone(value),
    };
    ScalarValue::try_from_array(&cast, 0).map_err(|_| refused())
}

/// Whether a value may be taken for a parameter of another type. Arrow would make a day of a number.
fn goes_into(from: &DataType, to: &DataType) -> bool {
    use DataType::{Date32, Date64, Timestamp};
    let is_time = |kind: &DataType| matches!(kind, Date32 | Date64 | Timestamp(..));
    from == to
        || from.is_null()
        || from.is_string()
        || to.is_string()
        || from.is_numeric() && to.is_numeric()
        || is_time(from) && is_time(to)
}

fn several_rows() -> Status {
    let message =
        "several rows of values: a question is asked with one\nhint: bind and run it once for each row";
    with_state("0A000", message)
}

fn number_of_values(given: usize, takes: usize) -> Status {
    let message = format!("`{given}` values for a question that takes `{takes}`");
    with_state("08P01", &format!("{message}\nhint: bind one value for each parameter"))
}

#[cfg(test)]
#[path = "parameters_tests.rs"]
mod tests;
