//! `information_schema`, as PostgreSQL has it.
//!
//! In: the relations that a connection may see. Out: its tables, below other names in `pg_catalog`, to which
//! statements are turned: the engine answers to the schema's own name with types of its own, and nothing can stand
//! in its place. What release tables do not have, such as triggers, is a table without rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_pg::datatypes::into_pg_type;
use datafusion::catalog::TableProvider;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result as DataFusionResult};

use super::filled::{self, Kind, Row};
use super::keys::{self, Key};
use super::relations::{self, Relation};
use crate::catalog::{CATALOG, SCHEMA};

/// How the names of these tables begin in `pg_catalog`.
pub(super) const PREFIX: &str = "information_schema_";

/// The tables, with names as they are in `pg_catalog`.
pub(super) fn all(
    relations: &[Relation],
    keys: &[Key],
) -> DataFusionResult<BTreeMap<String, Arc<dyn TableProvider>>> {
    let mut all = BTreeMap::new();
    for (name, columns) in WITHOUT_ROWS {
        all.insert(format!("{PREFIX}{name}"), filled::empty(&typed(columns))?);
    }
    let of_keys = filled::schema(&typed(CONSTRAINT));
    for (name, rows) in [
        ("table_constraints", keys::constraints(keys)),
        ("key_column_usage", keys::columns(keys)),
        ("constraint_column_usage", keys::columns(keys)),
    ] {
        all.insert(format!("{PREFIX}{name}"), filled::table(&of_keys, &rows)?);
    }
    let rows = [
        ("schemata", schemata(relations), SCHEMATA),
        ("tables", tables(relations), TABLES),
        ("views", views(relations), VIEW),
        ("columns", columns(relations)?, COLUMNS),
        ("routines", routines(), ROUTINES),
    ];
    for (name, rows, columns) in rows {
        all.insert(format!("{PREFIX}{name}"), filled::table(&filled::schema(columns), &rows)?);
    }
    Ok(all)
}

