//! Keys: the columns of which no two rows of a table have the same values.
//!
//! In: relations, each with the names of its key. Out: rows of `pg_index`, `pg_constraint`, `pg_indexes` and of
//! `information_schema`, and for each key an index with its columns, by which clients learn them. There is no such index:
//! what finds rows is the order of files. But a GIS opens a table only if it can tell its rows apart, and takes the
//! catalog's word for it. Keys come from the words of tables alone, so that a scope shows those of the tables that it has.

use std::collections::BTreeMap;
use std::sync::Arc;

use datafusion::arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use datafusion::common::ScalarValue;
use datafusion::error::Result as DataFusionResult;

use super::filled::{self, Kind, Row};
use super::relations::{CLASS, OWNER, PUBLIC, Relation};
use crate::catalog::{CATALOG, SCHEMA};

/// `pg_constraint`.
pub(super) const CONSTRAINT: i32 = 2_606;
/// Indexes and constraints are numbered as their tables, so much higher: above all that is numbered otherwise.
const FIRST_INDEX: i32 = 20_000;
const FIRST_CONSTRAINT: i32 = 30_000;
/// The access method of indexes.
const BTREE: i32 = 403;

/// The key of a table.
#[derive(Debug, Clone)]
pub(super) struct Key {
    table: i32,
    table_name: String,
    /// The places of its columns in the table, from 1.
    places: Vec<i16>,
    /// The index that PostgreSQL would keep for it, with its columns.
    pub(super) index: Relation,
}

/// The keys of relations. A key of which a column may be NULL is none.
pub(super) fn of(relations: &[Relation]) -> Vec<Key> {
    relations.iter().filter_map(key).collect()
}

fn key(relation: &Relation) -> Option<Key> {
    let at: Vec<usize> =
        relation.key.iter().map(|name| relation.columns.index_of(name).ok()).collect::<Option<_>>()?;
    let columns = relation.columns.project(&at).ok()?;
    if at.is_empty() || columns.fields().iter().any(|field| field.is_nullable()) {
        return None;
    }
    let index = Relation {
        oid: FIRST_INDEX + relation.oid,
        schema: PUBLIC,
        name: format!("{}_pkey", relation.name),
        columns: Arc::new(columns),
        release: None,
        words: None,
        view: None,
        key: &[],
    };
    let places = at.iter().map(|at| i16::try_from(at + 1).ok()).collect::<Option<_>>()?;
    Some(Key { table: relation.oid, table_name: relation.name.clone(), places, index })
}

impl Key {
    fn constraint(&self) -> i32 {
        FIRST_CONSTRAINT + self.table
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.index.columns.fields().iter().map(|field| field.name().as_str())
    }

    /// How many columns it has.
    fn size(&self) -> ScalarValue {
        i64::try_from(self.places.len()).unwrap_or_default().into()
    }

    /// Its columns with commas between. One is a word of SQL that stands for who asks, and so in quotes.
    fn listed(&self) -> String {
        let quoted = |name: &str| if name == "user" { format!("\"{name}\"") } else { name.to_owned() };
        self.names().map(quoted).collect::<Vec<_>>().join(", ")
    }

    /// `CREATE UNIQUE INDEX …`, as `pg_get_indexdef` tells it.
    fn definition(&self) -> String {
        let (index, table) = (&self.index.name, &self.table_name);
        format!("CREATE UNIQUE INDEX {index} ON {SCHEMA}.{table} USING btree ({})", self.listed())
    }
}

/// What indexes and constraints are in SQL, by catalog, object and column.
pub(super) fn definitions(keys: &[Key]) -> Vec<(i32, i32, i32, String)> {
    let mut all = Vec::new();
    for key in keys {
        all.push((CONSTRAINT, key.constraint(), 0, format!("PRIMARY KEY ({})", key.listed())));
        all.push((CLASS, key.index.oid, 0, key.definition()));
        let columns = key.names().zip(1..);
        all.extend(columns.map(|(name, number)| (CLASS, key.index.oid, number, name.to_owned())));
    }
    all
}

/// Rows of `pg_class`.
pub(super) fn classes(keys: &[Key]) -> Vec<Row> {
    let row = |key: &Key| {
        Row::from([
            ("oid", key.index.oid.into()),
            ("relname", key.index.name.as_str().into()),
            ("relnamespace", PUBLIC.into()),
            ("relowner", OWNER.into()),
            ("relam", BTREE.into()),
            ("relpersistence", "p".into()),
            ("relkind", "i".into()),
            ("relnatts", key.size()),
            ("relispopulated", true.into()),
            ("relreplident", "n".into()),
        ])
    };
    keys.iter().map(row).collect()
}

/// Tables of the catalog that have a row for each key.
pub(super) fn tables(keys: &[Key]) -> DataFusionResult<BTreeMap<String, Arc<dyn TableProvider>>> {
    let rows = |row: fn(&Key) -> Row| -> Vec<Row> { keys.iter().map(row).collect() };
    let mut tables = BTreeMap::new();
    for (name, columns, rows) in [
        ("pg_index", INDEX_COLUMNS, rows(index)),
        ("pg_constraint", CONSTRAINT_COLUMNS, rows(constraint)),
        ("pg_indexes", LISTED_COLUMNS, rows(listed)),
    ] {
        tables.insert(name.to_owned(), filled::table(&filled::schema(columns), &rows)?);
    }
    Ok(tables)
}

