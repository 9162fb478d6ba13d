//! Tables of `pg_catalog`, as clients read them.
//!
//! In: the schema of `datafusion-pg-catalog`, and the release tables that a connection may see. Out: the same schema,
//! where relations, comments and functions are ours ([`super::relations`]), lists are lists, each table has its
//! `tableoid`, `pg_settings` has the settings that drivers read, keys are those of tables ([`super::keys`]), and what
//! release tables do not have, such as triggers, is typed so that a query for it can be planned.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, StringArray, new_null_array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{MemTable, SchemaProvider, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::error::{DataFusionError, Result as DataFusionResult};
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, lit};
use datafusion::prelude::ident;
use futures::FutureExt;
use kayoi_schemas::tables::ReleaseTable;

use super::filled::{self, Kind, empty};
use super::keys::{self, Key};
use super::relations::{self, Comment, Relation};
use super::standard;
use crate::catalog::Beside;
use crate::questions::{QuestionView, VIEWS};
use crate::session::defaults;

/// `pg_catalog` with what it lacked.
#[derive(Debug)]
pub(super) struct Completed {
    tables: BTreeMap<String, Arc<dyn TableProvider>>,
    relations: Vec<Relation>,
    comments: Vec<Comment>,
    keys: Vec<Key>,
}

impl Completed {
    pub(super) fn new(
        from: &Arc<dyn SchemaProvider>,
        release: &[ReleaseTable],
        others: &[Beside],
        views: &[&'static QuestionView],
    ) -> DataFusionResult<Self> {
        let mut tables = BTreeMap::new();
        let mut relations = relations::of_release(release);
        relations.extend(relations::of_others(others));
        relations.extend(relations::of_views(views));
        let mut of_catalog = Vec::new();
        for (place, name) in from.table_names().into_iter().enumerate() {
            let number = relations::number(&name, place);
            let table = mended(library(from, &name)?, &name, number)?;
            of_catalog.push(Relation {
                oid: number,
                schema: relations::PG_CATALOG,
                name: name.clone(),
                columns: without_number(&table.schema()),
                release: None,
                words: None,
                view: None,
                key: &[],
            });
            tables.insert(name, table);
        }
        let keys = keys::of(&relations);
        tables.extend(standard::all(&relations, &keys)?);
        relations.extend(of_catalog);
        let comments = relations::comments(&relations);
        let mut classes = relations::classes(&relations);
        classes.extend(keys::classes(&keys));
        relations.extend(keys.iter().map(|key| key.index.clone()));
        for (name, rows) in [
            ("pg_class", classes),
            ("pg_attribute", relations::attributes(&relations)?),
            ("pg_namespace", relations::namespaces(&relations)),
            ("pg_description", relations::descriptions(&comments)),
            ("pg_views", standard::listed_views(&relations)),
        ] {
            let schema =
                tables.get(name).map(|table: &Arc<dyn TableProvider>| without_number(&table.schema()));
            let of_library = schema.ok_or_else(|| missing(name))?;
            let table = filled::table(&of_library, &rows)?;
            tables.insert(name.to_owned(), mended(table, name, relations::number(name, 0))?);
        }
        let functions = tables.get("pg_proc").map(Arc::clone).ok_or_else(|| missing("pg_proc"))?;
        let schema = without_number(&functions.schema());
        let own = mended(filled::table(&schema, &relations::procedures())?, "pg_proc", relations::PROC)?;
        tables.insert("pg_proc".to_owned(), both(functions, own)?);
        tables.insert("pg_settings".to_owned(), settings()?);
        let listed = tables.get("pg_tables").map(Arc::clone).ok_or_else(|| missing("pg_tables"))?;
        tables.insert("pg_tables".to_owned(), without_views(listed)?);
        for (name, columns) in WITHOUT_ROWS {
            tables.insert((*name).to_owned(), empty(columns)?);
        }
        tables.extend(keys::tables(&keys)?);
        Ok(Self { tables, relations, comments, keys })
    }

    /// All relations.
    pub(super) fn relations(&self) -> &[Relation] {
        &self.relations
    }

    /// What tells the rows of tables apart.
    pub(super) fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// What tables, columns and functions mean.
    pub(super) fn comments(&self) -> &[Comment] {
        &self.comments
    }
}

#[async_trait]
impl SchemaProvider for Completed {
    fn table_names(&self) -> Vec<String> {
        self.tables.keys().cloned().collect()
    }

