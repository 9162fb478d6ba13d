//! The relations that clients see: release tables, questions as views of them, and the catalog itself.
//!
//! In: what a connection may see of the release, and the tables of `pg_catalog`. Out: `pg_class`, `pg_attribute`,
//! `pg_namespace` and `pg_description`, with numbers that are the same in every process and after every start,
//! because a client asks for a table's number in one question and for its columns in the next. The library counts
//! from 16384 in each process instead, and has no comments.

use std::sync::Arc;

use arrow_pg::datatypes::into_pg_type;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::common::ScalarValue;
use datafusion::error::Result as DataFusionResult;
use kayoi_schemas::tables::ReleaseTable;

use super::filled::Row;
use crate::beside::Described;
use crate::catalog::{Beside, SCHEMA, described};
use crate::functions::FUNCTIONS;
use crate::questions::{QuestionFunction, QuestionView, ROWS, VIEWS};
use crate::types::sql_type;

/// Numbers of schemas; those of PostgreSQL where it has fixed them.
pub(super) const PG_CATALOG: i32 = 11;
pub(super) const PUBLIC: i32 = 2_200;
const INFORMATION_SCHEMA: i32 = 13_000;
/// The schema of questions that are views.
pub(super) const QUESTIONS: i32 = 16_384;
/// The owner of everything.
pub(super) const OWNER: i32 = 10;
/// `pg_class` and `pg_proc`, to which comments belong.
pub(super) const CLASS: i32 = 1_259;
pub(super) const PROC: i32 = 1_255;
/// Release tables and functions of ours are numbered from here, above all of PostgreSQL's own.
const FIRST_TABLE: i32 = 20_001;
const FIRST_FUNCTION: i32 = 30_001;
const FIRST_QUESTION: i32 = 31_001;
const FIRST_OTHER: i32 = 25_001;
const FIRST_VIEW: i32 = 26_001;
/// Tables of the catalog without a fixed number are numbered from here.
const FIRST_OF_CATALOG: i32 = 12_001;
/// The access method of tables.
const HEAP: i32 = 2;

/// The numbers that PostgreSQL has fixed.
const FIXED: &[(&str, i32)] = &[
    ("pg_aggregate", 2600),
    ("pg_am", 2601),
    ("pg_attrdef", 2604),
    ("pg_attribute", 1249),
    ("pg_auth_members", 1261),
    ("pg_authid", 1260),
    ("pg_cast", 2605),
    ("pg_class", CLASS),
    ("pg_collation", 3456),
    ("pg_constraint", 2606),
    ("pg_conversion", 2607),
    ("pg_database", 1262),
    ("pg_depend", 2608),
    ("pg_description", 2609),
    ("pg_enum", 3501),
    ("pg_event_trigger", 3466),
    ("pg_extension", 3079),
    ("pg_foreign_data_wrapper", 2328),
    ("pg_foreign_server", 1417),
    ("pg_index", 2610),
    ("pg_inherits", 2611),
    ("pg_language", 2612),
    ("pg_largeobject_metadata", 2995),
    ("pg_namespace", 2615),
    ("pg_opclass", 2616),
    ("pg_operator", 2617),
    ("pg_opfamily", 2753),
    ("pg_policy", 3256),
    ("pg_proc", PROC),
    ("pg_publication", 6104),
    ("pg_range", 3541),
    ("pg_rewrite", 2618),
    ("pg_shdescription", 2396),
    ("pg_statistic_ext", 3381),
    ("pg_subscription", 6100),
    ("pg_tablespace", 1213),
    ("pg_trigger", 2620),
    ("pg_ts_config", 3602),
    ("pg_ts_dict", 3600),
    ("pg_ts_parser", 3601),
    ("pg_ts_template", 3764),
    ("pg_type", 1247),
];

/// A table that clients see.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub(super) oid: i32,
    pub(super) schema: i32,
    pub(super) name: String,
    pub(super) columns: SchemaRef,
    /// The release table that it is.
    pub(super) release: Option<ReleaseTable>,
    /// What another table says of itself.
    pub(super) words: Option<&'static Described>,
    /// The question that it is.
    pub(super) view: Option<&'static QuestionView>,
    /// The columns of its key, if it has one.
    pub(super) key: &'static [&'static str],
}

impl Relation {
    /// The name of its schema.
    pub(super) fn schema_name(&self) -> &'static str {
        match self.schema {
            PUBLIC => SCHEMA,
            QUESTIONS => VIEWS,
            _ => "pg_catalog",
        }
    }
}

/// The number of a table of the catalog. `place` is its place in the list of them.
pub(super) fn number(name: &str, place: usize) -> i32 {
    let fixed = FIXED.iter().find(|(fixed, _)| *fixed == name).map(|(_, number)| *number);
    fixed.unwrap_or(FIRST_OF_CATALOG + i32::try_from(place).unwrap_or_default())
}

