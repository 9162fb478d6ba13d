//! What a door hands over and what comes back, as it goes between processes.
//!
//! In and out: a [`Job`] with its values, a [`Told`] with the bytes of a small answer. Everything in them is
//! plain data, so that a question may be worked on in another process than the one that its client is
//! connected to. Schemas and values travel as Arrow IPC, which keeps types and metadata.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::reader::StreamReader;
use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::{ParamValues, ScalarValue};
use serde::{Deserialize, Serialize};

use crate::ask::Asked;
use crate::error::{QueryError, Refusal};
use crate::gate::Command;
use crate::purpose::Purpose;
use crate::render::Rendering;

/// A question, and what is to be done with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Job {
    /// The question.
    pub(crate) asked: Asked,
    /// What is to be done.
    pub(crate) task: Task,
    /// How the names of files begin for answers that are too large for a message.
    pub(crate) spill: PathBuf,
    /// Most bytes of the answer.
    pub(crate) answer_bytes: usize,
}

/// What is to be done with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Task {
    /// Answer all its statements.
    Answer(Form),
    /// Say what its one statement takes and gives.
    Describe,
    /// Answer its one statement with the values that come along.
    Execute,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Form {
    /// As an Arrow IPC stream, for a door that writes them itself.
    Rows,
    /// As a client wants them.
    Written(Rendering),
}

/// What became of a job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Told {
    /// What each statement came to.
    Answered(Vec<Step>),
    /// What the statement takes and gives; `None` when there is none.
    Described(Option<Description>),
    /// Why there is no answer.
    Refused(Refusal),
}

/// What a statement came to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Step {
    /// It has no rows.
    Command(Command),
    /// So many rows, and where their bytes are.
    Rows { rows: usize, place: Place, purpose: Purpose },
    /// It has no answer, and nothing after it was looked at.
    Refused(Refusal),
}

/// Where the bytes of rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// In the message, after those of the statements before it.
    Message { bytes: usize },
    /// In the file of this number.
    File { number: usize, bytes: usize },
}

impl Job {
    /// The file of the rows of one of its statements.
    pub(crate) fn file(&self, number: usize) -> PathBuf {
        self.spill.with_extension(number.to_string())
    }
}

/// What a statement takes and gives.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Description {
    /// The statement without rows that it is, if it is one.
    pub(crate) command: Option<Command>,
    /// What its rows are for.
    pub(crate) purpose: Purpose,
    columns: Vec<u8>,
    parameters: Vec<u8>,
}

impl Description {
    pub(crate) fn new(
        command: Option<Command>,
        purpose: Purpose,
        columns: &SchemaRef,
        parameters: &[Option<DataType>],
    ) -> Result<Self, QueryError> {
        // A type that the query does not tell travels as the type of NULL.
        let field = |known: &Option<DataType>| Field::new("", known.clone().unwrap_or(DataType::Null), true);
        let parameters = Schema::new(parameters.iter().map(field).collect::<Vec<_>>());
        let written = (packed(columns, None), packed(&Arc::new(parameters), None));
        match written {
            (Ok(columns), Ok(parameters)) => Ok(Self { command, purpose, columns, parameters }),
            (Err(error), _) | (_, Err(error)) => Err(QueryError::internal(error)),
        }
    }

    /// The columns of its rows.
    pub(crate) fn columns(&self) -> Result<SchemaRef, QueryError> {
        Ok(unpacked(&self.columns).map_err(QueryError::internal)?.schema())
    }

    /// The types of `$1`, `$2` …; `None` where the query does not tell.
    pub(crate) fn parameters(&self) -> Result<Vec<Option<DataType>>, QueryError> {
        let schema = unpacked(&self.parameters).map_err(QueryError::internal)?.schema();
        let known = |field: &Arc<Field>| Some(field.data_type().clone()).filter(|known| !known.is_null());
        Ok(schema.fields().iter().map(known).collect())
    }
}

/// Values for `$1`, `$2` …, as bytes.
pub(crate) fn pack_values(values: &ParamValues) -> Result<Vec<u8>, QueryError> {
    let ParamValues::List(values) = values else { return Ok(Vec::new()) };
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for value in values {
        let value = &value.value;
        fields.push(Field::new("", value.data_type(), true));
        columns.push(value.to_array_of_size(1).map_err(|error| QueryError::Internal(Box::new(error)))?);
    }
    if fields.is_empty() {
        return Ok(Vec::new());
    }
    let schema = Arc::new(Schema::new(fields));
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns);
    batch.and_then(|batch| packed(&schema, Some(&batch))).map_err(QueryError::internal)
}

/// The values of [`pack_values`].
pub(crate) fn unpack_values(bytes: &[u8]) -> Result<Vec<ScalarValue>, QueryError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let mut reader = unpacked(bytes).map_err(QueryError::internal)?;
    let Some(batch) = reader.next().transpose().map_err(QueryError::internal)? else {
        return Ok(Vec::new());
    };
    let value = |column: &ArrayRef| ScalarValue::try_from_array(column, 0);
    let values = batch.columns().iter().map(value).collect::<Result<_, _>>();
    values.map_err(|error| QueryError::Internal(Box::new(error)))
}

fn packed(schema: &SchemaRef, batch: Option<&RecordBatch>) -> Result<Vec<u8>, ArrowError> {
    let mut writer = StreamWriter::try_new(Vec::new(), schema)?;
    if let Some(batch) = batch {
        writer.write(batch)?;
    }
    writer.finish()?;
    writer.into_inner()
}

fn unpacked(bytes: &[u8]) -> Result<StreamReader<io::Cursor<&[u8]>>, ArrowError> {
    StreamReader::try_new(io::Cursor::new(bytes), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_and_values_come_back_as_they_went() {
        let columns: SchemaRef = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
        let parameters = [Some(DataType::Utf8), None, Some(DataType::Float64)];
        let described = Description::new(None, Purpose::Answer, &columns, &parameters).unwrap();
        let described: Description =
            serde_json::from_str(&serde_json::to_string(&described).unwrap()).unwrap();
        assert_eq!(described.columns().unwrap(), columns);
        assert_eq!(described.parameters().unwrap(), parameters);
        let values = vec![ScalarValue::from("長野"), ScalarValue::Float64(None), ScalarValue::from(7_i64)];
        let bytes = pack_values(&ParamValues::from(values.clone())).unwrap();
        assert_eq!(unpack_values(&bytes).unwrap(), values);
        assert_eq!(
            unpack_values(&pack_values(&ParamValues::from(Vec::<ScalarValue>::new())).unwrap()).unwrap(),
            []
        );
    }
}
