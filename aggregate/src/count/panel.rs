//! Panels → devices by primary residence, and by what is known of it.
//!
//! In: what a device can speak for, by month. Out: a cell for each month in which it is one of the year's panel, or
//! of the month's, where it lives; weights are made of these, and of no others, so that a figure and its weight
//! have the same base. And a cell for each month in which it was seen, by its standing: the coverage.

use std::collections::BTreeMap;

use kayoi_device::{DeviceRecord, PanelMonth};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::{MOST_RUN_STARTS, MOST_STANDING_STARTS, MOST_YEAR_PANEL_STARTS};
use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension, Rhythm};
use kayoi_schemas::time::Month;

use super::split::at;
use super::{Cells, any_origin, runs};

/// A cell for each month in the year's panel.
pub(super) fn of_year(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    residents(record, |panel| panel.is_of_year, MOST_YEAR_PANEL_STARTS)
}

/// A cell for each month with which a year ends, in the year's panel.
pub(super) fn of_year_end(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let in_panel = |month: &Month| record.panel.get(month).is_some_and(|panel| panel.is_of_year);
    let months = record.residences.iter().filter(|(month, _)| Rhythm::Yearly.has(**month) && in_panel(month));
    let cells = months.filter_map(|(month, lives)| at(*month, lives.first()?.municipality, Class::ALL));
    (cells.map(|atom| (atom, 1)).collect(), 0)
}

/// A cell for each month in the month's panel.
pub(super) fn of_month(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    residents(record, |panel| panel.is_of_month, MOST_RUN_STARTS)
}

/// A cell of the country for each month in which it was seen.
pub(super) fn standings(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let declared = Cube::StandingsMonthly.declaration().dimensions;
    let atoms = record.panel.iter().filter_map(|(month, panel)| {
        let class = Class::ALL.with(declared, Dimension::Standing, panel.standing.value());
        // Who has no home has no origin, so all have the same one here.
        let atom = Atom { period: month.0, area: Area::Country, origin: any_origin()?, class };
        Some((*month, atom))
    });
    held(atoms.collect(), MOST_STANDING_STARTS, |atom| atom.class.get(declared, Dimension::Standing))
}

fn residents(record: &DeviceRecord, is_in: fn(&PanelMonth) -> bool, most_starts: u32) -> (Cells, u64) {
    let atoms = record.panel.iter().filter(|(_, panel)| is_in(panel)).filter_map(|(month, _)| {
        let origin = record.residences.get(month)?.first()?.municipality;
        let area = Area::Municipality(origin);
        Some((*month, Atom { period: month.0, area, origin, class: Class::ALL }))
    });
    // What is drawn are residents of prefectures.
    held(atoms.collect(), most_starts, |atom| u16::from(atom.origin.prefecture().number()))
}

/// The cells as they are counted, at most so many beginnings of another figure within the windows of a year.
fn held(series: BTreeMap<Month, Atom>, most_starts: u32, figure: impl Fn(&Atom) -> u16) -> (Cells, u64) {
    let begun = |atom: &Atom, before: Option<&Atom>| u32::from(before.map(&figure) != Some(figure(atom)));
    let (kept, changed) = runs::held(&series, most_starts, begun);
    (kept.into_iter().map(|atom| (atom, 1)).collect(), changed)
}
