//! The one path of all doors: asked, admitted, planned, answered, recorded.
//!
//! In: an [`Asked`]. Out: an [`Answer`], whole and within the limits, or a [`QueryError`]. Rows are held
//! until the last one has come: a door then either gets everything or an error, never a torn answer, and a
//! slow reader holds no query open. [`answer`] goes the whole way for a door that asks once; a [`Session`]
//! goes it in two steps, for one whose clients prepare a question and run it later. Both end in
//! [`crate::audit`].

use std::sync::Arc;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::utils::memory::get_record_batch_memory_size;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::prelude::SessionContext;
use futures::StreamExt;

use crate::ask::Asked;
use crate::audit::{Open, Outcome};
use crate::engine::{Engine, Limits};
use crate::error::QueryError;
use crate::gate::{self, Parse, Plain};
use crate::plan::{Planned, plan};

/// All rows of an answer.
#[derive(Debug, Clone)]
pub struct Answer {
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

impl Answer {
    /// The columns, also of an answer without rows.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// The rows, in the order in which they were asked for.
    pub fn batches(&self) -> &[RecordBatch] {
        &self.batches
    }

    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Columns and rows, for a door that writes them in a form of its own.
    pub(crate) fn into_parts(self) -> (SchemaRef, Vec<RecordBatch>) {
        (self.schema, self.batches)
    }
}

/// Answers one question.
///
/// # Errors
/// [`QueryError`]: what was wrong with the question, or which limit it met.
pub async fn answer(engine: &Arc<Engine>, asked: Asked) -> Result<Answer, QueryError> {
    tracing::debug!(door = %asked.door(), sql = asked.text(), "query");
    let asked = Arc::new(asked);
    let open = Open::new(&asked);
    let shared = Arc::clone(engine);
    let answered = within(engine, async move {
        let admitted = gate::admit_one(&asked, &Plain)?.ok_or(QueryError::Empty)?;
        let planned = plan(&shared, &shared.session(), admitted).await?;
        collect(&shared, planned).await
    })
    .await;
    open.close(&outcome(&answered));
    answered
}

/// What the questions of one connection share: a context, and a parser that knows what its clients write.
pub(crate) struct Session {
    engine: Arc<Engine>,
    context: SessionContext,
    parser: Arc<dyn Parse>,
}

impl Session {
    pub(crate) fn new(engine: &Arc<Engine>, context: SessionContext, parser: Arc<dyn Parse>) -> Self {
        Self { engine: Arc::clone(engine), context, parser }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Admits and plans all statements of a text, each of which [`Session::run`] then answers in its turn.
    pub(crate) async fn prepare(&self, asked: Asked) -> Result<Vec<Planned>, QueryError> {
        tracing::debug!(door = %asked.door(), sql = asked.text(), "query");
        self.prepared(asked, gate::admit).await
    }

    /// Admits and plans a text of one statement, to be run any number of times; `None` when it holds none.
    pub(crate) async fn prepare_one(&self, asked: Asked) -> Result<Option<Planned>, QueryError> {
        tracing::debug!(door = %asked.door(), sql = asked.text(), "prepare");
        Ok(self.prepared(asked, at_most_one).await?.pop())
    }

    /// Runs what was prepared.
    pub(crate) async fn run(&self, planned: Planned) -> Result<Answer, QueryError> {
        let open = Open::new(planned.asked());
        let shared = Arc::clone(&self.engine);
        let answered = within(&self.engine, async move { collect(&shared, planned).await }).await;
        open.close(&outcome(&answered));
        answered
    }

    /// Runs what was prepared with the values that `bind` puts in. Values that do not fit end the question
    /// too.
    pub(crate) async fn run_bound<E: From<QueryError>>(
        &self,
        prepared: &Planned,
        bind: impl FnOnce(&Planned) -> Result<Planned, E>,
    ) -> Result<Answer, E> {
        let open = Open::new(prepared.asked());
        match bind(prepared) {
            Ok(bound) => {
                open.set_aside();
                Ok(self.run(bound).await?)
            }
            Err(error) => {
                open.close(&Outcome::Unbound);
                Err(error)
            }
        }
    }

    /// A refusal ends the question here; what is prepared ends each time that it is run.
    async fn prepared(&self, asked: Asked, admit: Admit) -> Result<Vec<Planned>, QueryError> {
        let asked = Arc::new(asked);
        let open = Open::new(&asked);
        let (engine, context) = (Arc::clone(&self.engine), self.context.clone());
        let parser = Arc::clone(&self.parser);
        let prepared = within(&self.engine, async move {
            let mut planned = Vec::new();
            for admitted in admit(&asked, &*parser)? {
                let next = plan(&engine, &context, admitted).await?;
                // A client may ask for them at once. They are worked out here, where the clock is looked at.
                next.columns();
                planned.push(next);
            }
            Ok(planned)
        })
        .await;
        match &prepared {
            Ok(_) => open.set_aside(),
            Err(error) => open.close(&Outcome::Refused(error)),
        }
        prepared
    }
}

/// Which of the gate's ways a text goes.
type Admit = fn(&Arc<Asked>, &dyn Parse) -> Result<Vec<gate::Admitted>, QueryError>;

fn at_most_one(asked: &Arc<Asked>, parser: &dyn Parse) -> Result<Vec<gate::Admitted>, QueryError> {
    Ok(gate::admit_one(asked, parser)?.into_iter().collect())
}

fn outcome(answered: &Result<Answer, QueryError>) -> Outcome<'_> {
    match answered {
        Ok(answer) => Outcome::Answered { rows: answer.row_count() },
        Err(error) => Outcome::Refused(error),
    }
}

/// Works in a task of the engine's own threads, so that the clock is looked at meanwhile, and gives up when
/// the time is over. A dropped future stops the task at its next batch.
async fn within<T: Send + 'static>(
    engine: &Engine,
    work: impl Future<Output = Result<T, QueryError>> + Send + 'static,
) -> Result<T, QueryError> {
    let timeout = engine.limits().timeout;
    match tokio::time::timeout(timeout, engine.threads().spawn(work).join()).await {
        Ok(Ok(done)) => done,
        Ok(Err(error)) => Err(engine.explain(DataFusionError::ExecutionJoin(Box::new(error)))),
        Err(_) => Err(QueryError::Timeout { seconds: timeout.as_secs() }),
    }
}

async fn collect(engine: &Engine, planned: Planned) -> Result<Answer, QueryError> {
    let explain = |error| engine.explain(error);
    let stream = planned.stream().await.map_err(explain)?;
    drain(stream, engine.limits()).await.map_err(explain)?
}

/// Takes rows until the last one or a limit. An error of the engine has yet to be explained, a limit says
/// itself what is wrong: hence two results, one in the other.
async fn drain(
    mut stream: SendableRecordBatchStream,
    limits: &Limits,
) -> Result<Result<Answer, QueryError>, DataFusionError> {
    let mut answer = Answer { schema: stream.schema(), batches: Vec::new() };
    let (mut rows, mut bytes) = (0, 0);
    while let Some(batch) = stream.next().await.transpose()? {
        rows += batch.num_rows();
        bytes += get_record_batch_memory_size(&batch);
        if rows > limits.rows {
            return Ok(Err(QueryError::TooManyRows { limit: limits.rows }));
        }
        if bytes > limits.answer_bytes {
            return Ok(Err(QueryError::TooLarge { limit: limits.answer_bytes }));
        }
        answer.batches.push(batch);
    }
    Ok(Ok(answer))
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
