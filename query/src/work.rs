//! A job done, in whichever process this is.
//!
//! In: a [`Job`]. Out: a [`Told`], and the bytes of a small answer. The way is that of every question:
//! admitted, planned, run. Rows are written as they come and never held together, so that the size of an
//! answer is a matter of files and not of memory; they count as an answer when the last one is written.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::arrow::record_batch::{RecordBatch, RecordBatchOptions};
use datafusion::common::ParamValues;
use datafusion::prelude::SessionContext;
use futures::StreamExt;

use crate::ask::{Asked, Door};
use crate::catalog::Catalog;
use crate::desk::Scope;
use crate::dialect::Dialect;
use crate::engine::Engine;
use crate::error::{QueryError, Refusal};
use crate::gate::{self, MARK, Parse, Plain};
use crate::given::bound;
use crate::held::{Kept, Spill};
use crate::job::{Description, Form, Job, Place, Step, Task, Told, unpack_values};
use crate::notice::Notice;
use crate::parameters;
use crate::plan::{Planned, plan};
use crate::question_marks::QuestionMarks;
use crate::render::{Rendering, RowWriter};

/// Rows of a piece of an answer. A reader holds one piece at a time.
const PIECE_ROWS: usize = 512;

/// An engine, and how each door speaks.
pub(crate) struct Bench {
    engine: Arc<Engine>,
    whole: Arc<View>,
    /// What those with narrower scopes see, made when one of them first asks.
    narrower: Mutex<HashMap<Scope, Arc<View>>>,
}

/// Scopes whose views are kept at hand. A worker that has made many is replaced when it has grown.
const MOST_VIEWS: usize = 64;

/// What a scope shows, at each door.
struct View {
    plain: SessionContext,
    postgres: Dialect,
    tables: Vec<String>,
}

impl View {
    fn new(engine: &Engine, plain: SessionContext, catalog: &Catalog) -> Result<Self, QueryError> {
        Ok(Self { plain, postgres: Dialect::postgres(engine, catalog)?, tables: catalog.names() })
    }

    /// The context that a question is planned in.
    fn session(&self, door: Door) -> SessionContext {
        match door {
            Door::Postgres => self.postgres.session(),
            Door::Http | Door::CommandLine | Door::Flight => {
                SessionContext::new_with_state(self.plain.state())
            }
        }
    }

    fn parser(&self, door: Door) -> &dyn Parse {
        match door {
            Door::Postgres => self.postgres.parser(),
            Door::Flight => &QuestionMarks,
            Door::Http | Door::CommandLine => &Plain,
        }
    }
}

impl Bench {
    /// A place to work at.
    pub(crate) fn new(engine: Arc<Engine>) -> Result<Self, QueryError> {
        let whole = View::new(&engine, engine.session(), engine.catalog())?;
        Ok(Self { engine, whole: Arc::new(whole), narrower: Mutex::default() })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Does a job. The second is the bytes of an answer that fits a message.
    pub(crate) async fn work(&self, job: &Job, values: &[u8]) -> (Told, Vec<u8>) {
        match self.done(job, values).await {
            Ok(done) => done,
            Err(error) => (Told::Refused(Refusal::of(error, job.asked.text())), Vec::new()),
        }
    }

    /// What an asker sees.
    fn view(&self, asked: &Asked) -> Result<Arc<View>, QueryError> {
        let scope = asked.who().scope();
        if scope.is_all_figures() {
            return Ok(Arc::clone(&self.whole));
        }
        let mut narrower = self.narrower.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = narrower.get(&scope) {
            return Ok(Arc::clone(view));
        }
        if narrower.len() >= MOST_VIEWS {
            narrower.clear();
        }
        let catalog = self.engine.catalog().within(&scope);
        let plain = self.engine.separate_session(&catalog)?;
        let view = Arc::new(View::new(&self.engine, plain, &catalog)?);
        narrower.insert(scope, Arc::clone(&view));
        Ok(view)
    }

    async fn done(&self, job: &Job, values: &[u8]) -> Result<(Told, Vec<u8>), QueryError> {
        let view = self.view(&job.asked)?;
        match job.task {
            Task::Answer(form) => {
                let given = unpack_values(values)?;
                let mut steps = Vec::new();
                let mut bytes = Vec::new();
                let mut settings = job.asked.settings().clone();
                let context = view.session(job.asked.door());
                for admitted in admitted(&view, &job.asked)? {
                    let planned = plan(&self.engine, &view.tables, &context, &settings, admitted).await;
                    let planned = match job.asked.door() {
                        Door::Postgres => planned,
                        _ => planned.and_then(|planned| bound(planned, given.clone(), &self.engine)),
                    };
                    let stepped = match planned {
                        Ok(planned) => {
                            let slot = Slot::after(&steps, job);
                            self.step(planned, form, job, &slot, &mut bytes).await
                        }
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
                            steps.push(Step::Refused(Refusal::of(error, job.asked.text())));
                            break;
                        }
                        Err(error) => return Err(error),
                    }
                }
                Ok((Told::Answered(steps), bytes))
            }
            Task::Describe => Ok((Told::Described(self.described(&view, &job.asked).await?), Vec::new())),
            Task::Execute => {
                let planned = self.planned_one(&view, &job.asked).await?.ok_or(QueryError::Empty)?;
                let values = ParamValues::from(unpack_values(values)?);
                let bound = planned.bind(&values).map_err(|error| self.engine.explain(error))?;
                let mut bytes = Vec::new();
                let step = self.step(bound, Form::Rows, job, &Slot::after(&[], job), &mut bytes).await?;
                Ok((Told::Answered(vec![step]), bytes))
            }
        }
    }

