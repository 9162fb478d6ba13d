//! A text of JSON values that are not one a line → the values, each as a record.
//!
//! In: a list of records, or records that are printed over several lines. Out: the bytes of each record, in
//! order. Where a value ends is told by its brackets and quotes alone; whether it is JSON is found out when it
//! is decoded. One value a line stays the rule, because there a broken record costs itself only: here it may
//! cost those behind it. So a text is read this way only when its first bytes say that it cannot be lines.

use std::io::{BufRead, Result};

/// Whether a text of JSON is a list of records, or records over several lines, by how it begins.
pub(super) fn is_spread(text: &mut dyn BufRead) -> Result<bool> {
    let start = text.fill_buf()?.trim_ascii_start();
    let rest = start.get(1..).unwrap_or_default();
    Ok(match start.first() {
        // A list of anything else is a record of a wrong kind, which its line tells.
        Some(b'[') => matches!(rest.trim_ascii_start().first(), None | Some(b'{' | b']')),
        // An object whose first line ends where no object can.
        Some(b'{') => {
            let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
            line.len() < start.len() && matches!(line.trim_ascii_end().last(), Some(b'{' | b'[' | b','))
        }
        _ => false,
    })
}

/// Where a reader of values stands.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Brackets that are open within the record.
    depth: usize,
    is_in_text: bool,
    is_escaped: bool,
    /// Whether any byte of a record was read.
    has_begun: bool,
    /// Whether records are items of a list.
    is_in_list: bool,
}

impl Values {
    /// Appends the next record to `bytes`. `None` at the end of the text, else whether the record fits the
    /// limit (when it does not, nothing is appended). A record that the text ends in is one, and is rejected
    /// when it is decoded.
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
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if available.is_empty() {
                if !self.has_begun {
                    return Ok(None);
                }
                break;
            }
            let mut taken = 0;
            for byte in available {
                taken += 1;
                let (is_kept, ends) = self.take(*byte);
                if is_kept && fits {
                    bytes.push(*byte);
                    fits = bytes.len() - start <= limit;
                }
                if ends {
                    is_whole = true;
                    break;
                }
            }
            input.consume(taken);
        }
        let in_list = self.is_in_list;
        *self = Self { is_in_list: in_list, ..Self::default() };
        if !fits {
            bytes.truncate(start);
        }
        Ok(Some(fits))
    }

    /// Whether a byte belongs to the record, and whether the record ends with it.
    fn take(&mut self, byte: u8) -> (bool, bool) {
        if self.is_in_text {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                b'"' => self.is_in_text = false,
                _ => {}
            }
            return (true, false);
        }
        if !self.has_begun {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => return (false, false),
                b'[' if !self.is_in_list => {
                    self.is_in_list = true;
                    return (false, false);
                }
                b']' if self.is_in_list => {
                    self.is_in_list = false;
                    return (false, false);
                }
                _ => self.has_begun = true,
            }
        } else if self.depth == 0 && matches!(byte, b',' | b'\n') {
            // A number or a word has no bracket of its own to end with.
            return (false, true);
        } else if self.depth == 0 && byte.is_ascii_whitespace() {
            return (false, false);
        } else if self.depth == 0 && byte == b']' && self.is_in_list {
            self.is_in_list = false;
            return (false, true);
        }
        match byte {
            b'"' => self.is_in_text = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                return (true, self.depth == 0);
            }
            _ => {}
        }
        (true, false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, buffer: usize) -> Vec<(bool, String)> {
        let mut input = std::io::BufReader::with_capacity(buffer, text.as_bytes());
        let (mut values, mut found, mut bytes) = (Values::default(), Vec::new(), Vec::new());
        while let Some(fits) = values.next(&mut input, &mut bytes, 40).unwrap() {
            found.push((fits, String::from_utf8(std::mem::take(&mut bytes)).unwrap()));
        }
        found
    }

    #[test]
    fn a_list_and_printed_objects_are_their_records() {
        let records = [r#"{"a":"]},{\"["}"#, "{\n \"b\": [1, {}]\n}", "7", r#""x,y""#];
        let expected: Vec<_> = records.iter().map(|record| (true, (*record).to_owned())).collect();
        let list = format!("[ {} ]", records.join(", \n"));
        for buffer in [1, 7, 100] {
            assert_eq!(split(&list, buffer), expected);
            assert_eq!(split(&records[..2].join("\n"), buffer), expected[..2]);
            assert_eq!(split(&format!("[{}]\n[{}]", records[0], records[1]), buffer), expected[..2]);
        }
        assert!(split("[]\n", 9).is_empty());
    }

    #[test]
    fn a_record_over_the_limit_and_one_without_an_end_cost_themselves() {
        let long = format!("[{{\"a\":\"{}\"}}, {{\"b\":1}}, {{\"c\":", "x".repeat(50));
        let expected = [(false, ""), (true, "{\"b\":1}"), (true, "{\"c\":")];
        assert_eq!(split(&long, 16), expected.map(|(fits, record)| (fits, record.to_owned())));
    }

    #[test]
    fn lines_are_told_from_lists_by_how_they_begin() {
        let is_spread = |text: &str| super::is_spread(&mut text.as_bytes()).unwrap();
        assert!(
            is_spread("[{\"a\":1}]") && is_spread(" [\n  {") && is_spread("{\n  \"a\": 1") && is_spread("[]")
        );
        assert!(is_spread("{ \"a\": 1,\n") && is_spread("{ \"a\": [\n"));
        assert!(!is_spread("{\"a\":1}\n") && !is_spread("[1,2]\n{}") && !is_spread("{") && !is_spread(""));
        assert!(!is_spread("{}\n") && !is_spread("{\"a\":\n"));
    }
}
