//! Visitors of the month by town, day type and prefecture of residence, as the cubes of visitors have them.
//!
//! In: their cells. Out: [`Visits`].

use kayoi_schemas::figure::{Area, Atom, Cube, Dimension};

use super::super::cells::Cells;
use super::super::town::{PREFECTURES, position};
use super::context::Context;

/// Visitors of a town, on weekdays and on days off.
#[derive(Clone, Copy)]
pub(super) struct Visits {
    people: [[u64; PREFECTURES]; 2],
    days: [[u64; PREFECTURES]; 2],
}

impl Visits {
    /// Visitors from a prefecture.
    pub(super) fn from(&self, origin: usize) -> u64 {
        self.people[0][origin] + self.people[1][origin]
    }

    /// Days of visitors from a prefecture, on days of a type.
    pub(super) fn days(&self, day_type: usize, origin: usize) -> u64 {
        self.days[day_type][origin]
    }

    /// Days of all visitors.
    pub(super) fn all_days(&self) -> u64 {
        self.days.iter().flatten().sum()
    }
}

/// Visitors of each town.
pub(super) fn of_towns(context: &Context<'_>, cells: &Cells) -> Vec<Visits> {
    let none = Visits { people: [[0; PREFECTURES]; 2], days: [[0; PREFECTURES]; 2] };
    let mut towns = vec![none; context.nation.towns.len()];
    let declared = Cube::VisitorsMonthly.declaration().dimensions;
    let mut read = |cells: &[(Atom, u64)], of: fn(&mut Visits) -> &mut [[u64; PREFECTURES]; 2]| {
        for (atom, value) in cells {
            let Area::Municipality(code) = atom.area else { continue };
            let Ok(town) = context.nation.towns.binary_search_by_key(&code, |town| town.code) else {
                continue;
            };
            let day_type = usize::from(atom.class.get(declared, Dimension::DayType)).min(1);
            of(&mut towns[town])[day_type][position(atom.origin.prefecture())] += value;
        }
    };
    read(&cells.monthly, |visits| &mut visits.people);
    read(&cells.monthly_days, |visits| &mut visits.days);
    towns
}
