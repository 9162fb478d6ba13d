//! The second sheet: what whoever is handed the file must know.
//!
//! In: the columns and the notice. Out: XML of a small sheet in both languages: of which release and definition the figures
//! are, whose borders they rest on, what nobody may do with them, what words in the place of a figure mean, and the name of
//! each column, which programs know it by.

use datafusion::arrow::datatypes::Schema;
use kayoi_schemas::figure::Status;

use super::{XlsxError, cell, parts};
use crate::headings::heading;
use crate::notice::Notice;

/// Widths of the three columns, in characters.
const WIDTHS: [usize; 3] = [24, 60, 60];

/// A line: what it is of, in Japanese, in English.
type Line = [String; 3];

fn line(of: &str, ja: impl Into<String>, en: impl Into<String>) -> Line {
    [of.to_owned(), ja.into(), en.into()]
}

/// The sheet.
pub(super) fn sheet(schema: &Schema, notice: &Notice) -> Result<String, XlsxError> {
    let mut lines = about(notice);
    lines.extend(Status::ALL.iter().map(|status| {
        let en = status.as_str().replace('_', " ");
        line(
            status.as_str(),
            format!("{}: {}", status.japanese(), status.note_ja()),
            format!("{en}: {}", status.note_en()),
        )
    }));
    lines.extend(schema.fields().iter().map(|field| {
        let [ja, en] = heading(field.name());
        line(field.name(), ja, en)
    }));
    let mut xml = parts::sheet_begin(&WIDTHS);
    xml.push_str("<row>");
    for head in ["項目 / item", "日本語", "English"] {
        cell::write_heading(head, &mut xml)?;
    }
    xml.push_str("</row>");
    for texts in &lines {
        xml.push_str("<row>");
        for text in texts {
            cell::write_text(text, &mut xml)?;
        }
        xml.push_str("</row>");
    }
    xml.push_str(&parts::sheet_end(WIDTHS.len(), lines.len() + 1));
    Ok(xml)
}

/// What holds of all rows.
fn about(notice: &Notice) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(release) = &notice.release {
        let (number, definition) = (release.revision, &release.definition);
        let is_trial = release.series == "trial";
        let (ja, en) = match is_trial {
            true => ("(試行: 公表や判断には使えません)", " (trial: not for publication or decisions)"),
            false => ("", ""),
        };
        lines.push(line("revision", format!("改定{number}{ja}"), format!("{number}{en}")));
        lines.push(line("definition", definition, definition));
        lines.push(line("definition_hash", &release.definition_hash, &release.definition_hash));
    }
    lines.push(line("boundaries", &notice.boundaries, &notice.boundaries));
    lines.push(line("credit", &notice.credit, &notice.credit));
    lines.push(line("terms", Notice::TERMS_JA, Notice::TERMS_EN));
    lines.push(line(
        "_low, _high",
        "95%の区間の下限と上限。区間の重なる値どうしの差は、確かとはいえません。",
        "Ends of the 95 % interval. Figures whose intervals overlap do not surely differ.",
    ));
    lines
}