fn index(key: &Key) -> Row {
    let nothing = vec![0_i32; key.places.len()];
    let of_columns = |values: Vec<i32>| list(values.into_iter().map(ScalarValue::from), DataType::Int32);
    let no_options = vec![0_i16; key.places.len()];
    Row::from([
        ("indexrelid", key.index.oid.into()),
        ("indrelid", key.table.into()),
        ("indnatts", key.size()),
        ("indnkeyatts", key.size()),
        ("indisunique", true.into()),
        ("indnullsnotdistinct", false.into()),
        ("indisprimary", true.into()),
        ("indisexclusion", false.into()),
        ("indimmediate", true.into()),
        ("indisclustered", false.into()),
        ("indisvalid", true.into()),
        ("indcheckxmin", false.into()),
        ("indisready", true.into()),
        ("indislive", true.into()),
        ("indisreplident", false.into()),
        ("indkey", places(key)),
        ("indcollation", of_columns(nothing.clone())),
        ("indclass", of_columns(nothing)),
        ("indoption", list(no_options.into_iter().map(ScalarValue::from), DataType::Int16)),
    ])
}

fn constraint(key: &Key) -> Row {
    Row::from([
        ("oid", key.constraint().into()),
        ("tableoid", CONSTRAINT.into()),
        ("conname", key.index.name.as_str().into()),
        ("connamespace", PUBLIC.into()),
        ("contype", "p".into()),
        ("condeferrable", false.into()),
        ("condeferred", false.into()),
        ("convalidated", true.into()),
        ("conrelid", key.table.into()),
        ("contypid", 0.into()),
        ("conindid", key.index.oid.into()),
        ("conparentid", 0.into()),
        ("confrelid", 0.into()),
        ("confupdtype", " ".into()),
        ("confdeltype", " ".into()),
        ("confmatchtype", " ".into()),
        ("conislocal", true.into()),
        ("coninhcount", 0.into()),
        ("connoinherit", true.into()),
        ("conkey", places(key)),
    ])
}

fn listed(key: &Key) -> Row {
    Row::from([
        ("schemaname", SCHEMA.into()),
        ("tablename", key.table_name.as_str().into()),
        ("indexname", key.index.name.as_str().into()),
        ("indexdef", key.definition().as_str().into()),
    ])
}

/// Rows of `information_schema.table_constraints`.
pub(super) fn constraints(keys: &[Key]) -> Vec<Row> {
    keys.iter().map(standard).collect()
}

/// Rows of `information_schema.key_column_usage`.
pub(super) fn columns(keys: &[Key]) -> Vec<Row> {
    let mut rows = Vec::new();
    for key in keys {
        for (name, position) in key.names().zip(1_i64..) {
            let mut row = standard(key);
            row.insert("column_name", name.into());
            row.insert("ordinal_position", position.into());
            rows.push(row);
        }
    }
    rows
}

fn standard(key: &Key) -> Row {
    Row::from([
        ("constraint_catalog", CATALOG.into()),
        ("constraint_schema", SCHEMA.into()),
        ("constraint_name", key.index.name.as_str().into()),
        ("table_catalog", CATALOG.into()),
        ("table_schema", SCHEMA.into()),
        ("table_name", key.table_name.as_str().into()),
        ("constraint_type", "PRIMARY KEY".into()),
        ("is_deferrable", "NO".into()),
        ("initially_deferred", "NO".into()),
        ("enforced", "YES".into()),
    ])
}

fn places(key: &Key) -> ScalarValue {
    list(key.places.iter().copied().map(ScalarValue::from), DataType::Int16)
}

fn list(values: impl Iterator<Item = ScalarValue>, of: DataType) -> ScalarValue {
    let values: Vec<ScalarValue> = values.collect();
    ScalarValue::List(ScalarValue::new_list_nullable(&values, &of))
}

const INDEX_COLUMNS: &[(&str, Kind)] = &[
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

const CONSTRAINT_COLUMNS: &[(&str, Kind)] = &[
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

const LISTED_COLUMNS: &[(&str, Kind)] = &[
    ("schemaname", Kind::Text),
    ("tablename", Kind::Text),
    ("indexname", Kind::Text),
    ("tablespace", Kind::Text),
    ("indexdef", Kind::Text),
];

#[cfg(test)]
mod tests {
    use kayoi_schemas::tables::ReleaseTable;

    use super::super::relations::of_release;
    use super::*;

    #[test]
    fn every_release_table_has_a_key_and_who_sees_one_table_sees_one_key() {
        let all = of(&of_release(&ReleaseTable::ALL));
        assert_eq!(all.len(), ReleaseTable::ALL.len());
        let one = of(&of_release(&[ReleaseTable::Peers]));
        let [key] = one.as_slice() else { panic!("{one:?}") };
        assert_eq!(
            (key.index.name.as_str(), key.listed().as_str()),
            ("peers_pkey", "month, municipality_code, peer_rank")
        );
        let among_all = all.iter().find(|other| other.table == key.table).unwrap();
        assert_eq!(among_all.index.oid, key.index.oid);
        for rows in [classes(&one), constraints(&one)] {
            assert_eq!(rows.len(), 1, "{rows:?}");
        }
        assert_eq!(columns(&one).len(), 3);
    }
}
