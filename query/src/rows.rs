//! An answer that is looked at before it is written.
//!
//! In: a question of one statement. Out: its rows, for the sentence that states them, and the same rows in any form. Both come from
//! one run, so that a release in between cannot make the sentence say another thing than the rows.

use std::io::Write;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::json::WriterBuilder;
use datafusion::arrow::json::writer::JsonArray;
use datafusion::arrow::record_batch::RecordBatch;

use crate::ask::Asked;
use crate::error::QueryError;
use crate::job::Form;
use crate::notice::Notice;
use crate::questions::AnswerRow;
use crate::render::Rendering;
use crate::service::{Done, Service};

/// All rows of an answer.
pub struct Rows {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
    notice: Notice,
}

impl Service {
    /// The rows of the answer to one question, which are few enough to be held.
    ///
    /// # Errors
    /// [`QueryError`]: what was wrong with the question, or which limit it met.
    pub async fn rows(&self, asked: Asked) -> Result<Rows, QueryError> {
        match self.answer_all(asked, Form::Rows).await?.pop() {
            Some(Done::Rows(answer, _)) => {
                let batches = answer.into_batches()?;
                let schema = batches.schema();
                let batches: Result<_, _> = batches.collect();
                let batches = batches.map_err(QueryError::internal)?;
                Ok(Rows { schema, batches, notice: self.notice().clone() })
            }
            Some(Done::Refused(error)) => Err(error),
            Some(Done::Command(_)) | None => Err(QueryError::Empty),
        }
    }
}

impl Rows {
    /// Number of rows.
    pub fn count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// The names of the columns.
    pub fn columns(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// The rows, column by column; a hidden figure is `null`.
    ///
    /// # Errors
    /// [`QueryError::Render`] when a column has a type that JSON does not.
    pub fn cells(&self) -> Result<Vec<AnswerRow>, QueryError> {
        let failed =
            |source: Box<dyn std::error::Error + Send + Sync>| QueryError::Render { format: "JSON", source };
        let mut writer = WriterBuilder::new().with_explicit_nulls(true).build::<_, JsonArray>(Vec::new());
        for batch in &self.batches {
            writer.write(batch).map_err(|error| failed(error.into()))?;
        }
        writer.finish().map_err(|error| failed(error.into()))?;
        match writer.into_inner() {
            nothing if nothing.is_empty() => Ok(Vec::new()),
            bytes => serde_json::from_slice(&bytes).map_err(|error| failed(error.into())),
        }
    }

    /// The rows in a form.
    ///
    /// # Errors
    /// [`QueryError::Render`] when the form cannot be written.
    pub fn write<W: Write + Send>(&self, rendering: Rendering, sink: W) -> Result<W, QueryError> {
        let mut writer = rendering.begin(self.schema.clone(), self.notice.clone(), sink)?;
        for batch in &self.batches {
            writer.write(batch)?;
        }
        writer.finish()
    }
}