    async fn planned_one(&self, view: &View, asked: &Asked) -> Result<Option<Planned>, QueryError> {
        let parser = view.parser(asked.door());
        let Some(admitted) = gate::admit_one(&Arc::new(asked.clone()), parser)? else { return Ok(None) };
        let context = view.session(asked.door());
        Ok(Some(plan(&self.engine, &view.tables, &context, asked.settings(), admitted).await?))
    }

    async fn described(&self, view: &View, asked: &Asked) -> Result<Option<Description>, QueryError> {
        let Some(planned) = self.planned_one(view, asked).await? else { return Ok(None) };
        let parameters = match planned.logical_plan() {
            Some(plan) => parameters::types(plan, &self.engine)?,
            None => Vec::new(),
        };
        let purpose = planned.purpose().clone();
        Ok(Some(Description::new(planned.command(), purpose, &planned.columns(), &parameters)?))
    }

    /// What stands beside the rows: in a workbook also of which release they are, since people hand it on.
    async fn notice(&self, form: Form, job: &Job) -> Notice {
        let mut notice = self.engine.notice().clone();
        if let Form::Written(Rendering::Xlsx | Rendering::XlsxJa) = form
            && let (Some(releases), Some(revision)) = (self.engine.catalog().releases(), job.asked.revision())
        {
            notice.release = releases.named(revision).await;
        }
        notice
    }

    /// Runs what is planned. The bytes of its rows go to the end of `small`, or to the file of the slot.
    async fn step(
        &self,
        planned: Planned,
        form: Form,
        job: &Job,
        slot: &Slot,
        small: &mut Vec<u8>,
    ) -> Result<Step, QueryError> {
        if let Some(command) = planned.command() {
            return Ok(Step::Command(command));
        }
        let explain = |error| self.engine.explain(error);
        let limit = self.engine.limits().rows;
        let purpose = planned.purpose().clone();
        let mut stream = planned.stream().await.map_err(explain)?;
        let schema = match job.asked.door() {
            Door::Postgres => stream.schema(),
            _ => one_name_each(&stream.schema()),
        };
        let notice = self.notice(form, job).await;
        let mut writer = Writer::begin(form, notice, &schema, job, slot)?;
        let mut rows = 0;
        while let Some(batch) = stream.next().await.transpose().map_err(explain)? {
            rows += batch.num_rows();
            if rows > limit {
                return Err(QueryError::TooManyRows { limit });
            }
            // `with_schema` takes no other names.
            let rows_of_batch = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            let batch = RecordBatch::try_new_with_options(
                Arc::clone(&schema),
                batch.columns().to_vec(),
                &rows_of_batch,
            )
            .map_err(QueryError::internal)?;
            for from in (0..batch.num_rows()).step_by(PIECE_ROWS) {
                writer.write(&batch.slice(from, PIECE_ROWS.min(batch.num_rows() - from)))?;
            }
        }
        let place = match writer.finish()? {
            Kept::File(bytes) => Place::File { number: slot.number, bytes },
            Kept::Memory(bytes) => {
                small.extend_from_slice(&bytes);
                Place::Message { bytes: bytes.len() }
            }
        };
        Ok(Step::Rows { rows, place, purpose })
    }
}

/// All statements of a client of the Postgres wire; the one of anybody else.
fn admitted(view: &View, asked: &Asked) -> Result<Vec<gate::Admitted>, QueryError> {
    let asked = Arc::new(asked.clone());
    let parser = view.parser(asked.door());
    match asked.door() {
        Door::Postgres => gate::admit(&asked, parser),
        Door::Http | Door::CommandLine | Door::Flight => {
            Ok(vec![gate::admit_one(&asked, parser)?.ok_or(QueryError::Empty)?])
        }
    }
}

/// Names that a reader of JSON or a table can tell apart: a second `count` is `count_2`.
fn one_name_each(schema: &SchemaRef) -> SchemaRef {
    if !schema.fields().iter().any(|field| field.name().contains(MARK)) {
        return Arc::clone(schema);
    }
    let renamed = |field: &Arc<Field>| field.as_ref().clone().with_name(field.name().replace(MARK, "_"));
    let fields: Vec<Field> = schema.fields().iter().map(renamed).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// Where a statement puts its rows.
struct Slot {
    number: usize,
    room_bytes: usize,
}

impl Slot {
    /// The next one; all statements of a text share the room of one answer.
    fn after(steps: &[Step], job: &Job) -> Self {
        let taken = |step: &Step| match step {
            Step::Rows { place: Place::Message { bytes } | Place::File { bytes, .. }, .. } => *bytes,
            Step::Command(_) | Step::Refused(_) => 0,
        };
        let taken: usize = steps.iter().map(taken).sum();
        Self { number: steps.len(), room_bytes: job.answer_bytes.saturating_sub(taken) }
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
    fn begin(
        form: Form,
        notice: Notice,
        schema: &SchemaRef,
        job: &Job,
        slot: &Slot,
    ) -> Result<Self, QueryError> {
        let spill = Spill::new(&job.file(slot.number), slot.room_bytes);
        let (overflowed, limit) = (spill.overflowed(), job.answer_bytes);
        let rows = match form {
            Form::Rows => {
                Rows::Arrow(Box::new(StreamWriter::try_new(spill, schema).map_err(QueryError::internal)?))
            }
            Form::Written(rendering) => {
                Rows::Written(Box::new(rendering.begin(Arc::clone(schema), notice, spill)?))
            }
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
