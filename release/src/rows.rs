//! Counts → the rows of the release tables: every figure suppressed, weighed, rounded, named.
//!
//! In: [`Counts`] and the definition. Out: [`Released`] tables. The lattice of figures is fixed: a
//! municipality has a row for each kind in each month, and rows by origin for all 47 prefectures where its
//! total is published, so that an absent row says nothing about people.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};
use kayoi_geography::Register;
use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Area, CountedKind, Status};
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::{Day, Month};
use rayon::prelude::*;

use crate::counts::{Atoms, Counts};
use crate::gross::Gross;
use crate::options::{ReleaseOptions, least_devices};
use crate::relations::{TieFigure, by_origin, tie_problem};
use crate::shown::Shown;
use crate::suppress::suppress;
use crate::weigh::{Factors, Persons, Weighed, weigh};

/// The rows of one release table, all of them made of [`Weighed`] figures. Only this module makes one, and
/// the writer takes nothing else.
#[derive(Debug)]
pub struct Released {
    table: ReleaseTable,
    batch: RecordBatch,
}

impl Released {
    /// The table.
    pub fn table(&self) -> ReleaseTable {
        self.table
    }

    /// Its rows, in the table's order.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// Rows with a figure.
    pub fn published_rows(&self) -> u64 {
        self.batch.column_by_name("persons").map_or(0, |column| column.len() - column.null_count()) as u64
    }
}

/// Makes the rows of one release.
#[derive(Debug)]
pub struct Rows<'a> {
    counts: &'a Counts,
    options: &'a ReleaseOptions,
    /// Number of the run.
    revision: u64,
}

/// The figures of one municipality or area.
struct Row<P, K> {
    period: P,
    place: K,
    kind: Option<CountedKind>,
    origin: Option<PrefectureCode>,
    persons: Option<Persons>,
}

impl<'a> Rows<'a> {
    /// The rows of a release of some counts.
    pub fn new(counts: &'a Counts, options: &'a ReleaseOptions, revision: u64) -> Self {
        Self { counts, options, revision }
    }

    /// Rows of `visitors_daily`, in its order. Days of a municipality in a month in which none of its days
    /// can be published are left out.
    ///
    /// # Errors
    /// [`LakeError::Arrow`] when columns do not fit.
    pub fn visitors_daily(&self) -> Result<Released, LakeError> {
        let days: BTreeSet<Day> = self.counts.days();
        let places: Vec<MunicipalityCode> = self.counts.visited().into_iter().collect();
        let mut rows: Vec<Row<Day, MunicipalityCode>> =
            places.par_iter().flat_map_iter(|place| self.days_of(*place, &days)).collect();
        rows.sort_by_key(|row| (row.period, row.place, row.origin));
        let dates: ArrayRef = Arc::new(Date32Array::from_iter_values(rows.iter().map(|row| row.period.0)));
        let mut columns = vec![dates];
        columns.extend(place_columns(&rows, self.options.register));
        columns.extend(origin_columns(&rows));
        columns.extend(self.figure_columns(&rows));
        columns.extend(self.stamp_columns(rows.len()));
        released(ReleaseTable::VisitorsDaily, columns)
    }

