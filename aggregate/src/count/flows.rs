//! Visits → other municipalities that they are bound to: before, after, for the night, on the way in, on the trip.
//!
//! In: a device's visits. Out: for each month and municipality a cell for each other one, the device split evenly over
//! its visits; and one for all whose other municipality is known, under the visited municipality itself. A device
//! names another municipality in the figures of a few only (`MOST_NAMED`), the ones it came to most: what it does in
//! that other one is a tie as well, and its cost must have an end.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kayoi_device::{DeviceRecord, Visit};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::MOST_NAMED;
use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension, SLEPT};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use super::Cells;
use super::split::Split;
use super::stays::{by_month, split};

/// Parts of the device by month, direction, visited municipality and other one.
type Named = BTreeMap<(Month, u16, MunicipalityCode, MunicipalityCode), f64>;

/// Where visitors were before and after, slept, and came in.
pub(super) fn of_visits(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::FlowsMonthly.declaration().dimensions;
    let (mut named, mut all) = (Named::new(), Split::default());
    let cell = |month: Month, direction: u16, place: MunicipalityCode, other: MunicipalityCode| Atom {
        period: month.0,
        area: Area::Municipality(place),
        origin: other,
        class: Class::ALL.with(declared, Dimension::Direction, direction),
    };
    for ((month, place), visits) in by_month(record) {
        let beside: [fn(&Visit) -> Vec<MunicipalityCode>; 4] = [
            |visit| visit.before.into_iter().collect(),
            |visit| visit.after.into_iter().collect(),
            |visit| visit.beds.clone(),
            |visit| visit.entry.into_iter().collect(),
        ];
        for (direction, others) in beside.iter().enumerate() {
            let others: Vec<Vec<MunicipalityCode>> = visits.iter().map(|visit| others(visit)).collect();
            let known: Vec<&Vec<MunicipalityCode>> = others.iter().filter(|of| !of.is_empty()).collect();
            for of_visit in &known {
                for other in *of_visit {
                    let part = 1.0 / (known.len() * of_visit.len()) as f64;
                    *named.entry((month, direction as u16, place, *other)).or_default() += part;
                }
            }
            if !known.is_empty() {
                // Under its own municipality stands everybody; of lodging, who slept there.
                let total = if direction == 2 { SLEPT } else { direction as u16 };
                all.add(cell(month, total, place, place), 1.0);
            }
        }
    }
    let (kept, left_out) = few_named(named);
    for ((month, direction, place, other), part) in kept {
        all.add(cell(month, direction, place, other), part);
    }
    (all.cells(Cube::FlowsMonthly), left_out)
}

/// By how many municipalities the trip visited.
pub(super) fn trip_sizes(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::TripSizesMonthly.declaration().dimensions;
    split(record, Cube::TripSizesMonthly, |visit, _| {
        let size = visit.trip.len().clamp(1, 4) as u16;
        Some(Class::ALL.with(declared, Dimension::TripSize, size - 1))
    })
}

/// By another municipality of the same trip.
pub(super) fn trip_pairs(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let mut named = Named::new();
    let mut left_out = 0;
    for ((month, place), visits) in by_month(record) {
        let mut others: BTreeMap<MunicipalityCode, f64> = BTreeMap::new();
        for visit in &visits {
            for other in visit.trip.iter().filter(|other| **other != place) {
                *others.entry(*other).or_default() += 1.0 / visits.len() as f64;
            }
        }
        let mut most: Vec<(MunicipalityCode, f64)> = others.into_iter().collect();
        most.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        left_out += most.len().saturating_sub(MOST_NAMED as usize) as u64;
        for (other, part) in most.into_iter().take(MOST_NAMED as usize) {
            named.insert((month, 0, place, other), part);
        }
    }
    let (kept, more) = few_named(named);
    let mut cells = Split::default();
    for ((month, _, place, other), part) in kept {
        let atom =
            Atom { period: month.0, area: Area::Municipality(place), origin: other, class: Class::ALL };
        cells.add(atom, part);
    }
    (cells.cells(Cube::TripPairsMonthly), left_out + more)
}

/// The same, where each other municipality is named by a few visited ones only, and how many cells that leaves out.
fn few_named(named: Named) -> (Named, u64) {
    let mut by_other: BTreeMap<(Month, u16, MunicipalityCode), Vec<(MunicipalityCode, f64)>> =
        BTreeMap::new();
    for ((month, direction, place, other), part) in named {
        by_other.entry((month, direction, other)).or_default().push((place, part));
    }
    let (mut kept, mut left_out) = (Named::new(), 0);
    for ((month, direction, other), mut places) in by_other {
        places.sort_by_key(|(place, part)| (Reverse((part * 1e6) as u64), *place));
        left_out += places.len().saturating_sub(MOST_NAMED as usize) as u64;
        for (place, part) in places.into_iter().take(MOST_NAMED as usize) {
            kept.insert((month, direction, place, other), part);
        }
    }
    (kept, left_out)
}
