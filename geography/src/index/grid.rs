//! The grid: which cell a point lies in, and which cells an edge touches.
//!
//! In: points and edges. Out: columns and rows of a uniform grid over the data's box. A point's column is one
//! subtraction and one multiplication of its longitude, both monotone in floating point too: of two points
//! the eastern never has the smaller column. So the points of one cell are exactly those between two
//! thresholds, and a point between the ends of an edge lies in a column between the columns of the ends. What
//! the index claims of a cell therefore holds for every double that computes to it, also on the line between
//! two cells.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::boundaries::ring::Point;

/// Cells per vertex. N03 gets cells of about 300 m: most are free of borders, and the table stays small
/// because [`super::table`] keeps blocks of equal cells as one.
const CELLS_PER_VERTEX: f64 = 8.0;
const MOST_CELLS_PER_SIDE: f64 = 32_000.0;
/// Degrees, about 0.1 m: below this cells would be as small as the padding is meaningful.
const SMALLEST_CELL: f64 = 1e-6;
/// Degrees. A computed crossing of an edge with a line of the grid is off by some 1e-13 at most.
const PADDING: f64 = 1e-9;

/// A uniform grid of square cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Grid {
    /// South-west corner of the data's box, degrees.
    low: Point,
    /// North-east corner of the box, degrees.
    high: Point,
    /// Side of a cell, degrees.
    size: f64,
    cells_per_degree: f64,
    columns: u32,
    rows: u32,
}

impl Grid {
    /// A grid over a box, fine enough for so many vertices.
    pub(super) fn over((low, high): (Point, Point), vertices: usize) -> Self {
        let width = (high[0] - low[0]).max(0.0);
        let height = (high[1] - low[1]).max(0.0);
        let by_density = (width * height / (CELLS_PER_VERTEX * vertices.max(1) as f64)).sqrt();
        let size = by_density.max(width.max(height) / MOST_CELLS_PER_SIDE).max(SMALLEST_CELL);
        let cells_per_degree = 1.0 / size;
        let mut grid = Self { low, high, size, cells_per_degree, columns: u32::MAX, rows: u32::MAX };
        grid.columns = grid.column(high[0]) + 1;
        grid.rows = grid.row(high[1]) + 1;
        grid
    }

    /// Column and row of a point; `None` outside the data's box.
    #[inline]
    pub(super) fn cell(&self, point: Point) -> Option<(u32, u32)> {
        let [x, y] = point;
        // Written so that NaN is outside.
        let inside = x >= self.low[0] && x <= self.high[0] && y >= self.low[1] && y <= self.high[1];
        inside.then(|| (self.column(x), self.row(y)))
    }

    #[inline]
    fn column(&self, x: f64) -> u32 {
        ((x - self.low[0]) * self.cells_per_degree) as u32
    }

    #[inline]
    fn row(&self, y: f64) -> u32 {
        ((y - self.low[1]) * self.cells_per_degree) as u32
    }

    /// Cells in one number, row by row.
    pub(super) fn number(&self, column: u32, row: u32) -> u32 {
        row * self.columns + column
    }

    pub(super) fn column_and_row(&self, cell: u32) -> (u32, u32) {
        (cell % self.columns, cell / self.columns)
    }

    pub(super) fn same_row(&self, a: u32, b: u32) -> bool {
        a / self.columns == b / self.columns
    }

    pub(super) fn columns(&self) -> u32 {
        self.columns
    }

    pub(super) fn rows(&self) -> u32 {
        self.rows
    }

    /// Column and row of a point of the data.
    pub(super) fn column_and_row_of(&self, point: Point) -> (u32, u32) {
        (self.column(point[0]), self.row(point[1]))
    }

    /// A point that lies in the cell.
    pub(super) fn centre(&self, cell: u32) -> Point {
        self.point_in(cell, 0)
    }

