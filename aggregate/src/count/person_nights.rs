//! Nights → nights slept away from home, by municipality and month.
//!
//! In: a device's known nights and its residences. Out: for each month and municipality in which it does not
//! live, how many nights it slept there; the cube caps them. Nights of months of whose panel the device
//! is not are left out: weights know nothing of them.

use kayoi_device::DeviceRecord;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class};

use super::Cells;
use super::split::home;

/// Nights away from every residence.
pub(super) fn monthly(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let mut cells = Cells::new();
    for (night, municipality) in record.nights.known() {
        let month = night.month();
        let Some(origin) = home(record, month) else { continue };
        let lives = record.residences.get(&month).into_iter().flatten();
        let mut residences = lives.map(|residence| residence.municipality);
        if residences.all(|residence| residence != municipality) {
            let area = Area::Municipality(municipality);
            *cells.entry(Atom { period: month.0, area, origin, class: Class::ALL }).or_default() += 1;
        }
    }
    (cells, 0)
}
