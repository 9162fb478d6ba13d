//! Device records → exact counts of every cube.
//!
//! In: device records, one after the other. Out: for each [`Cube`] how much each of its cells holds. A
//! device's share of a cell is capped by the cube's declaration, here and for every cube alike, so no rule
//! can forget it. Memory grows with areas and periods, not with devices. A new cube is a declaration in
//! `kayoi_schemas::figure`, a rule in a file of this folder, and its arm in `rule`.

use std::collections::BTreeMap;

use kayoi_device::DeviceRecord;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Cube};
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::invariant::{Broken, distinct_within_sum};

mod ties;
mod visitors;
mod residents;
mod person_nights;

/// The cells of one cube, each with its value.
pub(crate) type Cells = BTreeMap<Atom, u64>;

/// What one device adds to a cube, before its share is capped.
type Rule = fn(&DeviceRecord, &Definition) -> Cells;

/// The rule by which a cube is counted.
fn rule(cube: Cube) -> Rule {
    match cube {
        Cube::ConnectedMonthly => ties::of_municipalities,
        Cube::ConnectedTotalsMonthly => ties::of_larger_areas,
        Cube::VisitorsDaily => visitors::daily,
        Cube::ResidentsMonthly => residents::monthly,
        Cube::PersonNightsMonthly => person_nights::monthly,
    }
}

/// Exact counts of every cube.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counts(BTreeMap<Cube, Cells>);

static NO_CELLS: Cells = Cells::new();

impl Counts {
    /// Counts one device.
    pub(crate) fn count(&mut self, record: &DeviceRecord, definition: &Definition) {
        for cube in Cube::ALL {
            let most = u64::from(cube.declaration().most_of_a_device);
            let cells = self.0.entry(cube).or_default();
            for (atom, value) in rule(cube)(record, definition) {
                *cells.entry(atom).or_default() += value.min(most);
            }
        }
    }

    /// Adds to one cell.
    pub(crate) fn put(&mut self, cube: Cube, atom: Atom, value: u64) {
        *self.0.entry(cube).or_default().entry(atom).or_default() += value;
    }

    /// Adds the counts of other devices.
    pub(crate) fn add(&mut self, other: Self) {
        for (cube, cells) in other.0 {
            let known = self.0.entry(cube).or_default();
            for (atom, value) in cells {
                *known.entry(atom).or_default() += value;
            }
        }
    }

    /// The cells of a cube.
    pub(crate) fn of(&self, cube: Cube) -> &BTreeMap<Atom, u64> {
        self.0.get(&cube).unwrap_or(&NO_CELLS)
    }

    /// Checks what must hold between cubes: the distinct devices of a larger area are at most the sum over
    /// its municipalities, and at least the largest of them.
    ///
    /// # Errors
    /// [`Broken`] with the figures: a defect, and nothing may be released.
    pub(crate) fn check(&self) -> Result<(), Broken> {
        let mut of_places: BTreeMap<(i32, Area), u64> = BTreeMap::new();
        for (atom, value) in self.of(Cube::ConnectedMonthly) {
            *of_places.entry((atom.period, atom.area)).or_default() += value;
        }
        let mut of_areas: BTreeMap<(i32, Area), u64> = BTreeMap::new();
        for (atom, value) in self.of(Cube::ConnectedTotalsMonthly) {
            *of_areas.entry((atom.period, atom.area)).or_default() += value;
        }
        for ((period, area), distinct) in of_areas {
            // Municipalities are added up here, so that an area that was counted by itself is checked by
            // another way.
            let places = of_places.iter().filter(|((found, place), _)| {
                *found == period && prefecture_of(*place).is_some_and(|prefecture| area.contains(prefecture))
            });
            distinct_within_sum(distinct, &places.map(|(_, value)| *value).collect::<Vec<_>>())?;
        }
        Ok(())
    }
}

fn prefecture_of(area: Area) -> Option<PrefectureCode> {
    match area {
        Area::Municipality(code) => Some(code.prefecture()),
        Area::Prefecture(code) => Some(code),
        Area::Country => None,
    }
}

#[cfg(test)]
#[path = "count_tests.rs"]
mod tests;