/// Columns with their types: places are numbers, all else is text.
fn typed(columns: &[&'static str]) -> Vec<(&'static str, Kind)> {
    let typed = |name: &&'static str| (*name, if name.contains("position") { Kind::Oid } else { Kind::Text });
    columns.iter().map(typed).collect()
}

/// Whether a table of `information_schema` is one of these.
pub(super) fn has(name: &str) -> bool {
    ["schemata", "tables", "views", "columns", "routines"].contains(&name)
        || OF_KEYS.contains(&name)
        || WITHOUT_ROWS.iter().any(|(table, _)| *table == name)
}

const CONSTRAINT: &[&str] = &[
    "constraint_catalog",
    "constraint_schema",
    "constraint_name",
    "table_catalog",
    "table_schema",
    "table_name",
    "column_name",
    "ordinal_position",
    "position_in_unique_constraint",
    "constraint_type",
    "is_deferrable",
    "initially_deferred",
    "enforced",
    "unique_constraint_catalog",
    "unique_constraint_schema",
    "unique_constraint_name",
    "match_option",
    "update_rule",
    "delete_rule",
    "check_clause",
];
const RIGHT: &[&str] = &[
    "grantor",
    "grantee",
    "table_catalog",
    "table_schema",
    "table_name",
    "column_name",
    "object_catalog",
    "object_schema",
    "object_name",
    "object_type",
    "privilege_type",
    "is_grantable",
    "with_hierarchy",
];

/// Tables that keys fill.
const OF_KEYS: [&str; 3] = ["constraint_column_usage", "key_column_usage", "table_constraints"];

/// Tables of which release tables fill none.
const WITHOUT_ROWS: &[(&str, &[&str])] = &[
    ("character_sets", &["character_set_catalog", "character_set_schema", "character_set_name"]),
    ("check_constraints", CONSTRAINT),
    ("collations", &["collation_catalog", "collation_schema", "collation_name", "pad_attribute"]),
    ("column_privileges", RIGHT),
    ("constraint_table_usage", CONSTRAINT),
    ("domains", &["domain_catalog", "domain_schema", "domain_name", "data_type"]),
    ("element_types", &["object_catalog", "object_schema", "object_name", "object_type", "data_type"]),
    ("parameters", &["specific_catalog", "specific_schema", "specific_name", "parameter_name", "data_type"]),
    ("referential_constraints", CONSTRAINT),
    ("role_table_grants", RIGHT),
    ("sequences", &["sequence_catalog", "sequence_schema", "sequence_name", "data_type"]),
    ("table_privileges", RIGHT),
    ("triggers", &["trigger_catalog", "trigger_schema", "trigger_name", "event_object_table"]),
    ("usage_privileges", RIGHT),
    ("view_column_usage", &["view_catalog", "view_schema", "view_name", "table_name", "column_name"]),
];

const SCHEMATA: &[(&str, Kind)] = &[
    ("catalog_name", Kind::Text),
    ("schema_name", Kind::Text),
    ("schema_owner", Kind::Text),
    ("default_character_set_catalog", Kind::Text),
    ("default_character_set_schema", Kind::Text),
    ("default_character_set_name", Kind::Text),
    ("sql_path", Kind::Text),
];

fn schemata(relations: &[Relation]) -> Vec<Row> {
    let row = |(_, name): (i32, &str)| {
        Row::from([
            ("catalog_name", CATALOG.into()),
            ("schema_name", name.into()),
            ("schema_owner", "postgres".into()),
        ])
    };
    relations::schemas(relations).into_iter().map(row).collect()
}

const TABLES: &[(&str, Kind)] = &[
    ("table_catalog", Kind::Text),
    ("table_schema", Kind::Text),
    ("table_name", Kind::Text),
    ("table_type", Kind::Text),
    ("self_referencing_column_name", Kind::Text),
    ("reference_generation", Kind::Text),
    ("user_defined_type_catalog", Kind::Text),
    ("user_defined_type_schema", Kind::Text),
    ("user_defined_type_name", Kind::Text),
    ("is_insertable_into", Kind::Text),
    ("is_typed", Kind::Text),
    ("commit_action", Kind::Text),
];

fn tables(relations: &[Relation]) -> Vec<Row> {
    let row = |relation: &Relation| {
        Row::from([
            ("table_catalog", CATALOG.into()),
            ("table_schema", relation.schema_name().into()),
            ("table_name", relation.name.as_str().into()),
            ("table_type", (if relation.view.is_some() { "VIEW" } else { "BASE TABLE" }).into()),
            ("is_insertable_into", "NO".into()),
            ("is_typed", "NO".into()),
        ])
    };
    relations.iter().map(row).collect()
}

const VIEW: &[(&str, Kind)] = &[
    ("table_catalog", Kind::Text),
    ("table_schema", Kind::Text),
    ("table_name", Kind::Text),
    ("view_definition", Kind::Text),
    ("check_option", Kind::Text),
    ("is_updatable", Kind::Text),
    ("is_insertable_into", Kind::Text),
    ("is_trigger_updatable", Kind::Text),
    ("is_trigger_deletable", Kind::Text),
    ("is_trigger_insertable_into", Kind::Text),
];

fn views(relations: &[Relation]) -> Vec<Row> {
    let row = |relation: &Relation| {
        let no = || "NO".into();
        Some(Row::from([
            ("table_catalog", CATALOG.into()),
            ("table_schema", relation.schema_name().into()),
            ("table_name", relation.name.as_str().into()),
            ("view_definition", relation.view?.sql.as_str().into()),
            ("check_option", "NONE".into()),
            ("is_updatable", no()),
            ("is_insertable_into", no()),
            ("is_trigger_updatable", no()),
            ("is_trigger_deletable", no()),
            ("is_trigger_insertable_into", no()),
        ]))
    };
    relations.iter().filter_map(row).collect()
}

/// Rows of `pg_views`.
pub(super) fn listed_views(relations: &[Relation]) -> Vec<Row> {
    let row = |relation: &Relation| {
        Some(Row::from([
            ("schemaname", relation.schema_name().into()),
            ("viewname", relation.name.as_str().into()),
            ("viewowner", "postgres".into()),
            ("definition", relation.view?.sql.as_str().into()),
        ]))
    };
    relations.iter().filter_map(row).collect()
}

const COLUMNS: &[(&str, Kind)] = &[
    ("table_catalog", Kind::Text),
    ("table_schema", Kind::Text),
    ("table_name", Kind::Text),
    ("column_name", Kind::Text),
    ("ordinal_position", Kind::Oid),
    ("column_default", Kind::Text),
    ("is_nullable", Kind::Text),
    ("data_type", Kind::Text),
    ("character_maximum_length", Kind::Oid),
    ("character_octet_length", Kind::Oid),
    ("numeric_precision", Kind::Oid),
    ("numeric_precision_radix", Kind::Oid),
    ("numeric_scale", Kind::Oid),
    ("datetime_precision", Kind::Oid),
    ("interval_type", Kind::Text),
    ("interval_precision", Kind::Oid),
    ("character_set_catalog", Kind::Text),
    ("character_set_schema", Kind::Text),
    ("character_set_name", Kind::Text),
    ("collation_catalog", Kind::Text),
    ("collation_schema", Kind::Text),
    ("collation_name", Kind::Text),
    ("domain_catalog", Kind::Text),
    ("domain_schema", Kind::Text),
    ("domain_name", Kind::Text),
    ("udt_catalog", Kind::Text),
    ("udt_schema", Kind::Text),
    ("udt_name", Kind::Text),
    ("scope_catalog", Kind::Text),
    ("scope_schema", Kind::Text),
    ("scope_name", Kind::Text),
    ("maximum_cardinality", Kind::Oid),
    ("dtd_identifier", Kind::Text),
    ("is_self_referencing", Kind::Text),
    ("is_identity", Kind::Text),
    ("identity_generation", Kind::Text),
    ("identity_start", Kind::Text),
    ("identity_increment", Kind::Text),
    ("identity_maximum", Kind::Text),
    ("identity_minimum", Kind::Text),
    ("identity_cycle", Kind::Text),
    ("is_generated", Kind::Text),
    ("generation_expression", Kind::Text),
    ("is_updatable", Kind::Text),
];

fn columns(relations: &[Relation]) -> DataFusionResult<Vec<Row>> {
    let mut rows = Vec::new();
    for relation in relations {
        for (at, field) in relation.columns.fields().iter().enumerate() {
            let of = into_pg_type(field.data_type())
                .map_err(|error| DataFusionError::Internal(error.to_string()))?;
            let bits = match of.name() {
                "int2" => Some(16_i64),
                "int4" => Some(32),
                "int8" => Some(64),
                "float4" => Some(24),
                "float8" => Some(53),
                _ => None,
            };
            let position = i64::try_from(at + 1).unwrap_or_default();
            let mut row = Row::from([
                ("table_catalog", CATALOG.into()),
                ("table_schema", relation.schema_name().into()),
                ("table_name", relation.name.as_str().into()),
                ("column_name", field.name().as_str().into()),
                ("ordinal_position", ScalarValue::from(position)),
                ("is_nullable", (if field.is_nullable() { "YES" } else { "NO" }).into()),
                ("data_type", relations::standard_type(&relation.columns, at).as_str().into()),
                ("numeric_precision", ScalarValue::from(bits)),
                ("numeric_precision_radix", ScalarValue::from(bits.map(|_| 2_i64))),
                ("udt_catalog", CATALOG.into()),
                ("udt_schema", "pg_catalog".into()),
                ("udt_name", of.name().into()),
                ("dtd_identifier", position.to_string().as_str().into()),
                ("is_self_referencing", "NO".into()),
                ("is_identity", "NO".into()),
                ("identity_cycle", "NO".into()),
                ("is_generated", "NEVER".into()),
                ("is_updatable", "NO".into()),
            ]);
            if of.name().starts_with("int") {
                row.insert("numeric_scale", ScalarValue::from(0_i64));
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

const ROUTINES: &[(&str, Kind)] = &[
    ("specific_catalog", Kind::Text),
    ("specific_schema", Kind::Text),
    ("specific_name", Kind::Text),
    ("routine_catalog", Kind::Text),
    ("routine_schema", Kind::Text),
    ("routine_name", Kind::Text),
    ("routine_type", Kind::Text),
    ("data_type", Kind::Text),
    ("routine_definition", Kind::Text),
    ("external_language", Kind::Text),
    ("is_deterministic", Kind::Text),
];

fn routines() -> Vec<Row> {
    let row = |(oid, name, _, result): (i32, &'static str, &'static str, &'static str)| {
        Row::from([
            ("specific_catalog", CATALOG.into()),
            ("specific_schema", SCHEMA.into()),
            ("specific_name", format!("{name}_{oid}").as_str().into()),
            ("routine_catalog", CATALOG.into()),
            ("routine_schema", SCHEMA.into()),
            ("routine_name", name.into()),
            ("routine_type", "FUNCTION".into()),
            ("data_type", result.replace("double", "double precision").as_str().into()),
            ("is_deterministic", "YES".into()),
        ])
    };
    relations::functions().map(row).collect()
}
