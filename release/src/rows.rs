//! Counts → the rows of the release tables: every figure suppressed, weighed, rounded, named.
//!
//! In: [`Indicators`] and the definition. Out: Arrow batches of the release tables. The lattice of figures is
//! fixed: a municipality has a row for each kind in each month, and rows by origin for all 47 prefectures where
//! its total is published, so that an absent row says nothing about people.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use kayoi_geography::Register;
use kayoi_lake::LakeError;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::release::{Status, TieKind};
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::{Day, Month};
use rayon::prelude::*;

use crate::gross::Gross;
use crate::indicators::{Area, Atoms, Indicators, kinds};
use crate::suppress::{Figure, Problem, suppress};
use crate::weigh::{Expansion, Factors, Persons, Weighed, weigh};

/// What stands on every row.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// Edition of the borders.
    pub boundaries: String,
    /// Date of the municipality codes, or `unknown`.
    pub code_date: String,
    /// Number of the run.
    pub revision: i64,
}

/// A figure of a municipality: a kind of tie, from everywhere or from one prefecture.
pub type TieFigure = (TieKind, Option<PrefectureCode>);

/// Makes the rows of one release.
#[derive(Debug)]
pub struct Release<'a> {
    /// Exact counts.
    pub indicators: &'a Indicators,
    /// Thresholds.
    pub definition: &'a Definition,
    /// How devices become people.
    pub expansion: Expansion,
    /// What stands on every row.
    pub stamp: Stamp,
}

/// The figures of one municipality or area.
struct Row<P, K> {
    period: P,
    place: K,
    kind: Option<TieKind>,
    origin: Option<PrefectureCode>,
    persons: Option<Persons>,
}

