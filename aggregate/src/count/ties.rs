//! Ties → the connected population of municipalities, and the distinct people of larger areas.
//!
//! In: a device's ties that count, in the months in which it is one of the year's panel. Out: one cell for each
//! tie, and one for each area with any of them, within the runs that the ledger allows (see `runs`). In an area the
//! device has the strongest of each property among its ties there, so that it is counted once.

use std::collections::BTreeMap;

use kayoi_device::{DeviceRecord, Excluded, Tie};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, CountedKind, Cube, Dimension, MOST_PURPOSES, Rung, TieClass};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use super::{Cells, runs};

/// A cell of a municipality for each tie that counts.
pub(super) fn of_municipalities(record: &DeviceRecord, definition: &Definition) -> (Cells, u64) {
    let cube = Cube::ConnectedMonthly;
    let declared = cube.declaration().dimensions;
    let mut series = Series::new();
    for (month, tie, origin) in counted(record) {
        let days_from = definition.visit_day_class(tie.visit_days).0;
        let class = Strength::of(tie).class(declared).with(declared, Dimension::VisitDays, days_from);
        let area = Area::Municipality(tie.municipality);
        series.entry(area).or_default().insert(month, Atom { period: month.0, area, origin, class });
    }
    bounded(cube, &series)
}

/// A cell of the country and of each prefecture with a tie that is counted in a municipality: what was left out
/// there is left out here, or an area would have people whom its parts do not have.
pub(super) fn of_larger_areas(record: &DeviceRecord, definition: &Definition) -> (Cells, u64) {
    let cube = Cube::ConnectedTotalsMonthly;
    let declared = cube.declaration().dimensions;
    let mut areas: BTreeMap<(i32, Area), (MunicipalityCode, Strength)> = BTreeMap::new();
    for atom in of_municipalities(record, definition).0.into_keys() {
        let (Some(own), Area::Municipality(place)) = (Strength::of_class(atom.class), atom.area) else {
            continue;
        };
        for area in [Area::Country, Area::Prefecture(place.prefecture())] {
            let known = areas.entry((atom.period, area)).or_insert((atom.origin, own));
            known.1 = known.1.join(own);
        }
    }
    let mut series = Series::new();
    for ((period, area), (origin, strength)) in areas {
        let atom = Atom { period, area, origin, class: strength.class(declared) };
        series.entry(area).or_default().insert(Month(period), atom);
    }
    bounded(cube, &series)
}

/// The cells of a device's ties: by area, then by month.
type Series = BTreeMap<Area, BTreeMap<Month, Atom>>;

/// The cells that are counted, and how many of them are not what they would have been.
fn bounded(cube: Cube, series: &Series) -> (Cells, u64) {
    let (mut cells, mut changed) = (Cells::new(), 0);
    for of_area in series.values() {
        let (kept, held_back) = runs::bounded(cube, of_area);
        cells.extend(kept.into_iter().map(|atom| (atom, 1)));
        changed += held_back;
    }
    (cells, changed)
}

/// The kinds, but for classes of days, that a tie is counted under.
pub(super) fn named_kinds(tie: &Tie) -> impl Iterator<Item = CountedKind> {
    let declared = Cube::ConnectedMonthly.declaration().dimensions;
    let class = TieClass::of(Cube::ConnectedMonthly, Strength::of(tie).class(declared));
    let kinds = CountedKind::OF_AREAS.into_iter().chain(CountedKind::PURPOSES);
    kinds.filter(move |kind| class.is_some_and(|class| class.is(*kind)))
}

/// The ties that count, each with its month and the municipality of residence.
pub(super) fn counted(record: &DeviceRecord) -> impl Iterator<Item = (Month, &Tie, MunicipalityCode)> {
    let ties = record.ties.iter().flat_map(|(month, ties)| ties.iter().map(|tie| (*month, tie)));
    // Who was not seen for most of the year cannot have come often enough: the weights know that it is not counted.
    let is_in_panel = |month: Month| record.panel.get(&month).is_some_and(|panel| panel.is_of_year);
    ties.filter(move |(month, tie)| tie.excluded == Excluded::No && is_in_panel(*month))
        .filter_map(|(month, tie)| Some((month, tie, tie.origin?)))
}

/// How strong a tie is, apart from its days.
#[derive(Clone, Copy)]
struct Strength {
    rung: Rung,
    is_dual_resident: bool,
    is_workation: bool,
    purposes: u16,
}

impl Strength {
    fn of(tie: &Tie) -> Self {
        let rung = match (tie.is_connected, tie.is_repeat) {
            (true, _) => Rung::Connected,
            (false, true) => Rung::Repeat,
            (false, false) => Rung::OneOff,
        };
        let mut left = MOST_PURPOSES;
        let mut counted = |is_one: bool| {
            let is_counted = is_one && left > 0;
            left -= u32::from(is_counted);
            is_counted
        };
        // The strongest first. A season of work is a second residence as well.
        let seasonal = counted(tie.is_seasonal_work);
        let is_dual_resident = counted(tie.is_dual_resident);
        let office = counted(tie.uses_an_office);
        let on_the_road = counted(tie.is_on_the_road);
        let is_workation = counted(tie.is_workation);
        let business = counted(tie.is_business);
        // In the order of `CountedKind::PURPOSES`.
        let purposes = [seasonal, office, on_the_road, business];
        let bits = purposes.iter().enumerate().map(|(bit, is_one)| u16::from(*is_one) << bit);
        Self { rung, is_dual_resident, is_workation, purposes: bits.sum() }
    }

    /// That of a cell of a municipality.
    fn of_class(class: Class) -> Option<Self> {
        let TieClass { rung, is_dual_resident, is_workation, purposes, .. } =
            TieClass::of(Cube::ConnectedMonthly, class)?;
        Some(Self { rung, is_dual_resident, is_workation, purposes })
    }

    fn join(self, other: Self) -> Self {
        Self {
            rung: self.rung.max(other.rung),
            is_dual_resident: self.is_dual_resident || other.is_dual_resident,
            is_workation: self.is_workation || other.is_workation,
            purposes: self.purposes | other.purposes,
        }
    }

    fn class(self, declared: &[Dimension]) -> Class {
        Class::ALL
            .with(declared, Dimension::Rung, self.rung.value())
            .with(declared, Dimension::DualResident, u16::from(self.is_dual_resident))
            .with(declared, Dimension::Workation, u16::from(self.is_workation))
            .with(declared, Dimension::Purposes, self.purposes)
    }
}
