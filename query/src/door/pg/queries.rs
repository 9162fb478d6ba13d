//! Queries over the wire. In: simple and extended protocol messages. Out: rows in the client's formats, or what a
//! command has come to.

use std::fmt::Debug;
use std::sync::Arc;

use arrow_pg::datatypes::df::deserialize_parameters_with_server_types;
use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::{ParamValues, ScalarValue};
use futures::Sink;
use pgwire::api::portal::{Format, Portal};
use pgwire::api::query::{ExtendedQueryHandler, SimpleQueryHandler, send_describe_response};
use pgwire::api::results::{DescribePortalResponse, Response};
use pgwire::api::store::PortalStore;
use pgwire::api::{ClientInfo, ClientPortalStore, Type};
use pgwire::error::{PgWireError, PgWireResult};
use pgwire::messages::PgWireBackendMessage;
use pgwire::messages::extendedquery::{Describe, TARGET_TYPE_BYTE_PORTAL};
use pgwire::messages::response::TransactionStatus;

use super::allowance::{Allowance, OPEN_ANSWERS};
use super::columns::protocol_violation;
use super::copy::copy;
use super::cursors::Cursors;
use super::remembered::Remembered;
use super::rows::rows;
use super::startup::Signed;
use super::statement::{Statement, Statements, asked};
use crate::arrays::elements;
use crate::gate::Command;
use crate::job::Form;
use crate::purpose::Purpose;
use crate::service::{Answer, Done, Prepared, Service};

/// Both query protocols of one connection.
pub(super) struct Queries {
    service: Arc<Service>,
    statements: Arc<Statements>,
    answers: Arc<Allowance>,
    remembered: Arc<Remembered>,
    cursors: Arc<Cursors>,
    signed: Arc<Signed>,
}

impl Queries {
    pub(super) fn new(service: &Arc<Service>, signed: &Arc<Signed>) -> Self {
        let remembered = Arc::new(Remembered::default());
        let cursors = Arc::new(Cursors::default());
        Self {
            statements: Arc::new(Statements::new(service, signed, &remembered, &cursors)),
            answers: Allowance::new(OPEN_ANSWERS, "answers"),
            service: Arc::clone(service),
            remembered,
            cursors,
            signed: Arc::clone(signed),
        }
    }

    /// Hands rows to whom they are for. `described` are the columns that the client was told.
    fn given(
        &self,
        answer: Answer,
        purpose: Purpose,
        described: Option<&SchemaRef>,
        format: &Format,
        status: TransactionStatus,
    ) -> PgWireResult<Response> {
        let taken = self.answers.take(1)?;
        match purpose {
            Purpose::Answer => rows(answer, described, format, taken),
            Purpose::Copy(form) => copy(answer, form, taken),
            Purpose::Cursor(form) => {
                self.cursors.declare(form, answer, status == TransactionStatus::Transaction, taken)
            }
        }
    }

    /// Carries a command out. `format` is what the client has asked for rows in.
    async fn carried_out<C>(
        &self,
        command: &Command,
        format: Option<&Format>,
        status: TransactionStatus,
        client: &mut C,
    ) -> PgWireResult<Response>
    where
        C: Sink<PgWireBackendMessage> + Unpin + Send,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        match command {
            Command::Fetch(fetch) => return self.cursors.fetch(fetch, format),
            Command::Close(name) => self.cursors.close(name.as_deref())?,
            Command::End(_) => self.cursors.end_transaction(),
            _ => {}
        }
        self.remembered.carry_out(command, status, client).await
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
        let asked = asked(self.signed.asker()?, sql).with_settings(self.remembered.settings(client));
        for done in self.service.answer_all(asked, Form::Rows).await? {
            let response = match done {
                Done::Command(command) => self.carried_out(&command, None, status, client).await,
                Done::Rows(answer, purpose) => {
                    self.given(answer, purpose, None, &Format::UnifiedText, status)
                }
                Done::Refused(error) => Err(error.into()),
            };
            let response = match response {
                Err(error) if responses.is_empty() => return Err(error),
                Err(error) => {
                    responses.push(Response::Error(Box::new(error.into())));
                    break;
                }
                Ok(response) => response,
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

    /// A cursor is a portal too, of which a driver asks the columns before it fetches.
    async fn on_describe<C>(&self, client: &mut C, message: Describe) -> PgWireResult<()>
    where
        C: ClientInfo + ClientPortalStore + Sink<PgWireBackendMessage> + Unpin + Send + Sync,
        C::PortalStore: PortalStore<Statement = Arc<Statement>>,
        C::Error: Debug,
        PgWireError: From<<C as Sink<PgWireBackendMessage>>::Error>,
    {
        let of_cursor = match message.name.as_deref() {
            Some(name) if message.target_type == TARGET_TYPE_BYTE_PORTAL => self.cursors.described(name)?,
            _ => None,
        };
        match of_cursor {
            Some(fields) => send_describe_response(client, &DescribePortalResponse::new(fields)).await,
            None => self._on_describe(client, message).await,
        }
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
        // Who was taken off the list since it was prepared runs it no more.
        self.signed.asker()?;
        let prepared = &portal.statement.statement.prepared;
        let settings = self.remembered.settings(client);
        match self.service.run(prepared, settings, |prepared| bind(prepared, portal)).await? {
            Done::Refused(error) => Err(error.into()),
            Done::Command(command) => {
                let status = client.transaction_status();
                self.carried_out(&command, Some(&portal.result_column_format), status, client).await
            }
            Done::Rows(answer, purpose) => {
                let status = client.transaction_status();
                let described = Some(prepared.columns());
                self.given(answer, purpose, described, &portal.result_column_format, status)
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
    // A list may come as a text in PostgreSQL's words.
    let as_text: Vec<usize> = (0..types.len())
        .filter(|&at| {
            let told = portal.statement.parameter_types.get(at).and_then(Option::as_ref);
            let is_text = match told {
                Some(told) => matches!(*told, Type::TEXT | Type::VARCHAR),
                // Without a type it is of the one that it was described as, and its text is ours to read.
                None => portal.parameter_format.is_text(at),
            };
            matches!(types[at], Some(DataType::List(_))) && is_text
        })
        .collect();
    let mut inferred = inferred;
    as_text.iter().for_each(|&at| inferred[at] = Some(&DataType::Utf8));
    // A parameter that the query says nothing about was described as text.
    let told: Vec<_> = types.iter().map(|known| known.is_none().then_some(&Type::TEXT)).collect();
    let mut values = deserialize_parameters_with_server_types(portal, &inferred, &told)?;
    for at in as_text {
        if let (ParamValues::List(values), Some(of)) = (&mut values, &types[at])
            && let Some(value) = values.get_mut(at)
        {
            value.value = as_list(&value.value, of)?;
        }
    }
    Ok(values)
}

/// A text as the list that it writes.
fn as_list(value: &ScalarValue, of: &DataType) -> PgWireResult<ScalarValue> {
    let malformed = || protocol_violation("a parameter that is no list, as {a,b}".to_owned());
    let DataType::List(element) = of else { return Err(malformed()) };
    let ScalarValue::Utf8(Some(text)) = value else {
        return ScalarValue::try_from(of).map_err(|_| malformed());
    };
    let mut values = Vec::new();
    for element_text in elements(text).ok_or_else(malformed)? {
        let value = ScalarValue::Utf8(element_text).cast_to(element.data_type());
        values.push(value.map_err(|_| malformed())?);
    }
    Ok(ScalarValue::List(ScalarValue::new_list(&values, element.data_type(), true)))
}