    async fn table(&self, name: &str) -> DataFusionResult<Option<Arc<dyn TableProvider>>> {
        Ok(self.tables.get(&name.to_ascii_lowercase()).cloned())
    }

    fn table_exist(&self, name: &str) -> bool {
        self.tables.contains_key(&name.to_ascii_lowercase())
    }
}

fn missing(name: &str) -> DataFusionError {
    DataFusionError::Internal(format!("there is no `{name}` to complete"))
}

/// A table as the library has it. It has all of them at hand.
fn library(from: &Arc<dyn SchemaProvider>, name: &str) -> DataFusionResult<Arc<dyn TableProvider>> {
    from.table(name).now_or_never().transpose()?.flatten().ok_or_else(|| missing(name))
}

fn without_number(schema: &SchemaRef) -> SchemaRef {
    let is_own = |field: &&Arc<Field>| field.name() != NUMBER;
    Arc::new(Schema::new(schema.fields().iter().filter(is_own).cloned().collect::<Vec<_>>()))
}

/// The column by which a row tells the number of its table.
const NUMBER: &str = "tableoid";

/// Columns that are cut after 63 bytes there, so that no client can read them: NULL, as for a function without
/// names or modes of its arguments.
const CUT: &[(&str, &[&str])] = &[("pg_proc", &["proargnames", "proargmodes", "proallargtypes"])];

/// Columns that a table has in PostgreSQL and lacks there: NULL, as when nobody has changed anything.
const LACKING: &[(&str, &[(&str, Kind)])] = &[
    ("pg_class", &[("relacl", Kind::TextList), ("reloptions", Kind::TextList)]),
    (
        "pg_database",
        &[("datconnlimit", Kind::Oid), ("datistemplate", Kind::Flag), ("datcollversion", Kind::Text)],
    ),
    ("pg_proc", &[("xmin", Kind::Oid)]),
];

/// Columns that are lists in PostgreSQL and texts there. No row has a value in them.
const LISTS: &[(&str, Kind)] = &[
    ("attacl", Kind::TextList),
    ("attfdwoptions", Kind::TextList),
    ("attoptions", Kind::TextList),
    ("datacl", Kind::TextList),
    ("defaclacl", Kind::TextList),
    ("evttags", Kind::TextList),
    ("extcondition", Kind::TextList),
    ("extconfig", Kind::OidList),
    ("fdwacl", Kind::TextList),
    ("fdwoptions", Kind::TextList),
    ("ftoptions", Kind::TextList),
    ("lanacl", Kind::TextList),
    ("lomacl", Kind::TextList),
    ("nspacl", Kind::TextList),
    ("partattrs", Kind::SmallList),
    ("polroles", Kind::OidList),
    ("proacl", Kind::TextList),
    ("proconfig", Kind::TextList),
    ("prattrs", Kind::SmallList),
    ("setconfig", Kind::TextList),
    ("spcacl", Kind::TextList),
    ("spcoptions", Kind::TextList),
    ("srvacl", Kind::TextList),
    ("srvoptions", Kind::TextList),
    ("stxkeys", Kind::SmallList),
    ("stxkind", Kind::TextList),
    ("tgattr", Kind::SmallList),
    ("typacl", Kind::TextList),
    ("umoptions", Kind::TextList),
];

/// Tables without rows that the library lacks, or has with other types.
const WITHOUT_ROWS: &[(&str, &[(&str, Kind)])] = &[
    ("pg_stat_activity", ACTIVITY),
    ("pg_user", USER),
    ("pg_shadow", USER),
    ("pg_group", &[("groname", Kind::Text), ("grosysid", Kind::Oid), ("grolist", Kind::OidList)]),
    (
        "pg_user_mappings",
        &[
            ("umid", Kind::Oid),
            ("srvid", Kind::Oid),
            ("srvname", Kind::Text),
            ("umuser", Kind::Oid),
            ("usename", Kind::Text),
            ("umoptions", Kind::TextList),
        ],
    ),
    (
        "pg_available_extensions",
        &[
            ("name", Kind::Text),
            ("default_version", Kind::Text),
            ("installed_version", Kind::Text),
            ("comment", Kind::Text),
        ],
    ),
    ("pg_locks", LOCKS),
    (
        "pg_prepared_xacts",
        &[
            ("transaction", Kind::Oid),
            ("gid", Kind::Text),
            ("prepared", Kind::Moment),
            ("owner", Kind::Text),
            ("database", Kind::Text),
        ],
    ),
    ("pg_sequences", &[("schemaname", Kind::Text), ("sequencename", Kind::Text), ("last_value", Kind::Long)]),
    (
        "pg_ts_config_map",
        &[
            ("mapcfg", Kind::Oid),
            ("maptokentype", Kind::Oid),
            ("mapseqno", Kind::Oid),
            ("mapdict", Kind::Oid),
        ],
    ),
    ("pg_stat_all_tables", TABLE_COUNTS),
    ("pg_stat_database", DATABASE_COUNTS),
    ("pg_stat_replication", &[("pid", Kind::Oid), ("usename", Kind::Text), ("state", Kind::Text)]),
];

const ACTIVITY: &[(&str, Kind)] = &[
    ("datid", Kind::Oid),
    ("datname", Kind::Text),
    ("pid", Kind::Oid),
    ("leader_pid", Kind::Oid),
    ("usesysid", Kind::Oid),
    ("usename", Kind::Text),
    ("application_name", Kind::Text),
    ("client_addr", Kind::Text),
    ("client_hostname", Kind::Text),
    ("client_port", Kind::Oid),
    ("backend_start", Kind::Moment),
    ("xact_start", Kind::Moment),
    ("query_start", Kind::Moment),
    ("state_change", Kind::Moment),
    ("wait_event_type", Kind::Text),
    ("wait_event", Kind::Text),
    ("state", Kind::Text),
    ("backend_xid", Kind::Oid),
    ("backend_xmin", Kind::Oid),
    ("query_id", Kind::Long),
    ("query", Kind::Text),
    ("backend_type", Kind::Text),
];

const LOCKS: &[(&str, Kind)] = &[
    ("locktype", Kind::Text),
    ("database", Kind::Oid),
    ("relation", Kind::Oid),
    ("page", Kind::Oid),
    ("tuple", Kind::Small),
    ("virtualxid", Kind::Text),
    ("transactionid", Kind::Oid),
    ("classid", Kind::Oid),
    ("objid", Kind::Oid),
    ("objsubid", Kind::Small),
    ("virtualtransaction", Kind::Text),
    ("pid", Kind::Oid),
    ("mode", Kind::Text),
    ("granted", Kind::Flag),
    ("fastpath", Kind::Flag),
    ("waitstart", Kind::Moment),
];

/// What PostgreSQL counts of a table. Nobody counts here: who asked what stands in the audit.
const TABLE_COUNTS: &[(&str, Kind)] = &[
    ("relid", Kind::Oid),
    ("schemaname", Kind::Text),
    ("relname", Kind::Text),
    ("seq_scan", Kind::Long),
    ("last_seq_scan", Kind::Moment),
    ("seq_tup_read", Kind::Long),
    ("idx_scan", Kind::Long),
    ("last_idx_scan", Kind::Moment),
    ("idx_tup_fetch", Kind::Long),
    ("n_tup_ins", Kind::Long),
    ("n_tup_upd", Kind::Long),
    ("n_tup_del", Kind::Long),
    ("n_tup_hot_upd", Kind::Long),
    ("n_live_tup", Kind::Long),
    ("n_dead_tup", Kind::Long),
    ("n_mod_since_analyze", Kind::Long),
    ("n_ins_since_vacuum", Kind::Long),
    ("last_vacuum", Kind::Moment),
    ("last_autovacuum", Kind::Moment),
    ("last_analyze", Kind::Moment),
    ("last_autoanalyze", Kind::Moment),
    ("vacuum_count", Kind::Long),
    ("autovacuum_count", Kind::Long),
    ("analyze_count", Kind::Long),
    ("autoanalyze_count", Kind::Long),
];

/// The same of a database.
const DATABASE_COUNTS: &[(&str, Kind)] = &[
    ("datid", Kind::Oid),
    ("datname", Kind::Text),
    ("numbackends", Kind::Oid),
    ("xact_commit", Kind::Long),
    ("xact_rollback", Kind::Long),
    ("blks_read", Kind::Long),
    ("blks_hit", Kind::Long),
    ("tup_returned", Kind::Long),
    ("tup_fetched", Kind::Long),
    ("tup_inserted", Kind::Long),
    ("tup_updated", Kind::Long),
    ("tup_deleted", Kind::Long),
    ("conflicts", Kind::Long),
    ("temp_files", Kind::Long),
    ("temp_bytes", Kind::Long),
    ("deadlocks", Kind::Long),
    ("stats_reset", Kind::Moment),
];

const USER: &[(&str, Kind)] = &[
    ("usename", Kind::Text),
    ("usesysid", Kind::Oid),
    ("usecreatedb", Kind::Flag),
    ("usesuper", Kind::Flag),
    ("userepl", Kind::Flag),
    ("usebypassrls", Kind::Flag),
    ("passwd", Kind::Text),
    ("valuntil", Kind::Moment),
    ("useconfig", Kind::TextList),
];

/// A table with its number, with lists that are lists, and with what it lacked.
fn mended(from: Arc<dyn TableProvider>, name: &str, number: i32) -> DataFusionResult<Arc<dyn TableProvider>> {
    fn of(
        list: &'static [(&'static str, &'static [(&'static str, Kind)])],
        name: &str,
    ) -> &'static [(&'static str, Kind)] {
        list.iter().find(|(table, _)| *table == name).map_or(&[], |(_, columns)| columns)
    }
    let cut = CUT.iter().find(|(table, _)| *table == name).map_or(&[][..], |(_, columns)| columns);
    let schema = from.schema();
    let mut shown: Vec<Expr> = Vec::new();
    for field in schema.fields() {
        let list = LISTS.iter().find(|(column, _)| column == field.name()).map(|(_, kind)| kind.data_type());
        shown.push(match list {
            Some(list) => lit(ScalarValue::try_from(list)?).alias(field.name()),
            None if cut.contains(&field.name().as_str()) => {
                lit(ScalarValue::try_from(field.data_type())?).alias(field.name())
            }
            None => ident(field.name()),
        });
    }
    for (column, kind) in of(LACKING, name) {
        if schema.field_with_name(column).is_err() {
            shown.push(lit(ScalarValue::try_from(kind.data_type())?).alias(*column));
        }
    }
    if schema.field_with_name(NUMBER).is_err() {
        shown.push(lit(number).alias(NUMBER));
    }
    let plan = LogicalPlanBuilder::scan(name, provider_as_source(from), None)?.project(shown)?.build()?;
    Ok(Arc::new(ViewTable::new(plan, None)))
}

