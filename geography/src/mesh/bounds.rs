//! Where a mesh lies.
//!
//! In: a mesh as whole rows and columns. Out: its edges and centre, exactly as whole numbers and correctly
//! rounded as degrees. A row of the finest level is 3.75″ = 1/960° high, a column 5.625″ = 1/640° wide. Every
//! edge of every level is a whole number of them, while 1/960 has no end as a decimal or a double.

use kayoi_schemas::units::GridPoint;

use super::{COLUMNS_PER_DEGREE, ROWS_PER_DEGREE, WEST_DEGREES, row_and_column};

/// The rectangle of a mesh. Its south and west edges belong to it, its north and east edges do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MeshBounds {
    /// The south edge in 1/960 degree north of the equator, 0 to 63,999.
    pub south_row: u32,
    /// The west edge in 1/640 degree east of 100° E, 0 to 51,199.
    pub west_column: u32,
    /// The side, in rows northward and as many columns eastward: 1 to 640.
    pub span: u32,
}

impl MeshBounds {
    /// The south edge, degrees latitude.
    pub fn south(self) -> f64 {
        latitude(self.south_row)
    }

    /// The north edge, degrees latitude.
    pub fn north(self) -> f64 {
        latitude(self.south_row + self.span)
    }

    /// The west edge, degrees longitude.
    pub fn west(self) -> f64 {
        longitude(self.west_column)
    }

    /// The east edge, degrees longitude.
    pub fn east(self) -> f64 {
        longitude(self.west_column + self.span)
    }

    /// The centre, (latitude, longitude) in degrees. Unlike a corner, which rounding can push over its edge,
    /// it always gives its own mesh back.
    pub fn centre(self) -> (f64, f64) {
        let row = f64::from(2 * self.south_row + self.span);
        let column = f64::from(2 * (WEST_DEGREES * COLUMNS_PER_DEGREE + self.west_column) + self.span);
        (row / f64::from(2 * ROWS_PER_DEGREE), column / f64::from(2 * COLUMNS_PER_DEGREE))
    }

    /// Whether the point is in the mesh, exactly.
    pub fn contains(self, point: GridPoint) -> bool {
        row_and_column(point).is_some_and(|(row, column)| {
            (self.south_row..self.south_row + self.span).contains(&row)
                && (self.west_column..self.west_column + self.span).contains(&column)
        })
    }
}

/// One division, so the double nearest to the edge.
fn latitude(row: u32) -> f64 {
    f64::from(row) / f64::from(ROWS_PER_DEGREE)
}

fn longitude(column: u32) -> f64 {
    f64::from(WEST_DEGREES * COLUMNS_PER_DEGREE + column) / f64::from(COLUMNS_PER_DEGREE)
}
