//! The calls of Flight SQL.
//!
//! In: commands and tickets. Out: what a question will give, its rows, or a refusal. No SQL is read, planned or run
//! here: see [`crate::service`]. A driver asks in two calls: the first tells it the columns and gives a ticket, the
//! second takes the rows. The first only describes the question; its ticket carries all that the second needs.
//!
//! arrow-flight has a trait with a method for each command; what it says of bytes that are none is in the words of
//! Rust. Here the commands are matched, so that all about the tables go one way.

use std::net::IpAddr;
use std::sync::Arc;

use arrow_flight::sql::{
    ActionClosePreparedStatementRequest, ActionCreatePreparedStatementRequest,
    ActionCreatePreparedStatementResult, Any, Command, DoPutPreparedStatementResult, DoPutUpdateResult,
    ProstMessageExt, TicketStatementQuery,
};
use arrow_flight::{FlightData, FlightDescriptor, FlightEndpoint, FlightInfo, PutResult, Ticket};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::common::ParamValues;
use futures::Stream;
use prost::Message;
use prost::bytes::Bytes;
use tokio::sync::Semaphore;
use tonic::{Code, Request, Status};

use super::answers::{self, Messages};
use super::columns;
use super::metadata;
use super::parameters;
use super::running::Running;
use super::seal::{self, Seal};
use super::sign_in::{Caller, Peer, Tokens};
use super::statements::Statements;
use super::status::{malformed, refusal, with_state};
use crate::ask::{Asked, Asker, Door};
use crate::desk::Directory;
use crate::error::QueryError;
use crate::job::Form;
use crate::service::{Done, Prepared, Service};

/// Answers that are read at once, over all connections. Small ones wait in memory.
const OPEN_ANSWERS: usize = 1_000;

/// What all connections share.
pub(super) struct FlightDoor {
    pub(super) service: Arc<Service>,
    pub(super) seal: Seal,
    pub(super) tokens: Tokens,
    pub(super) statements: Statements,
    pub(super) running: Running,
    answers: Arc<Semaphore>,
}

/// What a command comes to before it is run.
pub(super) struct Looked {
    /// The columns, where they are known.
    pub(super) columns: Option<SchemaRef>,
    ticket: Bytes,
    /// The statement, when it gives no rows.
    command: Option<Prepared>,
}

