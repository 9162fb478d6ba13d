//! Nights → nights slept away from home, by municipality and month.
//!
//! In: a device's known nights and its residences. Out: for each month and municipality other than its
//! primary residence, how many nights it slept there; the cube caps them. Nights of months in which it is not
//! known where the device lives are left out: they may be nights at home.

use kayoi_device::DeviceRecord;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class};

use super::Cells;

/// Nights away from the primary residence.
pub(super) fn monthly(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let mut cells = Cells::new();
    for (night, municipality) in record.nights.known() {
        let month = night.month();
        let Some(primary) = record.residences.get(&month).and_then(|residences| residences.first()) else {
            continue;
        };
        let origin = primary.municipality;
        if municipality != origin {
            let area = Area::Municipality(municipality);
            *cells.entry(Atom { period: month.0, area, origin, class: Class::ALL }).or_default() += 1;
        }
    }
    (cells, 0)
}
