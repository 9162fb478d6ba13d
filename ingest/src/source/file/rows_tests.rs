use super::*;

const HEADER: &str = "device_id,timestamp,latitude,longitude,note";

/// Each row's cells joined by `|`, or what is wrong with it.
fn read(text: &str, limit: usize) -> Vec<String> {
    let (mut rows, _) =
        Rows::open(Box::new(std::io::Cursor::new(text.to_owned())), limit, b',').unwrap().unwrap();
    let mut read = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        read.push(match row {
            Ok(row) => row.iter().map(|cell| String::from_utf8_lossy(cell)).collect::<Vec<_>>().join("|"),
            Err(bad) => format!("{bad:?}"),
        });
    }
    read
}

fn rows(lines: &[&str]) -> Vec<String> {
    read(&[&[HEADER], lines].concat().join("\n"), 1000)
}

#[test]
fn a_quote_that_stays_open_costs_the_line_in_which_it_opens() {
    let good = ["a|1|2|3|", "b|1|2|3|"];
    let bad = [
        // To the end of the file, in the first and in the last cell.
        "\"x,1,2,3,",
        "x,1,2,3,\"",
        // The closing quote is lost, and the next line has none.
        "\"x\",1,2,3,\"note",
        // A line of more cells than the header.
        "\"x,1,2,3,4,5,6,7",
    ];
    for line in bad {
        assert_eq!(rows(&["a,1,2,3,", line, "b,1,2,3,"]), [good[0], "OpenQuote", good[1]], "{line}");
    }
    assert_eq!(rows(&["a,1,2,3,", "b,1,2,3,", "\"x,1,2,3,"]), [good[0], good[1], "OpenQuote"]);
}

#[test]
fn a_quote_that_a_later_row_would_close_swallows_no_row() {
    let found = rows(&["\"x,1,2,3,", "b,1,2,3,", "c,1,2,3,\"note\"", "d,1,2,3,"]);
    assert_eq!(found, ["OpenQuote", "b|1|2|3|", "c|1|2|3|note", "d|1|2|3|"]);
    // Every cell is in quotes, and one of them lacks its second.
    let found =
        rows(&["\"a\",\"1\",\"2\",\"3\",\"", "\"b\",\"1\",\"2\",\"3\",\"\"", "\"c\",\"1\",\"2\",\"3\",\"\""]);
    assert_eq!(found, ["OpenQuote", "b|1|2|3|", "c|1|2|3|"]);
    // As the row would be right in form.
    let found = rows(&["\"x,1,2,3,", "y\",1,2,3,", "b,1,2,3,"]);
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn a_note_with_line_breaks_is_one_cell() {
    let found = rows(&["a,1,2,3,\"one", "", "two, three \"\"four\"\"\"", "b,1,2,3,\"\""]);
    assert_eq!(found, ["a|1|2|3|one\n\ntwo, three \"four\"", "b|1|2|3|"]);
}

#[test]
fn a_row_over_the_limit_costs_itself_and_takes_no_memory() {
    let text =
        format!("{HEADER}\na,1,2,3,\n{},1,2,3,\nb,1,2,3,\n\"{}\n", "x".repeat(5000), "y\n".repeat(3000));
    let found = read(&text, 100);
    assert_eq!(found[..4], ["a|1|2|3|", "TooLarge", "b|1|2|3|", "OpenQuote"]);
    assert_eq!(found.len(), 4 + 2999, "the lines after the quote are read as rows");
}

#[test]
fn lines_end_with_a_newline_a_carriage_return_or_both_and_empty_ones_are_passed_over() {
    for end in ["\n", "\r", "\r\n", "\n\n"] {
        let text = [HEADER, "a,1,2,3,", "b,1,2,3,"].join(end);
        assert_eq!(read(&text, 100), ["a|1|2|3|", "b|1|2|3|"], "{end:?}");
    }
}

#[test]
fn an_empty_text_has_neither_header_nor_rows() {
    for text in ["", "\n", "\r\n\r\n", "\u{feff}"] {
        let input = Box::new(std::io::Cursor::new(text.to_owned()));
        let (mut rows, header) = Rows::open(input, 100, b',').unwrap().unwrap();
        assert!(header.is_empty() || header.iter().all(<[u8]>::is_empty), "{text:?}");
        assert!(rows.next().unwrap().is_none());
    }
    let open = Rows::open(Box::new(std::io::Cursor::new("a,\"b\nc,d\n")), 100, b',').unwrap();
    assert!(matches!(open, Err(BadRow::OpenQuote)));
}
