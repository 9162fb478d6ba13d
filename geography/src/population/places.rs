//! Which area a row speaks of.
//!
//! In: what stands in its columns of code, prefecture and name. Out: an [`Area`]: a municipality or ward by its code
//! of the table's date, a prefecture's or the nation's total, or an area that is neither (郡, 市部). All codes of a
//! table are written in one way, and the codes in use on its date tell in which.

use std::collections::BTreeMap;

use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};

use super::words::{name_key, plain};
use super::written::{Digits, is_nation, is_other, prefecture_prefix, read, split_code, without_fraction};
use crate::Register;
use crate::history::{CodeDate, CodeHistory};

/// What a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Area {
    Nation,
    Prefecture(PrefectureCode),
    /// A municipality, or a ward of a designated city, on the date of the table.
    Municipality(MunicipalityCode),
}

/// What a row names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Area(Area),
    /// 郡, 市部 and others that are sums of municipalities.
    Other,
    /// No place at all.
    Nothing,
}

/// Why a row's place is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// Digits that are no code.
    BadCode(String),
    /// A name that no municipality has on the date, or two have.
    UnknownName(String),
}

/// The texts of a row.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PlaceTexts<'r> {
    pub(super) code: &'r str,
    pub(super) prefecture: &'r str,
    pub(super) name: &'r str,
}

/// Names and codes of a date.
pub(super) struct Places {
    date: CodeDate,
    names: BTreeMap<(PrefectureCode, String), Option<MunicipalityCode>>,
}

impl Places {
    pub(super) fn on(date: CodeDate) -> Self {
        let (history, register) = (CodeHistory::japan(), Register::japan());
        let mut names: BTreeMap<(PrefectureCode, String), Option<MunicipalityCode>> = BTreeMap::new();
        let mut put = |code: MunicipalityCode, name: String| {
            let slot = names.entry((code.prefecture(), name_key(&name))).or_insert(Some(code));
            // Of two of a name the one of the register is meant: six villages have no people.
            let keeps =
                |code: Option<MunicipalityCode>| code.is_some_and(|code| register.get(code).is_some());
            *slot = match (*slot, register.get(code).is_some()) {
                (Some(there), _) if there == code => Some(code),
                (there, true) if !keeps(there) => Some(code),
                (there, false) if keeps(there) => there,
                _ => None,
            };
        };
        for code in history.codes(date) {
            let Some(name) = history.name(code, date) else { continue };
            put(code, name.to_owned());
            if let Some(known) =
                register.get(code).filter(|known| !known.county.is_empty() && known.name == name)
            {
                put(code, format!("{}{}", known.county, known.name));
            }
        }
        Self { date, names }
    }

    /// Whether a text may be what names a place, for telling where a header ends.
    pub(super) fn is_place(&self, text: &str) -> bool {
        let plain = plain(text);
        let (digits, name) = split_code(&plain);
        let is_code = matches!(digits.len(), 4..=6) || matches!(digits.len(), 1 | 2) && name.is_empty();
        !plain.is_empty()
            && (is_code || is_nation(&plain) && plain != "計" && plain != "総数" || self.is_name(&plain))
    }

    fn is_name(&self, plain: &str) -> bool {
        prefecture_prefix(plain).is_some()
            || self.by_name_alone(&name_key(plain)).is_some_and(|found| found.is_some())
    }

