//! A device that is split over several cells of a figure.
//!
//! In: parts of one, as they are found. Out: cells in the parts of their cube. A person who came twice and slept once is half a
//! day visitor and half a guest, so that patterns add up to people and one device never weighs more than one.

use std::collections::BTreeMap;

use kayoi_device::DeviceRecord;
use kayoi_geography::region::Region;
use kayoi_schemas::figure::{Area, Atom, Class, Cube};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use super::{Cells, any_origin};

/// Parts of a device, by cell.
#[derive(Default)]
pub(super) struct Split(BTreeMap<Atom, f64>);

impl Split {
    /// Adds a part of one.
    pub(super) fn add(&mut self, atom: Atom, part: f64) {
        *self.0.entry(atom).or_default() += part;
    }

    /// The cells of a cube, in its parts.
    pub(super) fn cells(self, cube: Cube) -> Cells {
        let per_one = f64::from(cube.declaration().per_one);
        let rounded = self.0.into_iter().map(|(atom, part)| (atom, (part * per_one).round().max(0.0) as u64));
        rounded.filter(|(_, value)| *value > 0).collect()
    }
}

/// A cell of a municipality in a month that is not split by where people live.
pub(super) fn at(month: Month, municipality: MunicipalityCode, class: Class) -> Option<Atom> {
    Some(Atom { period: month.0, area: Area::Municipality(municipality), origin: any_origin()?, class })
}

/// The value of [`kayoi_schemas::figure::Dimension::Group`]: who lives there, in the same
/// prefecture, in the same 地方ブロック, or beyond, as MLIT's from_area has it.
pub(super) fn group(municipality: MunicipalityCode, home: MunicipalityCode) -> u16 {
    match () {
        () if municipality == home => 0,
        () if municipality.prefecture() == home.prefecture() => 1,
        () if Region::of(municipality.prefecture()) == Region::of(home.prefecture()) => 2,
        () => 3,
    }
}

/// Where a device lives in a month of whose panel it is one: all figures of a month are of these.
pub(super) fn home(record: &DeviceRecord, month: Month) -> Option<MunicipalityCode> {
    let is_in_panel = record.panel.get(&month).is_some_and(|panel| panel.is_of_month);
    let home = record.residences.get(&month)?.first()?.municipality;
    is_in_panel.then_some(home)
}
