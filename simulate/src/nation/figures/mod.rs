//! What the figures of a release should be: people of everybody's cells, and phones of the panel's.
//!
//! In: the cells of everybody, and those of a panel. Out: for each figure by the names that its row has in the release its
//! people, its phones, and what weights by prefecture make of these without noise, as `figures.parquet`. That is what one
//! would publish without this release: people, and the variance of independent selection (Horvitz and Thompson).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::Float64Array;
use kayoi_geography::region::Region;
use kayoi_schemas::figure::{Area, Atom, Cube, Dimension};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;

use super::activity::group;
use super::cells::Cells;
use super::town::{PREFECTURES, position};
use super::{Nation, Panel};
use crate::error::SimulateError;
use crate::truth::{Table, texts};

mod activity;
mod origins;
mod words;

use origins::{ORIGINS, origin_words, origins_of};
use words::Words;

/// Rows of a batch.
const BATCH: usize = 65_536;

/// Of one figure.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Sum {
    people: f64,
    phones: f64,
    weighted: f64,
    variance: f64,
}

/// Figures of a table that has each combination of its words.
struct Grid {
    kinds: Vec<String>,
    origins: Vec<String>,
    areas: BTreeMap<Area, Vec<Sum>>,
}

/// A figure that is keyed by another municipality: area, kind, the other one.
type Keyed = (Area, String, String);

/// The figures of a month.
pub struct Figures {
    grids: BTreeMap<&'static str, Grid>,
    keyed: BTreeMap<&'static str, BTreeMap<Keyed, Sum>>,
    friends: Vec<(MunicipalityCode, MunicipalityCode)>,
}

/// Adds a cell to a sum.
type Add<'a> = &'a dyn Fn(&mut Sum, f64, usize);

impl Figures {
    /// The figures of everybody and of a panel.
    ///
    /// # Errors
    /// [`SimulateError`] when the definition that ships cannot be read.
    pub fn new(nation: &Nation, all: &Cells, panel: &Panel, seen: &Cells) -> Result<Self, SimulateError> {
        let mut figures = Self { grids: BTreeMap::new(), keyed: BTreeMap::new(), friends: Vec::new() };
        let words = Words::new()?;
        figures.add(&words, all, &|sum, value, _| sum.people += value);
        let weights: Vec<f64> = (0..PREFECTURES).map(|prefecture| panel.weight(prefecture)).collect();
        figures.add(&words, seen, &|sum, value, prefecture| {
            let weight = weights[prefecture];
            sum.phones += value;
            sum.weighted += value * weight;
            sum.variance += value * weight * (weight - 1.0).max(0.0);
        });
        figures.friends = nation.friends();
        Ok(figures)
    }

    fn add(&mut self, words: &Words, cells: &Cells, add: Add<'_>) {
        for (atom, value) in &cells.connected {
            let kinds = words.kinds(Cube::ConnectedMonthly, atom);
            self.by_origin(
                ("connected_monthly", words.of_municipalities()),
                atom,
                &kinds,
                *value as f64,
                add,
            );
        }
        for (atom, value) in &cells.monthly {
            let kind = atom.class.get(Cube::VisitorsMonthly.declaration().dimensions, Dimension::DayType);
            let names = Dimension::DayType.words().iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
            self.by_origin(("visitors_monthly", &names), atom, &[usize::from(kind)], *value as f64, add);
        }
        for (atom, value) in &cells.totals {
            let origin = position(atom.origin.prefecture());
            let grid =
                grid(&mut self.grids, "connected_totals_monthly", words.of_areas(), &["all".to_owned()]);
            let sums = grid.sums(atom.area);
            for kind in words.kinds_of_areas(atom) {
                add(&mut sums[kind], *value as f64, origin);
            }
        }
        let residents = self.keyed.entry("residents").or_default();
        for (atom, value) in &cells.residents {
            let sum = residents.entry((atom.area, "all".to_owned(), "all".to_owned())).or_default();
            add(sum, *value as f64, position(atom.origin.prefecture()));
        }
        let daily = self.keyed.entry("visitors_daily").or_default();
        for (atom, value) in &cells.daily {
            let sum = daily.entry((atom.area, Day(atom.period).to_string(), "all".to_owned())).or_default();
            add(sum, *value as f64, position(atom.origin.prefecture()));
        }
        for (cube, of_cube) in &cells.activity {
            of_cube.iter().for_each(|(atom, value)| {
                self.activity((*cube, &cells.counted_teleworkers), atom, *value as f64, add)
            });
        }
    }