impl Release<'_> {
    /// Rows of `visitors_daily`, in its order. Days of a municipality in a month in which none of its days can
    /// be published are left out.
    ///
    /// # Errors
    /// [`LakeError::Arrow`] when columns do not fit.
    pub fn visitors_daily(&self) -> Result<RecordBatch, LakeError> {
        let days: BTreeSet<Day> = self.indicators.daily.keys().map(|(day, _)| *day).collect();
        let places: BTreeSet<MunicipalityCode> =
            self.indicators.daily.keys().map(|(_, place)| *place).collect();
        let places: Vec<MunicipalityCode> = places.into_iter().collect();
        let mut rows: Vec<Row<Day, MunicipalityCode>> =
            places.par_iter().flat_map_iter(|place| self.days_of(*place, &days)).collect();
        rows.sort_by_key(|row| (row.period, row.place, row.origin));
        let dates: ArrayRef = Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.period.0)));
        let mut columns = vec![dates];
        columns.extend(place_columns(&rows));
        columns.extend(origin_columns(&rows));
        columns.extend(self.figure_columns(&rows));
        columns.extend(self.stamp_columns(rows.len()));
        batch(ReleaseTable::VisitorsDaily, columns)
    }

    fn days_of(&self, place: MunicipalityCode, days: &BTreeSet<Day>) -> Vec<Row<Day, MunicipalityCode>> {
        let mut rows: BTreeMap<Month, Vec<Row<Day, MunicipalityCode>>> = BTreeMap::new();
        let mut months_shown: BTreeSet<Month> = BTreeSet::new();
        let none = BTreeMap::new();
        for day in days {
            let origins = self.indicators.daily.get(&(*day, place)).unwrap_or(&none);
            let atoms: Vec<(PrefectureCode, u64)> =
                origins.iter().map(|(origin, count)| (*origin, *count)).collect();
            let problem = by_origin(&atoms);
            let factors = Factors::new(self.expansion, day.month(), &self.indicators.residents);
            let k = self.definition.thresholds.disclosure_min_devices as u64;
            let figures = weigh(suppress(problem, k), &atoms, &factors, &self.definition.thresholds);
            let total = figures.first().and_then(Weighed::persons);
            if total.is_some() {
                months_shown.insert(day.month());
            }
            let shown = if total.is_some() { figures.len() } else { 1 };
            rows.entry(day.month()).or_default().extend(figures[..shown].iter().map(|figure| Row {
                period: *day,
                place,
                kind: None,
                origin: *figure.key(),
                persons: figure.persons(),
            }));
        }
        rows.retain(|month, _| months_shown.contains(month));
        rows.into_values().flatten().collect()
    }

    /// Rows of `connected_monthly`, in its order.
    ///
    /// # Errors
    /// [`LakeError::Arrow`] when columns do not fit.
    pub fn connected_monthly(&self, shown: &mut Shown) -> Result<RecordBatch, LakeError> {
        let months: BTreeSet<Month> = self.indicators.monthly.keys().map(|(month, _)| *month).collect();
        let keys: Vec<(Month, MunicipalityCode)> = months
            .iter()
            .flat_map(|month| Register::japan().all().iter().map(|municipality| (*month, municipality.code)))
            .collect();
        let none = Atoms::new();
        let places: Vec<(Month, MunicipalityCode, Vec<Weighed<TieFigure>>)> = keys
            .par_iter()
            .map(|(month, place)| {
                let atoms = self.indicators.monthly.get(&(*month, *place)).unwrap_or(&none);
                (*month, *place, self.ties_of(*month, atoms, true))
            })
            .collect();
        let mut rows = Vec::new();
        for (month, place, figures) in &places {
            let totals: BTreeSet<TieKind> = figures
                .iter()
                .filter(|figure| figure.key().1.is_none() && figure.persons().is_some())
                .map(|figure| figure.key().0)
                .collect();
            for kind in &totals {
                shown.insert((*month, *place, *kind));
            }
            for figure in figures {
                let (kind, origin) = *figure.key();
                if origin.is_none() || totals.contains(&kind) {
                    let persons = figure.persons();
                    rows.push(Row { period: *month, place: *place, kind: Some(kind), origin, persons });
                }
            }
        }
        rows.sort_by_cached_key(|row| {
            (row.period, row.place, row.kind.map(|kind| kind.to_string()), row.origin)
        });
        let mut columns = vec![months_column(&rows)];
        columns.extend(place_columns(&rows));
        columns.push(kinds_column(&rows));
        columns.extend(origin_columns(&rows));
        columns.extend(self.figure_columns(&rows));
        columns.extend(self.stamp_columns(rows.len()));
        batch(ReleaseTable::ConnectedMonthly, columns)
    }

    /// Rows of `connected_totals_monthly`. `shown` are the municipal figures that are published.
    ///
    /// # Errors
    /// [`LakeError::Arrow`] when columns do not fit.
    pub fn connected_totals_monthly(&self, shown: &Shown) -> Result<RecordBatch, LakeError> {
        let mut rows: Vec<(Row<Month, Area>, Option<u64>)> = Vec::new();
        let months: BTreeSet<Month> = self.indicators.monthly.keys().map(|(month, _)| *month).collect();
        let none = Atoms::new();
        for month in &months {
            let gross = Gross::new(self, *month, shown);
            let prefectures = (1..=47).filter_map(|number| PrefectureCode::new(number).ok());
            for area in std::iter::once(Area::Country).chain(prefectures.map(Area::Prefecture)) {
                let atoms = self.indicators.totals.get(&(*month, area)).unwrap_or(&none);
                for figure in self.ties_of(*month, atoms, false) {
                    let kind = figure.key().0;
                    let persons = figure.persons().filter(|_| !gross.equals_a_hidden_figure(area, kind));
                    let row = Row { period: *month, place: area, kind: Some(kind), origin: None, persons };
                    rows.push((row, gross.published(area, kind)));
                }
            }
        }
        rows.sort_by_cached_key(|(row, _)| {
            (row.period, area_code(row.place), row.kind.map(|kind| kind.to_string()))
        });
        let (rows, gross): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let mut columns = vec![months_column(&rows)];
        columns.push(text(rows.iter().map(|row| area_code(row.place))));
        columns.push(text(rows.iter().map(|row| area_names(row.place).0.to_owned())));
        columns.push(text(rows.iter().map(|row| area_names(row.place).1.to_owned())));
        columns.push(kinds_column(&rows));
        columns.extend(self.figure_columns(&rows));
        columns.push(Arc::new(Int64Array::from_iter(gross.into_iter().map(|count| count.map(|c| c as i64)))));
        columns.extend(self.stamp_columns(rows.len()));
        batch(ReleaseTable::ConnectedTotalsMonthly, columns)
    }

    fn ties_of(&self, month: Month, atoms: &Atoms, is_municipality: bool) -> Vec<Weighed<TieFigure>> {
        let problem = tie_problem(atoms, self.definition, is_municipality);
        let weights: Vec<(PrefectureCode, u64)> =
            atoms.iter().map(|(atom, count)| (atom.origin, *count)).collect();
        let factors = Factors::new(self.expansion, month, &self.indicators.residents);
        let k = self.definition.thresholds.disclosure_min_devices as u64;
        weigh(suppress(problem, k), &weights, &factors, &self.definition.thresholds)
    }

    fn figure_columns<P, K>(&self, rows: &[Row<P, K>]) -> Vec<ArrayRef> {
        let number = |pick: fn(Persons) -> u64| -> ArrayRef {
            Arc::new(Int64Array::from_iter(
                rows.iter().map(|row| row.persons.map(|persons| pick(persons) as i64)),
            ))
        };
        let status =
            |row: &Row<P, K>| if row.persons.is_some() { Status::Published } else { Status::Suppressed };
        vec![
            number(|persons| persons.estimate),
            number(|persons| persons.low),
            number(|persons| persons.high),
            text(rows.iter().map(|row| status(row).as_str().to_owned())),
        ]
    }

    fn stamp_columns(&self, rows: usize) -> Vec<ArrayRef> {
        let same = |word: String| text(std::iter::repeat_n(word, rows));
        vec![
            same(self.definition.id()),
            same(self.definition.hash()),
            same(self.stamp.boundaries.clone()),
            same(self.stamp.code_date.clone()),
            Arc::new(Int64Array::from(vec![self.stamp.revision; rows])),
        ]
    }
}

