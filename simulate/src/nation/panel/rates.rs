//! Phones in the panel for each person, town by town, and for the people of a cell.
//!
//! In: a nation of everybody, a selection. Out: [`Rates`]. Of people of whom only the prefecture is known, the share is
//! that of its towns by the ties that they have with the place; of commuters, that of the towns they come from.

use kayoi_schemas::figure::{Area, Atom, Cube, Dimension};
use kayoi_schemas::ids::MunicipalityCode;

use super::Selection;
use super::select::Draw;
use crate::nation::Nation;
use crate::nation::activity::group;
use crate::nation::draw::{Stream, Use};
use crate::nation::town::{PREFECTURES, position};

/// Phones for each person.
pub(super) struct Rates {
    codes: Vec<MunicipalityCode>,
    people: Vec<f64>,
    phones: Vec<u64>,
    towns: Vec<f64>,
    /// Of a town's ties, by prefecture of residence.
    ties: Vec<[f64; PREFECTURES]>,
    /// Of a town's ties, by group of residence; the first one is the town itself.
    groups: Vec<[f64; 4]>,
    /// Of everybody who is tied to a town.
    all: Vec<f64>,
    /// Of who works in a town.
    at_work: Vec<f64>,
    prefectures: [f64; PREFECTURES],
    country: f64,
}

/// A mean with weights.
#[derive(Clone, Copy, Default)]
struct Mean(f64, f64);

impl Mean {
    fn add(&mut self, value: f64, weight: f64) {
        self.0 += value * weight;
        self.1 += weight;
    }

    fn or(self, otherwise: f64) -> f64 {
        if self.1 > 0.0 { self.0 / self.1 } else { otherwise }
    }
}

impl Rates {
    pub(super) fn draw(nation: &Nation, selection: &Selection) -> Self {
        let draw = Draw::of(selection);
        let codes: Vec<MunicipalityCode> = nation.towns.iter().map(|town| town.code).collect();
        let people: Vec<f64> = nation.residents.iter().map(|count| f64::from(*count)).collect();
        let mut expected: Vec<f64> = codes
            .iter()
            .map(|code| {
                let mut stream = Stream::new(selection.seed, Use::Ownership, 0, code.number());
                stream.factor(selection.ownership_sigma)
            })
            .collect();
        let mut mean = Mean::default();
        expected.iter().zip(&people).for_each(|(rate, people)| mean.add(*rate, *people));
        let of_mean = selection.share * (1.0 + selection.second_phones) / mean.or(1.0);
        expected.iter_mut().for_each(|rate| *rate *= of_mean);
        let phones: Vec<u64> = codes
            .iter()
            .zip(nation.residents.iter().zip(&expected))
            .map(|(code, (count, rate))| {
                let mut stream = Stream::new(selection.seed, Use::Ownership, 1, code.number());
                draw.phones(&mut stream, u64::from(*count), *rate)
            })
            .collect();
        let seen = phones.iter().zip(&people).zip(&expected);
        let towns: Vec<f64> = seen
            .map(|((phones, people), rate)| if *people > 0.0 { *phones as f64 / people } else { *rate })
            .collect();
        let mut rates = Self {
            ties: Vec::with_capacity(codes.len()),
            groups: Vec::with_capacity(codes.len()),
            all: Vec::with_capacity(codes.len()),
            at_work: Vec::new(),
            prefectures: [0.0; PREFECTURES],
            country: 0.0,
            codes,
            people,
            phones,
            towns,
        };
        rates.of_areas(nation);
        (0..rates.codes.len()).for_each(|town| rates.of_ties(nation, town));
        rates.of_workplaces(nation);
        rates
    }

    fn of_areas(&mut self, nation: &Nation) {
        let (mut country, mut prefectures) = (Mean::default(), [Mean::default(); PREFECTURES]);
        for ((town, rate), people) in nation.towns.iter().zip(&self.towns).zip(&self.people) {
            country.add(*rate, *people);
            prefectures[town.prefecture].add(*rate, *people);
        }
        self.country = country.or(0.0);
        self.prefectures = prefectures.map(|mean| mean.or(self.country));
    }

