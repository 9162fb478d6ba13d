//! Residences → devices by primary residence.
//!
//! In: a device's residences by month. Out: a cell for each month in which it was located. Weights are made
//! of these.

use kayoi_device::DeviceRecord;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class};

use super::Cells;

/// A cell for each month with a primary residence.
pub(super) fn monthly(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let located = record.residences.iter().filter_map(|(month, residences)| {
        let origin = residences.first()?.municipality;
        Some(Atom { period: month.0, area: Area::Municipality(origin), origin, class: Class::ALL })
    });
    (located.map(|atom| (atom, 1)).collect(), 0)
}
