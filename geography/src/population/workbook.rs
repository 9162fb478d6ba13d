//! A workbook of Excel, .xlsx or .xls.
//!
//! In: its bytes. Out: a [`Grid`] for each sheet of cells, merged regions filled, so that a title over three
//! columns stands in all three. Cells come one at a time and not as a filled rectangle, because one stray cell in the
//! last row would make that rectangle larger than the memory. A broken file may make the reader panic: that is an
//! error here, and no end of the process.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Dimensions, Reader, Xls, Xlsx};

use super::grid::{Grid, GridCell, MOST_CELLS, MOST_COLUMNS, MOST_ROWS};
use crate::error::Cause;

/// How a .xlsx begins, as every zip archive.
const ZIP: &[u8] = b"PK\x03\x04";
/// How a .xls begins, as every compound document; an encrypted .xlsx is one too.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Whether bytes are a workbook, whatever the file is called.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(ZIP) || bytes.starts_with(COMPOUND)
}

/// The sheets of a workbook.
///
/// # Errors
/// What its reader says of it.
pub(super) fn grids(bytes: &[u8]) -> Result<Vec<Grid>, Cause> {
    let read = || if bytes.starts_with(ZIP) { xlsx(bytes) } else { xls(bytes) };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err("its parts contradict each other".into()))
}

fn xlsx(bytes: &[u8]) -> Result<Vec<Grid>, Cause> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let mut grids = Vec::new();
    for name in book.sheet_names() {
        // A sheet of a chart alone has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let mut sheet = Sheet::default();
        while let Some(cell) = cells.next_cell()? {
            if let Some(text) = text(cell.get_value()) {
                sheet.put(cell.get_position(), text)?;
            }
        }
        drop(cells);
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        grids.push(sheet.finish(name, &merged)?);
    }
    Ok(grids)
}

fn xls(bytes: &[u8]) -> Result<Vec<Grid>, Cause> {
    let mut book: Xls<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))?;
    let mut grids = Vec::new();
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut sheet = Sheet::default();
        for (row, column, value) in range.used_cells() {
            if let Some(text) = text(&borrowed(value)) {
                sheet.put((top + row as u32, left + column as u32), text)?;
            }
        }
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        grids.push(sheet.finish(name, &merged)?);
    }
    Ok(grids)
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        _ => DataRef::Empty,
    }
}

/// A cell as text: whole numbers without a fraction. Dates and errors are none of a table of people.
fn text(value: &DataRef<'_>) -> Option<String> {
    match value {
        DataRef::Int(number) => Some(number.to_string()),
        DataRef::Float(number) => Some(number.to_string()),
        DataRef::String(text) => Some(text.clone()),
        DataRef::SharedString(text) => Some((*text).to_owned()),
        _ => None,
    }
}

/// A sheet under construction.
#[derive(Default)]
struct Sheet {
    rows: Vec<Vec<GridCell>>,
    cells: usize,
}

impl Sheet {
    fn put(&mut self, (row, column): (u32, u32), text: String) -> Result<(), Cause> {
        let (row, column) = (row as usize, column as usize);
        if column >= MOST_COLUMNS || row >= MOST_ROWS {
            return Ok(());
        }
        if self.rows.len() <= row {
            self.rows.resize_with(row + 1, Vec::new);
        }
        let cells = &mut self.rows[row];
        if cells.len() <= column {
            self.cells += column + 1 - cells.len();
            if self.cells > MOST_CELLS {
                return Err(format!("it has more than {MOST_CELLS} cells").into());
            }
            cells.resize_with(column + 1, GridCell::default);
        }
        cells[column] = GridCell { text, is_merged: false };
        Ok(())
    }

    /// Fills merged regions, those that end within the table's rows: a header and a prefecture's name beside its
    /// towns. A region over whole rows or columns of the sheet is decoration.
    fn finish(mut self, name: String, merged: &[Dimensions]) -> Result<Grid, Cause> {
        for region in merged {
            let (top, left) = (region.start.0 as usize, region.start.1 as usize);
            let (bottom, right) = (region.end.0 as usize, region.end.1 as usize);
            let is_ordered = top <= bottom && left <= right && (top, left) != (bottom, right);
            if !is_ordered || bottom >= self.rows.len() || right >= MOST_COLUMNS {
                continue;
            }
            let Some(text) = self.rows.get(top).and_then(|row| row.get(left)).map(|cell| cell.text.clone())
            else {
                continue;
            };
            for row in top..=bottom {
                for column in left..=right {
                    self.put((row as u32, column as u32), text.clone())?;
                    self.rows[row][column].is_merged = true;
                }
            }
        }
        Ok(Grid { sheet: Some(name), rows: self.rows, lines: None })
    }
}
