//! Statements that Postgres clients prepare. In: texts. Out: what is prepared, and what a client is told
//! about it.

use std::sync::Arc;

use arrow_pg::datatypes::{arrow_schema_to_pg_fields, into_pg_type};
use async_trait::async_trait;
use datafusion::arrow::datatypes::Schema;
use pgwire::api::portal::Format;
use pgwire::api::results::FieldInfo;
use pgwire::api::stmt::QueryParser;
use pgwire::api::{ClientInfo, ConnectionHandle, Type};
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};

use super::allowance::{Allowance, STATEMENT_BYTES, STATEMENT_OVERHEAD, Taken};
use super::remembered::Remembered;
use crate::ask::{Asked, Asker, Door};
use crate::service::{Prepared, Service};
use crate::session::SessionSettings;

/// A question that came over the wire.
pub(super) fn asked(text: &str) -> Asked {
    Asked::new(Asker::Anonymous, Door::Postgres, text)
}

/// Prepares the statements of one connection.
pub(super) struct Statements {
    service: Arc<Service>,
    allowance: Arc<Allowance>,
    remembered: Arc<Remembered>,
}

/// A prepared question and its part of the connection's allowance.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) prepared: Prepared,
    _taken: Taken,
}

impl Statements {
    pub(super) fn new(service: &Arc<Service>, remembered: &Arc<Remembered>) -> Self {
        let allowance = Allowance::new(STATEMENT_BYTES, "prepared statements");
        Self { service: Arc::clone(service), allowance, remembered: Arc::clone(remembered) }
    }

    async fn prepare(&self, sql: &str, settings: SessionSettings) -> PgWireResult<Option<Arc<Statement>>> {
        let taken = self.allowance.take(sql.len() + STATEMENT_OVERHEAD)?;
        let prepared = self.service.prepare(asked(sql).with_settings(settings)).await?;
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
        match statement.prepared.command() {
            Some(_) => Ok(Vec::new()),
            None => fields(statement.prepared.columns(), format),
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
