//! `COPY … TO STDOUT`: rows as a file that the client writes.
//!
//! In: an answer and the form that was asked for. Out: messages of one row each, as PostgreSQL's `COPY` writes
//! text, CSV and binary. The values are those of the wire, in text or binary, so that a file says what a query
//! says; only what stands around them is made here. pgwire has an encoder too, which knows neither `NULL` and
//! `QUOTE` nor arrays.

use std::sync::Arc;

use bytes::{Buf, BufMut, BytesMut};
use futures::{StreamExt, stream};
use pgwire::api::portal::Format;
use pgwire::api::results::{CopyResponse, FieldInfo, Response};
use pgwire::error::PgWireResult;
use pgwire::messages::copy::CopyData;
use pgwire::messages::data::DataRow;

use super::allowance::Taken;
use super::columns::fields;
use super::rows::encoded;
use crate::purpose::CopyForm;
use crate::service::Answer;

/// What a binary file begins with: a signature, no flags, no extension.
const BINARY_HEAD: &[u8] = b"PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0";

/// An answer as a copy.
pub(super) fn copy(answer: Answer, form: CopyForm, taken: Taken) -> PgWireResult<Response> {
    let is_empty = answer.row_count() == 0;
    let batches = answer.into_batches()?;
    let schema = batches.schema();
    let is_binary = form == CopyForm::Binary;
    let format = if is_binary { Format::UnifiedBinary } else { Format::UnifiedText };
    let columns = Arc::new(fields(&schema, Some(&format))?);
    let count = columns.len();
    let writer = Writer::new(form, &columns);
    // With the first row, so that it is not counted as one.
    let mut head = writer.head(&columns);
    if is_empty {
        let head = stream::iter([Ok(CopyData::new(head.freeze()))]);
        return Ok(Response::CopyOut(CopyResponse::new(i8::from(is_binary), count, head)));
    }
    // It belongs to the answer as long as that is read.
    let pieces = batches.inspect(move |_| {
        let _open = &taken;
    });
    let rows = encoded(pieces, schema, columns).map(move |row| {
        let mut line = std::mem::take(&mut head);
        writer.row(&row?, &mut line);
        Ok(CopyData::new(line.freeze()))
    });
    Ok(Response::CopyOut(CopyResponse::new(i8::from(is_binary), count, rows)))
}

/// Writes rows in a form.
struct Writer {
    form: CopyForm,
    /// Columns of CSV that are quoted in any case.
    quoted: Vec<bool>,
}

impl Writer {
    fn new(form: CopyForm, columns: &[FieldInfo]) -> Self {
        let quoted = match &form {
            CopyForm::Csv { quoted, .. } => {
                columns.iter().map(|column| quoted.iter().any(|name| name == column.name())).collect()
            }
            CopyForm::Text { .. } | CopyForm::Binary => Vec::new(),
        };
        Self { form, quoted }
    }

    /// What comes before the first row.
    fn head(&self, columns: &[FieldInfo]) -> BytesMut {
        let mut head = BytesMut::new();
        match &self.form {
            CopyForm::Binary => head.put_slice(BINARY_HEAD),
            CopyForm::Text { header: true, .. } | CopyForm::Csv { header: true, .. } => {
                // Names are quoted where they need it only.
                let plain = Self { form: self.form.clone(), quoted: vec![false; columns.len()] };
                plain.line(columns.iter().map(|column| Some(column.name().as_bytes())), &mut head);
            }
            CopyForm::Text { .. } | CopyForm::Csv { .. } => {}
        }
        head
    }

    fn row(&self, row: &DataRow, into: &mut BytesMut) {
        if self.form == CopyForm::Binary {
            // The fields of a row are the same bytes in both.
            into.put_i16(row.field_count);
            into.put_slice(&row.data);
        } else {
            self.line(values(&row.data), into);
        }
    }

