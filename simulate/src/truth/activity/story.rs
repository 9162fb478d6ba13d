//! Hand-made lives of one person: what is told day by day becomes a walk, a life, and rows of the truth.

use std::collections::BTreeMap;

use kayoi_schemas::definition::Definition;
use kayoi_schemas::time::HOUR_MS;

use super::rows::{Row, rows};
use super::*;
use crate::date::{Date, almanac};
use crate::diary::{Activity, Piece};
use crate::land::{Land, Spot};
use crate::people::{Home, Persona, people};
use crate::toy::{Chessboard, small_world};
use crate::truth::life::{Keep, live_by};
use crate::truth::months;
use crate::truth::offices::OfficeList;
use crate::world::World;

/// Thirteen months, of which the last three are counted.
pub(super) fn world() -> World {
    World { days: 395, devices: 1, ..small_world() }
}

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// A place in a town, some way from its middle.
pub(super) fn place(row: u32, column: u32, north: f64) -> Spot {
    let town = MunicipalityCode::from_number((20 + row) * 1000 + 200 + column).unwrap();
    let latitude = 34.9 + (f64::from(row) + 0.5) * 0.25 + north;
    Spot { latitude, longitude: 136.1 + (f64::from(column) + 0.5) * 0.25, town }
}

pub(super) fn home() -> Spot {
    place(4, 4, 0.0)
}

/// From when until when somebody is where.
pub(super) type Stop = (f64, f64, Spot);

/// What somebody does on the days that are told; on all others nothing.
#[derive(Default)]
pub(super) struct Story {
    pub days: BTreeMap<Day, Vec<Stop>>,
    pub telework: Vec<Day>,
    pub work: Option<Spot>,
    pub rebounds: Vec<Spot>,
    pub persona: Option<Persona>,
}

impl Story {
    /// From home to places and home again, with half an hour between.
    pub(super) fn outing(mut self, date: &str, stops: &[Stop]) -> Self {
        let (first, last) = (stops[0], stops[stops.len() - 1]);
        let mut all = vec![(4.0, first.0 - 0.5, home())];
        all.extend_from_slice(stops);
        all.push((last.1 + 0.5, 28.0, home()));
        self.days.insert(day(date), all);
        self
    }

    /// Some nights at a place, from noon to noon.
    pub(super) fn stay(mut self, date: &str, nights: i32, at: Spot) -> Self {
        let first = day(date);
        self.days.insert(first, vec![(4.0, 11.5, home()), (12.0, 28.0, at)]);
        (1..nights).for_each(|night| {
            self.days.insert(first.plus(night), vec![(4.0, 28.0, at)]);
        });
        self.days.insert(first.plus(nights), vec![(4.0, 12.0, at), (12.5, 28.0, home())]);
        self
    }

    pub(super) fn on(mut self, date: &str, stops: &[Stop]) -> Self {
        self.days.insert(day(date), stops.to_vec());
        self
    }

    fn walk(&self, date: Date, pieces: &mut Vec<Piece>) -> bool {
        pieces.clear();
        let nothing = vec![(4.0, 28.0, home())];
        let stops = self.days.get(&date.day).unwrap_or(&nothing);
        let at = |hour: f64| date.midnight_ms + (hour * HOUR_MS as f64) as i64;
        for (index, (from, until, spot)) in stops.iter().enumerate() {
            if let Some((_, left, before)) = index.checked_sub(1).map(|before| stops[before]) {
                pieces.push(Piece {
                    from_ms: at(left),
                    until_ms: at(*from),
                    start: before,
                    end: *spot,
                    activity: Activity::Transit,
                    mode: None,
                });
            }
            let activity = match () {
                () if *spot == home() => Activity::Home,
                () if self.work == Some(*spot) => Activity::Work,
                () => Activity::Leisure,
            };
            let (from_ms, until_ms) = (at(*from), at(*until));
            pieces.push(Piece { from_ms, until_ms, start: *spot, end: *spot, activity, mode: None });
        }
        self.telework.contains(&date.day)
    }

    /// The rows of a month.
    pub(super) fn rows(&self, month: &str) -> Vec<Row> {
        let world = world();
        let land = Land::new(&world, &Chessboard).unwrap();
        let (definition, almanac) = (Definition::connected_2026().unwrap(), almanac(&world));
        let rules = Rules {
            definition: &definition,
            land: &land,
            almanac: &almanac,
            world: &world,
            offices: OfficeList::default(),
            months: months(&world),
        };
        let mut person = people(&world, &land).unwrap().swap_remove(0);
        person.persona = self.persona.unwrap_or(Persona::Resident);
        person.homes = vec![Home { from: world.first_day.plus(-400), spot: home(), haunts: Vec::new() }];
        (person.regime, person.second, person.work) = (None, None, self.work);
        person.spells = Vec::new();
        person.working.rebounds = self.rebounds.clone();
        let keep = Keep { diary: false, walk_from: walk_from(rules.last_months()) };
        let life = live_by(&person, (&world, &almanac), keep, |date, pieces: &mut Vec<Piece>| {
            self.walk(date, pieces)
        });
        let (residences, ties) =
            rules.judge(&person, &life, (world.first_day, world.last_day()), rules.last_months());
        let mut figures = Figures::default();
        figures.add(of_person(&rules, &person, &life, (&residences, &ties)));
        rows(&figures, &world).filter(|row| row.month == Month::parse(month).unwrap()).collect()
    }

    /// What a measure says of a town in March, by class and other town; only of everybody.
    pub(super) fn figure(&self, measure: &str, town: Spot) -> Vec<(String, f64)> {
        figure(&self.rows("2026-03"), measure, &town.town.to_string())
    }
}

pub(super) fn figure(rows: &[Row], measure: &str, municipality: &str) -> Vec<(String, f64)> {
    let is_meant = |row: &&Row| {
        row.measure == measure && row.municipality == municipality && row.group == "all" && row.hour == -1
    };
    let rounded = |value: f64| (value * 1e6).round() / 1e6;
    let rows = rows.iter().filter(is_meant);
    rows.map(|row| (format!("{}{}", row.class, row.other), rounded(row.value))).collect()
}

/// Expected figures in the order of rows.
pub(super) fn said(expected: &[(&str, f64)]) -> Vec<(String, f64)> {
    expected.iter().map(|(class, value)| ((*class).to_owned(), *value)).collect()
}

pub(super) fn code(spot: Spot) -> String {
    spot.town.to_string()
}
