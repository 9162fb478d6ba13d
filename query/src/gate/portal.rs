//! Statements of clients that take rows in another way than as an answer.
//!
//! In: a parsed `COPY` or `DECLARE`, or the words of a `FETCH`. Out: the query inside it and what its rows are for, or a
//! refusal in words. Nothing is written and no file is named: `COPY` has one target, the
//! client itself. `MOVE` is none of the parser's words and is read as the `FETCH` that it is without rows.

use std::borrow::Cow;

use datafusion::sql::sqlparser::ast::{
    CopyLegacyCsvOption, CopyLegacyOption, CopyOption, CopySource, CopyTarget, Declare, DeclareType,
    FetchDirection, Ident, Query, Statement, Value, ValueWithSpan,
};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

use crate::error::QueryError;
use crate::purpose::{CopyForm, CursorForm, Purpose};

/// A statement whose rows are for something else than an answer, as the query that makes them.
///
/// # Errors
/// [`QueryError::NotAllowed`] for a `COPY` that reads from the client or names a file, [`QueryError::Unsupported`]
/// for an option that nobody has here.
pub(super) fn unwrap(statement: Statement) -> Result<(Statement, Purpose), QueryError> {
    match statement {
        Statement::Copy { source, to: true, target: CopyTarget::Stdout, options, legacy_options, .. } => {
            let form = form(options, legacy_options)?;
            Ok((Statement::Query(copied(source)?), Purpose::Copy(form)))
        }
        Statement::Copy { to: true, .. } => Err(QueryError::NotAllowed("COPY TO a file".to_owned())),
        Statement::Copy { .. } => Err(QueryError::NotAllowed("COPY FROM".to_owned())),
        Statement::Declare { mut stmts } => match (stmts.pop(), stmts.is_empty()) {
            (Some(declared), true) => cursor(declared),
            _ => Err(QueryError::NotAllowed("DECLARE".to_owned())),
        },
        other => Ok((other, Purpose::Answer)),
    }
}

/// A text that is one `FETCH` in the words that the parser knows: PostgreSQL lets direction and `FROM` out.
pub(super) fn fetched(text: &str) -> Cow<'_, str> {
    let words: Vec<&str> = text.trim().trim_end_matches(';').split_whitespace().collect();
    if !words.first().is_some_and(|word| word.eq_ignore_ascii_case("fetch")) {
        return text.into();
    }
    let is = |at: usize, word: &str| words.get(at).is_some_and(|one: &&str| one.eq_ignore_ascii_case(word));
    let from = |at: usize| is(at, "from") || is(at, "in");
    match words.len() {
        2 => format!("FETCH NEXT FROM {}", words[1]).into(),
        3 if from(1) => format!("FETCH NEXT FROM {}", words[2]).into(),
        3 if is(1, "forward") => format!("FETCH NEXT FROM {}", words[2]).into(),
        3 => format!("FETCH {} FROM {}", words[1], words[2]).into(),
        4 if is(1, "forward") && from(2) => format!("FETCH NEXT FROM {}", words[3]).into(),
        4 if is(1, "forward") => format!("FETCH FORWARD {} FROM {}", words[2], words[3]).into(),
        _ => text.into(),
    }
}

/// A text that is `TABLE name`, which is all rows of it, in the words that the parser knows.
pub(super) fn of_table(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_table = |(first, rest): &(&str, &str)| {
        first.eq_ignore_ascii_case("table") && rest.starts_with(char::is_whitespace)
    };
    let words = text.trim_start().split_at_checked("table".len()).filter(is_table);
    let meant = words.map(|(_, rest)| format!("SELECT * FROM{rest}"));
    meant.map_or(text, Cow::Owned)
}

/// How many rows, from where the cursor stands; `None` for all.
pub(super) fn count(direction: &FetchDirection) -> Result<Option<usize>, QueryError> {
    let number = |limit: &ValueWithSpan| match &limit.value {
        Value::Number(digits, _) => digits
            .parse()
            .map(Some)
            .map_err(|_| QueryError::Value("a count of rows that is too large".to_owned())),
        _ => Err(QueryError::Value("a count of rows that is no number".to_owned())),
    };
    match direction {
        FetchDirection::Next | FetchDirection::Forward { limit: None } => Ok(Some(1)),
        FetchDirection::All | FetchDirection::ForwardAll => Ok(None),
        FetchDirection::Count { limit } | FetchDirection::Forward { limit: Some(limit) } => number(limit),
        FetchDirection::Relative { limit } if limit.to_string() == "1" => Ok(Some(1)),
        _ => Err(QueryError::Unsupported(
            "a cursor goes forward only\nhint: FETCH FORWARD n, or declare it again".to_owned(),
        )),
    }
}

fn cursor(declared: Declare) -> Result<(Statement, Purpose), QueryError> {
    let (Some(DeclareType::Cursor), Some(query), [name]) =
        (declared.declare_type, declared.for_query, declared.names.as_slice())
    else {
        return Err(QueryError::NotAllowed("DECLARE".to_owned()));
    };
    let form = CursorForm {
        name: named(name),
        is_binary: declared.binary == Some(true),
        is_held: declared.hold == Some(true),
    };
    Ok((Statement::Query(query), Purpose::Cursor(form)))
}

