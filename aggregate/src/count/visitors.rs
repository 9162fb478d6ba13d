//! Visitor days → visitors of a municipality on a day, and in a month on weekdays and on holidays.
//!
//! In: the days on which a device visited somewhere, each once for a municipality. Out: a cell for each day;
//! for a month a cell for each type of day, with 1 for the visitor and with the days, which the cube caps.

use kayoi_device::{DeviceRecord, VisitorDay};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension};
use kayoi_schemas::time::Day;

use super::Cells;

/// The visits on days of a month of whose panel the device is one: the weights are made of the same devices.
fn counted(record: &DeviceRecord) -> impl Iterator<Item = &VisitorDay> {
    let is_in_panel = |day: Day| record.panel.get(&day.month()).is_some_and(|panel| panel.is_of_month);
    record.visitor_days.iter().filter(move |visit| is_in_panel(visit.day))
}

/// A cell for each day and municipality visited.
pub(super) fn daily(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let days = counted(record).map(|visit| Atom {
        period: visit.day.0,
        area: Area::Municipality(visit.municipality),
        origin: visit.origin,
        class: Class::ALL,
    });
    (days.map(|atom| (atom, 1)).collect(), 0)
}

/// A cell for each month, municipality and type of day.
pub(super) fn monthly(record: &DeviceRecord, definition: &Definition) -> (Cells, u64) {
    let (days, _) = days_monthly(record, definition);
    (days.into_keys().map(|atom| (atom, 1)).collect(), 0)
}

/// The days in such a cell.
pub(super) fn days_monthly(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::VisitorDaysMonthly.declaration().dimensions;
    let mut cells = Cells::new();
    for visit in counted(record) {
        let day_type = u16::from(!visit.day.is_working_day());
        let atom = Atom {
            period: visit.day.month().0,
            area: Area::Municipality(visit.municipality),
            // Where it lives may change within a month, and a device has one origin in a cell of it.
            origin: origin_of_month(record, visit.day.month()).unwrap_or(visit.origin),
            class: Class::ALL.with(declared, Dimension::DayType, day_type),
        };
        *cells.entry(atom).or_default() += 1;
    }
    (cells, 0)
}

fn origin_of_month(
    record: &DeviceRecord,
    month: kayoi_schemas::time::Month,
) -> Option<kayoi_schemas::ids::MunicipalityCode> {
    Some(record.residences.get(&month)?.first()?.municipality)
}
