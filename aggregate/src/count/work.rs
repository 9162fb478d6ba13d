//! Workplaces → commuters, telework and the way it saves, where people live and where they work; users of offices.
//!
//! In: a device's workplaces by month, and its visits. Out: a cell of the municipality of residence and one of the
//! municipality of work; of days at home one of the prefecture of residence and one of the country.

use std::collections::BTreeMap;

use kayoi_device::{DeviceRecord, Visit, Workplace};
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::telework::HomeDays;
use kayoi_schemas::time::Month;

use super::split::{Split, at, home};
use super::stays::returns;
use super::{Cells, any_origin};

/// Everybody with a workplace.
pub(super) fn commuters(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    by_side(record, Cube::CommutersMonthly, |_| 1.0)
}

/// As many of them as probably work at home.
pub(super) fn teleworkers(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    by_side(record, Cube::TeleworkersMonthly, |work| work.telework_probability)
}

/// Days there.
pub(super) fn work_days(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    by_side(record, Cube::WorkDaysMonthly, |work| work.work_days)
}

/// Days at home instead.
pub(super) fn telework_days(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    by_side(record, Cube::TeleworkDaysMonthly, |work| work.telework_days)
}

/// Kilometres that these saved.
pub(super) fn saved_km(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    by_side(record, Cube::SavedKmMonthly, |work| work.km_avoided)
}

/// Commuters by days seen and days at home, from which the release learns how many work there.
pub(super) fn home_days(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    let of_month = |(month, work): (&Month, &Workplace)| {
        home(record, *month).map(|home| atoms_at_home(*month, home.prefecture(), work.home_days))
    };
    let atoms = record.workplaces.iter().filter_map(of_month).flatten();
    (atoms.map(|atom| (atom, 1)).collect(), 0)
}

/// The cells of one commuter in a month; none where nothing was seen.
pub(super) fn atoms_at_home(month: Month, home: PrefectureCode, days: HomeDays) -> Vec<Atom> {
    let Some(((seen, share), origin)) = days.cell().zip(any_origin()) else { return Vec::new() };
    let declared = Cube::HomeDaysMonthly.declaration().dimensions;
    let class = Class::ALL.with(declared, Dimension::DaysSeen, seen as u16);
    let class = class.with(declared, Dimension::HomeShare, share as u16);
    let areas = [Area::Prefecture(home), Area::Country];
    areas.map(|area| Atom { period: month.0, area, origin, class }).into()
}

fn by_side(record: &DeviceRecord, cube: Cube, value: impl Fn(&Workplace) -> f64) -> (Cells, u64) {
    let declared = cube.declaration().dimensions;
    let mut parts = Split::default();
    for (month, work) in &record.workplaces {
        let Some(home) = home(record, *month) else { continue };
        for (side, municipality) in [home, work.municipality].into_iter().enumerate() {
            let class = Class::ALL.with(declared, Dimension::Side, side as u16);
            let atom = at(*month, municipality, class);
            atom.into_iter().for_each(|atom| parts.add(atom, value(work)));
        }
    }
    (parts.cells(cube), 0)
}

/// Days in offices by month, municipality and kind of user.
fn offices(record: &DeviceRecord) -> BTreeMap<(Month, MunicipalityCode), (u16, u64)> {
    let mut users: BTreeMap<(Month, MunicipalityCode), (u16, u64)> = BTreeMap::new();
    for ((month, municipality), days) in &record.local_office_days {
        if home(record, *month).is_some() {
            users.insert((*month, *municipality), (0, u64::from(*days)));
        }
    }
    let uses = |visit: &&Visit| visit.office_days > 0;
    for visit in record.visits.iter().filter(uses).filter(|v| home(record, v.month()).is_some()) {
        let month = visit.month();
        let class = if returns(record, visit) { 2 } else { 1 };
        let (known, days) = users.entry((month, visit.municipality)).or_insert((class, 0));
        *known = class.max(*known);
        *days += u64::from(visit.office_days);
    }
    users
}

/// Users of offices: who lives there, who comes for the first time in a year, who comes again.
pub(super) fn office_users(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    of_offices(record, Cube::OfficeUsersMonthly, |_| 1)
}

/// Their days.
pub(super) fn office_days(record: &DeviceRecord, _: &Definition) -> (Cells, u64) {
    of_offices(record, Cube::OfficeDaysMonthly, |days| days)
}

fn of_offices(record: &DeviceRecord, cube: Cube, value: impl Fn(u64) -> u64) -> (Cells, u64) {
    let declared = cube.declaration().dimensions;
    let cells = offices(record).into_iter().filter_map(|((month, municipality), (user, days))| {
        let class = Class::ALL.with(declared, Dimension::OfficeUser, user);
        Some((at(month, municipality, class)?, value(days)))
    });
    (cells.collect(), 0)
}