    fn line<'a>(&self, values: impl Iterator<Item = Option<&'a [u8]>>, into: &mut BytesMut) {
        let (CopyForm::Text { delimiter, null, .. } | CopyForm::Csv { delimiter, null, .. }) = &self.form
        else {
            return;
        };
        for (at, value) in values.enumerate() {
            if at > 0 {
                into.put_slice(delimiter.encode_utf8(&mut [0; 4]).as_bytes());
            }
            match (value, &self.form) {
                (None, _) => into.put_slice(null.as_bytes()),
                (Some(value), CopyForm::Csv { quote, escape, .. }) => {
                    let is_quoted = self.quoted.get(at) == Some(&true)
                        || value == null.as_bytes()
                        || (self.quoted.len() == 1 && value == b"\\.")
                        || value.iter().any(|byte| {
                            matches!(byte, b'\n' | b'\r') || [*delimiter, *quote].contains(&char::from(*byte))
                        });
                    if is_quoted { in_quotes(value, *quote, *escape, into) } else { into.put_slice(value) }
                }
                (Some(value), _) => escaped(value, *delimiter, into),
            }
        }
        into.put_u8(b'\n');
    }
}

/// The fields of a row, each after its length; a length below zero is NULL.
fn values(mut data: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    std::iter::from_fn(move || {
        let length = data.try_get_i32().ok()?;
        let Ok(length) = usize::try_from(length) else { return Some(None) };
        let (value, rest) = data.split_at_checked(length)?;
        data = rest;
        Some(Some(value))
    })
}

fn in_quotes(value: &[u8], quote: char, escape: char, into: &mut BytesMut) {
    into.put_u8(quote as u8);
    for byte in value {
        if [quote, escape].contains(&char::from(*byte)) {
            into.put_u8(escape as u8);
        }
        into.put_u8(*byte);
    }
    into.put_u8(quote as u8);
}

fn escaped(value: &[u8], delimiter: char, into: &mut BytesMut) {
    for byte in value {
        let letter = match byte {
            0x08 => b'b',
            0x0C => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x0B => b'v',
            b'\\' => b'\\',
            byte if char::from(*byte) == delimiter => *byte,
            byte => {
                into.put_u8(*byte);
                continue;
            }
        };
        into.put_slice(&[b'\\', letter]);
    }
}

#[cfg(test)]
mod tests {
    use pgwire::api::Type;
    use pgwire::api::results::FieldFormat;

    use super::*;

    fn written(form: CopyForm, values: &[Option<&str>]) -> String {
        let column = |name: &str| FieldInfo::new(name.into(), None, None, Type::TEXT, FieldFormat::Text);
        let columns: Vec<FieldInfo> =
            ["a", "b", "c"][..values.len()].iter().map(|name| column(name)).collect();
        let writer = Writer::new(form, &columns);
        let mut bytes = writer.head(&columns);
        let mut row = DataRow::new(BytesMut::new(), values.len() as i16);
        for value in values {
            row.data.put_i32(value.map_or(-1, |value| value.len() as i32));
            row.data.put_slice(value.unwrap_or_default().as_bytes());
        }
        writer.row(&row, &mut bytes);
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    fn csv(null: &str, quoted: &[&str]) -> CopyForm {
        CopyForm::Csv {
            delimiter: ',',
            null: null.to_owned(),
            header: true,
            quote: '"',
            escape: '"',
            quoted: quoted.iter().map(|&name| name.to_owned()).collect(),
        }
    }

    #[test]
    fn csv_quotes_what_would_be_read_as_something_else() {
        let row = written(csv("", &["c"]), &[Some("長野, \"市\""), Some(""), Some("x")]);
        assert_eq!(row, "a,b,c\n\"長野, \"\"市\"\"\",\"\",\"x\"\n");
        assert_eq!(written(csv("-", &[]), &[None, Some("-"), Some("")]), "a,b,c\n-,\"-\",\n");
        assert_eq!(written(csv("", &[]), &[Some("\\.")]), "a\n\"\\.\"\n");
    }

    #[test]
    fn text_puts_a_backslash_before_what_ends_a_field() {
        let form = CopyForm::Text { delimiter: '\t', null: "\\N".to_owned(), header: false };
        assert_eq!(written(form, &[Some("a\tb\n\\"), None, Some("")]), "a\\tb\\n\\\\\t\\N\t\n");
    }
}