    /// How a table writes its codes, by how many of them are codes in use.
    pub(super) fn digits_of<'t>(&self, codes: impl Iterator<Item = &'t str>) -> Result<Digits, String> {
        let (mut five, mut six, mut keeps_zero, mut first) = (0_usize, 0_usize, false, String::new());
        for text in codes {
            let plain = plain(text);
            let digits = without_fraction(split_code(&plain).0);
            if !matches!(digits.len(), 4..=6) {
                continue;
            }
            if digits.len() == 6 {
                // Whatever it is, five digits have no room for it.
                six += 1_000;
            }
            keeps_zero |= digits.len() == 5 && digits.starts_with('0');
            five += usize::from(read(digits, Digits::Five).is_some_and(|code| self.is_known(code)));
            six += usize::from(read(digits, Digits::Six).is_some_and(|code| self.is_known(code)));
            if first.is_empty() {
                first = digits.to_owned();
            }
        }
        match five.cmp(&six) {
            std::cmp::Ordering::Greater => Ok(Digits::Five),
            std::cmp::Ordering::Less => Ok(Digits::Six),
            std::cmp::Ordering::Equal if keeps_zero || five == 0 => Ok(Digits::Five),
            std::cmp::Ordering::Equal => Err(first),
        }
    }

    fn is_known(&self, code: MunicipalityCode) -> bool {
        CodeHistory::japan().exists(code, self.date)
    }

    /// What a row names.
    pub(super) fn of(&self, texts: PlaceTexts<'_>, digits: Digits) -> Result<Named, NoPlace> {
        let [code, prefecture, name] = [texts.code, texts.prefecture, texts.name].map(plain);
        let [code, prefecture, name] = [code.as_str(), prefecture.as_str(), name.as_str()]
            .map(|text| if text == "-" { "" } else { text });
        let (mut written, after_code) = split_code(code);
        let (of_name, mut bare_name) = split_code(name);
        if written.is_empty() && matches!(of_name.len(), 2 | 5 | 6) {
            written = of_name;
        }
        if of_name.is_empty() || !matches!(of_name.len(), 2 | 5 | 6) {
            bare_name = name;
        }
        if bare_name.is_empty() {
            bare_name = after_code;
        }
        let (_, prefecture) = split_code(prefecture);
        let name_of_area = if bare_name.is_empty() { prefecture } else { bare_name };
        if !written.is_empty() {
            return self.of_code(written, digits, name_of_area);
        }
        // A column of codes may hold words, as notes below a table do.
        if !after_code.is_empty()
            && bare_name == after_code
            && !self.is_name(after_code)
            && !is_nation(after_code)
        {
            return if is_other(after_code) {
                Ok(Named::Other)
            } else {
                Err(NoPlace::UnknownName(code.to_owned()))
            };
        }
        self.of_names(prefecture, bare_name)
    }

    fn of_code(&self, written: &str, digits: Digits, name: &str) -> Result<Named, NoPlace> {
        let written = without_fraction(written);
        if written.bytes().all(|digit| digit == b'0') {
            return Ok(Named::Area(Area::Nation));
        }
        let bad = || NoPlace::BadCode(written.to_owned());
        if written.len() <= 2 {
            let prefecture = PrefectureCode::parse(written).map_err(|_| bad())?;
            return Ok(Named::Area(Area::Prefecture(prefecture)));
        }
        let Some(code) = read(written, digits) else {
            return if is_other(name) { Ok(Named::Other) } else { Err(bad()) };
        };
        if code.is_undetermined() {
            return Ok(Named::Area(Area::Prefecture(code.prefecture())));
        }
        if name.starts_with("(旧") || !self.is_known(code) && is_other(name) {
            return Ok(Named::Other);
        }
        Ok(Named::Area(Area::Municipality(code)))
    }

    fn of_names(&self, prefecture: &str, name: &str) -> Result<Named, NoPlace> {
        if prefecture.is_empty() && name.is_empty() {
            return Ok(Named::Nothing);
        }
        let is_sum = |text: &str| text.is_empty() || is_nation(text);
        if is_sum(prefecture) && is_sum(name) {
            return Ok(Named::Area(Area::Nation));
        }
        let unknown = || NoPlace::UnknownName(format!("{prefecture}{name}"));
        let within = if is_sum(prefecture) {
            None
        } else {
            Some(Register::prefecture_of_name(prefecture).ok_or_else(unknown)?)
        };
        if let Some(within) = within
            && (is_sum(name) || name == prefecture)
        {
            return Ok(Named::Area(Area::Prefecture(within)));
        }
        if is_other(name) {
            return Ok(Named::Other);
        }
        if within.is_none() && Register::prefecture_of_name(name).is_some() {
            return self.prefecture_row(name).ok_or_else(unknown);
        }
        let found = match (within, prefecture_prefix(name)) {
            (Some(within), Some((prefix, rest))) if prefix == within && !self.has(within, name) => {
                self.get(within, rest)
            }
            (Some(within), _) => self.get(within, name),
            (None, Some((prefix, rest))) => {
                self.get(prefix, rest).or_else(|| self.by_name_alone(&name_key(name)).flatten())
            }
            (None, None) => self.by_name_alone(&name_key(name)).flatten(),
        };
        found.map(|code| Named::Area(Area::Municipality(code))).ok_or_else(unknown)
    }

    fn prefecture_row(&self, name: &str) -> Option<Named> {
        Register::prefecture_of_name(name).map(|prefecture| Named::Area(Area::Prefecture(prefecture)))
    }

    fn has(&self, prefecture: PrefectureCode, name: &str) -> bool {
        self.get(prefecture, name).is_some()
    }

    fn get(&self, prefecture: PrefectureCode, name: &str) -> Option<MunicipalityCode> {
        self.names.get(&(prefecture, name_key(name))).copied().flatten()
    }

    /// The municipality of a name that only one in the country has: none, or `Some(None)` for several.
    fn by_name_alone(&self, key: &str) -> Option<Option<MunicipalityCode>> {
        let all = (1..=47).filter_map(|number| PrefectureCode::new(number).ok());
        let mut found = all.filter_map(|prefecture| self.names.get(&(prefecture, key.to_owned())).copied());
        let first = found.next()?;
        Some(if found.next().is_some() { None } else { first })
    }

    /// Whether a name is that of a code; `None` when there is no name to compare.
    pub(super) fn agrees(&self, code: MunicipalityCode, name: &str) -> Option<bool> {
        let plain = plain(name);
        let key = name_key(split_code(&plain).1);
        let official = name_key(CodeHistory::japan().name(code, self.date)?);
        // Wards stand with and without their city, towns with and without their county.
        (!key.is_empty() && key != "-").then(|| key.ends_with(&official) || official.ends_with(&key))
    }
}

#[cfg(test)]
#[path = "places_tests.rs"]
mod tests;
