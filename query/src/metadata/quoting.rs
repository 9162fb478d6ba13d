//! Functions by which clients write SQL: `format`, `quote_ident`, `quote_literal`, `quote_nullable`.
//!
//! In: texts and values. Out: texts. They stand at this door because its clients build statements for it with them.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::exec_err;
use datafusion::error::Result as DataFusionResult;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

/// The functions.
pub(super) fn all() -> Vec<ScalarUDF> {
    let kinds = [
        ("format", Kind::Format),
        ("quote_ident", Kind::Identifier),
        ("quote_literal", Kind::Literal),
        ("quote_nullable", Kind::Nullable),
    ];
    kinds
        .map(|(name, kind)| {
            let signature = match kind {
                Kind::Format => Signature::variadic_any(Volatility::Immutable),
                Kind::Identifier | Kind::Literal | Kind::Nullable => Signature::any(1, Volatility::Immutable),
            };
            ScalarUDF::from(Quoting { name, kind, signature })
        })
        .to_vec()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Format,
    Identifier,
    Literal,
    Nullable,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Quoting {
    name: &'static str,
    kind: Kind,
    signature: Signature,
}

impl ScalarUDFImpl for Quoting {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> DataFusionResult<DataType> {
        Ok(DataType::Utf8)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> DataFusionResult<ColumnarValue> {
        let mut columns: Vec<ArrayRef> = Vec::new();
        for value in &args.args {
            columns.push(cast(&value.to_array(args.number_rows)?, &DataType::Utf8)?);
        }
        let mut told = Vec::with_capacity(args.number_rows);
        for row in 0..args.number_rows {
            let value = |column: &ArrayRef| {
                column.is_valid(row).then(|| column.as_string::<i32>().value(row).to_owned())
            };
            let values: Vec<Option<String>> = columns.iter().map(value).collect();
            let first = values.first().cloned().flatten();
            told.push(match self.kind {
                Kind::Identifier => first.map(|name| identifier(&name)),
                Kind::Literal => first.map(|text| literal(&text)),
                Kind::Nullable => Some(first.map_or_else(|| "NULL".to_owned(), |text| literal(&text))),
                Kind::Format => match first {
                    Some(pattern) => Some(format(&pattern, &values[1..])?),
                    None => None,
                },
            });
        }
        Ok(ColumnarValue::Array(Arc::new(StringArray::from(told))))
    }
}

/// A text in quotes.
fn literal(text: &str) -> String {
    let escape = if text.contains('\\') { "E" } else { "" };
    format!("{escape}'{}'", text.replace('\'', "''").replace('\\', "\\\\"))
}

/// A name in quotes where it needs them.
fn identifier(name: &str) -> String {
    let is_plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    if name.chars().all(is_plain)
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
    {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// PostgreSQL's `format`: `%s`, `%I`, `%L`, each with a place such as `%2$s`, and `%%`.
fn format(pattern: &str, values: &[Option<String>]) -> DataFusionResult<String> {
    let mut told = String::new();
    let mut next = 0;
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('%') {
        told.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('%') {
            told.push('%');
            rest = after;
            continue;
        }
        let digits = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
        if let (Ok(place), Some(after)) = (rest[..digits].parse::<usize>(), rest[digits..].strip_prefix('$'))
        {
            next = place.saturating_sub(1);
            rest = after;
        }
        let Some(value) = values.get(next) else { return exec_err!("too few arguments for format()") };
        next += 1;
        match (rest.chars().next(), value) {
            (Some('s'), value) => told.push_str(value.as_deref().unwrap_or_default()),
            (Some('L'), value) => {
                told.push_str(&value.as_ref().map_or_else(|| "NULL".to_owned(), |text| literal(text)));
            }
            (Some('I'), Some(name)) => told.push_str(&identifier(name)),
            (Some('I'), None) => return exec_err!("NULL cannot be a name in format()"),
            _ => return exec_err!("format() takes %s, %I, %L and %%"),
        }
        rest = &rest[1..];
    }
    told.push_str(rest);
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_filled_as_postgresql_fills_it() {
        let values = [Some("O'Neil".to_owned()), None, Some("my table".to_owned())];
        assert_eq!(format("%s %L %I 100%%", &values).unwrap(), "O'Neil NULL \"my table\" 100%");
        assert_eq!(format("%3$s=%1$L", &values).unwrap(), "my table='O''Neil'");
        assert!(format("%s%s%s%s", &values).is_err() && format("%d", &values).is_err());
        assert_eq!(literal("a\\b"), "E'a\\\\b'");
    }
}
