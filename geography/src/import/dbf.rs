//! The rows of a .dbf, one for each shape.
//!
//! In: the bytes of a .dbf. Out: the same table with every row in its place. Nothing but their order says which
//! row belongs to which shape. An editor that deletes a row only marks it, and the shape stays until the table
//! is packed; a reader that passes over marked rows gives every later shape the attributes of another. So a
//! marked row is blanked and told of, and stays where it is.
//!
//! The layout is dBASE III's: number of rows, bytes of the header and bytes of a row at 4, 8 and 10, and at the
//! start of each row a mark. The byte behind the last row is not asked for, since many writers leave it out.

use crate::error::Cause;

const DELETED: u8 = b'*';
const KEPT: u8 = b' ';
const NUMBER_OF_ROWS_AT: usize = 4;
const HEADER_BYTES_AT: usize = 8;
const ROW_BYTES_AT: usize = 10;

/// A .dbf whose deleted rows are blank.
pub(super) struct Rows {
    /// The table, without a mark.
    pub(super) bytes: Vec<u8>,
    /// For each row, whether it was marked as deleted.
    pub(super) are_deleted: Vec<bool>,
}

impl Rows {
    /// Finds the marks.
    ///
    /// # Errors
    /// A text when the table has no header, or fewer rows than its header says.
    pub(super) fn of(mut bytes: Vec<u8>) -> Result<Self, Cause> {
        let header = Header::of(&bytes).ok_or("it is shorter than the header of a table")?;
        let held = bytes.len().saturating_sub(header.bytes) / header.row_bytes;
        if held < header.rows {
            return Err(format!("its header says {} records, and {held} are there", header.rows).into());
        }
        let table = bytes.get_mut(header.bytes..).unwrap_or_default();
        let rows = table.chunks_exact_mut(header.row_bytes).take(header.rows);
        let are_deleted = rows.map(unmark).collect();
        Ok(Self { bytes, are_deleted })
    }
}

/// Whether a row was deleted, of which then nothing is left.
fn unmark(row: &mut [u8]) -> bool {
    let is_deleted = row.first() == Some(&DELETED);
    if is_deleted {
        row.fill(KEPT);
    } else if let Some(mark) = row.first_mut() {
        *mark = KEPT;
    }
    is_deleted
}

struct Header {
    rows: usize,
    bytes: usize,
    row_bytes: usize,
}

impl Header {
    fn of(table: &[u8]) -> Option<Self> {
        let two = |at: usize| Some(usize::from(u16::from_le_bytes(*table.get(at..)?.first_chunk()?)));
        let rows = u32::from_le_bytes(*table.get(NUMBER_OF_ROWS_AT..)?.first_chunk()?);
        let header = Self {
            rows: usize::try_from(rows).ok()?,
            bytes: two(HEADER_BYTES_AT)?,
            row_bytes: two(ROW_BYTES_AT)?,
        };
        (header.row_bytes > 0).then_some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of one field of three letters.
    fn table(rows: &[&str], said: u32) -> Vec<u8> {
        let mut bytes = vec![0; 32];
        bytes[NUMBER_OF_ROWS_AT..8].copy_from_slice(&said.to_le_bytes());
        bytes[HEADER_BYTES_AT] = 32;
        bytes[ROW_BYTES_AT] = 4;
        rows.iter().for_each(|row| bytes.extend_from_slice(row.as_bytes()));
        bytes
    }

    #[test]
    fn a_deleted_row_is_blank_and_stays_in_its_place() {
        let rows = Rows::of(table(&[" one", "*two", " six"], 3)).unwrap();
        assert_eq!(rows.are_deleted, [false, true, false]);
        assert_eq!(&rows.bytes[32..], b" one     six");
    }

    #[test]
    fn what_follows_the_last_row_is_not_one() {
        let rows = Rows::of(table(&[" one", "\u{1a}"], 1)).unwrap();
        assert_eq!(rows.are_deleted, [false]);
    }

    #[test]
    fn a_table_that_was_cut_short_says_what_is_missing() {
        let error = Rows::of(table(&[" one", " tw"], 2)).err().unwrap().to_string();
        assert_eq!(error, "its header says 2 records, and 1 are there");
        assert!(Rows::of(vec![3; 9]).is_err() && Rows::of(vec![0; 40]).is_err());
    }
}