    /// Points spread over a cell; the first is its centre. Those of the last column and row may lie beyond
    /// the data's box, and those of a cell of the size of rounding beside it.
    pub(super) fn point_in(&self, cell: u32, attempt: u32) -> Point {
        let (column, row) = self.column_and_row(cell);
        // Additive recurrence with the plastic number (Roberts 2018): no three of the points lie on one line.
        let share = |step: f64| (0.5 + f64::from(attempt) * step).fract();
        let (along, up) = (share(0.754_877_666_246_692_7), share(0.569_840_290_998_053_2));
        [
            self.low[0] + (f64::from(column) + along) * self.size,
            self.low[1] + (f64::from(row) + up) * self.size,
        ]
    }

    /// The cells within so many degrees of a point, clipped to the grid.
    pub(super) fn cells_around(&self, point: Point, reach: Point) -> (Range<u32>, Range<u32>) {
        let span = |axis: usize, count: u32| {
            let at = |degrees: f64| ((degrees - self.low[axis]) * self.cells_per_degree).floor();
            let first = at(point[axis] - reach[axis]).max(0.0);
            let last = at(point[axis] + reach[axis]).min(f64::from(count) - 1.0);
            // Empty beyond the grid; a cast of anything negative is 0.
            first as u32..(last + 1.0) as u32
        };
        (span(0, self.columns), span(1, self.rows))
    }

    /// The corner of the grid south-west of a point, as near as doubles say.
    #[cfg(test)]
    pub(super) fn corner_near(&self, point: Point) -> Point {
        let (column, row) = (self.column(point[0]), self.row(point[1]));
        [self.low[0] + f64::from(column) * self.size, self.low[1] + f64::from(row) * self.size]
    }

    /// Visits every cell that an edge touches, and possibly a neighbour of such a cell.
    pub(super) fn touched_cells(&self, a: Point, b: Point, mut visit: impl FnMut(u32, u32)) {
        let (first_column, last_column) = ordered(self.column(a[0]), self.column(b[0]));
        let (first_row, last_row) = ordered(self.row(a[1]), self.row(b[1]));
        if first_column == last_column || first_row == last_row {
            for row in first_row..=last_row {
                (first_column..=last_column).for_each(|column| visit(column, row));
            }
        } else if (b[0] - a[0]).abs() >= (b[1] - a[1]).abs() {
            for column in first_column..=last_column {
                let (low, high) = self.crossed(a, b, 0, column);
                let low = self.row(low.max(self.low[1])).clamp(first_row, last_row);
                let high = self.row(high).clamp(first_row, last_row);
                (low..=high).for_each(|row| visit(column, row));
            }
        } else {
            for row in first_row..=last_row {
                let (low, high) = self.crossed(a, b, 1, row);
                let low = self.column(low.max(self.low[0])).clamp(first_column, last_column);
                let high = self.column(high).clamp(first_column, last_column);
                (low..=high).for_each(|column| visit(column, row));
            }
        }
    }

    /// The range that an edge takes on the other axis while it passes one column (axis 0) or row (axis 1).
    /// The edge is at most as steep as the diagonal to `axis`, so rounding along it is not magnified across
    /// it.
    fn crossed(&self, a: Point, b: Point, axis: usize, line: u32) -> (f64, f64) {
        let other = 1 - axis;
        let (least, most) = if a[axis] < b[axis] { (a[axis], b[axis]) } else { (b[axis], a[axis]) };
        let start = self.low[axis] + f64::from(line) * self.size - PADDING;
        let end = start + self.size + 2.0 * PADDING;
        let slope = (b[other] - a[other]) / (b[axis] - a[axis]);
        let at = |along: f64| a[other] + (along.clamp(least, most) - a[axis]) * slope;
        let (low, high) = ordered(at(start), at(end));
        (low - PADDING, high + PADDING)
    }
}

fn ordered<T: PartialOrd>(a: T, b: T) -> (T, T) {
    if a <= b { (a, b) } else { (b, a) }
}
