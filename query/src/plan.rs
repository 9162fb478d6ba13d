//! From an admitted statement to a plan that can run.
//!
//! In: an [`Admitted`], which only the gate makes. Out: [`Planned`], which only [`plan`] makes and which runs
//! in the context that it was planned in. A plan is looked at once more before it is let out: parser and
//! planner would both have to be wrong for a write to pass.

use std::fmt;
use std::sync::{Arc, OnceLock};

use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::ParamValues;
use datafusion::error::Result as DataFusionResult;
use datafusion::execution::SendableRecordBatchStream;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::EmptyRecordBatchStream;
use datafusion::physical_plan::memory::MemoryStream;
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::Statement as ParsedStatement;

use crate::ask::Asked;
use crate::desk::Role;
use crate::engine::Engine;
use crate::error::QueryError;
use crate::explained;
use crate::functions;
use crate::gate::{self, Admitted, Allowed, Command};
use crate::latest;
use crate::provider::Pinned;
use crate::purpose::Purpose;
use crate::session::{SessionSettings, Show};
use crate::signed::signed;

/// A question that is ready to run, once or many times.
#[derive(Clone)]
pub struct Planned {
    asked: Arc<Asked>,
    context: SessionContext,
    work: Work,
    purpose: Purpose,
}

/// What there is to do.
#[derive(Clone)]
enum Work {
    /// Run a plan. Its parameters may still be open.
    Query { plan: Box<LogicalPlan>, columns: OnceLock<SchemaRef> },
    /// Tell settings, as they were when this was planned.
    Show { show: Show, settings: Box<SessionSettings> },
    /// Acknowledge a statement that the door carries out.
    Command(Command),
}

/// Plans what the gate has admitted, as its connection has set it. `known` are the tables that its asker sees.
///
/// # Errors
/// [`QueryError`]: the names, types and functions that do not fit, or [`QueryError::NotAllowed`].
pub(crate) async fn plan(
    engine: &Engine,
    known: &[String],
    context: &SessionContext,
    settings: &SessionSettings,
    admitted: Admitted,
) -> Result<Planned, QueryError> {
    let (asked, allowed) = admitted.into_parts();
    let context = context_of(settings, context);
    let mut purpose = Purpose::Answer;
    let work = match allowed {
        Allowed::Command(command) if command.ends_transaction() => Work::Command(command),
        _ if settings.has_failed() => return Err(QueryError::FailedTransaction),
        Allowed::Show(show) => {
            show.check(settings)?;
            Work::Show { show, settings: Box::new(settings.clone()) }
        }
        Allowed::Command(command) => {
            command.changes().iter().try_for_each(SessionSettings::check)?;
            Work::Command(command)
        }
        Allowed::Query(mut statement, rows_for) => {
            purpose = rows_for;
            let in_json = explained::take(&mut statement);
            if let (None, Some(definition)) = (settings.revision(), settings.definition()) {
                return Err(QueryError::UnknownDefinition(definition.to_owned()));
            }
            if let Some(revision) = settings.revision() {
                latest::found(&mut statement, &context, revision).await;
            }
            let statement = ParsedStatement::Statement(statement);
            let plan = context.state().statement_to_plan(statement).await;
            let plan = plan.map_err(|error| engine.explain_to(error, known))?;
            gate::check_plan(&plan)?;
            let plan = signed(plan).map_err(|error| engine.explain_to(error, known))?;
            if engine.limits().asks_purpose
                && is_asked_for_nothing(&asked, settings)
                && gate::reads_figures(&plan)
            {
                return Err(QueryError::Purpose);
            }
            let plan = if in_json {
                let told = explained::as_json(&plan, &context.state());
                told.map_err(|error| engine.explain_to(error, known))?
            } else {
                plan
            };
            Work::Query { plan: Box::new(plan), columns: OnceLock::new() }
        }
    };
    Ok(Planned { asked, context, work, purpose })
}

