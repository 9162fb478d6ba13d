//! Visits → visitors by where they slept, by nights and by hours; workation stays.
//!
//! In: a device's visits. Out: for each month and municipality the device, split evenly over its visits, in the class
//! of each. A visit whose nights are not known stands in a class of its own.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_device::{DeviceRecord, Pattern, Visit};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Month, WINDOW_MONTHS};

use super::Cells;
use super::split::{Split, at, group, home};

/// The visits of each month and municipality, in months of whose panel the device is one.
pub(super) fn by_month(record: &DeviceRecord) -> BTreeMap<(Month, MunicipalityCode), Vec<&Visit>> {
    let mut visits: BTreeMap<_, Vec<&Visit>> = BTreeMap::new();
    for visit in record.visits.iter().filter(|visit| home(record, visit.month()).is_some()) {
        visits.entry((visit.month(), visit.municipality)).or_default().push(visit);
    }
    visits
}

/// Splits the device over visits by a class; a visit without one is left out.
pub(super) fn split(
    record: &DeviceRecord,
    cube: Cube,
    class: impl Fn(&Visit, MunicipalityCode) -> Option<Class>,
) -> (Cells, u64) {
    let mut parts = Split::default();
    for ((month, municipality), visits) in by_month(record) {
        let Some(home) = home(record, month) else { continue };
        let classes: Vec<Class> = visits.iter().filter_map(|visit| class(visit, home)).collect();
        for class in &classes {
            let atom = at(month, municipality, *class);
            atom.into_iter().for_each(|atom| parts.add(atom, 1.0 / classes.len() as f64));
        }
    }
    (parts.cells(cube), 0)
}

/// By where the nights around the visit were slept, and where people live.
pub(super) fn patterns(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::StaysMonthly.declaration().dimensions;
    split(record, Cube::StaysMonthly, |visit, home| {
        let pattern = match visit.pattern {
            Some(Pattern::DayTrip) => 0,
            Some(Pattern::OvernightHere) => 1,
            Some(Pattern::OvernightElsewhere) => 2,
            Some(Pattern::Both) => 3,
            None => 4,
        };
        let class = Class::ALL.with(declared, Dimension::Pattern, pattern);
        Some(class.with(declared, Dimension::Group, group(visit.municipality, home)))
    })
}

/// By nights, of visits with a night.
pub(super) fn nights(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::StayNightsMonthly.declaration().dimensions;
    split(record, Cube::StayNightsMonthly, |visit, _| {
        let class = match visit.nights {
            0 => return None,
            nights @ 1..=3 => nights as u16 - 1,
            4..=6 => 3,
            _ => 4,
        };
        Some(Class::ALL.with(declared, Dimension::StayNights, class))
    })
}

/// By hours, of day trips.
pub(super) fn hours(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::StayHoursMonthly.declaration().dimensions;
    split(record, Cube::StayHoursMonthly, |visit, _| {
        let class = match visit.minutes / 60.0 {
            _ if visit.pattern != Some(Pattern::DayTrip) => return None,
            hours if hours < 2.0 => 0,
            hours if hours < 4.0 => 1,
            hours if hours < 6.0 => 2,
            _ => 3,
        };
        Some(Class::ALL.with(declared, Dimension::StayHours, class))
    })
}

/// Whether the device had visited the municipality before, in the twelve months that end with the visit's.
pub(super) fn returns(record: &DeviceRecord, visit: &Visit) -> bool {
    record.visits.iter().any(|other| {
        other.municipality == visit.municipality
            && other.days.1 < visit.days.0
            && other.month().0 > visit.month().0 - WINDOW_MONTHS as i32
    })
}

/// Stays of a workation, with their month and class: so many days at a desk, each beside a night there.
fn workations<'r>(
    record: &'r DeviceRecord,
    definition: &Definition,
) -> impl Iterator<Item = (Month, &'r Visit, Class)> {
    let least = definition.thresholds.workation_min_days.get();
    let is_one = move |visit: &Visit| visit.nights > 0 && visit.telework_days >= least;
    let declared = Cube::WorkationGuestsMonthly.declaration().dimensions;
    let visits = record.visits.iter().filter(move |visit| is_one(visit));
    visits.filter(|visit| home(record, visit.month()).is_some()).map(move |visit| {
        let month = visit.month();
        (month, visit, Class::ALL.with(declared, Dimension::Comes, u16::from(returns(record, visit))))
    })
}

/// Guests of workation stays: whoever came twice in a month returns.
pub(super) fn workation_guests(record: &DeviceRecord, definition: &Definition) -> (Cells, u64) {
    let mut guests = BTreeMap::new();
    for (month, visit, class) in workations(record, definition) {
        let known = guests.entry((month, visit.municipality)).or_insert(class);
        *known = class.max(*known);
    }
    let atoms = guests.into_iter().filter_map(|((month, place), class)| at(month, place, class));
    (atoms.map(|atom| (atom, 1)).collect(), 0)
}

/// Their nights.
pub(super) fn workation_nights(record: &DeviceRecord, definition: &Definition) -> (Cells, u64) {
    let (guests, _) = workation_guests(record, definition);
    let mut nights: BTreeMap<(Month, MunicipalityCode), u64> = BTreeMap::new();
    for (month, visit, _) in workations(record, definition) {
        *nights.entry((month, visit.municipality)).or_default() += u64::from(visit.nights);
    }
    let known: BTreeSet<_> = guests.into_keys().collect();
    let of = |atom: &Atom| match atom.area {
        Area::Municipality(place) => nights.get(&(Month(atom.period), place)).copied(),
        _ => None,
    };
    (known.into_iter().filter_map(|atom| Some((atom, of(&atom)?))).collect(), 0)
}
