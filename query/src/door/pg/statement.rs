//! SQL as Postgres clients write it. In: texts. Out: [`Prepared`] statements that only read.
//!
//! Clients send more than queries when they connect: `SET`, `BEGIN`, `SHOW transaction_isolation`. There is
//! nothing to set and nothing to commit in a read-only snapshot, so these are accepted without effect. All other
//! statements go through the same gate as at every door, after the rewriting that makes `pg_catalog` queries
//! plannable, so that the gate sees what will be run.

use std::sync::Arc;

use arrow_pg::datatypes::{arrow_schema_to_pg_fields, into_pg_type};
use async_trait::async_trait;
use datafusion::arrow::array::StringArray;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::logical_expr::LogicalPlan;
use datafusion::prelude::SessionContext;
use datafusion::sql::sqlparser::ast::{Ident, Statement};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion_pg_catalog::sql::PostgresCompatibilityParser;
use pgwire::api::portal::Format;
use pgwire::api::results::FieldInfo;
use pgwire::api::stmt::QueryParser;
use pgwire::api::{ClientInfo, Type};
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};

use super::parameters;
use crate::answer::{self, Answer};
use crate::engine::Engine;
use crate::error::QueryError;
use crate::gate;

/// A statement that is ready to run.
#[derive(Debug, Clone)]
pub(super) enum Prepared {
    /// A statement without effect.
    Command(Command),
    /// A setting of the session.
    Setting(Answer),
    /// A query.
    Query(Box<Planned>),
}

/// A plan, and the columns that the client is told about.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    /// The plan with its parameters open.
    pub(super) plan: LogicalPlan,
    /// Columns after type coercion: `CASE … THEN 1 ELSE 2.5 END` is a double, though its plan says bigint.
    pub(super) columns: SchemaRef,
}

/// What is accepted without effect, by what the client must be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// A transaction starts.
    Begin,
    /// A transaction ends, with this tag.
    End(&'static str),
    /// Anything else, with this tag.
    Other(&'static str),
}

impl Command {
    fn of(statement: &Statement) -> Option<Self> {
        Some(match statement {
            Statement::StartTransaction { .. } => Self::Begin,
            Statement::Commit { .. } => Self::End("COMMIT"),
            Statement::Rollback { savepoint: None, .. } => Self::End("ROLLBACK"),
            Statement::Rollback { .. } => Self::Other("ROLLBACK"),
            Statement::Savepoint { .. } => Self::Other("SAVEPOINT"),
            Statement::ReleaseSavepoint { .. } => Self::Other("RELEASE"),
            Statement::Set(_) => Self::Other("SET"),
            Statement::Reset(_) => Self::Other("RESET"),
            Statement::Discard { .. } => Self::Other("DISCARD ALL"),
            Statement::Deallocate { .. } => Self::Other("DEALLOCATE"),
            Statement::Close { .. } => Self::Other("CLOSE CURSOR"),
            Statement::UNLISTEN { .. } => Self::Other("UNLISTEN"),
            _ => return None,
        })
    }
}

/// Settings that clients read when they connect.
const SETTINGS: [(&str, &str); 14] = [
    ("application_name", ""),
    ("client_encoding", "UTF8"),
    ("datestyle", "ISO, MDY"),
    ("default_transaction_read_only", "on"),
    ("integer_datetimes", "on"),
    ("is_superuser", "off"),
    ("max_identifier_length", "63"),
    ("search_path", "public"),
    ("server_encoding", "UTF8"),
    ("server_version", "16.6"),
    ("server_version_num", "160006"),
    ("standard_conforming_strings", "on"),
    ("transaction_isolation", "repeatable read"),
    ("transaction_read_only", "on"),
];

/// Reads and plans the statements of one connection.
pub(super) struct Planner {
    pub(super) engine: Arc<Engine>,
    pub(super) context: SessionContext,
    pub(super) parser: Arc<PostgresCompatibilityParser>,
}

impl Planner {
    /// Reads a text: any number of commands and at most one query, all checked before any is run.
    pub(super) fn read(&self, sql: &str) -> Result<Vec<Statement>, QueryError> {
        gate::measure(sql)?;
        let statements = self.parser.parse(sql).map_err(|rewritten| {
            // The rewriting parser loses line and column, the plain one has them.
            let plain = Parser::parse_sql(&PostgreSqlDialect {}, sql).err();
            gate::unreadable(sql, &plain.unwrap_or(rewritten))
        })?;
        let queries = statements.iter().filter(|statement| Command::of(statement).is_none());
        let count = queries.clone().count();
        queries.into_iter().try_for_each(gate::check)?;
        if count > 1 { Err(QueryError::SeveralStatements(count)) } else { Ok(statements) }
    }

    /// Plans a statement of [`Planner::read`].
    pub(super) async fn prepare(&self, statement: Statement) -> Result<Prepared, QueryError> {
        if let Some(command) = Command::of(&statement) {
            return Ok(Prepared::Command(command));
        }
        if let Statement::ShowVariable { variable } = &statement
            && let Some(answer) = setting(variable)
        {
            return Ok(Prepared::Setting(answer));
        }
        let (engine, context) = (Arc::clone(&self.engine), self.context.clone());
        let planned = answer::within(&self.engine, async move {
            let plan = answer::plan(&engine, &context, statement).await?;
            Ok(Planned { columns: columns(&context, &plan), plan })
        });
        Ok(Prepared::Query(Box::new(planned.await?)))
    }
}

/// The columns of a plan. Where a parameter of unknown type stops the analyzer, the plan's own must do.
fn columns(context: &SessionContext, plan: &LogicalPlan) -> SchemaRef {
    let state = context.state();
    let coerced = state.analyzer().execute_and_check(plan.clone(), state.config_options(), |_, _| {});
    Arc::new(coerced.as_ref().unwrap_or(plan).schema().as_arrow().clone())
}

fn setting(variable: &[Ident]) -> Option<Answer> {
    let words: Vec<_> = variable.iter().map(|word| word.value.to_lowercase()).collect();
    let name = match words.join(" ").as_str() {
        "transaction isolation level" => "transaction_isolation".to_owned(),
        other => other.to_owned(),
    };
    let (_, value) = SETTINGS.iter().find(|(known, _)| *known == name)?;
    let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new(name, DataType::Utf8, false)]));
    let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(StringArray::from(vec![*value]))]).ok()?;
    Some(Answer { schema, batches: vec![batch] })
}