/// The release tables that there are, as relations.
pub(super) fn of_release(tables: &[ReleaseTable]) -> Vec<Relation> {
    let place =
        |table: &ReleaseTable| ReleaseTable::ALL.iter().position(|one| one == table).unwrap_or_default();
    let relation = |table: &ReleaseTable| Relation {
        oid: FIRST_TABLE + i32::try_from(place(table)).unwrap_or_default(),
        schema: PUBLIC,
        name: table.table().name.to_owned(),
        columns: table.table().arrow_schema(),
        release: Some(*table),
        words: None,
        view: None,
        key: table.key(),
    };
    tables.iter().map(relation).collect()
}

/// The other tables that there are. Their numbers go by their words, so that who sees fewer of them finds the same.
pub(super) fn of_others(others: &[Beside]) -> Vec<Relation> {
    let place = |name: &str| described().position(|table| table.name == name);
    let relation = |other: &Beside| Relation {
        oid: FIRST_OTHER
            + place(other.name).and_then(|place| i32::try_from(place + 1).ok()).unwrap_or_default(),
        schema: PUBLIC,
        name: other.name.to_owned(),
        columns: Arc::clone(&other.columns),
        release: None,
        words: other.words,
        view: None,
        key: other.words.map(|words| words.key).unwrap_or_default(),
    };
    others.iter().map(relation).collect()
}

/// The questions that there are as views. Their numbers go by all of them, as those of tables do.
pub(super) fn of_views(views: &[&'static QuestionView]) -> Vec<Relation> {
    let place = |name: &str| QuestionView::all().iter().position(|view| view.name == name);
    let relation = |view: &&'static QuestionView| Relation {
        oid: FIRST_VIEW + place(&view.name).and_then(|place| i32::try_from(place).ok()).unwrap_or_default(),
        schema: QUESTIONS,
        name: view.name.clone(),
        columns: view.arrow_schema(),
        release: None,
        words: None,
        view: Some(*view),
        key: &[],
    };
    views.iter().map(relation).collect()
}

/// The schemas in which relations stand, and that of the standard.
pub(super) fn schemas(relations: &[Relation]) -> Vec<(i32, &'static str)> {
    let has_views = relations.iter().any(|relation| relation.view.is_some());
    let all = [
        (PG_CATALOG, "pg_catalog"),
        (PUBLIC, SCHEMA),
        (QUESTIONS, VIEWS),
        (INFORMATION_SCHEMA, "information_schema"),
    ];
    all.into_iter().filter(|(oid, _)| has_views || *oid != QUESTIONS).collect()
}

/// Rows of `pg_namespace`.
pub(super) fn namespaces(relations: &[Relation]) -> Vec<Row> {
    let row = |(oid, name): (i32, &str)| {
        Row::from([("oid", oid.into()), ("nspname", name.into()), ("nspowner", OWNER.into())])
    };
    schemas(relations).into_iter().map(row).collect()
}

/// Rows of `pg_class`.
pub(super) fn classes(relations: &[Relation]) -> Vec<Row> {
    let row = |relation: &Relation| {
        Row::from([
            ("oid", relation.oid.into()),
            ("relname", relation.name.as_str().into()),
            ("relnamespace", relation.schema.into()),
            ("relowner", OWNER.into()),
            ("relam", (if relation.view.is_some() { 0 } else { HEAP }).into()),
            ("reltuples", ScalarValue::from(-1.0)),
            ("relpersistence", "p".into()),
            ("relkind", (if relation.view.is_some() { "v" } else { "r" }).into()),
            ("relnatts", ScalarValue::from(relation.columns.fields().len() as i64)),
            ("relhasindex", (!relation.key.is_empty()).into()),
            ("relispopulated", true.into()),
            ("relreplident", "d".into()),
        ])
    };
    relations.iter().map(row).collect()
}

/// Rows of `pg_attribute`.
pub(super) fn attributes(relations: &[Relation]) -> DataFusionResult<Vec<Row>> {
    let mut rows = Vec::new();
    for relation in relations {
        for (field, number) in relation.columns.fields().iter().zip(1_i64..) {
            let of = into_pg_type(field.data_type())
                .map_err(|error| datafusion::error::DataFusionError::Internal(error.to_string()))?;
            let length = match of.name() {
                "bool" | "char" => 1,
                "int2" => 2,
                "int4" | "float4" | "date" | "oid" => 4,
                "int8" | "float8" | "timestamp" | "timestamptz" | "time" => 8,
                _ => -1,
            };
            rows.push(Row::from([
                ("attrelid", relation.oid.into()),
                ("attname", field.name().as_str().into()),
                ("atttypid", ScalarValue::from(i64::from(of.oid()))),
                ("attstattarget", ScalarValue::from(-1)),
                ("attlen", ScalarValue::from(i64::from(length))),
                ("attnum", ScalarValue::from(number)),
                ("attcacheoff", ScalarValue::from(-1)),
                ("atttypmod", ScalarValue::from(-1)),
                ("attbyval", ScalarValue::from(length > 0)),
                ("attalign", (if length == 8 { "d" } else { "i" }).into()),
                ("attstorage", (if length > 0 { "p" } else { "x" }).into()),
                ("attnotnull", ScalarValue::from(!field.is_nullable())),
                ("attislocal", true.into()),
                ("attcollation", ScalarValue::from(if of.name() == "text" { 100 } else { 0 })),
            ]));
        }
    }
    Ok(rows)
}

