//! One value in one cell.
//!
//! In: a column and its values. Out: XML. Excel keeps fifteen digits of a number, so that a longer one, as
//! the number of a cell of the grid, is a text.

use std::fmt::Write;

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, Date32Type, Field, Float64Type};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};

use super::XlsxError;

/// Most characters of a text.
pub(super) const MOST_CHARACTERS: usize = 32_767;
/// Digits of a number that are kept.
const KEPT_DIGITS: usize = 15;
/// How many rows tell how wide a column is, and how wide it may become, in characters.
const ROWS_OF_WIDTH: usize = 100;
const WIDEST: usize = 60;
/// The number that Excel has for 1970-01-01.
const EPOCH: i32 = 25_569;
/// Excel thinks that 1900 had a 29 February; from 1 March on its numbers are right.
const FIRST_DAY: i32 = 61;

/// What the values of a column become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// Numbers that are exact: as they are written.
    Exact,
    /// Floating-point numbers.
    Float,
    Boolean,
    /// Days that can be counted with.
    Day,
    /// Days that stand for their month.
    Month,
    Text,
}

/// The values of a batch, ready to be written.
pub(super) enum Cells<'a> {
    Text(ArrayFormatter<'a>, &'a dyn Array),
    Exact(ArrayFormatter<'a>, &'a dyn Array),
    Float(ArrayRef),
    Boolean(&'a dyn Array),
    Day(&'a dyn Array, ArrayFormatter<'a>),
    Month(&'a dyn Array, ArrayFormatter<'a>),
}

impl Column {
    pub(super) fn of(field: &Field) -> Result<Self, XlsxError> {
        let is_month = field.name() == "month" || field.name().ends_with("_month");
        Ok(match field.data_type() {
            DataType::Float16 | DataType::Float32 | DataType::Float64 => Self::Float,
            exact if exact.is_integer() || exact.is_decimal() => Self::Exact,
            DataType::Boolean => Self::Boolean,
            DataType::Date32 if is_month => Self::Month,
            DataType::Date32 => Self::Day,
            nested if nested.is_nested() || matches!(nested, DataType::Union(..)) => {
                return Err(XlsxError::Nested);
            }
            _ => Self::Text,
        })
    }

    pub(super) fn cells(self, values: &ArrayRef) -> Result<Cells<'_>, XlsxError> {
        const MOMENT: &str = "%Y-%m-%d %H:%M:%S%.f";
        let options =
            FormatOptions::new().with_timestamp_format(Some(MOMENT)).with_datetime_format(Some(MOMENT));
        let formatter = || ArrayFormatter::try_new(values.as_ref(), &options);
        Ok(match self {
            Self::Text => Cells::Text(formatter()?, values),
            Self::Exact => Cells::Exact(formatter()?, values),
            Self::Float => Cells::Float(cast(values, &DataType::Float64)?),
            Self::Boolean => Cells::Boolean(values),
            Self::Day => Cells::Day(values, formatter()?),
            Self::Month => Cells::Month(values, formatter()?),
        })
    }

    /// Characters of the widest of the first values.
    pub(super) fn width(self, values: &ArrayRef) -> Result<usize, XlsxError> {
        let options = FormatOptions::new();
        let formatter = ArrayFormatter::try_new(values.as_ref(), &options)?;
        let rows = 0..values.len().min(ROWS_OF_WIDTH);
        Ok(rows.map(|row| width(&formatter.value(row).to_string())).max().unwrap_or_default())
    }
}

impl Cells<'_> {
    /// Writes the cell of a row. A cell without a value is there all the same, so that the next one has its
    /// place without being told it.
    pub(super) fn write(&self, row: usize, xml: &mut String) -> Result<(), XlsxError> {
        let is_null = match self {
            Self::Text(_, values) | Self::Exact(_, values) | Self::Boolean(values) => values.is_null(row),
            Self::Day(values, _) | Self::Month(values, _) => values.is_null(row),
            Self::Float(values) => values.is_null(row),
        };
        if is_null {
            xml.push_str("<c/>");
            return Ok(());
        }
        match self {
            Self::Text(formatter, _) => text(&formatter.value(row).try_to_string()?, xml)?,
            Self::Exact(formatter, _) => {
                let number = formatter.value(row).try_to_string()?;
                if number.bytes().filter(u8::is_ascii_digit).count() > KEPT_DIGITS {
                    text(&number, xml)?;
                } else {
                    value("", &number, xml);
                }
            }
            Self::Float(values) => {
                let number = values.as_primitive::<Float64Type>().value(row);
                if number.is_finite() {
                    value("", &number.to_string(), xml);
                } else {
                    text(&number.to_string(), xml)?;
                }
            }
            Self::Boolean(values) => {
                value(" t=\"b\"", if values.as_boolean().value(row) { "1" } else { "0" }, xml);
            }
            Self::Day(values, formatter) => {
                let day = values.as_primitive::<Date32Type>().value(row).saturating_add(EPOCH);
                if day >= FIRST_DAY {
                    value(" s=\"2\"", &day.to_string(), xml);
                } else {
                    text(&formatter.value(row).try_to_string()?, xml)?;
                }
            }
            Self::Month(_, formatter) => {
                let day = formatter.value(row).try_to_string()?;
                text(day.strip_suffix("-01").unwrap_or(&day), xml)?;
            }
        }
        Ok(())
    }
}

/// A cell of text.
pub(super) fn write_text(content: &str, xml: &mut String) -> Result<(), XlsxError> {
    text(content, xml)
}

/// A cell of the heading.
pub(super) fn write_heading(name: &str, xml: &mut String) -> Result<(), XlsxError> {
    text_of_style(name, " s=\"1\"", xml)
}

/// How wide a text stands: letters of Japanese are as wide as two others.
pub(super) fn width(text: &str) -> usize {
    let wide = |letter: char| matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}');
    text.chars().take(WIDEST).map(|letter| if wide(letter) { 2 } else { 1 }).sum::<usize>().min(WIDEST)
}

fn value(attributes: &str, number: &str, xml: &mut String) {
    // Writing to a text does not fail.
    let _ = write!(xml, "<c{attributes}><v>{number}</v></c>");
}

fn text(content: &str, xml: &mut String) -> Result<(), XlsxError> {
    text_of_style(content, "", xml)
}

fn text_of_style(content: &str, style: &str, xml: &mut String) -> Result<(), XlsxError> {
    // Excel counts in units of UTF-16.
    if content.len() > MOST_CHARACTERS && content.encode_utf16().count() > MOST_CHARACTERS {
        return Err(XlsxError::LongText);
    }
    let _ = write!(xml, "<c{style} t=\"inlineStr\"><is><t xml:space=\"preserve\">");
    escape(content, xml);
    xml.push_str("</t></is></c>");
    Ok(())
}

/// A text as XML has it. A sign that XML cannot hold is written as Excel writes it, and a text that looks like
/// that is kept apart from it.
pub(super) fn escape(text: &str, xml: &mut String) {
    for (at, letter) in text.char_indices() {
        match letter {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\t' | '\n' => xml.push(letter),
            '_' if is_code(&text.as_bytes()[at..]) => xml.push_str("_x005F_"),
            control if (control as u32) < 0x20 || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                let _ = write!(xml, "_x{:04X}_", control as u32);
            }
            other => xml.push(other),
        }
    }
}

/// Whether a text begins as `_x000D_` does.
fn is_code(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', digits @ .., ] if digits.len() >= 5
        && digits[..4].iter().all(u8::is_ascii_hexdigit) && digits[4] == b'_')
}
