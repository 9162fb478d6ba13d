//! Ties at the end of a year or quarter → figures that are drawn then and not each month.
//!
//! In: a device's ties, residences, workplaces and nights. Out: cells in December and March, with which a calendar year
//! and a fiscal year end, and in the last month of each quarter. Once a year a figure may be finer than each month:
//! by municipality of origin, by rhythm.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_device::DeviceRecord;
use kayoi_device::residences::Regime;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, CountedKind, Cube, Dimension, Rhythm};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::time::Month;

use super::ties::{counted, named_kinds};
use super::{Cells, any_origin};

/// Dual residents by rhythm.
pub(super) fn dual_regimes(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::DualRegimesYearly.declaration().dimensions;
    let ties = counted(record).filter(|(month, tie, _)| Rhythm::Yearly.has(*month) && tie.is_dual_resident);
    let cells = ties.filter_map(|(month, tie, _)| {
        let lives = record.residences.get(&month)?;
        let second = lives.iter().find(|residence| residence.municipality == tie.municipality)?;
        let regime = match second.regime {
            Regime::Primary | Regime::LongStay => return None,
            regime => Dimension::Regime.value_of(regime.as_str())?,
        };
        let class = Class::ALL.with(declared, Dimension::Regime, regime);
        let area = Area::Municipality(tie.municipality);
        Some((Atom { period: month.0, area, origin: any_origin()?, class }, 1))
    });
    (cells.collect(), 0)
}

/// Connected people by how many municipalities they are connected to, in the prefecture where they live.
pub(super) fn municipalities_per_person(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::MunicipalitiesPerPersonYearly.declaration().dimensions;
    let mut counts: BTreeMap<(Month, MunicipalityCode), u16> = BTreeMap::new();
    for (month, _, origin) in counted(record).filter(|(_, tie, _)| tie.is_connected) {
        if Rhythm::Yearly.has(month) {
            *counts.entry((month, origin)).or_default() += 1;
        }
    }
    let cells = counts.into_iter().filter_map(|((month, origin), count)| {
        let class = Class::ALL.with(declared, Dimension::Municipalities, count.clamp(1, 4) - 1);
        let area = Area::Prefecture(origin.prefecture());
        Some((Atom { period: month.0, area, origin: any_origin()?, class }, 1))
    });
    (cells.collect(), 0)
}

/// Kinds that are drawn by municipality of origin.
const OF_ORIGINS: [CountedKind; 3] =
    [CountedKind::Visitor, CountedKind::Connected, CountedKind::DualResident];

/// Ties by municipality of residence, and of work.
pub(super) fn origins(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::OriginsYearly.declaration().dimensions;
    let mut cells = Cells::new();
    for (month, tie, home) in counted(record).filter(|(month, ..)| Rhythm::Yearly.has(*month)) {
        let work = record.workplaces.get(&month).map(|work| work.municipality);
        for kind in named_kinds(tie).filter(|kind| OF_ORIGINS.contains(kind)) {
            let Some(kind) = Dimension::Kind.value_of(&kind.to_string()) else { continue };
            for (side, other) in [(0, Some(home)), (1, work)] {
                let Some(other) = other.filter(|other| *other != tie.municipality) else { continue };
                let class = Class::ALL.with(declared, Dimension::Kind, kind);
                let class = class.with(declared, Dimension::Side, side);
                let area = Area::Municipality(tie.municipality);
                cells.insert(Atom { period: month.0, area, origin: other, class }, 1);
            }
        }
    }
    (cells, 0)
}

/// Nights of somebody on the road, in the quarter that ends with a month, by prefecture.
fn on_the_road(record: &DeviceRecord) -> BTreeMap<(Month, PrefectureCode), u64> {
    let months: BTreeSet<Month> =
        counted(record).filter(|(_, tie, _)| tie.is_on_the_road).map(|(month, ..)| month).collect();
    let mut nights = BTreeMap::new();
    for month in months.into_iter().filter(|month| Rhythm::Quarterly.has(*month)) {
        let lives = record.residences.get(&month).map(Vec::as_slice).unwrap_or_default();
        let is_away = |place: MunicipalityCode| lives.iter().all(|residence| residence.municipality != place);
        for (night, place) in record.nights.known() {
            let is_meant = night >= month.plus(-2).first_day() && night <= month.last_day() && is_away(place);
            if is_meant {
                *nights.entry((month, place.prefecture())).or_default() += 1;
            }
        }
    }
    nights
}

/// People on the road, in each prefecture where they slept, and in the country.
pub(super) fn itinerants(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    (of_road(record).into_keys().map(|atom| (atom, 1)).collect(), 0)
}

/// Their nights.
pub(super) fn itinerant_nights(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    (of_road(record), 0)
}

fn of_road(record: &DeviceRecord) -> Cells {
    let mut cells = Cells::new();
    for ((month, prefecture), nights) in on_the_road(record) {
        let Some(origin) = any_origin() else { continue };
        for area in [Area::Prefecture(prefecture), Area::Country] {
            let atom = Atom { period: month.0, area, origin, class: Class::ALL };
            *cells.entry(atom).or_default() += nights;
        }
    }
    cells
}
