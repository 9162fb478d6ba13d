//! A table in a text file.
//!
//! In: bytes in UTF-8 or UTF-16 with a byte order mark, in UTF-8 without one, or in Shift_JIS (CP932), which
//! e-Stat and spreadsheets in Japan still write; values separated by commas or tabs. Out: a [`Grid`], or that the
//! bytes are no text.

use encoding_rs::{Encoding, SHIFT_JIS};

use super::grid::{Grid, GridCell, MOST_CELLS, MOST_COLUMNS, MOST_ROWS};

/// The bytes as text; `None` when they are none.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let text = match Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])?.into_owned()
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes)?.into_owned(),
        },
    };
    // What is no text contains NUL characters sooner or later.
    (!text.contains('\0')).then_some(text)
}

/// The table of a text; `None` when it is larger than any table of people.
pub(super) fn grid(text: &str) -> Option<Grid> {
    let count = |delimiter: char| text.chars().take(100_000).filter(|letter| *letter == delimiter).count();
    let delimiter = if count('\t') > count(',') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let (mut rows, mut lines, mut cells) = (Vec::new(), Vec::new(), 0);
    let starts: Vec<usize> =
        text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
    for record in reader.records() {
        // Its only error is of encoding, and this is text.
        let Ok(record) = record else { break };
        let from = record.position().map_or(0, |position| position.byte() as usize);
        let bytes = text.as_bytes().get(from..).unwrap_or_default();
        let begins = from + bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        lines.push(1 + starts.partition_point(|end| *end < begins));
        let cell = |value: &str| GridCell { text: value.to_owned(), is_merged: false };
        let row: Vec<GridCell> = record.iter().take(MOST_COLUMNS).map(cell).collect();
        cells += row.len();
        if cells > MOST_CELLS || rows.len() >= MOST_ROWS {
            return None;
        }
        rows.push(row);
    }
    Some(Grid { sheet: None, rows, lines: Some(lines) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_the_same_in_every_encoding() {
        let text = "団体コード,人口\r\n\r\n011002,\"1,234\"\r\n";
        let utf16: Vec<u8> =
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let with_mark = ["\u{feff}".as_bytes(), text.as_bytes()].concat();
        let shift_jis = SHIFT_JIS.encode(text).0.into_owned();
        for bytes in [text.as_bytes(), &utf16, &with_mark, &shift_jis] {
            let grid = grid(&decode(bytes).unwrap()).unwrap();
            assert_eq!((grid.text(0, 0), grid.text(1, 1), grid.line(1)), ("団体コード", "1,234", 3));
        }
        assert_eq!(decode(b"\x00\x01\xff"), None);
        assert_eq!(grid("code\tpeople\n01100\t5\n").unwrap().text(1, 1), "5");
    }
}
