//! The columns of rows, as clients are told them.
//!
//! In: columns of Arrow and the formats that a client wants. Out: their description on the wire.

use std::sync::Arc;

use arrow_pg::datatypes::arrow_schema_to_pg_fields;
use datafusion::arrow::datatypes::{Field, Schema};
use pgwire::api::portal::Format;
use pgwire::api::results::FieldInfo;
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};

use crate::gate::MARK;

/// Columns for the wire. A format list of the wrong length would break pgwire.
pub(super) fn fields(schema: &Schema, format: Option<&Format>) -> PgWireResult<Vec<FieldInfo>> {
    let columns = schema.fields().len();
    match format {
        Some(Format::Individual(codes)) if codes.len() != columns => {
            Err(protocol_violation(format!("`{}` result formats for `{columns}` columns", codes.len())))
        }
        _ => {
            // Two columns may have one name here.
            let plain = |field: &Arc<Field>| match field.name().split_once(MARK) {
                Some((name, _)) => Arc::new(field.as_ref().clone().with_name(name)),
                None => Arc::clone(field),
            };
            let schema = Schema::new(schema.fields().iter().map(plain).collect::<Vec<_>>());
            arrow_schema_to_pg_fields(&schema, format.unwrap_or(&Format::UnifiedText), None)
        }
    }
}

pub(super) fn protocol_violation(message: String) -> PgWireError {
    PgWireError::UserError(Box::new(ErrorInfo::new("ERROR".to_owned(), "08P01".to_owned(), message)))
}
