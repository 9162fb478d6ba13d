//! Visitor days → visitors of a municipality on a day.
//!
//! In: the days on which a device visited somewhere, each once for a municipality. Out: a cell for each.

use kayoi_device::DeviceRecord;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class};

use super::Cells;

/// A cell for each day and municipality visited.
pub(super) fn daily(record: &DeviceRecord, _: &Definition) -> Cells {
    let days = record.visitor_days.iter().map(|visit| Atom {
        period: visit.day.0,
        area: Area::Municipality(visit.municipality),
        origin: visit.origin,
        class: Class::ALL,
    });
    days.map(|atom| (atom, 1)).collect()
}
