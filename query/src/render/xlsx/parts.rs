//! The small files of a workbook, and what stands around the rows of its sheet.
//!
//! In: the notice, and how wide columns are. Out: XML of ECMA-376. Credit, edition and terms are the
//! workbook's own properties, which Excel shows under File, Info.

use std::fmt::Write;

use super::cell::escape;
use crate::notice::Notice;

/// The sheet, which comes last.
pub(super) const SHEET: &str = "xl/worksheets/sheet1.xml";
/// The sheet of notes, which a reader sees second.
pub(super) const NOTES: &str = "xl/worksheets/sheet2.xml";

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#;

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;

const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="kayoi" sheetId="1" r:id="rId1"/><sheet name="注記 notes" sheetId="2" r:id="rId3"/></sheets></workbook>"#;

const WORKBOOK_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/></Relationships>"#;

/// Style 0 is a plain cell, 1 the heading, 2 a day.
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Yu Gothic"/><family val="2"/><charset val="128"/></font><font><b/><sz val="11"/><name val="Yu Gothic"/><family val="2"/><charset val="128"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#;

/// The files that come before the sheet.
pub(super) fn all(notice: &Notice) -> [(&'static str, String); 6] {
    let part = |text: &str| format!("{HEAD}{text}");
    [
        ("[Content_Types].xml", part(TYPES)),
        ("_rels/.rels", part(RELATIONS)),
        ("docProps/core.xml", part(&properties(notice))),
        ("xl/workbook.xml", part(WORKBOOK)),
        ("xl/_rels/workbook.xml.rels", part(WORKBOOK_RELATIONS)),
        ("xl/styles.xml", part(STYLES)),
    ]
}

fn properties(notice: &Notice) -> String {
    let mut words = String::new();
    let said = [notice.credit.as_str(), notice.boundaries.as_str(), Notice::TERMS_JA, Notice::TERMS_EN];
    escape(&said.join("\n"), &mut words);
    format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>Kayoi</dc:title><dc:description>{words}</dc:description>\
         </cp:coreProperties>"
    )
}

/// What comes before the heading. The heading stays in sight.
pub(super) fn sheet_begin(widths: &[usize]) -> String {
    let mut xml = format!(
        "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" \
         topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>"
    );
    // An element without a column is an error.
    if !widths.is_empty() {
        xml.push_str("<cols>");
        for (number, width) in (1..).zip(widths) {
            let width = width + 2;
            let _ =
                write!(xml, "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" customWidth=\"1\"/>");
        }
        xml.push_str("</cols>");
    }
    xml.push_str("<sheetData>");
    xml
}

/// What comes after the last of so many rows: the columns can be filtered.
pub(super) fn sheet_end(columns: usize, rows: usize) -> String {
    let filter = match columns {
        0 => String::new(),
        columns => format!("<autoFilter ref=\"A1:{}{rows}\"/>", letters(columns)),
    };
    format!("</sheetData>{filter}</worksheet>")
}

/// The letters of a column, from 1.
fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    while column > 0 {
        column -= 1;
        letters.push(char::from(b'A' + (column % 26) as u8));
        column /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_letters() {
        let counted = [1, 26, 27, 702, 703, 16_384].map(letters);
        assert_eq!(counted, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }
}
