//! Days at the workplace and days of telework of a fiscal year → the two sums that rebound is measured by.
//!
//! In: a device's workplaces by month, with how far it went on days of both kinds. Out: in March a cell of the 地方ブロック where it
//! lives, under its first prefecture, and one of the country, by distance band. A device is one quotient of two
//! lengths, and its sums are pooled before they are divided: a short way would else make any errand a
//! multiple of it.

use kayoi_device::{DayWays, DeviceRecord};
use kayoi_geography::region::Region;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension};
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::rebound::Share;
use kayoi_schemas::time::Month;

use super::split::{Split, home};
use super::{Cells, any_origin};

/// Months of a fiscal year before its last one.
const BEFORE: i32 = 11;

/// The ways to work.
pub(super) fn ways(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    of_record(record, Cube::WaysYearly)
}

/// What of them is gone on days of telework all the same, and the ways once more.
pub(super) fn rebound_and_ways(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    of_record(record, Cube::ReboundWaysYearly)
}

fn of_record(record: &DeviceRecord, cube: Cube) -> (Cells, u64) {
    let mut cells = Cells::new();
    for month in record.workplaces.keys().copied().filter(|month| cube.rhythm().has(*month)) {
        let Some(home) = home(record, month) else { continue };
        let of_year = record.workplaces.range(month.plus(-BEFORE)..=month);
        let ways = of_year.fold(DayWays::default(), |sum, (_, work)| sum.with(work.day_ways));
        if let Some(share) = ways.share() {
            cells.extend(of_share(cube, month, home.prefecture(), share));
        }
    }
    (cells, 0)
}

/// The cells of one device in a year.
pub(super) fn of_share(cube: Cube, month: Month, home: PrefectureCode, share: Share) -> Cells {
    let declared = cube.declaration().dimensions;
    let class = Class::ALL.with(declared, Dimension::DistanceBand, share.band as u16);
    let part = if cube == Cube::WaysYearly { share.way } else { share.rebound_and_way };
    let block = Region::of(home).first_prefecture().map(Area::Prefecture);
    let mut parts = Split::default();
    for area in block.into_iter().chain([Area::Country]) {
        if let Some(origin) = any_origin() {
            parts.add(Atom { period: month.0, area, origin, class }, part);
        }
    }
    parts.cells(cube)
}
