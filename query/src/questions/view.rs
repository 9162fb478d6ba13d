//! Questions as views of SQL: `SELECT * FROM questions.connected_people`.
//!
//! In: the part `[view]` of a question's file. Out: a [`QuestionView`]: the same question of all towns at once, of the newest
//! month, with the codes by which rows are picked, so that a BI tool finds it in the catalog and a condition on a town
//! reaches the files. Where a question leaves out what has no value, its view has the row with its status; where it adds
//! rows up, the view has `hidden` beside the sum. A column that is one of a release table has its type and its words; others
//! have theirs in the file, but for ends of intervals and for statuses, which are all alike.

use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::sql::sqlparser::ast::{Expr, Query, Select, SelectItem, SetExpr, visit_relations};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use kayoi_schemas::tables::ReleaseTable;
use serde::Deserialize;

use super::{ParameterType, Question, QuestionParameter, Words, month};
use crate::beside::Described;
use crate::reference;
use crate::targets::TARGET_WORDS;

/// The schema in which the views stand.
pub(crate) const VIEWS: &str = "questions";
/// The column that counts the rows without a value behind a sum.
const HIDDEN: &str = "hidden";

/// The view of a question as its file writes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileView {
    sql: String,
    /// Columns that no table has.
    #[serde(default)]
    columns: Vec<FileColumn>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileColumn {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    ja: String,
    en: String,
}

/// A type of SQL.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Text,
    Bigint,
    Double,
}

impl Kind {
    fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Bigint => DataType::Int64,
            Self::Double => DataType::Float64,
        }
    }
}

/// A column of a view, with its words.
#[derive(Debug)]
pub(crate) struct ViewColumn {
    pub(crate) name: String,
    pub(crate) kind: DataType,
    pub(crate) ja: String,
    pub(crate) en: String,
}

/// A question as a view.
#[derive(Debug)]
pub(crate) struct QuestionView {
    /// Its name: that of the question with `_` for `-`.
    pub(crate) name: String,
    /// The SQL that it stands for.
    pub(crate) sql: String,
    /// What it answers and what it does not say.
    pub(crate) words: Words,
    pub(crate) columns: Vec<ViewColumn>,
    /// The tables that it reads.
    reads: Vec<&'static str>,
}

impl QuestionView {
    /// All of them. Files that cannot be read give none, which a test rules out.
    pub(crate) fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<QuestionView>> = OnceLock::new();
        ALL.get_or_init(|| Question::known().unwrap_or_default().iter().filter_map(Self::of).collect())
    }

    /// That of a name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|view| view.name == name)
    }

    /// Whether all tables that it reads are among those that somebody sees.
    pub(crate) fn is_seen_with(&self, is_seen: impl Fn(&str) -> bool) -> bool {
        self.reads.iter().all(|&table| is_seen(table))
    }

    /// The Arrow schema of a row.
    pub(crate) fn arrow_schema(&self) -> SchemaRef {
        let field = |column: &ViewColumn| Field::new(&column.name, column.kind.clone(), true);
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }

    fn of(question: &Question) -> Option<Self> {
        let view = question.view.as_ref()?;
        let sql = month::with_month(view.sql.trim(), None);
        let parsed =
            Parser::new(&PostgreSqlDialect {}).try_with_sql(&sql).and_then(|mut parser| parser.parse_query());
        let query = parsed.ok()?;
        let mut reads = Vec::new();
        let _ = visit_relations(&query, |relation| {
            if let Some(table) = table(&relation.to_string())
                && !reads.contains(&table)
            {
                reads.push(table);
            }
            ControlFlow::<()>::Continue(())
        });
        let columns = columns(&query, &reads, &view.columns)?;
        let title = question.title_with(of_each);
        let said = &question.does_not_say;
        let words = Words {
            ja: format!("{}{}", title.ja, said.ja.trim()),
            en: format!("{} {}", title.en, said.en.trim()),
        };
        Some(Self { name: question.name.replace('-', "_"), sql, words, columns, reads })
    }
}

/// What stands in the title for a place that is not filled.
fn of_each(parameter: &QuestionParameter) -> Words {
    let (ja, en) = match parameter.takes {
        ParameterType::Municipality => ("各市区町村", "each municipality"),
        ParameterType::Prefecture => ("各都道府県", "each prefecture"),
        ParameterType::Municipalities | ParameterType::Kind | ParameterType::Grid => ("それぞれ", "each"),
    };
    Words { ja: ja.to_owned(), en: en.to_owned() }
}

