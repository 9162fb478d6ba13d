//! What a client of Flight can ask about the tables. In: a command of Flight SQL. Out: rows in the columns that the
//! protocol lays down.
//!
//! They are the tables that can be asked, and the questions that are views, in the catalog and schema under which SQL finds
//! them; a column's schema carries its explanation. No table has keys: a figure belongs to all its dimensions together.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_flight::error::FlightError;
use arrow_flight::sql::metadata::{GetCatalogsBuilder, SqlInfoData};
use arrow_flight::sql::{Command, CommandGetTables};
use datafusion::arrow::array::{ArrayRef, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::record_batch::RecordBatch;
use kayoi_schemas::tables::Column;
use tonic::Status;

use super::status::{built, with_state};
use super::{server_facts, type_facts};
use crate::ask::Asker;
use crate::beside::DescribedColumn;
use crate::catalog::{CATALOG, SCHEMA, described_within, views_within};
use crate::questions::{VIEWS, ViewColumn};
use crate::service::Service;
use crate::types::sql_type;

/// What a release table is called.
const TABLE: &str = "TABLE";
/// What a question is called that is a view.
const VIEW: &str = "VIEW";
/// Most bytes of a pattern: each becomes a regular expression.
const PATTERN_BYTES: usize = 1_000;

/// The rows of a command that asks about tables or the server; `None` for any other command.
///
/// # Errors
/// When a pattern is too long, or by our own fault.
pub(super) fn rows(
    command: &Command,
    service: &Service,
    asker: &Asker,
) -> Option<Result<RecordBatch, Status>> {
    Some(match command {
        Command::CommandGetCatalogs(_) => {
            let mut catalogs = GetCatalogsBuilder::new();
            catalogs.append(CATALOG);
            built(catalogs.build())
        }
        Command::CommandGetDbSchemas(asked) => short(&asked.db_schema_filter_pattern).and_then(|()| {
            let mut schemas = asked.clone().into_builder();
            schemas.append(CATALOG, SCHEMA);
            if views_within(&asker.scope()).next().is_some() {
                schemas.append(CATALOG, VIEWS);
            }
            built(schemas.build())
        }),
        Command::CommandGetTables(asked) => tables(asked, service, asker),
        Command::CommandGetTableTypes(_) => {
            let kinds: ArrayRef = Arc::new(StringArray::from(vec![TABLE, VIEW]));
            let columns = Arc::new(Schema::new(vec![text("table_type", false)]));
            built(RecordBatch::try_new(columns, vec![kinds]).map_err(FlightError::from))
        }
        Command::CommandGetPrimaryKeys(_) => Ok(RecordBatch::new_empty(Arc::new(primary_keys()))),
        Command::CommandGetExportedKeys(_)
        | Command::CommandGetImportedKeys(_)
        | Command::CommandGetCrossReference(_) => Ok(RecordBatch::new_empty(Arc::new(foreign_keys()))),
        Command::CommandGetSqlInfo(asked) => {
            server_facts::facts().and_then(|facts| known(&facts, &asked.info))
        }
        Command::CommandGetXdbcTypeInfo(asked) => {
            type_facts::facts().and_then(|facts| built(facts.record_batch(asked.data_type)))
        }
        _ => return None,
    })
}

/// The facts that are asked for, of those that there are; all when none is named.
fn known(facts: &SqlInfoData, asked: &[u32]) -> Result<RecordBatch, Status> {
    let is_all = asked.is_empty();
    let asked: Vec<u32> = server_facts::numbers().filter(|number| asked.contains(number)).collect();
    let is_none = asked.is_empty() && !is_all;
    let rows = built(facts.record_batch(asked))?;
    // Without a number the builder gives all.
    Ok(if is_none { rows.slice(0, 0) } else { rows })
}

fn tables(asked: &CommandGetTables, service: &Service, asker: &Asker) -> Result<RecordBatch, Status> {
    short(&asked.db_schema_filter_pattern)?;
    short(&asked.table_name_filter_pattern)?;
    let mut tables = asked.clone().into_builder();
    let scope = asker.scope();
    for table in service.tables().iter().filter(|table| scope.has(**table)) {
        let table = table.table();
        let column = |column: &Column| {
            described((SCHEMA, table.name), column.name, column.kind.arrow(), column.nullable, column.doc)
        };
        let schema = Schema::new(table.columns.iter().map(column).collect::<Vec<_>>());
        built(tables.append(CATALOG, SCHEMA, table.name, TABLE, &schema))?;
    }
    for table in described_within(&scope) {
        let column = |column: &DescribedColumn| {
            described((SCHEMA, table.name), column.name, column.kind.clone(), column.nullable, column.en)
        };
        let schema = Schema::new(table.columns.iter().map(column).collect::<Vec<_>>());
        built(tables.append(CATALOG, SCHEMA, table.name, TABLE, &schema))?;
    }
    for view in views_within(&scope) {
        let column = |column: &ViewColumn| {
            described((VIEWS, view.name.as_str()), &column.name, column.kind.clone(), true, &column.en)
        };
        let schema = Schema::new(view.columns.iter().map(column).collect::<Vec<_>>());
        built(tables.append(CATALOG, VIEWS, &view.name, VIEW, &schema))?;
    }
    built(tables.build())
}

/// A column of a table in its schema, as an answer has it, with what it is.
fn described(
    (schema, table): (&str, &str),
    column: &str,
    kind: DataType,
    nullable: bool,
    doc: &str,
) -> Field {
    let said = [
        ("ARROW:FLIGHT:SQL:CATALOG_NAME", CATALOG.to_owned()),
        ("ARROW:FLIGHT:SQL:SCHEMA_NAME", schema.to_owned()),
        ("ARROW:FLIGHT:SQL:TABLE_NAME", table.to_owned()),
        ("ARROW:FLIGHT:SQL:TYPE_NAME", sql_type(&kind)),
        ("ARROW:FLIGHT:SQL:REMARKS", doc.to_owned()),
        ("ARROW:FLIGHT:SQL:IS_AUTO_INCREMENT", "0".to_owned()),
        ("ARROW:FLIGHT:SQL:IS_CASE_SENSITIVE", u8::from(kind == DataType::Utf8).to_string()),
        ("ARROW:FLIGHT:SQL:IS_READ_ONLY", "1".to_owned()),
        ("ARROW:FLIGHT:SQL:IS_SEARCHABLE", "1".to_owned()),
    ];
    let said: HashMap<String, String> = said.map(|(key, value)| (key.to_owned(), value)).into();
    Field::new(column, kind, nullable).with_metadata(said)
}

fn short(pattern: &Option<String>) -> Result<(), Status> {
    match pattern {
        Some(pattern) if pattern.len() > PATTERN_BYTES => {
            let message =
                format!("a pattern of more than `{PATTERN_BYTES}` bytes\nhint: ask for all and choose");
            Err(with_state("54000", &message))
        }
        _ => Ok(()),
    }
}

fn text(name: &str, nullable: bool) -> Field {
    Field::new(name, DataType::Utf8, nullable)
}

/// The columns in which keys of a table are told.
fn primary_keys() -> Schema {
    Schema::new(vec![
        text("catalog_name", true),
        text("db_schema_name", true),
        text("table_name", false),
        text("column_name", false),
        text("key_name", true),
        Field::new("key_sequence", DataType::Int32, false),
    ])
}

/// The columns in which keys between tables are told.
fn foreign_keys() -> Schema {
    Schema::new(vec![
        text("pk_catalog_name", true),
        text("pk_db_schema_name", true),
        text("pk_table_name", false),
        text("pk_column_name", false),
        text("fk_catalog_name", true),
        text("fk_db_schema_name", true),
        text("fk_table_name", false),
        text("fk_column_name", false),
        Field::new("key_sequence", DataType::Int32, false),
        text("fk_key_name", true),
        text("pk_key_name", true),
        Field::new("update_rule", DataType::UInt8, false),
        Field::new("delete_rule", DataType::UInt8, false),
    ])
}
