//! A text of JSON values that are not one a line → the values, each as a record.
//!
//! In: a list of records, or records that are printed over several lines. Out: the bytes of each record, in
//! order. Where a value ends is told by its brackets and quotes alone; whether it is JSON is found out when it
//! is decoded. One value a line stays the rule, because there a broken record costs itself only. Here one that
//! is not closed ends where a line begins with the next, and is an error of the file when none does: records
//! that it swallowed would be lost without a word.

use std::io::{BufRead, Error, ErrorKind, Result};

/// Whether a text of JSON is a list of records, or records over several lines, by how it begins.
pub(super) fn is_spread(text: &mut dyn BufRead) -> Result<bool> {
    let start = text.fill_buf()?.trim_ascii_start();
    let rest = start.get(1..).unwrap_or_default();
    Ok(match start.first() {
        // A list of anything else is a record of a wrong kind, which its line tells.
        Some(b'[') => matches!(rest.trim_ascii_start().first(), None | Some(b'{' | b']')),
        // An object whose first line ends where no object can, and whose second one begins no other.
        Some(b'{') => {
            let mut lines = start.splitn(2, |byte| *byte == b'\n');
            let (first, rest) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
            let is_open = matches!(first.trim_ascii_end().last(), Some(b'{' | b'[' | b','));
            is_open && rest.first().is_some_and(|byte| *byte != b'{')
        }
        _ => false,
    })
}

/// Where a reader of values stands.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Brackets that are open within the record, and for each, innermost last, whether it is a curly one.
    depth: u32,
    curly: u128,
    /// Whether brackets do not fit together: where the record ends is then told by the next one alone.
    is_broken: bool,
    is_in_text: bool,
    is_escaped: bool,
    /// Whether the byte before was a line break.
    is_line_start: bool,
    /// Whether any byte of a record was read.
    has_begun: bool,
    /// Whether records are items of a list.
    is_in_list: bool,
}

/// What a byte is to the record that is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    /// A part of it.
    Part,
    /// Its last one.
    Last,
    /// Beside it.
    Beside,
    /// The first one behind it, and of nothing else.
    Behind,
    /// The first one of the next record: this one was not closed.
    Next,
}

impl Values {
    /// Appends the next record to `bytes`. `None` at the end of the text, else whether the record fits the
    /// limit (when it does not, nothing is appended).
    ///
    /// # Errors
    /// Those of reading, and a text that ends inside a record or a list.
    pub(super) fn next(
        &mut self,
        input: &mut dyn BufRead,
        bytes: &mut Vec<u8>,
        limit: usize,
    ) -> Result<Option<bool>> {
        let start = bytes.len();
        let mut fits = true;
        let mut is_whole = false;
        while !is_whole {
            let available = match input.fill_buf() {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                match (self.has_begun, self.depth) {
                    (false, _) if self.is_in_list => {
                        return Err(Error::new(ErrorKind::UnexpectedEof, "the text ends inside a list"));
                    }
                    (false, _) => return Ok(None),
                    // A number or a word needs nothing behind it.
                    (true, 0) if !self.is_in_text && !self.is_broken => break,
                    _ => return Err(Error::new(ErrorKind::UnexpectedEof, "the text ends inside a record")),
                }
            }
            let mut taken = 0;
            for byte in available {
                let is = self.take(*byte);
                taken += usize::from(is != Is::Next);
                if matches!(is, Is::Part | Is::Last) && fits {
                    bytes.push(*byte);
                    fits = bytes.len() - start <= limit;
                }
                if matches!(is, Is::Last | Is::Behind | Is::Next) {
                    is_whole = true;
                    break;
                }
            }
            input.consume(taken);
        }
        *self = Self { is_in_list: self.is_in_list, ..Self::default() };
        if !fits {
            bytes.truncate(start);
        }
        Ok(Some(fits))
    }

