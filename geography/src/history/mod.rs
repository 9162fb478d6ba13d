//! Municipality codes through time: which code was in use when, and what became of it.
//!
//! In: `data/code_changes.csv`, every change of a code or name since 2014 as one row per (old code, new
//! code), today's codes from the [`Register`] and `data/further_codes.csv` (wards of designated cities, six
//! northern villages). Out: [`CodeHistory`]: does a code exist on a date, its name, the changes between two
//! dates, and the conversion of figures from one code date to another.
//!
//! Why: figures of two years are comparable only on the codes of one date, so every figure carries its
//! [`CodeDate`]. A table of pairs with shares covers a new code (1:1), a merger (N:1) and a division (1:N)
//! alike, and it reads in both directions.
//!
//! A share that no official source gives is unknown, never guessed: conversion answers with an error that
//! says what is missing, and the caller may supply it as [`Shares`]. Two cases need this: 浜松市北区 (22135),
//! divided on 2024-01-01, and going back over a merger.
//!
//! Not covered: small moves of a border (境界変更), which keep both codes; codes before 2013-12-31; 東京都区部
//! (13100), which is not a municipality but a level of the hierarchy, see [`crate::region`].

mod date;
pub mod error;
mod share;
mod direction;
pub mod shares;
pub mod convert;
mod table;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

use kayoi_schemas::ids::MunicipalityCode;

use crate::Register;

pub use convert::Conversion;
pub use date::CodeDate;
pub use error::HistoryError;
pub use share::Share;
pub use shares::Shares;

/// What kind of change it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// 市制施行: a town or village became a city, on the same land under a new code.
    CityStatus,
    /// 編入: one municipality took in another. The one that stays has a row of its own, from itself to itself.
    Absorbed,
    /// 名称変更: another name under the same code.
    Renamed,
    /// 区の再編: a designated city drew its wards anew.
    WardsRedrawn,
}

impl ChangeKind {
    /// The official term.
    pub fn japanese(self) -> &'static str {
        match self {
            Self::CityStatus => "市制施行",
            Self::Absorbed => "編入",
            Self::Renamed => "名称変更",
            Self::WardsRedrawn => "区の再編",
        }
    }
}

/// One row of the table: all or a part of the old code's land became all or a part of the new code's.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The first day of the new state.
    pub date: CodeDate,
    /// Why the code or name changed.
    pub kind: ChangeKind,
    /// The code until the day before.
    pub from: MunicipalityCode,
    /// The name until the day before; wards with their city, because there is a `中央区` in many cities.
    pub from_name: String,
    /// The code from this day.
    pub to: MunicipalityCode,
    /// The name from this day.
    pub to_name: String,
    /// Which share of the old code's people went to the new one; `None` where no official source says.
    pub share: Option<Share>,
    /// Where the row comes from.
    pub source: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (date, kind) = (self.date, self.kind.japanese());
        let part = if self.share == Some(Share::WHOLE) { "" } else { " in part" };
        write!(f, "{date} {kind}: {} ({}) → {} ({}){part}", self.from_name, self.from, self.to_name, self.to)
    }
}

/// A time during which a code had one name: from `since` until the day before `until`.
#[derive(Clone, Debug, PartialEq)]
struct Spell {
    name: String,
    since: Option<CodeDate>,
    until: Option<CodeDate>,
}

impl Spell {
    fn covers(&self, on: CodeDate) -> bool {
        self.since.is_none_or(|since| since <= on) && self.until.is_none_or(|until| on < until)
    }
}

/// All codes of Japan and their changes since 2014.
#[derive(Debug, Default)]
pub struct CodeHistory {
    /// By date, then old code.
    changes: Vec<Change>,
    spells: BTreeMap<MunicipalityCode, Vec<Spell>>,
    /// The designated city of each ward, of retired ones too.
    cities: BTreeMap<MunicipalityCode, MunicipalityCode>,
}

impl CodeHistory {
    /// The embedded history, parsed once. It is empty should an embedded table be broken, which a test rules
    /// out.
    ///
    /// ```
    /// use kayoi_geography::history::{CodeDate, CodeHistory};
    /// use kayoi_schemas::ids::MunicipalityCode;
    /// let date = |text| CodeDate::parse(text).unwrap();
    /// let (before, after) = (date("2018-09-30"), date("2018-10-01"));
    /// let town = MunicipalityCode::parse("40305")?;
    /// let history = CodeHistory::japan();
    /// assert_eq!(history.name(town, before), Some("那珂川町"));
    /// assert!(!history.exists(town, after));
    /// let parts = history.convert(town, before, after)?;
    /// assert_eq!(parts[0].0, MunicipalityCode::parse("40231")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn japan() -> &'static CodeHistory {
        static JAPAN: OnceLock<CodeHistory> = OnceLock::new();
        JAPAN.get_or_init(|| {
            let changes = include_str!("../../data/code_changes.csv");
            let further = include_str!("../../data/further_codes.csv");
            table::history(Register::japan(), further, changes).unwrap_or_default()
        })
    }

    /// Whether a code was in use on a date: municipalities, designated cities and their wards alike. 所属未定地
    /// (`PP000`) always counts as in use, because figures may carry it.
    pub fn exists(&self, code: MunicipalityCode, on: CodeDate) -> bool {
        self.name(code, on).is_some()
    }

    /// The Japanese name of a code on a date, a ward's with its city, `浜松市北区`. `None` when the code was not
    /// in use, or the date is before [`CodeDate::EARLIEST`].
    pub fn name(&self, code: MunicipalityCode, on: CodeDate) -> Option<&str> {
        if on < CodeDate::EARLIEST {
            return None;
        }
        if code.is_undetermined() {
            return Some("所属未定地");
        }
        self.spells.get(&code)?.iter().find(|spell| spell.covers(on)).map(|spell| spell.name.as_str())
    }

    /// Whether a code has been in use on any day since [`CodeDate::EARLIEST`].
    pub fn is_known(&self, code: MunicipalityCode) -> bool {
        code.is_undetermined() || self.spells.contains_key(&code)
    }

    /// The codes in use on a date, in order. A designated city stands beside its wards; to count each place
    /// once, keep the codes that [`Register::basic`] maps to themselves.
    pub fn codes(&self, on: CodeDate) -> Vec<MunicipalityCode> {
        self.spells.keys().copied().filter(|&code| self.exists(code, on)).collect()
    }

    /// The changes after the earlier of two dates, up to and including the later one, in order of time: what
    /// lies between figures of these code dates. Each prints as one line for people to read.
    pub fn changes(&self, one: CodeDate, other: CodeDate) -> impl Iterator<Item = &Change> {
        let (after, until) = (one.min(other), one.max(other));
        self.changes.iter().filter(move |change| after < change.date && change.date <= until)
    }

    /// When a code was in use, for an error's text.
    fn in_use(&self, code: MunicipalityCode) -> String {
        let Some(spells) = self.spells.get(&code) else {
            return format!("it has not been in use since `{}`", CodeDate::EARLIEST);
        };
        match (spells.first().and_then(|spell| spell.since), spells.last().and_then(|spell| spell.until)) {
            (Some(since), None) => format!("it came into use on `{since}`"),
            (None, Some(until)) => format!("it was given up on `{until}`"),
            (Some(since), Some(until)) => format!("it was in use from `{since}` and given up on `{until}`"),
            (None, None) => format!("it has been in use since `{}` or before", CodeDate::EARLIEST),
        }
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
