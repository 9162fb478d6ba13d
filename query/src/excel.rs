//! CSV that Excel opens by a double click and shows as it was.
//!
//! In: columns and rows. Out: the same with names and values that Excel leaves alone, and the form of the
//! file: a byte order mark, without which Excel in Japan reads UTF-8 as Shift_JIS, and CR LF.
//!
//! Excel guesses what each value of a CSV is: `01101` becomes 1101, `2026-04` a day in April, `令和8年` a date,
//! and digits after the fifteenth become zeros. What it might take for something else is therefore written as
//! `="01101"`, a formula that is nothing but a text: its content is quoted, so that nothing in it runs. A text
//! that would itself be a formula (`=`, `+`, `-`, `@`, also full-width or after spaces) gets an apostrophe
//! before it, which stays in the file when it is saved again. Other programs should read plain CSV.

use std::borrow::Cow;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, StringArray};
use datafusion::arrow::csv::WriterBuilder;
use datafusion::arrow::csv::writer::Terminator;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

/// What Excel knows UTF-8 by.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Digits of a number that Excel keeps.
const KEPT_DIGITS: usize = 15;
/// Characters of a text in a formula that Excel takes.
const FORMULA_CHARACTERS: usize = 255;

/// The form of the file, without its byte order mark.
pub(crate) fn form() -> WriterBuilder {
    WriterBuilder::new().with_line_terminator(Terminator::CRLF)
}

/// The columns, with what stands above each in the header.
pub(crate) fn columns(schema: &Schema, heads: &[String]) -> SchemaRef {
    let field = |(field, head): (&Arc<Field>, &String)| {
        let data_type = if is_nested(field.data_type()) { field.data_type() } else { &DataType::Utf8 };
        Field::new(text(head), data_type.clone(), true)
    };
    Arc::new(Schema::new(schema.fields().iter().zip(heads).map(field).collect::<Vec<_>>()))
}

/// Rows, as they stand in the file. Lists and structures stay what they are: CSV refuses them.
pub(crate) fn rows(columns: &SchemaRef, batch: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let values = batch.columns().iter().map(values).collect::<Result<_, _>>()?;
    RecordBatch::try_new(Arc::clone(columns), values)
}

fn values(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let data_type = column.data_type();
    if is_nested(data_type) {
        return Ok(Arc::clone(column));
    }
    let options = FormatOptions::new()
        .with_timestamp_format(Some("%Y-%m-%d %H:%M:%S%.f"))
        .with_datetime_format(Some("%Y-%m-%d %H:%M:%S%.f"));
    let formatter = ArrayFormatter::try_new(column.as_ref(), &options)?;
    let mut written = Vec::with_capacity(column.len());
    for row in 0..column.len() {
        written.push(match column.is_null(row) {
            true => None,
            false => Some(guarded(data_type, formatter.value(row).try_to_string()?)),
        });
    }
    Ok(Arc::new(StringArray::from(written)))
}

fn is_nested(data_type: &DataType) -> bool {
    data_type.is_nested() || matches!(data_type, DataType::Union(..))
}

/// A value with what keeps Excel from taking it for something else. Dates, times and truth it knows.
fn guarded(data_type: &DataType, value: String) -> String {
    match data_type {
        number if number.is_numeric() => {
            let exact = number.is_integer() || number.is_decimal();
            let digits = value.bytes().filter(u8::is_ascii_digit).count();
            if exact && digits > KEPT_DIGITS { formula(&value) } else { value }
        }
        DataType::Boolean | DataType::Null => value,
        other if other.is_temporal() => value,
        _ => text(&value).into_owned(),
    }
}

fn text(value: &str) -> Cow<'_, str> {
    let first = value.trim_start().chars().next();
    if value.starts_with(['\t', '\r', '\n'])
        || first.is_some_and(|first| matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'))
    {
        return Cow::Owned(format!("'{value}"));
    }
    if may_be_taken_for_something_else(value) { Cow::Owned(formula(value)) } else { Cow::Borrowed(value) }
}

/// Every number and every date has a digit in it, in whatever calendar.
fn may_be_taken_for_something_else(value: &str) -> bool {
    let digit = |character: char| character.is_ascii_digit() || ('０'..='９').contains(&character);
    let is_word = ["true", "false"].iter().any(|word| value.trim().eq_ignore_ascii_case(word));
    (value.contains(digit) || is_word)
        && value.chars().count() <= FORMULA_CHARACTERS
        && !value.contains(char::is_control)
}

fn formula(value: &str) -> String {
    format!("=\"{}\"", value.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_excel_would_take_for_a_number_or_a_date_is_a_text() {
        for value in
            ["01101", "2026-04", "1E5", "令和8年3月", "R8.3.1", "Mar 1", "1/2", "０１１０１", "¥5", "(5)"]
        {
            assert_eq!(text(value), format!("=\"{value}\""));
        }
        assert_eq!(text("TRUE"), "=\"TRUE\"");
        for value in ["東京都", "all", "Shimosuwa", "", "三月"] {
            assert_eq!(text(value), value);
        }
    }

    #[test]
    fn no_text_becomes_a_formula_that_runs() {
        for value in ["=1+1", "+1", "-1", "@SUM(1)", "＝1", "\t=1", "\r=1", "\n=1", "  =cmd|' /C calc'!A0"] {
            assert_eq!(text(value), format!("'{value}"));
        }
        assert_eq!(text("1\"&HYPERLINK(\"x\")&\""), "=\"1\"\"&HYPERLINK(\"\"x\"\")&\"\"\"");
        let long = "1".repeat(256);
        assert_eq!(text(&long), long, "Excel refuses a longer text in a formula, and no number is as long");
    }

    #[test]
    fn numbers_that_excel_would_round_are_texts_and_others_stay_numbers() {
        let number = |value: &str| guarded(&DataType::Int64, value.to_owned());
        assert_eq!(number("123456789012345"), "123456789012345");
        assert_eq!(number("1234567890123456"), "=\"1234567890123456\"");
        assert_eq!(number("-5"), "-5");
        assert_eq!(guarded(&DataType::Float64, "0.12345678901234567".to_owned()), "0.12345678901234567");
        assert_eq!(guarded(&DataType::Date32, "2026-04-01".to_owned()), "2026-04-01");
    }
}
