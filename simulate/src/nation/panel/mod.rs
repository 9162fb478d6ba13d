//! Everybody's cells → the cells of a panel, whose people are not selected independently of each other.
//!
//! In: a nation of everybody, and how people come into the panel. Out: [`Panel`], which says of each cell how many phones
//! of its people are seen. Residents of a town are drawn first, and what they do with the share that came of it: weights
//! are made of the same people as figures are, and the same people are seen month after month. A cell of people in parts, or of days, is a number of people times what
//! each of them has in the mean, with the spread that such numbers have.

use std::collections::BTreeMap;

use kayoi_schemas::figure::{Area, Atom, Cube, Dimension};

use super::Nation;
use super::cells::Cells;
use super::draw::Stream;

mod rates;
mod select;

use rates::Rates;
use select::Draw;

/// How people come into a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Selection {
    /// Everything random of the panel follows from it, and from nothing else.
    pub seed: u64,
    /// People with a phone in the panel, as a share of all.
    pub share: f64,
    /// How much municipalities differ in it: of the logarithm.
    pub ownership_sigma: f64,
    /// People who come into the panel together with their family of three, or not at all, as a share of all.
    pub families: f64,
    /// People of the panel with two phones in it, as a share of them.
    pub second_phones: f64,
    /// How many times as often people who come again are in the panel.
    pub tied_factor: f64,
}

/// What each of the people of a cell has in the mean, and what of its square is spread.
#[derive(Debug, Clone, Copy)]
struct Each {
    mean: f64,
    variance: f64,
}

/// A panel of a nation.
pub struct Panel {
    selection: Selection,
    rates: Rates,
}

impl Panel {
    /// Draws who is in the panel, of a nation of everybody at a month.
    pub fn new(nation: &Nation, selection: Selection) -> Self {
        Self { selection, rates: Rates::draw(nation, &selection) }
    }

    /// The cells that are seen of everybody's cells of a month.
    pub fn cells(&self, all: &Cells) -> Cells {
        let of = |cube: Cube, cells: &[(Atom, u64)]| self.seen(cube, cells);
        let residents = all.residents.iter().filter_map(|(atom, _)| {
            let phones = self.rates.residents(atom.origin)?;
            (phones > 0).then_some((*atom, phones))
        });
        let monthly = of(Cube::VisitorsMonthly, &all.monthly);
        let known = |cells: &[(Atom, u64)]| -> BTreeMap<Atom, u64> { cells.iter().copied().collect() };
        let (people, phones) = (known(&all.monthly), known(&monthly));
        // The days of the very visitors.
        let days = all.monthly_days.iter().filter_map(|(atom, days)| {
            let (people, phones) = (*people.get(atom)?, *phones.get(atom)?);
            let mean = *days as f64 / people.max(1) as f64;
            let each = Each { mean, variance: (mean - 1.0).max(0.0) * mean };
            let mut stream = self.stream(Cube::VisitorDaysMonthly, atom);
            Some((*atom, each.sum(&mut stream, phones, mean.max(20.0))))
        });
        let monthly_days = days.collect();
        Cells {
            connected: of(Cube::ConnectedMonthly, &all.connected),
            totals: of(Cube::ConnectedTotalsMonthly, &all.totals),
            daily: of(Cube::VisitorsDaily, &all.daily),
            residents: residents.collect(),
            monthly,
            monthly_days,
            counted_teleworkers: all.counted_teleworkers.clone(),
            activity: all.activity.iter().map(|(cube, cells)| (*cube, of(*cube, cells))).collect(),
        }
    }

    /// Phones for each person of a prefecture, by position.
    pub(super) fn rate_of_prefecture(&self, prefecture: usize) -> f64 {
        self.rates.prefecture(prefecture)
    }

    fn stream(&self, cube: Cube, atom: &Atom) -> Stream {
        Stream::of_cell(self.selection.seed, cube, atom)
    }

    fn seen(&self, cube: Cube, cells: &[(Atom, u64)]) -> Vec<(Atom, u64)> {
        let draw = Draw::of(&self.selection);
        let one = |(atom, value): &(Atom, u64)| {
            let mut stream = self.stream(cube, atom);
            let rate = self.rates.of(cube, atom) * self.tied(cube, atom);
            let seen = match (cube, self.residents_of(cube, atom)) {
                (Cube::ResidentsYearly, Some(phones)) => phones,
                (_, Some(_)) => self.of_residents(&mut stream, (cube, *value), rate, atom),
                _ => match each(cube, atom) {
                    None => draw.phones(&mut stream, *value, rate),
                    Some(each) => {
                        let people = *value as f64 / each.mean;
                        let whole = people.floor() as u64 + u64::from(stream.unit() < people.fract());
                        let phones = draw.phones(&mut stream, whole, rate);
                        let each = Each { mean: *value as f64 / whole.max(1) as f64, ..each };
                        each.sum(&mut stream, phones, f64::from(cube.declaration().most_of_a_device))
                    }
                },
            };
            (seen > 0).then_some((*atom, seen))
        };
        cells.iter().filter_map(one).collect()
    }

