//! Official tables become one [`Population`].
//!
//! In: files of one base and date, in any order. Out: the people, and a report of what was read, checked, told and left out.
//! Nothing of the order of files, sheets, rows or groups of columns is in what comes out.

use std::path::{Path, PathBuf};

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;

use super::columns::{ColumnNames, Condition};
use super::error::PopulationError;
use super::file::{self, is_population_file};
use super::grid::Grid;
use super::header::NoHeader;
use super::observed::Observed;
use super::places::Places;
use super::rows::{self, Reading};
use super::settle::settle;
use super::{Base, Population, text, workbook};
use crate::Register;
use crate::history::{CodeDate, CodeHistory, HistoryError};

/// Bytes of the largest file that is read.
const MOST_BYTES: u64 = 256 << 20;
/// Municipalities that a message names.
const NAMED: usize = 5;

/// How tables are read.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The statistic.
    pub base: Base,
    /// The day on which its people were counted, and whose codes it has.
    pub date: Day,
    /// The publication, for the credit; the names of the files when there is none.
    pub source: Option<String>,
    /// Names of columns, for a layout that is not known.
    pub columns: Option<ColumnNames>,
    /// Which rows count.
    pub conditions: Vec<Condition>,
    /// Takes a table that lacks municipalities.
    pub is_partial: bool,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Tables that held people.
    pub tables: u64,
    /// Rows of 郡, 市部 and other sums of some municipalities, which are not needed.
    pub rows_of_other_areas: u64,
    /// Rows of some nationality, another item or another year.
    pub rows_left_out: u64,
    /// Prefectures whose rows were held against their municipalities.
    pub prefectures_checked: u64,
    /// Whether the row of the nation was.
    pub nation_checked: bool,
    /// What somebody should know before using it.
    pub notes: Vec<String>,
}

/// Reads tables of one base and date.
///
/// # Errors
/// [`PopulationError`]: a file that cannot be read or has no layout that is known, a cell, code or name that is not
/// understood, sums that differ, municipalities that are missing.
pub fn import_files(
    paths: &[PathBuf],
    options: &ImportOptions,
) -> Result<(Population, ImportReport), PopulationError> {
    let mut files = Vec::new();
    for path in paths {
        files.push((path.as_path(), bytes_of(path)?));
    }
    import_bytes(&files, options)
}

/// As [`import_files`], of files that are in memory.
///
/// # Errors
/// As [`import_files`].
pub fn import_bytes<B: AsRef<[u8]>>(
    files: &[(&Path, B)],
    options: &ImportOptions,
) -> Result<(Population, ImportReport), PopulationError> {
    if let Some((path, bytes)) = files.iter().find(|(_, bytes)| is_population_file(bytes.as_ref())) {
        return imported(path, bytes.as_ref(), files.len(), options);
    }
    let date = CodeDate(options.date);
    if date < CodeDate::EARLIEST {
        return Err(HistoryError::TooEarly { date }.into());
    }
    let source = match &options.source {
        Some(source) => source.trim().to_owned(),
        None => names(files.iter().map(|(path, _)| *path)),
    };
    if !file::is_line(&source) {
        return Err(PopulationError::Source { source_text: source.chars().take(60).collect() });
    }
    let reading = Reading {
        date,
        places: Places::on(date),
        columns: options.columns.as_ref(),
        conditions: &options.conditions,
    };
    let (mut observed, mut report) = (Observed::default(), ImportReport::default());
    for (path, bytes) in files {
        report.tables += read(&mut observed, path, bytes.as_ref(), &reading)?;
    }
    let differ = observed.names_agree(date)?;
    let settled = settle(&observed, date)?;
    let (bands, residents) = (settled.bands, settled.residents);
    let population = Population { base: options.base, date: options.date, source, bands, residents };
    let missing = population.missing();
    if !missing.is_empty() && (!options.is_partial || missing.len() == Register::japan().all().len()) {
        let (count, all) = (missing.len(), Register::japan().all().len());
        return Err(PopulationError::Missing { count, all, first: first_of(&missing) });
    }
    report.rows_of_other_areas = observed.other_areas;
    report.rows_left_out = observed.left_out;
    report.prefectures_checked = settled.prefectures_checked as u64;
    report.nation_checked = settled.nation_checked;
    let mut note = |text: String| report.notes.push(text);
    if let Some(some) = &observed.of_some {
        note(format!("a title says {some}: these are not all residents"));
    }
    if observed.is_imputed {
        note("a title says 不詳補完値: who did not answer is divided among the ages".to_owned());
    }
    let year = options.date.ymd().0;
    if !observed.years.is_empty() && !observed.years.contains(&year) {
        let mut years = observed.years.clone();
        years.sort_unstable();
        years.dedup();
        let years: Vec<String> = years.iter().map(i32::to_string).collect();
        note(format!("titles name the year {} and not {year}: check --date", years.join(", ")));
    }
    if differ > 0 {
        note(format!("{differ} names are written in other letters than the official ones; codes count"));
    }
    if !settled.nobody.is_empty() {
        let (count, first) = (settled.nobody.len(), first_of(&settled.nobody));
        note(format!(
            "{count} without a figure have nobody, as the others make their prefecture's total: {first}"
        ));
    }
    if !missing.is_empty() {
        note(format!("{} municipalities are missing: {}", missing.len(), first_of(&missing)));
    }
    if settled.has_gap {
        note("ages are left out: they do not reach from 0 to an open end without a gap".to_owned());
    }
    if !settled.lack_ages.is_empty() {
        let (count, first) = (settled.lack_ages.len(), first_of(&settled.lack_ages));
        note(format!("{count} municipalities have no ages, because figures of them are not told: {first}"));
    }
    let unknown = population.unknown_age();
    if unknown > 0 {
        note(format!("{unknown} people of unknown age are in the totals alone"));
    }
    Ok((population, report))
}

