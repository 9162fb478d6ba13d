//! Tables of `pg_catalog` that clients find too small.
//!
//! In: the schema of `datafusion-pg-catalog`. Out: the same, where `pg_settings` has the settings that drivers
//! read, `pg_class` says that nobody was given rights, and indexes and constraints, of which release tables
//! have none, are typed so that a query for them can be planned.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::arrow::array::{ArrayRef, StringArray, new_null_array};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::catalog::{MemTable, SchemaProvider, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::datasource::{ViewTable, provider_as_source};
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{Expr, LogicalPlanBuilder, lit};
use datafusion::prelude::ident;

use crate::session::defaults;

/// `pg_catalog` with what it lacked.
#[derive(Debug)]
pub(super) struct Completed {
    from: Arc<dyn SchemaProvider>,
    own: BTreeMap<&'static str, Arc<dyn TableProvider>>,
}

impl Completed {
    pub(super) fn new(from: Arc<dyn SchemaProvider>) -> DataFusionResult<Self> {
        let mut own: BTreeMap<&'static str, Arc<dyn TableProvider>> = BTreeMap::new();
        own.insert("pg_settings", settings()?);
        own.insert("pg_index", empty(INDEX)?);
        own.insert("pg_constraint", empty(CONSTRAINT)?);
        Ok(Self { from, own })
    }
}

#[async_trait]
impl SchemaProvider for Completed {
    fn table_names(&self) -> Vec<String> {
        self.from.table_names()
    }

    async fn table(&self, name: &str) -> DataFusionResult<Option<Arc<dyn TableProvider>>> {
        let name = name.to_ascii_lowercase();
        if let Some(own) = self.own.get(name.as_str()) {
            return Ok(Some(Arc::clone(own)));
        }
        let Some(found) = self.from.table(&name).await? else { return Ok(None) };
        let lacking =
            LACKING.iter().find(|(table, _)| *table == name).map_or(&[][..], |(_, columns)| columns);
        let cut = CUT.iter().find(|(table, _)| *table == name).map_or(&[][..], |(_, columns)| columns);
        if lacking.is_empty() && cut.is_empty() {
            return Ok(Some(found));
        }
        Ok(Some(mended(found, &name, lacking, cut)?))
    }

    fn table_exist(&self, name: &str) -> bool {
        self.from.table_exist(name)
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Oid,
    Flag,
    Text,
    Small,
    SmallList,
    OidList,
    TextList,
}

impl Kind {
    fn data_type(self) -> DataType {
        let list = |of: DataType| DataType::List(Arc::new(Field::new_list_field(of, true)));
        match self {
            Self::Oid => DataType::Int32,
            Self::Flag => DataType::Boolean,
            Self::Text => DataType::Utf8,
            Self::Small => DataType::Int16,
            Self::SmallList => list(DataType::Int16),
            Self::OidList => list(DataType::Int32),
            Self::TextList => list(DataType::Utf8),
        }
    }
}

/// Columns that are cut after 63 bytes there, so that no client can read them: NULL, as for a function without
/// names or modes of its arguments.
const CUT: &[(&str, &[&str])] = &[("pg_proc", &["proargnames", "proargmodes", "proallargtypes"])];

/// Columns that a table has in PostgreSQL and lacks there: NULL, as when nobody has changed anything.
const LACKING: &[(&str, &[(&str, Kind)])] =
    &[("pg_class", &[("relacl", Kind::TextList), ("reloptions", Kind::TextList)])];

const INDEX: &[(&str, Kind)] = &[
    ("indexrelid", Kind::Oid),
    ("indrelid", Kind::Oid),
    ("indnatts", Kind::Small),
    ("indnkeyatts", Kind::Small),
    ("indisunique", Kind::Flag),
    ("indnullsnotdistinct", Kind::Flag),
    ("indisprimary", Kind::Flag),
    ("indisexclusion", Kind::Flag),
    ("indimmediate", Kind::Flag),
    ("indisclustered", Kind::Flag),
    ("indisvalid", Kind::Flag),
    ("indcheckxmin", Kind::Flag),
    ("indisready", Kind::Flag),
    ("indislive", Kind::Flag),
    ("indisreplident", Kind::Flag),
    ("indkey", Kind::SmallList),
    ("indcollation", Kind::OidList),
    ("indclass", Kind::OidList),
    ("indoption", Kind::SmallList),
    ("indexprs", Kind::Text),
    ("indpred", Kind::Text),
];

const CONSTRAINT: &[(&str, Kind)] = &[
    ("oid", Kind::Oid),
    ("tableoid", Kind::Oid),
    ("conname", Kind::Text),
    ("connamespace", Kind::Oid),
    ("contype", Kind::Text),
    ("condeferrable", Kind::Flag),
    ("condeferred", Kind::Flag),
    ("convalidated", Kind::Flag),
    ("conrelid", Kind::Oid),
    ("contypid", Kind::Oid),
    ("conindid", Kind::Oid),
    ("conparentid", Kind::Oid),
    ("confrelid", Kind::Oid),
    ("confupdtype", Kind::Text),
    ("confdeltype", Kind::Text),
    ("confmatchtype", Kind::Text),
    ("conislocal", Kind::Flag),
    ("coninhcount", Kind::Small),
    ("connoinherit", Kind::Flag),
    ("conkey", Kind::SmallList),
    ("confkey", Kind::SmallList),
    ("conpfeqop", Kind::OidList),
    ("conppeqop", Kind::OidList),
    ("conffeqop", Kind::OidList),
    ("confdelsetcols", Kind::SmallList),
    ("conexclop", Kind::OidList),
    ("conbin", Kind::Text),
];

fn empty(columns: &[(&str, Kind)]) -> DataFusionResult<Arc<dyn TableProvider>> {
    let field = |(name, kind): &(&str, Kind)| Field::new(*name, kind.data_type(), true);
    let schema = Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()));
    Ok(Arc::new(MemTable::try_new(schema, vec![Vec::new()])?))
}

fn mended(
    from: Arc<dyn TableProvider>,
    name: &str,
    lacking: &[(&str, Kind)],
    cut: &[&str],
) -> DataFusionResult<Arc<dyn TableProvider>> {
    let mut shown: Vec<Expr> = Vec::new();
    for field in from.schema().fields() {
        shown.push(if cut.contains(&field.name().as_str()) {
            lit(ScalarValue::try_from(field.data_type())?).alias(field.name())
        } else {
            ident(field.name())
        });
    }
    for (column, kind) in lacking {
        if from.schema().field_with_name(column).is_err() {
            shown.push(lit(ScalarValue::try_from(kind.data_type())?).alias(*column));
        }
    }
    let plan = LogicalPlanBuilder::scan(name, provider_as_source(from), None)?.project(shown)?.build()?;
    Ok(Arc::new(ViewTable::new(plan, None)))
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
