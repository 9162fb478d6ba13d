//! Queries over the wire. In: simple and extended protocol messages. Out: rows in the client's formats.
//!
//! Rows are read and encoded a piece at a time, when the client has taken those before.

use std::fmt::Debug;
use std::io::Read;
use std::sync::Arc;

use arrow_pg::datatypes::df::deserialize_parameters_with_server_types;
use arrow_pg::datatypes::{encode_recordbatch, into_pg_type};
use async_trait::async_trait;
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::reader::StreamReader;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::ParamValues;
use futures::{Sink, Stream, StreamExt, stream};
use pgwire::api::portal::{Format, Portal};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler};
use pgwire::api::results::{FieldInfo, QueryResponse, Response};
use pgwire::api::store::PortalStore;
use pgwire::api::{ClientInfo, ClientPortalStore, Type};
use pgwire::error::{PgWireError, PgWireResult};
use pgwire::messages::PgWireBackendMessage;
use pgwire::messages::data::DataRow;

use super::allowance::{Allowance, OPEN_ANSWERS, Taken};
use super::remembered::Remembered;
use super::statement::{Statement, Statements, asked, fields, protocol_violation};
use crate::error::QueryError;
use crate::job::Form;
use crate::service::{Answer, Done, Prepared, Service};
use crate::types::sql_type;

/// Both query protocols of one connection.
pub(super) struct Queries {
    service: Arc<Service>,
    statements: Arc<Statements>,
    answers: Arc<Allowance>,
    remembered: Arc<Remembered>,
}

impl Queries {
    pub(super) fn new(service: &Arc<Service>) -> Self {
        let remembered = Arc::new(Remembered::default());
        Self {
            statements: Arc::new(Statements::new(service, &remembered)),
            answers: Allowance::new(OPEN_ANSWERS, "answers"),
            service: Arc::clone(service),
            remembered,
        }
    }
}

#[async_trait]
impl SimpleQueryHandler for Queries {
    async fn do_query<C>(&self, client: &mut C, sql: &str) -> PgWireResult<Vec<Response>>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let mut responses = Vec::new();
        let mut status = client.transaction_status();
        let asked = asked(sql).with_settings(self.remembered.settings(client));
        for done in self.service.answer_all(asked, Form::Rows).await? {
            let response = match done {
                Done::Command(command) => self.remembered.carry_out(&command, status, client).await?,
                Done::Rows(answer) => rows(answer, None, &Format::UnifiedText, self.answers.take(1)?)?,
                Done::Refused(error) => Response::Error(Box::new(error.into())),
            };
            status = match response {
                Response::TransactionStart(_) => status.to_in_transaction_state(),
                Response::TransactionEnd(_) => status.to_idle_state(),
                _ => status,
            };
            responses.push(response);
        }
        Ok(responses)
    }
}

#[async_trait]
impl ExtendedQueryHandler for Queries {
    type Statement = Arc<Statement>;
    type QueryParser = Statements;

    fn query_parser(&self) -> Arc<Statements> {
        Arc::clone(&self.statements)
    }

    async fn do_query<C>(
        &self,
        client: &mut C,
        portal: &Portal<Arc<Statement>>,
        _max_rows: usize,
    ) -> PgWireResult<Response>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Arc<Statement>>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let prepared = &portal.statement.statement.prepared;
        let settings = self.remembered.settings(client);
        match self.service.run(prepared, settings, |prepared| bind(prepared, portal)).await? {
            Done::Refused(error) => Err(error.into()),
            Done::Command(command) => {
                let status = client.transaction_status();
                self.remembered.carry_out(&command, status, client).await
            }
            Done::Rows(answer) => {
                let taken = self.answers.take(1)?;
                rows(answer, Some(prepared.columns()), &portal.result_column_format, taken)
            }
        }
    }
}

/// The client's parameters for what it has prepared.
fn bind(prepared: &Prepared, portal: &Portal<Arc<Statement>>) -> PgWireResult<ParamValues> {
    let types = prepared.parameters();
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
    deserialize_parameters_with_server_types(portal, &inferred, &told)
}

/// The columns as they go to the client: what was described before parameters were known, or else what they
/// are. A client that reads binary would misread anything else. A column that cannot be widened without loss
/// is an error.
fn align(schema: &SchemaRef, described: &SchemaRef) -> PgWireResult<SchemaRef> {
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
    Ok(Arc::new(Schema::new(fields)))
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

/// The rows of an answer, to be sent as the client takes them.
fn rows(
    answer: Answer,
    described: Option<&SchemaRef>,
    format: &Format,
    taken: Taken,
) -> PgWireResult<Response> {
    let batches = answer.into_batches()?;
    let schema = match described {
        Some(described) => align(&batches.schema(), described)?,
        None => batches.schema(),
    };
    let fields = Arc::new(fields(&schema, Some(format))?);
    Ok(Response::Query(QueryResponse::new(Arc::clone(&fields), sent(batches, schema, fields, taken))))
}

type Batches = StreamReader<Box<dyn Read + Send>>;

/// Reads a piece when the one before was taken. What is read lies in memory or in the system's cache, so that
/// it needs no thread of its own.
fn sent(
    batches: Batches,
    schema: SchemaRef,
    fields: Arc<Vec<FieldInfo>>,
    taken: Taken,
) -> impl Stream<Item = PgWireResult<DataRow>> + Send {
    let pieces = batches.map(move |batch| -> PgWireResult<_> {
        // It belongs to the answer as long as that is read.
        let _open = &taken;
        let batch = batch.and_then(|batch| widened(&batch, &schema)).map_err(QueryError::internal)?;
        // The encoder's rows cannot be sent to another thread.
        Ok(encode_recordbatch(Arc::clone(&fields), batch).collect::<Vec<_>>())
    });
    stream::iter(pieces).flat_map(|piece| stream::iter(piece.unwrap_or_else(|error| vec![Err(error)])))
}

fn widened(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let columns = batch.columns().iter().zip(schema.fields());
    let columns = columns.map(|(column, field)| cast(column, field.data_type())).collect::<Result<_, _>>()?;
    RecordBatch::try_new(Arc::clone(schema), columns)
}
