//! A table as it stands on a sheet, whatever file it came from.
//!
//! In: cells. Out: [`Grid`], rows of texts, and for each cell whether its text comes from a merged region, which
//! a header needs to know; and [`Figure`], what a cell says about a number of people.

use super::words::plain;

/// Rows of a sheet of Excel, and so of any table here.
pub(super) const MOST_ROWS: usize = 1_048_576;
/// Cells that are held in memory; the largest table known to be published has about 150,000.
pub(super) const MOST_CELLS: usize = 20_000_000;
/// Columns that are looked at; beyond them nothing of a table of people stands.
pub(super) const MOST_COLUMNS: usize = 4_096;

/// A cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct GridCell {
    /// As it is written; a number without thousands separators.
    pub(super) text: String,
    /// Whether it is one of a merged region, which then is in all of its cells.
    pub(super) is_merged: bool,
}

/// One table with its place in the file.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// The name of its sheet; none in a text file.
    pub(super) sheet: Option<String>,
    /// Rows of any length.
    pub(super) rows: Vec<Vec<GridCell>>,
    /// The line on which each row begins, where rows are not lines.
    pub(super) lines: Option<Vec<usize>>,
}

impl Grid {
    /// The text of a cell, empty beyond the row's end.
    pub(super) fn text(&self, row: usize, column: usize) -> &str {
        self.rows.get(row).and_then(|row| row.get(column)).map_or("", |cell| cell.text.as_str())
    }

    pub(super) fn is_merged(&self, row: usize, column: usize) -> bool {
        self.rows.get(row).and_then(|row| row.get(column)).is_some_and(|cell| cell.is_merged)
    }

    /// The widest row.
    pub(super) fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or_default().min(MOST_COLUMNS)
    }

    /// The number that people see beside a row.
    pub(super) fn line(&self, row: usize) -> usize {
        self.lines.as_ref().and_then(|lines| lines.get(row).copied()).unwrap_or(row + 1)
    }

    pub(super) fn is_blank(&self, row: usize) -> bool {
        self.rows.get(row).is_none_or(|row| row.iter().all(|cell| cell.text.trim().is_empty()))
    }
}

/// What a cell says about a number of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    /// So many.
    People(u64),
    /// `-`, `X`, `***`, `…`: none, secret, or not known. Which of them it is, the sums around it may tell.
    Missing,
    /// Nothing stands there.
    Blank,
}

/// More than the people of the earth is no figure of a municipality.
const MOST_PEOPLE: u64 = 10_000_000_000;

impl Figure {
    /// Reads a cell; `None` when it is no number of people.
    pub(super) fn of(text: &str) -> Option<Self> {
        let plain = plain(text);
        match plain.as_str() {
            "" => return Some(Self::Blank),
            "-" | "--" | "ー" | "x" | "*" | "**" | "***" | "…" | "..." | "‥" | ".." | "・" | "na" | "n/a"
            | "null" => {
                return Some(Self::Missing);
            }
            _ => {}
        }
        let number = plain.strip_suffix('人').unwrap_or(&plain);
        let whole = match number.split_once('.') {
            Some((whole, fraction))
                if !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0') =>
            {
                whole
            }
            Some(_) => return None,
            None => number,
        };
        let digits = without_separators(whole)?;
        digits.parse().ok().filter(|people| *people <= MOST_PEOPLE).map(Self::People)
    }
}

/// Digits, in groups of three where there are commas.
fn without_separators(text: &str) -> Option<String> {
    let text = text.replace(['、', '，'], ",");
    let mut groups = text.split(',');
    let first = groups.next().unwrap_or_default();
    let is_digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let rest: Vec<&str> = groups.collect();
    let is_grouped = rest.is_empty() || first.len() <= 3 && rest.iter().all(|group| group.len() == 3);
    let is_number = is_grouped && is_digits(first) && rest.iter().all(|group| is_digits(group));
    is_number.then(|| [first].into_iter().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_read_as_tables_write_them() {
        for text in ["1234567", "1,234,567", "１，２３４，５６７", " 1 234 567 ", "1234567.0", "1,234,567人"]
        {
            assert_eq!(Figure::of(text), Some(Figure::People(1_234_567)), "{text}");
        }
        for text in ["-", "－", "―", "X", "x", "***", "…", "ー"] {
            assert_eq!(Figure::of(text), Some(Figure::Missing), "{text}");
        }
        assert_eq!(Figure::of("　"), Some(Figure::Blank));
        for text in ["12,34", "1234,567", "-5", "△5", "1.5", "1e3", "札幌市", "99999999999", ",", "1,"] {
            assert_eq!(Figure::of(text), None, "{text}");
        }
    }
}
