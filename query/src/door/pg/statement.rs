//! Statements that Postgres clients prepare. In: texts. Out: what is prepared, and what a client is told
//! about it.

use std::sync::Arc;

use arrow_pg::datatypes::into_pg_type;
use async_trait::async_trait;
use pgwire::api::portal::Format;
use pgwire::api::results::FieldInfo;
use pgwire::api::stmt::QueryParser;
use pgwire::api::{ClientInfo, ConnectionHandle, Type};
use pgwire::error::{PgWireError, PgWireResult};

use super::allowance::{Allowance, STATEMENT_BYTES, STATEMENT_OVERHEAD, Taken};
use super::columns::fields;
use super::cursors::Cursors;
use super::remembered::Remembered;
use super::startup::Signed;
use crate::ask::{Asked, Asker, Door};
use crate::gate::Command;
use crate::purpose::Purpose;
use crate::service::{Prepared, Service};
use crate::session::SessionSettings;

/// A question that came over the wire.
pub(super) fn asked(who: Asker, text: &str) -> Asked {
    Asked::new(who, Door::Postgres, text)
}

/// Prepares the statements of one connection.
pub(super) struct Statements {
    service: Arc<Service>,
    signed: Arc<Signed>,
    allowance: Arc<Allowance>,
    remembered: Arc<Remembered>,
    cursors: Arc<Cursors>,
}

/// A prepared question and its part of the connection's allowance.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) prepared: Prepared,
    _taken: Taken,
}

impl Statements {
    pub(super) fn new(
        service: &Arc<Service>,
        signed: &Arc<Signed>,
        remembered: &Arc<Remembered>,
        cursors: &Arc<Cursors>,
    ) -> Self {
        let allowance = Allowance::new(STATEMENT_BYTES, "prepared statements");
        let (remembered, cursors) = (Arc::clone(remembered), Arc::clone(cursors));
        Self { service: Arc::clone(service), signed: Arc::clone(signed), allowance, remembered, cursors }
    }

    async fn prepare(&self, sql: &str, settings: SessionSettings) -> PgWireResult<Option<Arc<Statement>>> {
        let taken = self.allowance.take(sql.len() + STATEMENT_OVERHEAD)?;
        let prepared = self.service.prepare(asked(self.signed.asker()?, sql).with_settings(settings)).await?;
        Ok(prepared.map(|prepared| Arc::new(Statement { prepared, _taken: taken })))
    }
}

#[async_trait]
impl QueryParser for Statements {
    type Statement = Arc<Statement>;

    /// Stops when the client cancels, as running does: a plan may take long too.
    async fn parse_sql<C>(
        &self,
        client: &C,
        sql: &str,
        _types: &[Option<Type>],
    ) -> PgWireResult<Option<Arc<Statement>>>
    where
        C: ClientInfo + Unpin + Send + Sync,
    {
        let prepare = self.prepare(sql, self.remembered.settings(client));
        let Some(handle) = client.session_extensions().get::<Arc<ConnectionHandle>>() else {
            return prepare.await;
        };
        let cancelled = handle.start_query().await;
        tokio::select! {
            prepared = prepare => prepared,
            Ok(()) = cancelled => Err(PgWireError::QueryCanceled),
        }
    }

    fn get_parameter_types(&self, statement: &Arc<Statement>) -> PgWireResult<Vec<Type>> {
        let types = statement.prepared.parameters().iter();
        types.map(|known| known.as_ref().map_or(Ok(Type::TEXT), into_pg_type)).collect()
    }

    fn get_result_schema(
        &self,
        statement: &Arc<Statement>,
        format: Option<&Format>,
    ) -> PgWireResult<Vec<FieldInfo>> {
        match (statement.prepared.command(), statement.prepared.purpose()) {
            (Some(Command::Fetch(fetch)), _) => self.cursors.columns(fetch, format),
            // A copy says its columns when it begins, and a cursor when it is fetched from.
            (Some(_), _) | (None, Purpose::Copy(_) | Purpose::Cursor(_)) => Ok(Vec::new()),
            (None, Purpose::Answer) => fields(statement.prepared.columns(), format),
        }
    }
}
