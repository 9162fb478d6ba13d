//! Statements that Postgres clients prepare. In: texts. Out: what is prepared, and what a client is told
//! about it.
//!
//! The rewriting that makes `pg_catalog` queries plannable comes before the gate, as the session's parser, so
//! that the gate sees what will be run.

use std::sync::Arc;

use arrow_pg::datatypes::{arrow_schema_to_pg_fields, into_pg_type};
use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::sql::sqlparser::ast::Statement;
use datafusion::sql::sqlparser::parser::ParserError;
use datafusion_pg_catalog::sql::PostgresCompatibilityParser;
use pgwire::api::portal::Format;
use pgwire::api::results::FieldInfo;
use pgwire::api::stmt::QueryParser;
use pgwire::api::{ClientInfo, Type};
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};

use super::parameters;
use crate::answer::Session;
use crate::ask::{Asked, Asker, Door};
use crate::error::QueryError;
use crate::gate::Parse;
use crate::plan::Planned;

/// The parser for clients that ask `pg_catalog` what there is.
pub(super) struct CatalogParser(pub(super) PostgresCompatibilityParser);

impl Parse for CatalogParser {
    fn parse(&self, text: &str) -> Result<Vec<Statement>, ParserError> {
        self.0.parse(text)
    }
}

/// A question that came over the wire.
pub(super) fn asked(text: &str) -> Asked {
    Asked::new(Asker::Anonymous, Door::Postgres, text)
}

/// Prepares the statements of one connection.
pub(super) struct Statements {
    pub(super) session: Arc<Session>,
}

#[async_trait]
impl QueryParser for Statements {
    type Statement = Arc<Planned>;

    async fn parse_sql<C>(
        &self,
        _client: &C,
        sql: &str,
        _types: &[Option<Type>],
    ) -> PgWireResult<Option<Arc<Planned>>>
    where
        C: ClientInfo + Unpin + Send + Sync,
    {
        Ok(self.session.prepare_one(asked(sql)).await?.map(Arc::new))
    }

    fn get_parameter_types(&self, planned: &Arc<Planned>) -> PgWireResult<Vec<Type>> {
        let types = self.parameter_types(planned)?;
        types.iter().map(|known| known.as_ref().map_or(Ok(Type::TEXT), into_pg_type)).collect()
    }

    fn get_result_schema(
        &self,
        planned: &Arc<Planned>,
        format: Option<&Format>,
    ) -> PgWireResult<Vec<FieldInfo>> {
        match planned.command() {
            Some(_) => Ok(Vec::new()),
            None => fields(&planned.columns(), format),
        }
    }
}

impl Statements {
    /// The types of `$1`, `$2` …; `None` where the query does not tell.
    pub(super) fn parameter_types(&self, planned: &Planned) -> Result<Vec<Option<DataType>>, QueryError> {
        match planned.logical_plan() {
            Some(plan) => parameters::types(plan, self.session.engine()),
            None => Ok(Vec::new()),
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