    fn of_ties(&mut self, nation: &Nation, town: usize) {
        let own = nation.towns[town].prefecture;
        let (mut by_prefecture, mut groups, mut all) =
            ([Mean::default(); PREFECTURES], [Mean::default(); 4], Mean::default());
        for ((home, ties), rate) in nation.towns.iter().zip(nation.homes.of(town)).zip(&self.towns) {
            let ties = f64::from(*ties);
            by_prefecture[home.prefecture].add(*rate, ties);
            groups[group(own, home.prefecture)].add(*rate, ties);
            all.add(*rate, ties);
        }
        let prefectures = &self.prefectures;
        self.ties.push(std::array::from_fn(|origin| by_prefecture[origin].or(prefectures[origin])));
        let of_town = self.towns[town];
        self.groups.push(std::array::from_fn(|at| match at {
            0 => of_town,
            _ => groups[at].or(self.country),
        }));
        self.all.push(all.or(self.country));
    }

    fn of_workplaces(&mut self, nation: &Nation) {
        let mut means = vec![Mean::default(); self.codes.len()];
        for ((home, rate), people) in nation.near.iter().zip(&self.towns).zip(&self.people) {
            home.iter().for_each(|near| means[near.town].add(*rate, near.commute * people));
        }
        self.at_work = means.iter().zip(&self.towns).map(|(mean, own)| mean.or(*own)).collect();
    }

    fn town(&self, code: MunicipalityCode) -> Option<usize> {
        self.codes.binary_search(&code).ok()
    }

    /// The phones of a town's residents.
    pub(super) fn residents(&self, code: MunicipalityCode) -> Option<u64> {
        self.town(code).map(|town| self.phones[town])
    }

    pub(super) fn prefecture(&self, prefecture: usize) -> f64 {
        self.prefectures[prefecture]
    }

    /// The residents of a town.
    pub(super) fn people(&self, code: MunicipalityCode) -> f64 {
        self.town(code).map_or(0.0, |town| self.people[town])
    }

    /// Phones for each of the people of a cell.
    pub(super) fn of(&self, cube: Cube, atom: &Atom) -> f64 {
        let value = |dimension| usize::from(atom.class.get(cube.declaration().dimensions, dimension));
        let origin = position(atom.origin.prefecture());
        let place = match atom.area {
            Area::Municipality(code) => code,
            Area::Prefecture(code) if cube != Cube::ConnectedTotalsMonthly => {
                return self.prefectures[position(code)];
            }
            Area::Prefecture(_) => return self.prefectures[origin],
            Area::Country if cube == Cube::ConnectedTotalsMonthly => return self.prefectures[origin],
            Area::Country => return self.country,
            // In a cell the origin is its municipality.
            Area::Cell(_) | Area::Mesh(_) => atom.origin,
        };
        let Some(town) = self.town(place) else { return self.country };
        match cube {
            Cube::ConnectedMonthly | Cube::VisitorsDaily | Cube::VisitorsMonthly => self.ties[town][origin],
            Cube::OriginsYearly if value(Dimension::Side) == 0 => self.of_home(atom.origin, origin),
            Cube::OriginsYearly => self.prefectures[origin],
            // Before and after, most are at home.
            Cube::FlowsMonthly if value(Dimension::Direction) < 2 && atom.origin != place => {
                self.of_home(atom.origin, origin)
            }
            Cube::PresenceMonthly | Cube::LongPresenceMonthly if value(Dimension::Group) == 1 => {
                self.at_work[town]
            }
            Cube::PresenceMonthly | Cube::LongPresenceMonthly | Cube::StaysMonthly => {
                self.groups[town][value(Dimension::Group)]
            }
            Cube::CommutersMonthly
            | Cube::TeleworkersMonthly
            | Cube::WorkDaysMonthly
            | Cube::TeleworkDaysMonthly
            | Cube::SavedKmMonthly => [self.towns[town], self.at_work[town]][value(Dimension::Side)],
            Cube::ResidentsYearly | Cube::CellsMonthly | Cube::MeshesMonthly => self.towns[town],
            _ => self.all[town],
        }
    }

    fn of_home(&self, home: MunicipalityCode, prefecture: usize) -> f64 {
        self.town(home).map_or(self.prefectures[prefecture], |town| self.towns[town])
    }
}
