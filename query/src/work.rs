//! A job done, in whichever process this is.
//!
//! In: a [`Job`]. Out: a [`Told`], and the bytes of a small answer. The way is that of every question:
//! admitted, planned, run. Rows are written as they come and never held together, so that the size of an
//! answer is a matter of files and not of memory; they count as an answer when the last one is written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::ParamValues;
use datafusion::prelude::SessionContext;
use futures::StreamExt;

use crate::ask::{Asked, Door};
use crate::dialect::Dialect;
use crate::engine::Engine;
use crate::error::QueryError;
use crate::gate::{self, Parse, Plain};
use crate::held::{Kept, Spill};
use crate::job::{Description, Form, Job, Step, Task, Told, unpack_values};
use crate::parameters;
use crate::plan::{Planned, plan};
use crate::render::RowWriter;

/// Rows of a piece of an answer. A reader holds one piece at a time.
const PIECE_ROWS: usize = 512;

/// An engine, and how each door speaks.
pub(crate) struct Bench {
    engine: Arc<Engine>,
    postgres: Dialect,
}

impl Bench {
    /// A place to work at.
    pub(crate) fn new(engine: Arc<Engine>) -> Result<Self, QueryError> {
        Ok(Self { postgres: Dialect::postgres(&engine)?, engine })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Does a job. The second is the bytes of an answer that fits a message.
    pub(crate) async fn work(&self, job: &Job, values: &[u8]) -> (Told, Vec<u8>) {
        match self.done(job, values).await {
            Ok(done) => done,
            Err(error) => (Told::Refused(error.into()), Vec::new()),
        }
    }

    async fn done(&self, job: &Job, values: &[u8]) -> Result<(Told, Vec<u8>), QueryError> {
        match job.task {
            Task::Answer(form) => {
                let mut steps = Vec::new();
                let mut bytes = Vec::new();
                let mut settings = job.asked.settings().clone();
                let context = self.session(&job.asked);
                for admitted in self.admitted(&job.asked)? {
                    let stepped = match plan(&self.engine, &context, &settings, admitted).await {
                        Ok(planned) => self.step(planned, form, job, &mut bytes).await,
                        Err(error) => Err(error),
                    };
                    match stepped {
                        Ok(step) => {
                            if let Step::Command(command) = &step {
                                // What comes after it in the same text is planned as if it were carried out.
                                command.carry_out(&mut settings);
                            }
                            steps.push(step);
                        }
                        // What was done before it stays done; what comes after it is not looked at.
                        Err(error) if !steps.is_empty() => {
                            steps.push(Step::Refused(error.into()));
                            break;
                        }
                        Err(error) => return Err(error),
                    }
                }
                Ok((Told::Answered(steps), bytes))
            }
            Task::Describe => Ok((Told::Described(self.described(&job.asked).await?), Vec::new())),
            Task::Execute => {
                let planned = self.planned_one(&job.asked).await?.ok_or(QueryError::Empty)?;
                let values = ParamValues::from(unpack_values(values)?);
                let bound = planned.bind(&values).map_err(|error| self.engine.explain(error))?;
                let mut bytes = Vec::new();
                let step = self.step(bound, Form::Rows, job, &mut bytes).await?;
                Ok((Told::Answered(vec![step]), bytes))
            }
        }
    }

    /// The context that a question is planned in.
    fn session(&self, asked: &Asked) -> SessionContext {
        match asked.door() {
            Door::Postgres => self.postgres.session(),
            Door::Http | Door::CommandLine => self.engine.session(),
        }
    }

    fn parser(&self, asked: &Asked) -> &dyn Parse {
        match asked.door() {
            Door::Postgres => self.postgres.parser(),
            Door::Http | Door::CommandLine => &Plain,
        }
    }

    /// All statements of a client of the Postgres wire; the one of anybody else.
    fn admitted(&self, asked: &Asked) -> Result<Vec<gate::Admitted>, QueryError> {
        let asked = Arc::new(asked.clone());
        let parser = self.parser(&asked);
        match asked.door() {
            Door::Postgres => gate::admit(&asked, parser),
            Door::Http | Door::CommandLine => {
                Ok(vec![gate::admit_one(&asked, parser)?.ok_or(QueryError::Empty)?])
            }
        }
    }

    async fn planned_one(&self, asked: &Asked) -> Result<Option<Planned>, QueryError> {
        let Some(admitted) = gate::admit_one(&Arc::new(asked.clone()), self.parser(asked))? else {
            return Ok(None);
        };
        Ok(Some(plan(&self.engine, &self.session(asked), asked.settings(), admitted).await?))
    }

    async fn described(&self, asked: &Asked) -> Result<Option<Description>, QueryError> {
        let Some(planned) = self.planned_one(asked).await? else { return Ok(None) };
        let parameters = match planned.logical_plan() {
            Some(plan) => parameters::types(plan, &self.engine)?,
            None => Vec::new(),
        };
        Ok(Some(Description::new(planned.command(), &planned.columns(), &parameters)?))
    }

    /// Runs what is planned. The bytes of its rows go to `small`, or to the file of the job.
    async fn step(
        &self,
        planned: Planned,
        form: Form,
        job: &Job,
        small: &mut Vec<u8>,
    ) -> Result<Step, QueryError> {
        if let Some(command) = planned.command() {
            return Ok(Step::Command(command));
        }
        let explain = |error| self.engine.explain(error);
        let limit = self.engine.limits().rows;
        let mut stream = planned.stream().await.map_err(explain)?;
        let mut writer = Writer::begin(form, &self.engine, &stream.schema(), job)?;
        let mut rows = 0;
        while let Some(batch) = stream.next().await.transpose().map_err(explain)? {
            rows += batch.num_rows();
            if rows > limit {
                return Err(QueryError::TooManyRows { limit });
            }
            for from in (0..batch.num_rows()).step_by(PIECE_ROWS) {
                writer.write(&batch.slice(from, PIECE_ROWS.min(batch.num_rows() - from)))?;
            }
        }
        let in_file = match writer.finish()? {
            Kept::File(length) => Some(length),
            Kept::Memory(bytes) => {
                *small = bytes;
                None
            }
        };
        Ok(Step::Rows { rows, in_file })
    }
}

/// Writes rows in the form that was asked for.
struct Writer {
    rows: Rows,
    overflowed: Arc<AtomicBool>,
    limit: usize,
}

enum Rows {
    Arrow(Box<StreamWriter<Spill>>),
    Written(Box<RowWriter<Spill>>),
}

impl Writer {
    fn begin(form: Form, engine: &Engine, schema: &SchemaRef, job: &Job) -> Result<Self, QueryError> {
        let spill = Spill::new(&job.spill, job.answer_bytes);
        let (overflowed, limit) = (spill.overflowed(), job.answer_bytes);
        let rows = match form {
            Form::Rows => {
                Rows::Arrow(Box::new(StreamWriter::try_new(spill, schema).map_err(QueryError::internal)?))
            }
            Form::Written(rendering) => Rows::Written(Box::new(rendering.begin(
                Arc::clone(schema),
                engine.notice().clone(),
                spill,
            )?)),
        };
        Ok(Self { rows, overflowed, limit })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), QueryError> {
        let written = match &mut self.rows {
            Rows::Arrow(writer) => writer.write(batch).map_err(QueryError::internal),
            Rows::Written(writer) => writer.write(batch),
        };
        written.map_err(|error| too_large(error, &self.overflowed, self.limit))
    }

    fn finish(self) -> Result<Kept, QueryError> {
        let (overflowed, limit) = (self.overflowed, self.limit);
        let finished = match self.rows {
            Rows::Arrow(mut writer) => {
                writer.finish().and_then(|()| writer.into_inner()).map_err(QueryError::internal)
            }
            Rows::Written(writer) => writer.finish(),
        };
        let finished = finished.and_then(|spill| spill.finish().map_err(QueryError::io));
        finished.map_err(|error| too_large(error, &overflowed, limit))
    }
}

/// Why a writer failed: its answer was too large, or what it says.
fn too_large(error: QueryError, overflowed: &AtomicBool, limit: usize) -> QueryError {
    if overflowed.load(Ordering::Relaxed) { QueryError::TooLarge { limit } } else { error }
}
