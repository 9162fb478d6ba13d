//! Rows of a CSV text, with a bound on each and a quote that stays open confined to its line.
//!
//! In: any text. Out: rows, or why a line is none. The library that finds the cells follows a quote to the
//! end of the file, so what it is given is a line at a time. A row goes on into the next line while a quote
//! is open. It is taken for a row only when it ends within the limit, has as many cells as the header, and at
//! most one of its lines has as many cells by itself: a quote that nobody closed swallows whole rows, a note
//! with a line break does not. Otherwise its first line is a bad row, and reading goes on with the second.

use std::collections::VecDeque;

use csv::ByteRecord;
use csv_core::{ReadRecordResult, Reader};

use super::encoding::Text;
use super::lines::read_until;
use crate::chunk::BadRow;

/// A CSV text that is read on.
pub(super) struct Rows {
    input: Text,
    /// Cells of the header; 0 while it is read.
    columns: usize,
    /// The most that a row may take, bytes.
    limit: usize,
    /// What stands between cells.
    delimiter: u8,
    library: Reader,
    /// Lines that were read and turned out to be rows of their own.
    again: VecDeque<Line>,
    line: Vec<u8>,
    cells: Vec<u8>,
    ends: Vec<usize>,
    /// What of `cells` and `ends` the row takes that is being read.
    filled: (usize, usize),
}

/// A line without its break; `None` stands for one over the limit.
type Line = Option<Vec<u8>>;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Rows {
    /// Reads the header. `Ok(Err(_))` is a header that cannot be read; one without cells is an empty text.
    pub(super) fn open(
        input: Text,
        limit: usize,
        delimiter: u8,
    ) -> std::io::Result<Result<(Self, ByteRecord), BadRow>> {
        let library = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        let (again, line, filled) = (VecDeque::new(), Vec::new(), (0, 0));
        let (cells, ends) = (vec![0; 1024], vec![0; 64]);
        let mut rows =
            Self { input, columns: 0, limit, delimiter, library, again, line, cells, ends, filled };
        Ok(match rows.next()? {
            None => Ok((rows, ByteRecord::new())),
            Some(Err(bad)) => Err(bad),
            Some(Ok(header)) => {
                rows.columns = header.len();
                Ok((rows, header))
            }
        })
    }

    /// The next row; `None` at the end. Lines without a byte are not rows.
    pub(super) fn next(&mut self) -> std::io::Result<Option<Result<ByteRecord, BadRow>>> {
        loop {
            match self.next_line()? {
                None => return Ok(None),
                Some(false) => return Ok(Some(Err(BadRow::TooLarge))),
                Some(true) => {}
            }
            // Spreadsheets begin a text with it, and texts are joined.
            if self.line.starts_with(BYTE_ORDER_MARK) {
                self.line.drain(..BYTE_ORDER_MARK.len());
            }
            if !self.line.is_empty() {
                break;
            }
        }
        self.library.reset();
        self.filled = (0, 0);
        if self.take_line() { Ok(Some(Ok(self.row()))) } else { self.go_on().map(Some) }
    }

    /// Reads on in a row whose first line leaves a quote open.
    fn go_on(&mut self) -> std::io::Result<Result<ByteRecord, BadRow>> {
        let mut size = self.line.len();
        let mut whole = usize::from(self.is_whole());
        let mut lines = VecDeque::new();
        while let Some(fits) = self.next_line()? {
            lines.push_back(fits.then(|| self.line.clone()));
            size += self.line.len();
            whole += usize::from(self.is_whole());
            if !fits || size > self.limit || whole > 1 {
                break;
            }
            if self.take_line() {
                if self.columns == 0 || self.filled.1 == self.columns {
                    return Ok(Ok(self.row()));
                }
                break;
            }
        }
        lines.append(&mut self.again);
        self.again = lines;
        Ok(Err(BadRow::OpenQuote))
    }

    /// Whether the line has as many cells as the header, whatever stands in quotes.
    fn is_whole(&self) -> bool {
        let delimiters = self.line.iter().filter(|byte| **byte == self.delimiter).count();
        self.columns > 1 && delimiters + 1 >= self.columns
    }

    /// The next line into `line`: false when it is over the limit, `None` at the end.
    fn next_line(&mut self) -> std::io::Result<Option<bool>> {
        self.line.clear();
        match self.again.pop_front() {
            Some(Some(line)) => self.line = line,
            Some(None) => return Ok(Some(false)),
            None => {
                // A carriage return ends a line too. With a newline after it, that line has no byte.
                let is_break = |byte| matches!(byte, b'\n' | b'\r');
                return read_until(self.input.as_mut(), &mut self.line, self.limit, is_break);
            }
        }
        Ok(Some(true))
    }

    /// Gives the line to the library. Whether the row ends with it.
    fn take_line(&mut self) -> bool {
        let line = std::mem::take(&mut self.line);
        // Cells are never larger than the lines that they stand in.
        let room = self.filled.0 + line.len() + 1;
        if self.cells.len() < room {
            self.cells.resize(room * 2, 0);
        }
        let has_ended = self.take(&line) || self.take(b"\n");
        self.line = line;
        has_ended
    }

    fn take(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            let (cells, ends) = (&mut self.cells[self.filled.0..], &mut self.ends[self.filled.1..]);
            let (result, read, written, ended) = self.library.read_record(bytes, cells, ends);
            bytes = &bytes[read..];
            self.filled = (self.filled.0 + written, self.filled.1 + ended);
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => return true,
                ReadRecordResult::OutputFull => self.cells.resize(self.cells.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty => {}
            }
        }
        false
    }

    fn row(&self) -> ByteRecord {
        let mut row = ByteRecord::with_capacity(self.filled.0, self.filled.1);
        let mut start = 0;
        for end in &self.ends[..self.filled.1] {
            row.push_field(&self.cells[start..*end]);
            start = *end;
        }
        row
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