/// A file that an earlier import wrote is what it is.
fn imported(
    path: &Path,
    bytes: &[u8],
    files: usize,
    options: &ImportOptions,
) -> Result<(Population, ImportReport), PopulationError> {
    if files > 1 {
        return Err(PopulationError::Imported { path: path.to_owned() });
    }
    let mut population = file::parse(path, bytes)?;
    let words = |base: Base, date: Day| format!("{base} {date}");
    let (found, given) = (words(population.base, population.date), words(options.base, options.date));
    if found != given {
        return Err(PopulationError::OtherBase { path: path.to_owned(), found, given });
    }
    if let Some(source) = &options.source {
        population.source = source.trim().to_owned();
        if !file::is_line(&population.source) {
            return Err(PopulationError::Source { source_text: source.chars().take(60).collect() });
        }
    }
    Ok((population, ImportReport { tables: 1, ..ImportReport::default() }))
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, PopulationError> {
    let length = std::fs::metadata(path).map_err(|error| PopulationError::read(path, error))?.len();
    if length > MOST_BYTES {
        return Err(PopulationError::TooLarge { path: path.to_owned() });
    }
    std::fs::read(path).map_err(|error| PopulationError::read(path, error))
}

/// The tables of one file; at least one must hold people.
fn read(
    observed: &mut Observed,
    path: &Path,
    bytes: &[u8],
    reading: &Reading<'_>,
) -> Result<u64, PopulationError> {
    let (mut tables, mut none) = (0, None);
    for grid in grids(path, bytes)? {
        match rows::read(observed, path, &grid, reading)? {
            Ok(()) => tables += 1,
            // The reason of the sheet that came nearest.
            Err(reason) => {
                let rank = |reason: &NoHeader| match reason {
                    NoHeader::Places { .. } => 0,
                    NoHeader::Column { .. } | NoHeader::Rows => 1,
                    NoHeader::People { .. } => 2,
                };
                if none.as_ref().is_none_or(|other| rank(other) < rank(&reason)) {
                    none = Some(reason);
                }
            }
        }
    }
    if tables > 0 {
        return Ok(tables);
    }
    let path = path.to_owned();
    Err(match none.unwrap_or(NoHeader::Places { found: "nothing".to_owned() }) {
        NoHeader::Places { found } => {
            PopulationError::Unrecognized { path, what: "no row names a column of municipalities", found }
        }
        NoHeader::People { found } => PopulationError::Unrecognized {
            path,
            what: "no column counts people of the year of --date",
            found,
        },
        NoHeader::Rows => PopulationError::NoRows { path },
        NoHeader::Column { name, found } => PopulationError::NoColumn { path, name, found },
    })
}

fn grids(path: &Path, bytes: &[u8]) -> Result<Vec<Grid>, PopulationError> {
    let path = || path.to_owned();
    if workbook::is_workbook(bytes) {
        return workbook::grids(bytes).map_err(|source| PopulationError::Workbook { path: path(), source });
    }
    let text = text::decode(bytes).ok_or_else(|| PopulationError::NotTable { path: path() })?;
    Ok(vec![text::grid(&text).ok_or_else(|| PopulationError::TooLarge { path: path() })?])
}

/// Names of files in order, each once.
fn names<'p>(paths: impl Iterator<Item = &'p Path>) -> String {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = paths.filter_map(name).collect();
    names.sort();
    names.dedup();
    if names.len() > NAMED {
        format!("{} and {} other files", names[0], names.len() - 1)
    } else {
        names.join(", ")
    }
}

/// The first municipalities with their names.
pub fn first_of(codes: &[MunicipalityCode]) -> String {
    let name = |code: &MunicipalityCode| {
        let name = CodeHistory::japan().name(*code, CodeDate::COMPLETE_UNTIL).unwrap_or_default();
        format!("{code} {name}")
    };
    let named: Vec<String> = codes.iter().take(NAMED).map(name).collect();
    named.join(", ") + if codes.len() > NAMED { ", …" } else { "" }
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "random_tests.rs"]
mod random_tests;
