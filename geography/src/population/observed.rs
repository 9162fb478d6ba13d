//! Everything that tables say, before it is added up.
//!
//! In: one figure after the other, each with whom it counts and where it stands. Out: [`Observed`]. A figure that stands twice
//! must be the same both times.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kayoi_schemas::ids::MunicipalityCode;

use super::age::{Age, Sex};
use super::error::{At, PopulationError};
use super::meaning::years_in;
use super::places::Area;
use crate::Register;
use crate::history::{CodeDate, CodeHistory};

/// Names that may be written in other letters, among so many.
const ONE_NAME_IN: usize = 20;

/// Whom a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) area: Area,
    pub(super) sex: Sex,
    pub(super) age: Age,
}

/// Where a figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    table: usize,
    /// As people count them, from 1.
    row: usize,
    column: usize,
}

/// A figure; none is one that the table does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) people: Option<u64>,
    pub(super) spot: Spot,
}

/// Everything that tables say.
#[derive(Debug, Default)]
pub(super) struct Observed {
    pub(super) figures: BTreeMap<Key, Seen>,
    tables: Vec<(PathBuf, Option<String>)>,
    /// Rows of sums of some municipalities.
    pub(super) other_areas: u64,
    /// Rows of people of some nationality, another item or another year, or that a condition left out.
    pub(super) left_out: u64,
    /// Years that titles name.
    pub(super) years: Vec<i32>,
    /// Whether a title speaks of Japanese or of foreign residents alone.
    pub(super) of_some: Option<&'static str>,
    /// Whether a title says that unknown ages were filled in.
    pub(super) is_imputed: bool,
    names: Names,
}

/// How well codes and names agree.
#[derive(Debug, Default)]
struct Names {
    all: usize,
    differ: usize,
    first: Option<(Spot, MunicipalityCode, String)>,
}

impl Observed {
    /// Begins a table: spots are of it until the next one begins.
    pub(super) fn begin(&mut self, path: &Path, sheet: Option<&str>, titles: &[String]) {
        self.tables.push((path.to_owned(), sheet.map(str::to_owned)));
        for title in titles {
            self.years.extend(years_in(title));
            self.is_imputed |= title.contains("不詳補完");
            let some = ["日本人住民", "外国人住民", "日本人人口", "外国人人口"];
            let some = some.into_iter().find(|some| title.contains(some));
            let is_of_all = title.contains("総計") || title.contains("総数");
            self.of_some = some.filter(|_| !is_of_all).or(self.of_some);
        }
    }

    /// A cell of the table that was begun last, by the number of its line and its column from 0.
    pub(super) fn spot(&self, line: usize, column: usize) -> Spot {
        Spot { table: self.tables.len().saturating_sub(1), row: line, column: column + 1 }
    }

    /// The spot in words.
    pub(super) fn at(&self, spot: Spot) -> At {
        let (path, sheet) = self.tables.get(spot.table).cloned().unwrap_or_default();
        At { path, sheet, row: spot.row, column: spot.column }
    }

    /// Takes a figure.
    ///
    /// # Errors
    /// [`PopulationError::TwoFigures`] when there is another one for the same people.
    pub(super) fn put(&mut self, key: Key, seen: Seen) -> Result<(), PopulationError> {
        let Some(there) = self.figures.get_mut(&key) else {
            self.figures.insert(key, seen);
            return Ok(());
        };
        match (there.people, seen.people) {
            (Some(one), Some(other)) if one != other => {
                let (spot, what) = (there.spot, words_of(key));
                let (at, other_at) = (self.at(spot), self.at(seen.spot));
                Err(PopulationError::TwoFigures { what, one, at, other, other_at })
            }
            (None, Some(_)) => {
                *there = seen;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes note of whether a name is that of the code beside it.
    pub(super) fn compare(&mut self, (code, spot): (MunicipalityCode, Spot), name: String, agrees: bool) {
        self.names.all += 1;
        if !agrees {
            self.names.differ += 1;
            self.names.first.get_or_insert((spot, code, name));
        }
    }

    /// Holds codes against names once all tables are read: how many differ.
    ///
    /// # Errors
    /// [`PopulationError::NamesDiffer`] when more than one in twenty do: a few names are written in other letters.
    pub(super) fn names_agree(&self, date: CodeDate) -> Result<usize, PopulationError> {
        let Names { all, differ, first } = &self.names;
        match first {
            Some((spot, code, found)) if differ * ONE_NAME_IN > *all => {
                let official = CodeHistory::japan().name(*code, date).unwrap_or_default().to_owned();
                let (at, code, found) = (self.at(*spot), *code, found.clone());
                Err(PopulationError::NamesDiffer { differ: *differ, all: *all, at, code, official, found })
            }
            _ => Ok(*differ),
        }
    }
}

/// Whom a figure counts, in words.
pub(super) fn words_of(key: Key) -> String {
    let age = match key.age {
        Age::All => String::new(),
        Age::Band(band) => format!(", ages {band}"),
        Age::Unknown => ", unknown age".to_owned(),
    };
    format!("{} ({}{age})", area_words(key.area), key.sex.as_str())
}

/// An area in words.
pub(super) fn area_words(area: Area) -> String {
    match area {
        Area::Nation => "the nation".to_owned(),
        Area::Prefecture(prefecture) => Register::prefecture_name(prefecture).0.to_owned(),
        Area::Municipality(code) => format!("municipality {code}"),
    }
}