    fn take(&mut self, byte: u8) -> Is {
        let is_line_start = std::mem::replace(&mut self.is_line_start, byte == b'\n');
        if self.is_in_text {
            match byte {
                // No text of JSON has a line break in it: this one was not closed.
                b'\n' => (self.is_in_text, self.is_escaped) = (false, false),
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_in_text = false,
                _ => {}
            }
            return Is::Part;
        }
        if !self.has_begun {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => return Is::Beside,
                b'[' | b']' if self.is_in_list == (byte == b']') => {
                    self.is_in_list = !self.is_in_list;
                    return Is::Beside;
                }
                _ => self.has_begun = true,
            }
        } else if self.depth == 0 && !self.is_broken {
            match byte {
                b',' | b'\n' => return Is::Behind,
                b']' if self.is_in_list => {
                    self.is_in_list = false;
                    return Is::Behind;
                }
                _ if byte.is_ascii_whitespace() => return Is::Beside,
                _ => {}
            }
        } else if is_line_start && byte == b'{' {
            return Is::Next;
        }
        match byte {
            b'"' => self.is_in_text = true,
            b'{' | b'[' => self.open(byte == b'{'),
            b'}' | b']' => self.close(byte == b'}'),
            _ => return Is::Part,
        }
        let is_closed = self.depth == 0 && !self.is_in_text && !self.is_broken;
        if is_closed { Is::Last } else { Is::Part }
    }

    fn open(&mut self, is_curly: bool) {
        self.is_broken |= self.depth == u128::BITS;
        self.depth = (self.depth + 1).min(u128::BITS);
        self.curly = (self.curly << 1) | u128::from(is_curly);
    }

    fn close(&mut self, is_curly: bool) {
        self.is_broken |= self.depth == 0 || (self.curly & 1 == 1) != is_curly;
        self.depth = self.depth.saturating_sub(1);
        self.curly >>= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, buffer: usize) -> Result<Vec<(bool, String)>> {
        let mut input = std::io::BufReader::with_capacity(buffer, text.as_bytes());
        let (mut values, mut found, mut bytes) = (Values::default(), Vec::new(), Vec::new());
        while let Some(fits) = values.next(&mut input, &mut bytes, 40)? {
            found.push((fits, String::from_utf8(std::mem::take(&mut bytes)).unwrap()));
        }
        Ok(found)
    }

    #[test]
    fn a_list_and_printed_objects_are_their_records() {
        let records = [r#"{"a":"]},{\"["}"#, "{\n \"b\": [1, {}]\n}", "7", r#""x,y""#];
        let expected: Vec<_> = records.iter().map(|record| (true, (*record).to_owned())).collect();
        let list = format!("[ {} ]", records.join(", \n"));
        for buffer in [1, 7, 100] {
            assert_eq!(split(&list, buffer).unwrap(), expected);
            assert_eq!(split(&records[..2].join("\n"), buffer).unwrap(), expected[..2]);
            assert_eq!(split(&format!("[{}]\n[{}]", records[0], records[1]), buffer).unwrap(), expected[..2]);
        }
        assert!(split("[]\n", 9).unwrap().is_empty());
    }

    #[test]
    fn a_record_over_the_limit_costs_itself() {
        let long = format!("[{{\"a\":\"{}\"}}, {{\"b\":1}}]", "x".repeat(50));
        let expected = [(false, ""), (true, "{\"b\":1}")];
        assert_eq!(split(&long, 16).unwrap(), expected.map(|(fits, record)| (fits, record.to_owned())));
    }

    #[test]
    fn a_record_that_is_not_closed_swallows_no_other() {
        for broken in ["{\"a\":1,", "{\"a\":\"x", "{\"a\":[{"] {
            let found = split(&format!("[\n{broken}\n{{\"b\":1}},\n{{\"c\":1}}]"), 5).unwrap();
            let records: Vec<&str> = found.iter().map(|(_, record)| record.trim_end()).collect();
            assert_eq!(records, [broken, "{\"b\":1}", "{\"c\":1}"]);
            let error = split(&format!("[{{\"b\":1}}, {broken} {{\"c\":1}}]"), 5).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
        }
    }

    #[test]
    fn lines_are_told_from_lists_by_how_they_begin() {
        let is_spread = |text: &str| super::is_spread(&mut text.as_bytes()).unwrap();
        assert!(
            is_spread("[{\"a\":1}]") && is_spread(" [\n  {") && is_spread("{\n  \"a\": 1") && is_spread("[]")
        );
        assert!(is_spread("{ \"a\": 1,\n \"b\": 2") && is_spread("{ \"a\": [\n  1"));
        assert!(!is_spread("{\"a\":1}\n") && !is_spread("[1,2]\n{}") && !is_spread("{") && !is_spread(""));
        assert!(!is_spread("{\"a\": 1,\n{\"a\": 1}\n"));
        assert!(!is_spread("{}\n") && !is_spread("{\"a\":\n"));
    }
}