/// The municipal totals that are published.
pub type Shown = BTreeSet<(Month, MunicipalityCode, TieKind)>;

/// The kinds counted for prefectures and the country.
pub(crate) fn area_kinds() -> [TieKind; 5] {
    [TieKind::Visitor, TieKind::Repeat, TieKind::Connected, TieKind::DualResident, TieKind::Workation]
}

/// Figures of a day: the total, then all 47 prefectures.
fn by_origin(atoms: &[(PrefectureCode, u64)]) -> Problem<Option<PrefectureCode>> {
    let total = Figure { key: None, atoms: (0..atoms.len()).collect(), rank: 0 };
    let part = |origin: PrefectureCode| {
        let of_origin = atoms.iter().enumerate().filter(|(_, (found, _))| *found == origin);
        Figure { key: Some(origin), atoms: of_origin.map(|(index, _)| index).collect(), rank: 1 }
    };
    let parts = (1..=47).filter_map(|number| PrefectureCode::new(number).ok()).map(part);
    let figures: Vec<_> = std::iter::once(total).chain(parts).collect();
    let partitions = vec![(0, (1..figures.len()).collect())];
    Problem {
        devices: atoms.iter().map(|(_, count)| *count).collect(),
        figures,
        nested: Vec::new(),
        partitions,
    }
}

