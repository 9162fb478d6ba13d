//! Cells while they are drawn.
//!
//! In: values of areas and classes, in any order. Out: cells by cube, sorted, none of them empty.

use std::collections::BTreeMap;

use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

pub(super) struct Sheet {
    month: Month,
    /// The origin of cells that are not split by where people live: the first municipality, as counts have it.
    anyone: Option<MunicipalityCode>,
    cells: BTreeMap<Cube, Vec<(Atom, u64)>>,
}

impl Sheet {
    pub(super) fn new(month: Month, anyone: Option<MunicipalityCode>) -> Self {
        Self { month, anyone, cells: BTreeMap::new() }
    }

    /// Whether the month has a cube at all.
    pub(super) fn has(&self, cube: Cube) -> bool {
        cube.rhythm().has(self.month)
    }

    /// Adds a cell that is not split by where people live, with the values of its dimensions.
    pub(super) fn put<const N: usize>(
        &mut self,
        cube: Cube,
        area: Area,
        values: [(Dimension, usize); N],
        value: u64,
    ) {
        if let Some(anyone) = self.anyone {
            self.put_keyed(cube, (area, anyone), values, value);
        }
    }

    /// Adds a cell of an area and of another municipality, or that of a cell.
    pub(super) fn put_keyed<const N: usize>(
        &mut self,
        cube: Cube,
        (area, origin): (Area, MunicipalityCode),
        values: [(Dimension, usize); N],
        value: u64,
    ) {
        if value == 0 || !self.has(cube) {
            return;
        }
        let declared = cube.declaration().dimensions;
        let class = values
            .iter()
            .fold(Class::ALL, |class, (dimension, value)| class.with(declared, *dimension, *value as u16));
        let atom = Atom { period: self.month.0, area, origin, class };
        self.cells.entry(cube).or_default().push((atom, value));
    }

    /// All of them.
    pub(super) fn finish(mut self) -> BTreeMap<Cube, Vec<(Atom, u64)>> {
        for cells in self.cells.values_mut() {
            cells.sort_unstable_by_key(|(atom, _)| *atom);
        }
        self.cells
    }
}