/// Whether somebody has signed in and does not say what figures are for. The public is not asked: it sees what is printed.
fn is_asked_for_nothing(asked: &Asked, settings: &SessionSettings) -> bool {
    let is_somebody = asked.who().name().is_some() && asked.who().scope().role != Role::Public;
    is_somebody && settings.purpose().is_none()
}

/// A context in which the settings of a connection hold.
fn context_of(settings: &SessionSettings, template: &SessionContext) -> SessionContext {
    let mut state = template.state();
    let zone = Some(settings.time_zone().to_owned());
    let is_of_zone = state.config().options().execution.time_zone == zone;
    if let Some(revision) = settings.revision() {
        state.config_mut().set_extension(Arc::new(Pinned(revision)));
        if is_of_zone {
            return SessionContext::new_with_state(state);
        }
    }
    if is_of_zone {
        return template.clone();
    }
    state.config_mut().options_mut().execution.time_zone = zone;
    let context = SessionContext::new_with_state(state);
    let state = context.state();
    for function in state.scalar_functions().values() {
        // now(), current_date and their kind keep the zone that they were made with.
        if let Some(updated) = function.inner().with_updated_config(state.config_options()) {
            context.register_udf(updated);
        }
    }
    functions::close(&context);
    context
}

impl Planned {
    /// The command that it is, if it is one.
    pub(crate) fn command(&self) -> Option<Command> {
        match &self.work {
            Work::Command(command) => Some(command.clone()),
            Work::Query { .. } | Work::Show { .. } => None,
        }
    }

    /// What its rows are for.
    pub(crate) fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The plan of a query, to read the types of its parameters from.
    pub(crate) fn logical_plan(&self) -> Option<&LogicalPlan> {
        match &self.work {
            Work::Query { plan, .. } => Some(plan),
            Work::Show { .. } | Work::Command(_) => None,
        }
    }

    /// The columns of the answer, as a client may be told them before it runs.
    ///
    /// They come after type coercion: `CASE … THEN 1 ELSE 2.5 END` is a double, though its plan says bigint.
    /// Where a parameter of unknown type stops the analyzer, the plan's own must do.
    pub(crate) fn columns(&self) -> SchemaRef {
        match &self.work {
            Work::Query { plan, columns } => Arc::clone(columns.get_or_init(|| {
                let state = self.context.state();
                let analyzed = state.analyzer().execute_and_check(
                    plan.as_ref().clone(),
                    state.config_options(),
                    |_, _| {},
                );
                Arc::new(analyzed.as_ref().unwrap_or(plan).schema().as_arrow().clone())
            })),
            Work::Show { show, .. } => show.columns(),
            Work::Command(_) => Arc::new(Schema::empty()),
        }
    }

    /// The same with values for its parameters.
    pub(crate) fn bind(&self, values: &ParamValues) -> DataFusionResult<Self> {
        let work = match &self.work {
            Work::Query { plan, .. } => {
                let plan = plan.as_ref().clone().replace_params_with_values(values)?;
                Work::Query { plan: Box::new(plan), columns: OnceLock::new() }
            }
            other => other.clone(),
        };
        let purpose = self.purpose.clone();
        Ok(Self { asked: Arc::clone(&self.asked), context: self.context.clone(), work, purpose })
    }

    /// Starts to run.
    pub(crate) async fn stream(self) -> DataFusionResult<SendableRecordBatchStream> {
        Ok(match self.work {
            Work::Query { plan, .. } => {
                self.context.execute_logical_plan(*plan).await?.execute_stream().await?
            }
            Work::Show { show, settings } => {
                Box::pin(MemoryStream::try_new(vec![show.rows(&settings)?], show.columns(), None)?)
            }
            Work::Command(_) => Box::pin(EmptyRecordBatchStream::new(Arc::new(Schema::empty()))),
        })
    }
}

impl fmt::Debug for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Planned").field("asked", &self.asked).finish_non_exhaustive()
    }
}
