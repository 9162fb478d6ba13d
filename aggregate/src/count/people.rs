//! Ties and residents by age and sex, at the end of a year.
//!
//! In: a device's ties, and what is known of the person. Out: cells in December and March. Somebody whose age band lies in
//! two classes is part of both, somebody of whom nothing is known is one of a class of their own.

use std::collections::BTreeSet;

use kayoi_device::DeviceRecord;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension, Rhythm};
use kayoi_schemas::person::{AgeBand, AgeClass, Attributes, Sex};
use kayoi_schemas::time::Month;

use super::split::{Split, at};
use super::ties::{counted, named_kinds};
use super::{Cells, any_origin};

/// The value of [`Dimension::AgeBand`] for who tells no age.
const UNKNOWN_AGE: u16 = AgeClass::ALL.len() as u16;
/// The value of [`Dimension::Sex`] for who tells none.
const UNKNOWN_SEX: u16 = Sex::ALL.len() as u16;

/// The classes of age that somebody is in, with the part of each.
fn ages(record: &DeviceRecord) -> Vec<(u16, f64)> {
    match attributes(record).age.and_then(AgeBand::shares) {
        Some(shares) => (0..UNKNOWN_AGE).zip(shares).filter(|(_, share)| *share > 0.0).collect(),
        None => vec![(UNKNOWN_AGE, 1.0)],
    }
}

fn sex(record: &DeviceRecord) -> u16 {
    match attributes(record).sex {
        Some(Sex::Male) => 0,
        Some(Sex::Female) => 1,
        None => UNKNOWN_SEX,
    }
}

fn attributes(record: &DeviceRecord) -> Attributes {
    record.person.map(|person| person.attributes).unwrap_or_default()
}

/// What somebody is to each area with any of their ties, in the months with which a year ends.
fn main_kinds(record: &DeviceRecord) -> BTreeSet<(Month, Area, u16)> {
    let ties = counted(record).filter(|(month, ..)| Rhythm::Yearly.has(*month));
    let kinds = ties.flat_map(|(month, tie, _)| {
        let value = |kind: String| Dimension::MainKind.value_of(&kind);
        let kinds = named_kinds(tie).filter_map(move |kind| value(kind.to_string()));
        kinds.map(move |kind| (month, Area::Municipality(tie.municipality), kind))
    });
    kinds.collect()
}

/// Ties by age.
pub(super) fn ages_of_ties(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    by_segment(record, Cube::AgesYearly, &main_kinds(record))
}

/// Ties by sex.
pub(super) fn sexes_of_ties(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    by_segment(record, Cube::SexesYearly, &main_kinds(record))
}

/// Ties by which half of all homes people live in, in meshes of two sizes.
pub(super) fn home_halves(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::HomeHalvesYearly.declaration().dimensions;
    // Dual residents are few: their design effect is that of connected people.
    let kinds = main_kinds(record).into_iter().filter(|(.., kind)| *kind < 2);
    let cells = kinds.filter_map(|(month, area, kind)| {
        let halves = record.home_halves.get(&month)?;
        let of_mesh = |(mesh, half): (u16, &u8)| {
            let class = Class::ALL.with(declared, Dimension::MainKind, kind);
            let class = class.with(declared, Dimension::HomeMesh, mesh).with(
                declared,
                Dimension::Half,
                u16::from(*half),
            );
            Some((Atom { period: month.0, area, origin: any_origin()?, class }, 1))
        };
        Some((0..).zip(halves).filter_map(of_mesh).collect::<Vec<_>>())
    });
    (cells.flatten().collect(), 0)
}

/// People with a tie in a prefecture, or in the country, by age and sex.
pub(super) fn segments_of_areas(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let larger = main_kinds(record).into_iter().filter_map(|(month, area, kind)| match area {
        Area::Municipality(code) => {
            Some([Area::Prefecture(code.prefecture()), Area::Country].map(|area| (month, area, kind)))
        }
        _ => None,
    });
    by_segment(record, Cube::SegmentsYearly, &larger.flatten().collect())
}

fn by_segment(record: &DeviceRecord, cube: Cube, kinds: &BTreeSet<(Month, Area, u16)>) -> (Cells, u64) {
    let declared = cube.declaration().dimensions;
    let mut parts = Split::default();
    for (month, area, kind) in kinds {
        let of_kind = Class::ALL.with(declared, Dimension::MainKind, *kind);
        for (class, part) in segments(record, declared, of_kind) {
            let Some(origin) = any_origin() else { continue };
            parts.add(Atom { period: month.0, area: *area, origin, class }, part);
        }
    }
    (parts.cells(cube), 0)
}

/// The classes of a person within one, by what a cube tells apart.
fn segments(record: &DeviceRecord, declared: &[Dimension], within: Class) -> Vec<(Class, f64)> {
    let sex = sex(record);
    let ages = if declared.contains(&Dimension::AgeBand) { ages(record) } else { vec![(0, 1.0)] };
    let of_age = |(age, part): (u16, f64)| {
        let class = within.with(declared, Dimension::AgeBand, age).with(declared, Dimension::Sex, sex);
        (class, part)
    };
    ages.into_iter().map(of_age).collect()
}

/// Residents of the year's panel by age and sex, in their prefecture and in the country.
pub(super) fn residents(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let cube = Cube::ResidentAgesYearly;
    let declared = cube.declaration().dimensions;
    let in_panel = |month: &Month| record.panel.get(month).is_some_and(|panel| panel.is_of_year);
    let mut parts = Split::default();
    for (month, lives) in
        record.residences.iter().filter(|(month, _)| Rhythm::Yearly.has(**month) && in_panel(month))
    {
        let Some(home) = lives.first() else { continue };
        for area in [Area::Prefecture(home.municipality.prefecture()), Area::Country] {
            for (class, part) in segments(record, declared, Class::ALL) {
                let atom = at(*month, home.municipality, class).map(|atom| Atom { area, ..atom });
                atom.into_iter().for_each(|atom| parts.add(atom, part));
            }
        }
    }
    (parts.cells(cube), 0)
}
