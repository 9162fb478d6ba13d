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
use futures::{Sink, stream};
use pgwire::api::portal::{Format, Portal};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::results::{QueryResponse, Response, Tag};
use pgwire::api::store::PortalStore;
use pgwire::api::{ClientInfo, ClientPortalStore, Type};
use pgwire::error::{PgWireError, PgWireResult};
use pgwire::messages::PgWireBackendMessage;

use super::statement::{Statements, asked, fields, protocol_violation};
use crate::answer::{Answer, Session};
use crate::error::QueryError;
use crate::gate::Command;
use crate::plan::Planned;
use crate::types::sql_type;

/// Both query protocols of one connection.
pub(super) struct Queries {
    session: Arc<Session>,
    statements: Arc<Statements>,
}

impl Queries {
    pub(super) fn new(session: Session) -> Self {
        let session = Arc::new(session);
        Self { statements: Arc::new(Statements { session: Arc::clone(&session) }), session }
    }
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
        let mut responses = Vec::new();
        for planned in self.session.prepare(asked(sql)).await? {
            let command = planned.command();
            let answer = self.session.run(planned).await?;
            responses.push(match command {
                Some(command) => acknowledge(command),
                None => rows(answer, &Format::UnifiedText)?,
            });
        }
        Ok(responses)
    }
}

#[async_trait]
impl ExtendedQueryHandler for Queries {
    type Statement = Arc<Planned>;
    type QueryParser = Statements;

    fn query_parser(&self) -> Arc<Statements> {
        Arc::clone(&self.statements)
    }

    async fn do_query<C>(
        &self,
        _client: &mut C,
        portal: &Portal<Arc<Planned>>,
        _max_rows: usize,
    ) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Arc<Planned>>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let planned = &portal.statement.statement;
        let answer = self.session.run_bound(planned, |planned| self.bind(planned, portal)).await?;
        match planned.command() {
            Some(command) => Ok(acknowledge(command)),
            None => write(align(answer, &planned.columns())?, &portal.result_column_format),
        }
    }
}

impl Queries {
    /// Puts the client's parameters into what it has prepared.
    fn bind(&self, planned: &Planned, portal: &Portal<Arc<Planned>>) -> PgWireResult<Planned> {
        if planned.logical_plan().is_none() {
            return Ok(planned.clone());
        }
        let types = self.statements.parameter_types(planned)?;
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
        planned.bind(&values).map_err(|error| self.session.engine().explain(error).into())
    }
}

fn acknowledge(command: Command) -> Response {
    match command {
        Command::Begin => Response::TransactionStart(Tag::new("BEGIN")),
        Command::End(tag) => Response::TransactionEnd(Tag::new(tag)),
        Command::Other(tag) => Response::Execution(Tag::new(tag)),
    }
}

/// Columns and rows, as they go to the client.
type Rows = (SchemaRef, Vec<RecordBatch>);

/// Makes an answer what was described before its parameters were known; a client that reads binary would
/// misread anything else. A column that cannot be widened without loss is an error.
fn align(answer: Answer, described: &SchemaRef) -> PgWireResult<Rows> {
    let (schema, batches) = answer.into_parts();
    let mut fields = Vec::new();
    for (has, told) in schema.fields().iter().zip(described.fields()) {
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
    let batches = batches.into_iter().map(batch).collect::<Result<_, ArrowError>>();
    let batches = batches.map_err(|error| QueryError::Internal(Box::new(error.into())))?;
    Ok((schema, batches))
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
    write(answer.into_parts(), format)
}

fn write((schema, batches): Rows, format: &Format) -> PgWireResult<Response> {
    let fields = Arc::new(fields(&schema, Some(format))?);
    let of_batch = Arc::clone(&fields);
    let rows = batches.into_iter().flat_map(move |batch| encode_recordbatch(Arc::clone(&of_batch), batch));
    Ok(Response::Query(QueryResponse::new(fields, stream::iter(rows))))
}