/// The query that makes the rows of a `COPY`.
fn copied(source: CopySource) -> Result<Box<Query>, QueryError> {
    let (table_name, columns) = match source {
        CopySource::Query(query) => return Ok(query),
        CopySource::Table { table_name, columns } => (table_name, columns),
    };
    let columns = match columns.as_slice() {
        [] => "*".to_owned(),
        named => named.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    // Names come quoted as they were, so that nothing but names can stand in the text.
    let text = format!("SELECT {columns} FROM {table_name}");
    let parsed = Parser::parse_sql(&PostgreSqlDialect {}, &text).ok().and_then(|mut parsed| parsed.pop());
    match parsed {
        Some(Statement::Query(query)) => Ok(query),
        _ => Err(QueryError::Syntax("COPY of something that is no table".to_owned())),
    }
}

/// What options say, before they are one of the forms.
#[derive(Debug, Default)]
struct Said {
    format: Option<String>,
    delimiter: Option<char>,
    null: Option<String>,
    header: bool,
    quote: Option<char>,
    escape: Option<char>,
    quoted: Vec<String>,
}

fn form(options: Vec<CopyOption>, legacy: Vec<CopyLegacyOption>) -> Result<CopyForm, QueryError> {
    let mut said = Said::default();
    for option in options {
        match option {
            CopyOption::Format(name) => said.format = Some(name.value.to_lowercase()),
            CopyOption::Delimiter(sign) => said.delimiter = Some(sign),
            CopyOption::Null(text) => said.null = Some(text),
            CopyOption::Header(is_wanted) => said.header = is_wanted,
            CopyOption::Quote(sign) => said.quote = Some(sign),
            CopyOption::Escape(sign) => said.escape = Some(sign),
            CopyOption::ForceQuote(columns) => said.quoted = columns.iter().map(named).collect(),
            CopyOption::Encoding(name) if is_utf8(&name) => {}
            other => return Err(unknown_option(&other.to_string())),
        }
    }
    for option in legacy {
        match option {
            CopyLegacyOption::Binary => said.format = Some("binary".to_owned()),
            CopyLegacyOption::Delimiter(sign) => said.delimiter = Some(sign),
            CopyLegacyOption::Null(text) => said.null = Some(text),
            CopyLegacyOption::Header => said.header = true,
            CopyLegacyOption::Csv(options) => {
                said.format = Some("csv".to_owned());
                for option in options {
                    match option {
                        CopyLegacyCsvOption::Header => said.header = true,
                        CopyLegacyCsvOption::Quote(sign) => said.quote = Some(sign),
                        CopyLegacyCsvOption::Escape(sign) => said.escape = Some(sign),
                        CopyLegacyCsvOption::ForceQuote(columns) => {
                            said.quoted = columns.iter().map(named).collect();
                        }
                        other => return Err(unknown_option(&other.to_string())),
                    }
                }
            }
            other => return Err(unknown_option(&other.to_string())),
        }
    }
    said.form()
}

impl Said {
    fn form(self) -> Result<CopyForm, QueryError> {
        let is_plain = |sign: char| sign.is_ascii() && !matches!(sign, '\n' | '\r');
        if ![self.delimiter, self.quote, self.escape].into_iter().flatten().all(is_plain) {
            return Err(QueryError::Value("a sign of COPY that is not one of ASCII".to_owned()));
        }
        match self.format.as_deref() {
            None | Some("text") => Ok(CopyForm::Text {
                delimiter: self.delimiter.unwrap_or('\t'),
                null: self.null.unwrap_or_else(|| "\\N".to_owned()),
                header: self.header,
            }),
            Some("csv") => {
                let quote = self.quote.unwrap_or('"');
                Ok(CopyForm::Csv {
                    delimiter: self.delimiter.unwrap_or(','),
                    null: self.null.unwrap_or_default(),
                    header: self.header,
                    quote,
                    escape: self.escape.unwrap_or(quote),
                    quoted: self.quoted,
                })
            }
            Some("binary") => Ok(CopyForm::Binary),
            Some(_) => Err(QueryError::Value(
                "a format of COPY that nobody knows\nhint: text, csv and binary are known".to_owned(),
            )),
        }
    }
}

fn unknown_option(option: &str) -> QueryError {
    let word = option.split_whitespace().next().unwrap_or_default();
    QueryError::Unsupported(format!(
        "the option `{word}` of COPY\nhint: FORMAT, DELIMITER, NULL, HEADER, QUOTE, ESCAPE and FORCE_QUOTE are known"
    ))
}

fn is_utf8(name: &str) -> bool {
    matches!(name.to_lowercase().replace('-', "").as_str(), "utf8" | "unicode")
}

/// A name as PostgreSQL keeps it: small where it was not quoted.
pub(super) fn named(name: &Ident) -> String {
    match name.quote_style {
        Some(_) => name.value.clone(),
        None => name.value.to_lowercase(),
    }
}