impl FlightDoor {
    /// A door to a service.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub(super) fn new(service: Arc<Service>, directory: Arc<Directory>) -> std::io::Result<Self> {
        Ok(Self {
            service,
            seal: Seal::new()?,
            tokens: Tokens::new(directory),
            statements: Statements::default(),
            running: Running::default(),
            answers: Arc::new(Semaphore::new(OPEN_ANSWERS)),
        })
    }

    pub(super) async fn caller<T>(&self, request: &Request<T>) -> Result<Caller, Status> {
        self.tokens.caller(request.metadata(), address(request)?).await
    }

    fn asked(&self, caller: &Caller, sql: &str) -> Asked {
        Asked::new(caller.asker.clone(), Door::Flight, sql).with_settings(caller.settings())
    }

    async fn prepared(&self, caller: &Caller, sql: &str) -> Result<Prepared, Status> {
        let prepared = self.service.prepare(self.asked(caller, sql)).await?;
        Ok(prepared.ok_or(QueryError::Empty)?)
    }

    /// Looks at a command: what its rows will be, and the ticket for them.
    pub(super) async fn look(
        &self,
        caller: &Caller,
        descriptor: &FlightDescriptor,
    ) -> Result<Looked, Status> {
        let command = command(&descriptor.cmd)?;
        let asker = written(&caller.asker)?;
        let (prepared, ticket) = match &command {
            Command::CommandStatementQuery(asked) => {
                let prepared = self.prepared(caller, &asked.query).await?;
                if !prepared.parameters().is_empty() {
                    let message = "the question has parameters without values";
                    return Err(with_state("08P01", &format!("{message}\nhint: prepare it and bind values")));
                }
                (prepared, seal::Ticket { asker, sql: asked.query.clone(), ..seal::Ticket::default() })
            }
            Command::CommandPreparedStatementQuery(asked) => {
                let handle = asked.prepared_statement_handle.clone();
                let bound = self.statements.get(caller, &handle)?;
                let binding = bound.binding;
                (bound.prepared, seal::Ticket { asker, handle, binding, ..seal::Ticket::default() })
            }
            command => {
                let rows = metadata::rows(command, &self.service, &caller.asker)
                    .unwrap_or_else(|| Err(not_understood(command)))?;
                return Ok(Looked {
                    columns: Some(rows.schema()),
                    ticket: descriptor.cmd.clone(),
                    command: None,
                });
            }
        };
        let columns = known_columns(&prepared)?;
        let told = columns.as_deref().map_or_else(|| Ok(Bytes::new()), columns::bytes)?;
        let sealed = self.seal.close(seal::Ticket { columns: told, ..ticket })?;
        let ticket = TicketStatementQuery { statement_handle: sealed }.as_any().encode_to_vec().into();
        Ok(Looked { columns, ticket, command: prepared.command().is_some().then_some(prepared) })
    }

    pub(super) async fn info(&self, request: Request<FlightDescriptor>) -> Result<FlightInfo, Status> {
        let caller = self.caller(&request).await?;
        let descriptor = request.into_inner();
        let looked = self.look(&caller, &descriptor).await?;
        let mut info = FlightInfo::new().with_descriptor(descriptor).with_ordered(true);
        match &looked.command {
            // A driver need not come for rows that there are not.
            Some(command) => self.carried_out(&caller, command).await?,
            None => info = info.with_endpoint(FlightEndpoint::new().with_ticket(Ticket::new(looked.ticket))),
        }
        if let Some(columns) = &looked.columns {
            info.schema = columns::bytes(columns)?;
        }
        Ok(info)
    }

    /// The rows of a ticket.
    pub(super) async fn answered(&self, caller: &Caller, ticket: seal::Ticket) -> Result<Messages, Status> {
        if ticket.asker != written(&caller.asker)? {
            return Err(refusal(
                Code::PermissionDenied,
                "this ticket is somebody else's",
                "ask the question again",
            ));
        }
        let busy = |_| Status::from(QueryError::Busy);
        let place = Arc::clone(&self.answers).try_acquire_owned().map_err(busy)?;
        let used = self.running.begin(&ticket.number);
        let done = used.until_cancelled(self.done(caller, &ticket)).await?;
        match done {
            Done::Rows(answer, _) => {
                answers::rows(answer, columns::of_bytes(&ticket.columns)?, (used, place))
            }
            // It was carried out when its ticket was given, and no ticket leads here.
            Done::Command(_) => Ok(answers::few(RecordBatch::new_empty(Arc::new(Schema::empty())))),
            Done::Refused(error) => Err(error.into()),
        }
    }

    async fn done(&self, caller: &Caller, ticket: &seal::Ticket) -> Result<Done, Status> {
        if ticket.handle.is_empty() {
            let done = self.service.answer_all(self.asked(caller, &ticket.sql), Form::Rows).await?.pop();
            return Ok(done.ok_or(QueryError::Empty)?);
        }
        let bound = self.statements.get(caller, &ticket.handle)?;
        if bound.binding != ticket.binding {
            let hint = "take the rows of one binding before the next";
            return Err(refusal(Code::FailedPrecondition, "the statement has been bound anew since", hint));
        }
        let values = bound.values;
        self.service
            .run(&bound.prepared, caller.settings(), |prepared| {
                let given = if let ParamValues::List(values) = &values { values.len() } else { 0 };
                let takes = prepared.parameters().len();
                if given == takes {
                    return Ok(values);
                }
                let message = format!("`{given}` values for a question that takes `{takes}`");
                Err(with_state("08P01", &format!("{message}\nhint: bind one value for each parameter")))
            })
            .await
    }

    /// Prepares a statement and tells what it takes and gives.
    pub(super) async fn prepare(
        &self,
        caller: &Caller,
        asked: ActionCreatePreparedStatementRequest,
    ) -> Result<ActionCreatePreparedStatementResult, Status> {
        let prepared = self.prepared(caller, &asked.query).await?;
        let dataset = match prepared.command() {
            Some(_) => Bytes::new(),
            None => known_columns(&prepared)?.as_deref().map_or_else(|| Ok(Bytes::new()), columns::bytes)?,
        };
        // A parameter that the question says nothing about is taken as text.
        let field = |(at, kind): (usize, &Option<_>)| {
            let kind = kind.clone().unwrap_or(DataType::Utf8);
            Field::new(format!("${}", at + 1), kind, true)
        };
        let parameters = Schema::new(prepared.parameters().iter().enumerate().map(field).collect::<Vec<_>>());
        let parameters = columns::bytes(&parameters)?;
        let handle = self.statements.keep(&self.seal, caller, prepared, asked.query.len())?;
        Ok(ActionCreatePreparedStatementResult {
            prepared_statement_handle: Bytes::copy_from_slice(&handle),
            dataset_schema: dataset,
            parameter_schema: parameters,
        })
    }

    /// Closes a prepared statement.
    pub(super) fn close(
        &self,
        caller: &Caller,
        asked: &ActionClosePreparedStatementRequest,
    ) -> Result<(), Status> {
        self.statements.close(caller, &asked.prepared_statement_handle)
    }

    /// Runs a statement that gives no rows: one that sets something for its session.
    async fn carried_out(&self, caller: &Caller, prepared: &Prepared) -> Result<(), Status> {
        if prepared.command().is_none() {
            let message =
                "a question was sent as an update\nhint: ask it as a query: nothing can be written here";
            return Err(with_state("25006", message));
        }
        let none = |_: &Prepared| Ok::<_, Status>(ParamValues::List(Vec::new()));
        match self.service.run(prepared, caller.settings(), none).await? {
            Done::Command(command) => caller.carry_out(&command),
            Done::Refused(error) => Err(error.into()),
            Done::Rows(..) => Ok(()),
        }
    }

    pub(super) async fn put(
        &self,
        caller: &Caller,
        command: Command,
        values: impl Stream<Item = Result<FlightData, Status>> + Unpin,
    ) -> Result<PutResult, Status> {
        match command {
            Command::CommandPreparedStatementQuery(asked) => {
                let handle = asked.prepared_statement_handle;
                let bound = self.statements.get(caller, &handle)?;
                let (values, bytes) = parameters::read(values, bound.prepared.parameters()).await?;
                self.statements.bind(caller, &handle, values, bytes)?;
                let result = DoPutPreparedStatementResult { prepared_statement_handle: Some(handle) };
                Ok(PutResult { app_metadata: result.encode_to_vec().into() })
            }
            Command::CommandPreparedStatementUpdate(asked) => {
                let bound = self.statements.get(caller, &asked.prepared_statement_handle)?;
                self.carried_out(caller, &bound.prepared).await.map(|()| nothing_changed())
            }
            Command::CommandStatementUpdate(asked) => {
                let prepared = self.prepared(caller, &asked.query).await?;
                self.carried_out(caller, &prepared).await.map(|()| nothing_changed())
            }
            Command::CommandStatementIngest(_) => Err(QueryError::NotAllowed("ingest".to_owned()).into()),
            command => Err(not_understood(&command)),
        }
    }
}

