//! `kayoi schema --markdown`: the release tables and their columns, as a page of the book.
//!
//! In: a language. Out: `columns.md` of its book. The page is made of the words that the catalogs of all doors have for a
//! column, so that nobody writes them twice; a test of the documents compares the page with them. A page that explains
//! what a table is for, `tables.md`, is written by hand. It stands here and not in a chore of the repository, since whoever
//! hands a table on may want its columns beside it.

use kayoi_schemas::tables::{Column, ReleaseTable};

use crate::args::LanguageName;

/// What the page says in one language beside the words of tables and columns.
struct Words {
    introduction: &'static str,
    row: &'static str,
    key: &'static str,
    between: &'static str,
    head: &'static str,
    may_be_null: &'static str,
    table: fn(ReleaseTable) -> &'static str,
    column: fn(ReleaseTable, &Column) -> &'static str,
}

const ENGLISH: Words = Words {
    introduction: "\
# Columns of the release tables

Every column of every release table, in the words that `\\d+` in `psql`, `/v1/tables` and Arrow Flight have for it. What a table
is for, and what to ask where it has no value, stands in [Release tables](tables.md); the tables of facts beside a release
stand in [SQL functions](functions.md#reference-tables).

- **Key.** No two rows of a release have the same values in these columns; its files are sorted by them.
- **Type.** As SQL calls it. `double` is `double precision`.
- **NULL.** Whether a value may be absent; the meaning says when it is.

This page is what `kayoi schema --markdown --lang en` prints: change the words there, not here.
",
    row: "- Row: ",
    key: "- Key: ",
    between: ", ",
    head: "| column | type | NULL | meaning |",
    may_be_null: "may be",
    table: |table| table.table().doc,
    column: |_, column| column.doc,
};

const JAPANESE: Words = Words {
    introduction: "\
# 公表用の表の列

公表用の表のすべての列です。
`psql` の `\\d+`、`/v1/tables`、Arrow Flight が示す説明と同じです。
表の使い道と、値がないときに代わりに見る表は[公表用の表](tables.md)に、公表用の表のほかにある参照用の表は [SQL の関数](functions.md#参照用の表)にあります。

- **キー。**
  一つの公表の中で、これらの列の値がすべて同じ行は二つとありません。
  ファイルの行も、この順に並んでいます。
- **型。**
  SQL での名前です。
  `double` は `double precision` のことです。
- **NULL。**
  空欄がありうるかどうかです。
  どんなときに空欄になるかは、意味の欄にあります。

このページは `kayoi schema --markdown --lang ja` の出力です。
直すときは、ここではなく元の説明を直してください。
",
    row: "- 1行:",
    key: "- キー:",
    between: "、",
    head: "| 列 | 型 | NULL | 意味 |",
    may_be_null: "あり",
    table: ReleaseTable::doc_ja,
    column: |table, column| table.column_doc_ja(column.name),
};

/// The page, without the end of its last line.
pub(super) fn page(language: LanguageName) -> String {
    let words = match language {
        LanguageName::En => ENGLISH,
        LanguageName::Ja => JAPANESE,
    };
    let tables = ReleaseTable::ALL.map(|table| section(&words, table));
    format!("{}{}", words.introduction, tables.concat()).trim_end().to_owned()
}

/// The part of a table.
fn section(words: &Words, table: ReleaseTable) -> String {
    let &Words { row, key, between, head, may_be_null, .. } = words;
    let name = table.table().name;
    let doc = (words.table)(table);
    let of_key = table.key().iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(between);
    let line = |column: &Column| {
        let null = if column.nullable { may_be_null } else { "" };
        // A bar would end the cell.
        let meaning = (words.column)(table, column).replace('|', "\\|");
        format!("| `{}` | {} | {null} | {meaning} |\n", column.name, column.kind.sql_name())
    };
    let lines: String = table.table().columns.iter().map(line).collect();
    format!("\n## {name}\n\n{row}{doc}\n{key}{of_key}\n\n{head}\n|---|---|---|---|\n{lines}")
}