/// The rows of two tables of the same columns.
fn both(
    one: Arc<dyn TableProvider>,
    other: Arc<dyn TableProvider>,
) -> DataFusionResult<Arc<dyn TableProvider>> {
    let other = LogicalPlanBuilder::scan("own", provider_as_source(other), None)?.build()?;
    let plan = LogicalPlanBuilder::scan("library", provider_as_source(one), None)?.union(other)?.build()?;
    Ok(Arc::new(ViewTable::new(plan, None)))
}

/// The list of tables, in which the library has views, too.
fn without_views(listed: Arc<dyn TableProvider>) -> DataFusionResult<Arc<dyn TableProvider>> {
    let is_table = ident("schemaname").not_eq(lit(VIEWS));
    let plan = LogicalPlanBuilder::scan("pg_tables", provider_as_source(listed), None)?;
    Ok(Arc::new(ViewTable::new(plan.filter(is_table)?.build()?, None)))
}

fn settings() -> DataFusionResult<Arc<dyn TableProvider>> {
    let texts = [
        "name",
        "setting",
        "unit",
        "category",
        "short_desc",
        "extra_desc",
        "context",
        "vartype",
        "source",
        "min_val",
        "max_val",
        "enumvals",
        "boot_val",
        "reset_val",
        "sourcefile",
    ];
    let mut fields: Vec<Field> = texts.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect();
    fields.push(Field::new("sourceline", DataType::Int32, true));
    fields.push(Field::new("pending_restart", DataType::Boolean, true));
    let schema: SchemaRef = Arc::new(Schema::new(fields));
    let rows = defaults().len();
    let text = |of: &dyn Fn((&'static str, &'static str)) -> &'static str| -> ArrayRef {
        Arc::new(StringArray::from(defaults().map(of).collect::<Vec<_>>()))
    };
    let column = |field: &Arc<Field>| match field.name().as_str() {
        "name" => text(&|(name, _)| name),
        "setting" | "boot_val" | "reset_val" => text(&|(_, value)| value),
        "category" => text(&|_| "Kayoi"),
        "context" => text(&|_| "internal"),
        "vartype" => text(&|_| "string"),
        "source" => text(&|_| "default"),
        _ => new_null_array(field.data_type(), rows),
    };
    let columns = schema.fields().iter().map(column).collect();
    let batch = RecordBatch::try_new(Arc::clone(&schema), columns)?;
    Ok(Arc::new(MemTable::try_new(schema, vec![vec![batch]])?))
}
