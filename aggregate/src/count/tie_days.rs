//! Ties → the days and nights that they brought in a month, by kind.
//!
//! In: a device's ties that count in a month, its visitor days and known nights of that month. Out: a cell for each
//! kind of a tie. The stock says how many people are tied; this says how much they were there.

use std::collections::BTreeMap;

use kayoi_device::DeviceRecord;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Class, Cube, Dimension};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use super::Cells;
use super::split::{at, home};
use super::ties::{counted, named_kinds};

/// How often something was in a month and municipality.
type Often = BTreeMap<(Month, MunicipalityCode), u64>;

/// Days with a visit.
pub(super) fn days(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let mut days = Often::new();
    for visit in &record.visitor_days {
        *days.entry((visit.day.month(), visit.municipality)).or_default() += 1;
    }
    by_kind(record, Cube::TieDaysMonthly, &days)
}

/// Known nights.
pub(super) fn nights(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let mut nights = Often::new();
    for (night, municipality) in record.nights.known() {
        *nights.entry((night.month(), municipality)).or_default() += 1;
    }
    by_kind(record, Cube::TieNightsMonthly, &nights)
}

fn by_kind(record: &DeviceRecord, cube: Cube, often: &Often) -> (Cells, u64) {
    let declared = cube.declaration().dimensions;
    let mut cells = Cells::new();
    for (month, tie, _) in counted(record) {
        let value = often.get(&(month, tie.municipality)).copied().unwrap_or_default();
        if value == 0 || home(record, month).is_none() {
            continue;
        }
        for kind in named_kinds(tie) {
            let Some(kind) = Dimension::Kind.value_of(&kind.to_string()) else { continue };
            let class = Class::ALL.with(declared, Dimension::Kind, kind);
            at(month, tie.municipality, class).into_iter().for_each(|atom| {
                cells.insert(atom, value);
            });
        }
    }
    (cells, 0)
}
