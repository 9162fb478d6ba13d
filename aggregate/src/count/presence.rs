//! Whereabouts → people in municipalities by hour, and in cells by time band.
//!
//! In: the shares of days on which a device is somewhere. Out: these shares by cell. At each hour and type of day a
//! device's shares add up to one at most.

use std::collections::BTreeMap;

use kayoi_device::{CellShare, DeviceRecord, HourShare, TimeBand};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension};
use kayoi_schemas::time::Month;

use super::Cells;
use super::split::{Split, at, group, home};

/// By municipality, hour and where people live.
pub(super) fn hourly(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let value = |share: &HourShare| Some((Dimension::Hour, u16::from(share.hour), share.share));
    by_hour(record, Cube::PresenceMonthly, value)
}

/// Of stays of two hours or more, at the hours of RESAS.
pub(super) fn long(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let value = |share: &HourShare| {
        let hour = Dimension::ResasHour.value_of(&share.hour.to_string())?;
        Some((Dimension::ResasHour, hour, share.long_share))
    };
    by_hour(record, Cube::LongPresenceMonthly, value)
}

fn by_hour(
    record: &DeviceRecord,
    cube: Cube,
    value: impl Fn(&HourShare) -> Option<(Dimension, u16, f64)>,
) -> (Cells, u64) {
    let declared = cube.declaration().dimensions;
    let mut parts = Split::default();
    for (month, shares) in &record.whereabouts {
        let Some(home) = home(record, *month) else { continue };
        for share in &shares.hours {
            let Some((dimension, hour, part)) = value(share) else { continue };
            let class = Class::ALL
                .with(declared, Dimension::DayType, u16::from(share.is_day_off))
                .with(declared, dimension, hour)
                .with(declared, Dimension::Group, group(share.municipality, home));
            let atom = at(*month, share.municipality, class);
            atom.into_iter().for_each(|atom| parts.add(atom, part));
        }
    }
    (parts.cells(cube), 0)
}

/// By H3 cell.
pub(super) fn cells(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    by_cell(record, Cube::CellsMonthly, |share| Area::Cell(share.cell))
}

/// By mesh.
pub(super) fn meshes(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    by_cell(record, Cube::MeshesMonthly, |share| Area::Mesh(share.mesh))
}

fn by_cell(record: &DeviceRecord, cube: Cube, area: impl Fn(&CellShare) -> Area) -> (Cells, u64) {
    let declared = cube.declaration().dimensions;
    let bands: BTreeMap<TimeBand, u16> = TimeBand::ALL.into_iter().zip(0..).collect();
    let mut parts = Split::default();
    let of_panel = |(month, _): &(&Month, _)| home(record, **month).is_some();
    for (month, shares) in record.whereabouts.iter().filter(of_panel) {
        for share in &shares.cells {
            let class = Class::ALL.with(declared, Dimension::DayType, u16::from(share.is_day_off)).with(
                declared,
                Dimension::Band,
                bands[&share.band],
            );
            let atom = Atom { period: month.0, area: area(share), origin: share.municipality, class };
            parts.add(atom, share.share);
        }
    }
    (parts.cells(cube), 0)
}
