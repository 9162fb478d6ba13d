//! What tables say of themselves that are no release tables.
//!
//! In: nothing. Out: names, columns and their words in Japanese and English, for the catalog of every door. Release tables have
//! theirs in [`kayoi_schemas::tables`], with what a lake needs besides.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};

/// A column and its words.
#[derive(Debug)]
pub(crate) struct DescribedColumn {
    pub(crate) name: &'static str,
    pub(crate) kind: DataType,
    pub(crate) nullable: bool,
    pub(crate) ja: &'static str,
    pub(crate) en: &'static str,
}

/// A table and its words.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) name: &'static str,
    /// What one row is.
    pub(crate) ja: &'static str,
    pub(crate) en: &'static str,
    pub(crate) columns: &'static [DescribedColumn],
    /// The columns of which no two rows have the same values; none where rows may be alike.
    pub(crate) key: &'static [&'static str],
}

/// A column that always has a value.
pub(crate) const fn column(
    name: &'static str,
    kind: DataType,
    ja: &'static str,
    en: &'static str,
) -> DescribedColumn {
    DescribedColumn { name, kind, nullable: false, ja, en }
}

/// A column that may be empty.
pub(crate) const fn may_be_empty(
    name: &'static str,
    kind: DataType,
    ja: &'static str,
    en: &'static str,
) -> DescribedColumn {
    DescribedColumn { name, kind, nullable: true, ja, en }
}

impl Described {
    /// The Arrow schema of a row.
    pub(crate) fn arrow_schema(&self) -> SchemaRef {
        let field = |column: &DescribedColumn| Field::new(column.name, column.kind.clone(), column.nullable);
        Arc::new(Schema::new(self.columns.iter().map(field).collect::<Vec<_>>()))
    }
}