/// Tables beside the release that a view may read.
fn beside() -> impl Iterator<Item = &'static Described> {
    [&TARGET_WORDS].into_iter().chain(reference::TABLES)
}

/// A table that a name in a `FROM` is, and none of the query's own.
fn table(name: &str) -> Option<&'static str> {
    let release = ReleaseTable::parse(name).map(|table| table.table().name);
    release.or_else(|| beside().find(|table| table.name == name).map(|table| table.name))
}

/// The columns of a query, as its first `SELECT` names them.
fn columns(query: &Query, reads: &[&'static str], own: &[FileColumn]) -> Option<Vec<ViewColumn>> {
    let mut columns: Vec<ViewColumn> = Vec::new();
    for item in &first_of(&query.body)?.projection {
        let (name, source) = match item {
            SelectItem::UnnamedExpr(value) => (name_of(value)?, name_of(value)),
            SelectItem::ExprWithAlias { expr, alias } => (alias.value.as_str(), name_of(expr)),
            _ => return None,
        };
        let found = own.iter().find(|column| column.name == name).map(|column| ViewColumn {
            name: name.to_owned(),
            kind: column.kind.arrow(),
            ja: column.ja.clone(),
            en: column.en.clone(),
        });
        let of_table = || reads.iter().find_map(|table| column_of(table, source?, name));
        let column = found.or_else(of_table).or_else(|| beside_value(name, &columns))?;
        columns.push(column);
    }
    Some(columns)
}

fn first_of(body: &SetExpr) -> Option<&Select> {
    match body {
        SetExpr::Select(select) => Some(select),
        SetExpr::SetOperation { left, .. } => first_of(left),
        SetExpr::Query(query) => first_of(&query.body),
        _ => None,
    }
}

fn name_of(value: &Expr) -> Option<&str> {
    match value {
        Expr::Identifier(name) => Some(&name.value),
        Expr::CompoundIdentifier(parts) => parts.last().map(|last| last.value.as_str()),
        _ => None,
    }
}

/// A column of a table, by another name perhaps.
fn column_of(table: &str, source: &str, name: &str) -> Option<ViewColumn> {
    if let Some(release) = ReleaseTable::parse(table) {
        let column = release.table().columns.iter().find(|column| column.name == source)?;
        return Some(ViewColumn {
            name: name.to_owned(),
            kind: column.kind.arrow(),
            ja: release.column_doc_ja(source).to_owned(),
            en: column.doc.to_owned(),
        });
    }
    let words = beside().find(|beside| beside.name == table)?;
    let column = words.columns.iter().find(|column| column.name == source)?;
    Some(ViewColumn {
        name: name.to_owned(),
        kind: column.kind.clone(),
        ja: column.ja.to_owned(),
        en: column.en.to_owned(),
    })
}

/// What stands beside a value: how many rows a sum leaves out, the ends of an interval, a status.
fn beside_value(name: &str, before: &[ViewColumn]) -> Option<ViewColumn> {
    let of = |suffix: &str| {
        let value = name.strip_suffix(suffix)?;
        before.iter().find(|column| column.name == value)
    };
    let (kind, ja, en) = if name == HIDDEN {
        let ja = "和のもとの行のうち、値がなく、和に入っていない行の数。公表の表に載らないものは数えない";
        let en = "rows behind the sums that have no value, so that the sums are without them; what the release leaves out is not counted";
        (DataType::Int64, ja.to_owned(), en.to_owned())
    } else if let Some(value) = of("_low") {
        let ja = format!("`{}`の区間の下限", value.name);
        (value.kind.clone(), ja, format!("lower end of the interval of `{}`", value.name))
    } else if let Some(value) = of("_high") {
        let ja = format!("`{}`の区間の上限", value.name);
        (value.kind.clone(), ja, format!("upper end of the interval of `{}`", value.name))
    } else {
        let value = of("_status")?;
        let ja = format!("`{}`の状態。値がない理由を含む", value.name);
        (DataType::Utf8, ja, format!("status of `{}`: why it has no value, if it has none", value.name))
    };
    Some(ViewColumn { name: name.to_owned(), kind, ja, en })
}

#[cfg(test)]
#[path = "view_tests.rs"]
mod tests;