    /// A cell of people of a prefecture: it is in the figures of everybody, the block and so on.
    fn by_origin(
        &mut self,
        (table, kinds): (&'static str, &[String]),
        atom: &Atom,
        of: &[usize],
        value: f64,
        add: Add<'_>,
    ) {
        let Area::Municipality(town) = atom.area else { return };
        let origin = position(atom.origin.prefecture());
        let grid = grid(&mut self.grids, table, kinds, origin_words());
        let sums = grid.sums(atom.area);
        for kind in of {
            for slot in origins_of(position(town.prefecture()), origin) {
                add(&mut sums[kind * ORIGINS + slot], value, origin);
            }
        }
    }

    /// The people of a figure by origin, by area, kind and origin as its row has them: nobody where it is not known.
    pub fn people(&self, table: &str, area: Area, kind: &str, origin: &str) -> f64 {
        let find = || {
            let grid = self.grids.get(table)?;
            let place = |words: &[String], word: &str| words.iter().position(|known| known == word);
            let at = place(&grid.kinds, kind)? * grid.origins.len() + place(&grid.origins, origin)?;
            grid.areas.get(&area)?.get(at).map(|sum| sum.people)
        };
        find().unwrap_or(0.0)
    }

    /// Writes them.
    ///
    /// # Errors
    /// [`SimulateError`] when a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), SimulateError> {
        std::fs::create_dir_all(folder).map_err(SimulateError::io(folder))?;
        let mut table = Table::new(folder, "figures");
        let mut rows = self.rows();
        loop {
            let batch: Vec<Row<'_>> = rows.by_ref().take(BATCH).collect();
            table.append(vec![
                ("table", texts(batch.iter().map(|row| row.table))),
                ("area", texts(batch.iter().map(|row| row.area.to_string()))),
                ("kind", texts(batch.iter().map(|row| row.kind))),
                ("origin", texts(batch.iter().map(|row| row.origin))),
                ("people", numbers(&batch, |sum| sum.people)),
                ("phones", numbers(&batch, |sum| sum.phones)),
                ("weighted", numbers(&batch, |sum| sum.weighted)),
                ("variance", numbers(&batch, |sum| sum.variance)),
            ])?;
            if batch.len() < BATCH {
                break;
            }
        }
        table.close()?;
        let mut friends = Table::new(folder, "friends");
        friends.append(vec![
            ("area", texts(self.friends.iter().map(|(town, _)| town.to_string()))),
            ("other", texts(self.friends.iter().map(|(_, other)| other.to_string()))),
        ])?;
        friends.close()
    }

    /// All rows that are of anybody.
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let grids = self.grids.iter().flat_map(|(table, grid)| grid.rows(table));
        let keyed = self.keyed.iter().flat_map(|(table, figures)| {
            figures.iter().map(|((area, kind, origin), sum)| Row { table, area: *area, kind, origin, sum })
        });
        grids.chain(keyed)
    }
}

/// A figure with its names.
struct Row<'a> {
    table: &'static str,
    area: Area,
    kind: &'a str,
    origin: &'a str,
    sum: &'a Sum,
}

fn numbers(rows: &[Row<'_>], of: fn(&Sum) -> f64) -> arrow::array::ArrayRef {
    Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| of(row.sum))))
}

fn grid<'g>(
    grids: &'g mut BTreeMap<&'static str, Grid>,
    table: &'static str,
    kinds: &[String],
    origins: &[String],
) -> &'g mut Grid {
    grids.entry(table).or_insert_with(|| Grid {
        kinds: kinds.to_vec(),
        origins: origins.to_vec(),
        areas: BTreeMap::new(),
    })
}

impl Grid {
    fn sums(&mut self, area: Area) -> &mut [Sum] {
        let count = self.kinds.len() * self.origins.len();
        self.areas.entry(area).or_insert_with(|| vec![Sum::default(); count])
    }

    fn rows(&self, table: &'static str) -> impl Iterator<Item = Row<'_>> {
        self.areas.iter().flat_map(move |(area, sums)| {
            let names =
                self.kinds.iter().flat_map(|kind| self.origins.iter().map(move |origin| (kind, origin)));
            let rows = names.zip(sums).filter(|(_, sum)| sum.people > 0.0);
            rows.map(move |((kind, origin), sum)| Row { table, area: *area, kind, origin, sum })
        })
    }
}

impl Panel {
    /// People of a prefecture for each of its phones, without noise.
    fn weight(&self, prefecture: usize) -> f64 {
        1.0 / self.rate_of_prefecture(prefecture).max(f64::MIN_POSITIVE)
    }
}

impl Nation {
    /// Towns with the towns that are their friends.
    fn friends(&self) -> Vec<(MunicipalityCode, MunicipalityCode)> {
        let towns = || 0..self.towns.len();
        if self.everybody.is_none_or(|everybody| everybody.friendships <= 0.0) {
            return Vec::new();
        }
        let pairs = towns().flat_map(|town| towns().map(move |other| (town, other)));
        let friends = pairs.filter(|(town, other)| self.are_friends(*town, *other));
        friends.map(|(town, other)| (self.towns[town].code, self.towns[other].code)).collect()
    }
}

/// The block of a prefecture, by position.
fn block(prefecture: usize) -> usize {
    let region = kayoi_schemas::ids::PrefectureCode::new(prefecture as u8 + 1).map(Region::of);
    Region::ALL.iter().position(|one| Ok(*one) == region).unwrap_or(0)
}

/// Whether two prefectures are the same, as people of a town are from inside or outside.
fn is_inside(town: usize, origin: usize) -> bool {
    group(town, origin) == 1
}
