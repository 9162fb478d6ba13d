//! The one path of all doors: text, gate, plan, rows.
//!
//! In: SQL. Out: an [`Answer`], whole and within the limits, or a [`QueryError`]. Rows are held until the last
//! one has come: a door then either gets everything or an error, never a torn answer, and a slow reader holds no
//! query open. The Postgres door enters in the middle (`plan`, `run`), as it reads SQL its own way.

use std::sync::Arc;
use std::time::Instant;

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::utils::memory::get_record_batch_memory_size;
use datafusion::error::DataFusionError;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement as ParsedStatement;
use datafusion::sql::sqlparser::ast::Statement;
use futures::StreamExt;

use crate::ask::Door;
use crate::engine::{Engine, Limits};
use crate::error::QueryError;
use crate::gate;

/// All rows of an answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Columns.
    pub schema: SchemaRef,
    /// Rows.
    pub batches: Vec<RecordBatch>,
}

impl Answer {
    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// Answers one query.
///
/// # Errors
/// [`QueryError`]: what was wrong with the question, or which limit it met.
pub async fn answer(engine: &Arc<Engine>, door: Door, sql: &str) -> Result<Answer, QueryError> {
    let started = Instant::now();
    tracing::debug!(%door, sql, "query");
    let (shared, sql) = (Arc::clone(engine), sql.to_owned());
    let answered = within(engine, async move {
        let context = shared.session();
        let plan = plan(&shared, &context, gate::read(&sql)?).await?;
        collect(&shared, &context, plan).await
    })
    .await;
    report(door, started, &answered);
    answered
}

/// Plans a statement that has passed the gate, and looks at the plan again.
pub(crate) async fn plan(
    engine: &Engine,
    context: &SessionContext,
    statement: Statement,
) -> Result<LogicalPlan, QueryError> {
    let statement = ParsedStatement::Statement(Box::new(statement));
    let plan = context.state().statement_to_plan(statement).await.map_err(|error| engine.explain(error))?;
    gate::check_plan(&plan)?;
    Ok(plan)
}

/// Runs a plan of [`plan`] within the limits.
pub(crate) async fn run(
    engine: &Arc<Engine>,
    door: Door,
    context: &SessionContext,
    plan: LogicalPlan,
) -> Result<Answer, QueryError> {
    let started = Instant::now();
    let (shared, context) = (Arc::clone(engine), context.clone());
    let answered = within(engine, async move { collect(&shared, &context, plan).await }).await;
    report(door, started, &answered);
    answered
}

/// Works in a task of the engine's own threads, so that the clock is looked at meanwhile, and gives up when the
/// time is over. A dropped future stops the task at its next batch.
pub(crate) async fn within<T: Send + 'static>(
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

async fn collect(engine: &Engine, context: &SessionContext, plan: LogicalPlan) -> Result<Answer, QueryError> {
    let explain = |error| engine.explain(error);
    let frame = context.execute_logical_plan(plan).await.map_err(explain)?;
    let stream = frame.execute_stream().await.map_err(explain)?;
    drain(stream, engine.limits()).await.map_err(explain)?
}

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

/// One line per query. It has no SQL: texts hold what people look for.
fn report(door: Door, started: Instant, answered: &Result<Answer, QueryError>) {
    let milliseconds = started.elapsed().as_millis();
    match answered {
        Ok(answer) => tracing::info!(%door, milliseconds, rows = answer.row_count(), ok = true, "answered"),
        Err(error @ QueryError::Internal(cause)) => {
            tracing::error!(%door, milliseconds, ok = false, cause = %cause.strip_backtrace(), "{error}");
        }
        Err(error) => tracing::info!(%door, milliseconds, ok = false, sqlstate = error.sqlstate(), "refused"),
    }
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
