//! Queries over the wire. In: simple and extended protocol messages. Out: rows in the client's formats.

use std::fmt::Debug;
use std::sync::Arc;

use arrow_pg::datatypes::df::deserialize_parameters_with_server_types;
use arrow_pg::datatypes::{encode_recordbatch, into_pg_type};
use async_trait::async_trait;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::logical_expr::LogicalPlan;
use futures::{Sink, stream};
use pgwire::api::portal::{Format, Portal};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::results::{QueryResponse, Response, Tag};
use pgwire::api::store::PortalStore;
use pgwire::api::{ClientInfo, ClientPortalStore, Type};
use pgwire::error::{PgWireError, PgWireResult};
use pgwire::messages::PgWireBackendMessage;

use super::statement::{Command, Planner, Prepared, fields, protocol_violation};
use crate::answer::{self, Answer};
use crate::ask::Door;
use crate::error::QueryError;
use crate::types::sql_type;

/// Both query protocols of one connection.
pub(super) struct Queries {
    pub(super) planner: Arc<Planner>,
}

#[async_trait]
impl SimpleQueryHandler for Queries {
    async fn do_query<C>(&self, _client: &mut C, sql: &str) -> PgWireResult<Vec<Response>>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        tracing::debug!(door = "postgres", sql, "query");
        let mut responses = Vec::new();
        for statement in self.planner.read(sql)? {
            let prepared = self.planner.prepare(statement).await?;
            responses.push(match prepared {
                Prepared::Command(command) => acknowledge(command),
                Prepared::Setting(answer) => rows(answer, &Format::UnifiedText)?,
                Prepared::Query(planned) => rows(self.run(planned.plan).await?, &Format::UnifiedText)?,
            });
        }
        Ok(responses)
    }
}

#[async_trait]
impl ExtendedQueryHandler for Queries {
    type Statement = Prepared;
    type QueryParser = Planner;

    fn query_parser(&self) -> Arc<Planner> {
        Arc::clone(&self.planner)
    }

    async fn do_query<C>(
        &self,
        _client: &mut C,
        portal: &Portal<Prepared>,
        _max_rows: usize,
    ) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Prepared>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        match &portal.statement.statement {
            Prepared::Command(command) => Ok(acknowledge(*command)),
            Prepared::Setting(answer) => rows(answer.clone(), &portal.result_column_format),
            Prepared::Query(planned) => {
                let answer = self.run(self.bind(&planned.plan, portal)?).await?;
                rows(align(answer, &planned.columns)?, &portal.result_column_format)
            }
        }
    }
}

impl Queries {
    async fn run(&self, plan: LogicalPlan) -> Result<Answer, QueryError> {
        answer::run(&self.planner.engine, Door::Postgres, &self.planner.context, plan).await
    }

    /// Puts the client's parameters into a plan.
    fn bind(&self, plan: &LogicalPlan, portal: &Portal<Prepared>) -> PgWireResult<LogicalPlan> {
        let types = self.planner.parameter_types(&portal.statement.statement)?;
        if portal.parameter_len() != types.len() {
            let (given, takes) = (portal.parameter_len(), types.len());
            return Err(protocol_violation(format!("`{given}` parameters for a query that takes `{takes}`")));
        }
        if let Format::Individual(codes) = &portal.parameter_format
            && codes.len() != types.len()
        {
            let (given, takes) = (codes.len(), types.len());
            return Err(protocol_violation(format!("`{given}` parameter formats for `{takes}` parameters")));
        }
        let inferred: Vec<Option<&DataType>> = types.iter().map(Option::as_ref).collect();
        // A parameter that the query says nothing about was described as text.
        let told: Vec<_> = types.iter().map(|known| known.is_none().then_some(&Type::TEXT)).collect();
        let values = deserialize_parameters_with_server_types(portal, &inferred, &told)?;
        plan.clone()
            .replace_params_with_values(&values)
            .map_err(|error| self.planner.engine.explain(error).into())
    }
}

fn acknowledge(command: Command) -> Response {
    match command {
        Command::Begin => Response::TransactionStart(Tag::new("BEGIN")),
        Command::End(tag) => Response::TransactionEnd(Tag::new(tag)),
        Command::Other(tag) => Response::Execution(Tag::new(tag)),
    }
}

/// Makes an answer what was described before its parameters were known; a client that reads binary would
/// misread anything else. A column that cannot be widened without loss is an error.
fn align(answer: Answer, described: &SchemaRef) -> PgWireResult<Answer> {
    let mut fields = Vec::new();
    for (has, told) in answer.schema.fields().iter().zip(described.fields()) {
        let (from, to) = (has.data_type(), told.data_type());
        if to.is_null() || into_pg_type(from)? == into_pg_type(to)? {
            fields.push(Arc::clone(has));
        } else if widens(from, to) {
            fields.push(Arc::new(Field::new(has.name(), to.clone(), true)));
        } else {
            let (name, from, to) = (has.name(), sql_type(from), sql_type(to));
            let message = format!(
                "column `{name}` is {from} with these parameters and was described as {to}\n\
                 hint: say the type of a parameter, as in $1::{from}"
            );
            return Err(QueryError::Plan(message).into());
        }
    }
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let batch = |batch: RecordBatch| {
        let columns = batch.columns().iter().zip(schema.fields());
        let columns =
            columns.map(|(column, field)| cast(column, field.data_type())).collect::<Result<_, _>>()?;
        RecordBatch::try_new(Arc::clone(&schema), columns)
    };
    let batches = answer.batches.into_iter().map(batch).collect::<Result<_, ArrowError>>();
    let batches = batches.map_err(|error| QueryError::Internal(Box::new(error.into())))?;
    Ok(Answer { schema, batches })
}

fn widens(from: &DataType, to: &DataType) -> bool {
    use DataType::{Float32, Float64, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, Utf8};
    matches!(
        (from, to),
        (Int8 | Int16 | Int32 | UInt8 | UInt16 | UInt32, Int64)
            | (Int8 | Int16 | UInt8 | UInt16, Int32)
            | (Int8 | UInt8, Int16)
            | (Int8 | Int16 | Int32 | UInt8 | UInt16 | UInt32 | Float32, Float64)
            | (_, Utf8)
    )
}

fn rows(answer: Answer, format: &Format) -> PgWireResult<Response> {
    let fields = Arc::new(fields(&answer.schema, Some(format))?);
    let of_batch = Arc::clone(&fields);
    let rows =
        answer.batches.into_iter().flat_map(move |batch| encode_recordbatch(Arc::clone(&of_batch), batch));
    Ok(Response::Query(QueryResponse::new(fields, stream::iter(rows))))
}