    /// The phones of the residents that a cell is of, where it is of residents of its own town.
    fn residents_of(&self, cube: Cube, atom: &Atom) -> Option<u64> {
        let Area::Municipality(town) = atom.area else { return None };
        let value = |dimension| atom.class.get(cube.declaration().dimensions, dimension);
        let is_of_residents = match cube {
            Cube::ResidentsYearly => true,
            Cube::PresenceMonthly | Cube::LongPresenceMonthly => value(Dimension::Group) == 0,
            Cube::CommutersMonthly => value(Dimension::Side) == 0,
            _ => false,
        };
        self.rates.residents(town).filter(|_| is_of_residents)
    }

    /// What is seen of a part of the residents of whom it is known how many are in the panel: the larger the part, the
    /// less it can differ.
    fn of_residents(&self, stream: &mut Stream, (cube, value): (Cube, u64), rate: f64, atom: &Atom) -> u64 {
        let per_one = f64::from(cube.declaration().per_one);
        let Area::Municipality(town) = atom.area else { return 0 };
        let people = self.rates.people(town).max(1.0);
        let part = (value as f64 / per_one / people).min(1.0);
        let phones = people * rate;
        let variance =
            phones * part * (1.0 - part) * Draw::of(&self.selection).effect() * (1.0 - rate).max(0.0);
        let drawn = phones * part + variance.sqrt() * stream.normal();
        (drawn.clamp(0.0, phones) * per_one).round() as u64
    }

    /// How many times as often its people are in the panel.
    fn tied(&self, cube: Cube, atom: &Atom) -> f64 {
        let declared = cube.declaration().dimensions;
        let comes_again = match cube {
            Cube::ConnectedMonthly | Cube::ConnectedTotalsMonthly => {
                atom.class.get(declared, Dimension::Rung) > 0
            }
            Cube::OriginsYearly => atom.class.get(declared, Dimension::Kind) > 0,
            Cube::DualRegimesYearly | Cube::MunicipalitiesPerPersonYearly => true,
            _ => false,
        };
        if comes_again { self.selection.tied_factor } else { 1.0 }
    }
}

/// What each person of a cell has in the mean, in its parts; `None` where people are counted whole.
fn each(cube: Cube, atom: &Atom) -> Option<Each> {
    let declaration = cube.declaration();
    let value = |dimension| atom.class.get(declaration.dimensions, dimension);
    let parts = f64::from(declaration.per_one);
    let share = match cube {
        // Who lives elsewhere and works there is there on most days; who visits, on one or two of a month.
        Cube::PresenceMonthly | Cube::LongPresenceMonthly => match value(Dimension::Group) {
            1 => 0.5,
            _ => 0.12,
        },
        Cube::CellsMonthly | Cube::MeshesMonthly => 0.2,
        Cube::StaysMonthly | Cube::StayNightsMonthly | Cube::StayHoursMonthly => 0.9,
        Cube::FlowsMonthly | Cube::TripPairsMonthly | Cube::TripSizesMonthly => 0.85,
        Cube::TeleworkersMonthly => 0.9,
        // Within a band ways are three quarters of the farthest one.
        Cube::WaysYearly => 0.75,
        // Wholly of one class, or of two by halves.
        Cube::AgesYearly | Cube::SexesYearly | Cube::SegmentsYearly | Cube::ResidentAgesYearly => 1.0,
        _ => 0.0,
    };
    if share > 0.0 {
        // Half of the spread of those who are there wholly or not at all.
        return Some(Each { mean: parts * share, variance: 0.5 * share * (1.0 - share) * parts * parts });
    }
    let mean = match cube {
        Cube::PersonNightsMonthly | Cube::TieNightsMonthly => 1.8,
        Cube::TieDaysMonthly => 1.7,
        Cube::WorkDaysMonthly => 160.0,
        Cube::TeleworkDaysMonthly => 91.0,
        Cube::SavedKmMonthly => 200.0,
        Cube::ReboundWaysYearly => 430.0,
        Cube::WorkationNightsMonthly => 4.0,
        Cube::OfficeDaysMonthly => 4.0,
        Cube::ItinerantNightsQuarterly => 9.0,
        _ => return None,
    };
    Some(Each { mean, variance: 0.5 * mean * mean })
}

impl Each {
    /// What so many phones have together, each `most` at most.
    fn sum(self, stream: &mut Stream, phones: u64, most: f64) -> u64 {
        let count = phones as f64;
        let drawn = count * self.mean + (count * self.variance).sqrt() * stream.normal();
        let least = if self.mean >= 1.0 && most < 100.0 { count } else { 0.0 };
        drawn.round().clamp(least.min(count * most), count * most) as u64
    }
}

#[cfg(test)]
#[path = "panel_tests.rs"]
mod tests;