/// Figures of a municipality or area in a month: kinds × (everywhere, 47 prefectures), with what people can
/// subtract from what.
pub fn tie_problem(atoms: &Atoms, definition: &Definition, is_municipality: bool) -> Problem<TieFigure> {
    let kinds = if is_municipality { kinds(definition) } else { area_kinds().to_vec() };
    let mut origins: Vec<Option<PrefectureCode>> = vec![None];
    if is_municipality {
        origins.extend((1..=47).filter_map(|number| PrefectureCode::new(number).ok()).map(Some));
    }
    let mut figures = Vec::new();
    for (importance, kind) in kinds.iter().enumerate() {
        for origin in &origins {
            let belongs =
                |atom: &crate::indicators::Atom| atom.is(*kind) && origin.is_none_or(|o| atom.origin == o);
            let members = atoms.keys().enumerate().filter(|(_, atom)| belongs(atom)).map(|(index, _)| index);
            let rank = importance as u32 + if origin.is_some() { kinds.len() as u32 } else { 0 };
            figures.push(Figure { key: (*kind, *origin), atoms: members.collect(), rank });
        }
    }
    let at = |kind: TieKind, origin: usize| {
        kinds.iter().position(|k| *k == kind).map(|k| k * origins.len() + origin)
    };
    let mut nested = Vec::new();
    let mut partitions = Vec::new();
    for origin in 0..origins.len() {
        use TieKind::{Connected, DualResident, Repeat, Visitor, Workation};
        for (whole, part) in [
            (Visitor, Repeat),
            (Repeat, Connected),
            (Visitor, Connected),
            (Visitor, DualResident),
            (Visitor, Workation),
        ] {
            nested.extend(at(whole, origin).zip(at(part, origin)));
        }
        let classes: Vec<usize> = kinds
            .iter()
            .filter(|kind| matches!(kind, TieKind::Days(..)))
            .filter_map(|kind| at(*kind, origin))
            .collect();
        if let (Some(total), false) = (at(Visitor, origin), classes.is_empty()) {
            partitions.push((total, classes));
        }
    }
    if is_municipality {
        for kind in 0..kinds.len() {
            let first = kind * origins.len();
            partitions.push((first, (first + 1..first + origins.len()).collect()));
        }
    }
    Problem { devices: atoms.values().copied().collect(), figures, nested, partitions }
}

fn text(words: impl Iterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(words))
}

fn months_column<K>(rows: &[Row<Month, K>]) -> ArrayRef {
    text(rows.iter().map(|row| row.period.to_string()))
}

fn kinds_column<P, K>(rows: &[Row<P, K>]) -> ArrayRef {
    text(rows.iter().map(|row| row.kind.map_or_else(String::new, |kind| kind.to_string())))
}

fn place_columns<P>(rows: &[Row<P, MunicipalityCode>]) -> Vec<ArrayRef> {
    let register = Register::japan();
    let named =
        |pick: fn(&kayoi_geography::Municipality) -> &str| {
            text(rows.iter().map(|row| {
                register.get(row.place).map_or_else(|| row.place.to_string(), |m| pick(m).to_owned())
            }))
        };
    vec![
        text(rows.iter().map(|row| row.place.to_string())),
        named(|municipality| &municipality.name),
        named(|municipality| &municipality.romaji),
        text(rows.iter().map(|row| Register::prefecture_name(row.place.prefecture()).0.to_owned())),
    ]
}

fn origin_columns<P, K>(rows: &[Row<P, K>]) -> Vec<ArrayRef> {
    let code = |row: &Row<P, K>| row.origin.map_or_else(|| "all".to_owned(), |origin| origin.to_string());
    let name =
        |row: &Row<P, K>| row.origin.map_or("all", |origin| Register::prefecture_name(origin).0).to_owned();
    vec![text(rows.iter().map(code)), text(rows.iter().map(name))]
}

fn area_code(area: Area) -> String {
    match area {
        Area::Country => "JP".to_owned(),
        Area::Prefecture(code) => code.to_string(),
    }
}

fn area_names(area: Area) -> (&'static str, &'static str) {
    match area {
        Area::Country => ("全国", "Japan"),
        Area::Prefecture(code) => Register::prefecture_name(code),
    }
}

fn batch(table: ReleaseTable, columns: Vec<ArrayRef>) -> Result<RecordBatch, LakeError> {
    let table = table.table();
    RecordBatch::try_new(table.arrow_schema(), columns)
        .map_err(|source| LakeError::Arrow { table: table.name.to_owned(), source })
}

#[cfg(test)]
#[path = "release_tests.rs"]
mod tests;