    fn days_of(&self, place: MunicipalityCode, days: &BTreeSet<Day>) -> Vec<Row<Day, MunicipalityCode>> {
        let mut rows: BTreeMap<Month, Vec<Row<Day, MunicipalityCode>>> = BTreeMap::new();
        let mut months_shown: BTreeSet<Month> = BTreeSet::new();
        for day in days {
            let origins = self.counts.visitors(*day, place);
            let atoms: Vec<(PrefectureCode, u64)> =
                origins.iter().map(|(origin, count)| (*origin, *count)).collect();
            let problem = by_origin(&atoms);
            let factors = self.factors(day.month());
            let k = least_devices(&self.options.definition.thresholds);
            let figures = weigh(suppress(problem, k), &atoms, &factors, &self.options.definition.thresholds);
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
    pub fn connected_monthly(&self) -> Result<(Released, Shown), LakeError> {
        let register = self.options.register;
        let keys: Vec<(Month, MunicipalityCode)> = self
            .counts
            .months()
            .into_iter()
            .flat_map(|month| register.all().iter().map(move |municipality| (month, municipality.code)))
            .collect();
        let places: Vec<(Month, MunicipalityCode, Vec<Weighed<TieFigure>>)> = keys
            .par_iter()
            .map(|(month, place)| {
                let atoms = self.counts.ties(*month, Area::Municipality(*place));
                (*month, *place, self.ties_of(*month, atoms, true))
            })
            .collect();
        let (mut rows, mut shown) = (Vec::new(), BTreeSet::new());
        for (month, place, figures) in &places {
            let totals: BTreeSet<CountedKind> = figures
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
        columns.extend(place_columns(&rows, self.options.register));
        columns.push(kinds_column(&rows));
        columns.extend(origin_columns(&rows));
        columns.extend(self.figure_columns(&rows));
        columns.extend(self.stamp_columns(rows.len()));
        Ok((released(ReleaseTable::ConnectedMonthly, columns)?, Shown::of(shown)))
    }

    /// Rows of `connected_totals_monthly`. `shown` are the municipal figures that are published.
    ///
    /// # Errors
    /// [`LakeError::Arrow`] when columns do not fit.
    pub fn connected_totals_monthly(&self, shown: &Shown) -> Result<Released, LakeError> {
        let mut rows: Vec<(Row<Month, Area>, Option<u64>)> = Vec::new();
        for month in self.counts.months() {
            let gross = Gross::new(self.counts, &self.options.definition.thresholds, month, shown);
            let prefectures = (1..=47).filter_map(|number| PrefectureCode::new(number).ok());
            for area in std::iter::once(Area::Country).chain(prefectures.map(Area::Prefecture)) {
                for figure in self.ties_of(month, self.counts.ties(month, area), false) {
                    let kind = figure.key().0;
                    let persons = figure.persons().filter(|_| !gross.equals_a_hidden_figure(area, kind));
                    let row = Row { period: month, place: area, kind: Some(kind), origin: None, persons };
                    rows.push((row, gross.published(area, kind)));
                }
            }
        }
        rows.sort_by_cached_key(|(row, _)| {
            (row.period, row.place.to_string(), row.kind.map(|kind| kind.to_string()))
        });
        let (rows, gross): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let mut columns = vec![months_column(&rows)];
        columns.push(text(rows.iter().map(|row| row.place.to_string())));
        columns.push(text(rows.iter().map(|row| area_names(row.place).0.to_owned())));
        columns.push(text(rows.iter().map(|row| area_names(row.place).1.to_owned())));
        columns.push(kinds_column(&rows));
        columns.extend(self.figure_columns(&rows));
        columns.push(Arc::new(Int64Array::from_iter(gross.into_iter().map(|count| count.map(|c| c as i64)))));
        columns.extend(self.stamp_columns(rows.len()));
        released(ReleaseTable::ConnectedTotalsMonthly, columns)
    }

    fn factors(&self, month: Month) -> Factors {
        Factors::new(self.options.expansion, month, self.counts.residents(), self.options.register)
    }

    fn ties_of(&self, month: Month, atoms: &Atoms, is_municipality: bool) -> Vec<Weighed<TieFigure>> {
        let problem = tie_problem(atoms, &self.options.definition, is_municipality);
        let weights: Vec<(PrefectureCode, u64)> =
            atoms.iter().map(|(atom, count)| (atom.origin, *count)).collect();
        let factors = self.factors(month);
        let k = least_devices(&self.options.definition.thresholds);
        weigh(suppress(problem, k), &weights, &factors, &self.options.definition.thresholds)
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
            same(self.options.definition.id()),
            same(self.options.definition.hash()),
            same(self.options.boundaries.clone()),
            same(self.options.code_date.clone()),
            Arc::new(Int64Array::from(vec![self.revision as i64; rows])),
        ]
    }
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

fn place_columns<P>(rows: &[Row<P, MunicipalityCode>], register: &Register) -> Vec<ArrayRef> {
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

fn area_names(area: Area) -> (&'static str, &'static str) {
    match area {
        Area::Country => ("全国", "Japan"),
        Area::Prefecture(code) => Register::prefecture_name(code),
        Area::Municipality(code) => Register::prefecture_name(code.prefecture()),
    }
}

fn released(table: ReleaseTable, columns: Vec<ArrayRef>) -> Result<Released, LakeError> {
    let description = table.table();
    RecordBatch::try_new(description.arrow_schema(), columns)
        .map(|batch| Released { table, batch })
        .map_err(|source| LakeError::Arrow { table: description.name.to_owned(), source })
}

#[cfg(test)]
#[path = "rows_tests.rs"]
mod tests;