#[async_trait]
impl QueryParser for Planner {
    type Statement = Prepared;

    async fn parse_sql<C>(
        &self,
        _client: &C,
        sql: &str,
        _types: &[Option<Type>],
    ) -> PgWireResult<Option<Prepared>>
    where
        C: ClientInfo + Unpin + Send + Sync,
    {
        tracing::debug!(door = "postgres", sql, "prepare");
        let statements = self.read(sql)?;
        if statements.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.prepare(gate::one(statements)?).await?))
    }

    fn get_parameter_types(&self, statement: &Prepared) -> PgWireResult<Vec<Type>> {
        let types = self.parameter_types(statement)?;
        types.iter().map(|known| known.as_ref().map_or(Ok(Type::TEXT), into_pg_type)).collect()
    }

    fn get_result_schema(
        &self,
        statement: &Prepared,
        format: Option<&Format>,
    ) -> PgWireResult<Vec<FieldInfo>> {
        match statement {
            Prepared::Command(_) => Ok(Vec::new()),
            Prepared::Setting(answer) => fields(&answer.schema, format),
            Prepared::Query(planned) => fields(&planned.columns, format),
        }
    }
}

impl Planner {
    /// The types of `$1`, `$2` …; `None` where the query does not tell.
    pub(super) fn parameter_types(&self, statement: &Prepared) -> Result<Vec<Option<DataType>>, QueryError> {
        match statement {
            Prepared::Query(planned) => parameters::types(&planned.plan, &self.engine),
            Prepared::Command(_) | Prepared::Setting(_) => Ok(Vec::new()),
        }
    }
}

/// Columns for the wire. A format list of the wrong length would break pgwire.
pub(super) fn fields(schema: &Schema, format: Option<&Format>) -> PgWireResult<Vec<FieldInfo>> {
    let columns = schema.fields().len();
    match format {
        Some(Format::Individual(codes)) if codes.len() != columns => {
            Err(protocol_violation(format!("`{}` result formats for `{columns}` columns", codes.len())))
        }
        _ => arrow_schema_to_pg_fields(schema, format.unwrap_or(&Format::UnifiedText), None),
    }
}

pub(super) fn protocol_violation(message: String) -> PgWireError {
    PgWireError::UserError(Box::new(ErrorInfo::new("ERROR".to_owned(), "08P01".to_owned(), message)))
}