/// What is said of a statement that has set something.
fn nothing_changed() -> PutResult {
    PutResult { app_metadata: DoPutUpdateResult { record_count: 0 }.encode_to_vec().into() }
}

/// The columns that can be told before values are known; `None` where a parameter decides on one.
fn known_columns(prepared: &Prepared) -> Result<Option<SchemaRef>, Status> {
    let columns = columns::told(prepared.columns())?;
    let is_open =
        !prepared.parameters().is_empty() && columns.fields().iter().any(|field| field.data_type().is_null());
    Ok((!is_open).then_some(columns))
}

pub(super) fn address<T>(request: &Request<T>) -> Result<IpAddr, Status> {
    let peer = request.extensions().get::<Peer>();
    peer.map(|peer| peer.0).ok_or_else(|| Status::internal("a call without a connection"))
}

fn written(asker: &Asker) -> Result<Bytes, Status> {
    let written = serde_json::to_vec(asker).map_err(|error| QueryError::io(error.into()))?;
    Ok(written.into())
}

pub(super) fn command(bytes: &Bytes) -> Result<Command, Status> {
    let any = Any::decode(bytes.clone()).map_err(|_| malformed("command"))?;
    Command::try_from(any).map_err(|_| malformed("command"))
}

/// A command that has no answer here.
pub(super) fn not_understood(command: &Command) -> Status {
    let is_plan = matches!(command, Command::CommandStatementSubstraitPlan(_));
    let what = if is_plan { "Substrait plans" } else { "this command" };
    with_state("0A000", &format!("not supported: {what}\nhint: ask with SQL"))
}