/// A comment: on what, in which catalog, and on which of its columns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Comment {
    pub(super) object: i32,
    pub(super) class: i32,
    pub(super) column: i32,
    pub(super) words: String,
}

/// What tables, columns and functions mean, in Japanese and English.
pub(super) fn comments(relations: &[Relation]) -> Vec<Comment> {
    let mut comments = Vec::new();
    for relation in relations {
        let mut comment = |column, ja: &str, en: &str| {
            let words = format!("{ja} / {en}");
            comments.push(Comment { object: relation.oid, class: CLASS, column, words });
        };
        if let Some(release) = relation.release {
            comment(0, release.doc_ja(), release.table().doc);
            for (column, number) in release.table().columns.iter().zip(1..) {
                comment(number, release.column_doc_ja(column.name), column.doc);
            }
        }
        if let Some(words) = relation.words {
            comment(0, words.ja, words.en);
            for (column, number) in words.columns.iter().zip(1..) {
                comment(number, column.ja, column.en);
            }
        }
        if let Some(view) = relation.view {
            comment(0, &view.words.ja, &view.words.en);
            for (column, number) in view.columns.iter().zip(1..) {
                comment(number, &column.ja, &column.en);
            }
        }
    }
    let of_function = |(function, object): (&crate::functions::FunctionDoc, i32)| Comment {
        object,
        class: PROC,
        column: 0,
        words: function.doc.to_owned(),
    };
    comments.extend(FUNCTIONS.iter().zip(FIRST_FUNCTION..).map(of_function));
    let of_question = |(function, object): (&QuestionFunction, i32)| Comment {
        object,
        class: PROC,
        column: 0,
        words: function.doc.clone(),
    };
    comments.extend(QuestionFunction::all().iter().zip(FIRST_QUESTION..).map(of_question));
    comments
}

/// Rows of `pg_description`.
pub(super) fn descriptions(comments: &[Comment]) -> Vec<Row> {
    let row = |comment: &Comment| {
        Row::from([
            ("objoid", comment.object.into()),
            ("classoid", comment.class.into()),
            ("objsubid", comment.column.into()),
            ("description", comment.words.as_str().into()),
        ])
    };
    comments.iter().map(row).collect()
}

/// A function of ours, or a named question: its number, name, arguments and result.
pub(super) fn functions() -> impl Iterator<Item = (i32, &'static str, &'static str, &'static str)> {
    let of_values = FUNCTIONS.iter().zip(FIRST_FUNCTION..).filter_map(|(function, oid)| {
        let (name, arguments, result) = function.parts()?;
        Some((oid, name, arguments, result))
    });
    let of_rows = QuestionFunction::all().iter().zip(FIRST_QUESTION..);
    of_values.chain(of_rows.map(|(function, oid)| (oid, &*function.name, &*function.arguments, ROWS)))
}

/// Rows of `pg_proc` for functions of ours.
pub(super) fn procedures() -> Vec<Row> {
    let type_oid = |word: &str| match word.trim() {
        "double" => 701,
        "int" => 23,
        "bigint" => 20,
        "boolean" => 16,
        ROWS => 2249,
        _ => 25,
    };
    let row = |(oid, name, arguments, result): (i32, &'static str, &'static str, &'static str)| {
        Row::from([
            ("oid", oid.into()),
            ("proname", name.into()),
            ("pronamespace", PUBLIC.into()),
            ("proowner", OWNER.into()),
            ("prolang", 12.into()),
            ("prokind", "f".into()),
            ("provolatile", "i".into()),
            ("proparallel", "s".into()),
            ("proisstrict", (result != ROWS).into()),
            ("proretset", (result == ROWS).into()),
            ("pronargs", ScalarValue::from(arguments.split(',').count() as i64)),
            ("prorettype", ScalarValue::from(type_oid(result))),
            ("procost", ScalarValue::from(1.0)),
        ])
    };
    functions().map(row).collect()
}

/// What `information_schema.columns` says of a type.
pub(super) fn standard_type(columns: &Schema, at: usize) -> String {
    match sql_type(columns.field(at).data_type()).as_str() {
        "double" => "double precision".to_owned(),
        "timestamp" => "timestamp without time zone".to_owned(),
        other if other.starts_with("list") => "ARRAY".to_owned(),
        other => other.to_owned(),
    }
}
