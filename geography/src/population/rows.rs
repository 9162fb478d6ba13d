//! The figures of a table, row by row.
//!
//! In: a [`Grid`]. Out: figures by area, sex and age in [`Observed`]. A row without a place is a note when it has no figures,
//! and else an error, because it may be people.

use std::path::Path;

use kayoi_schemas::ids::MunicipalityCode;

use super::age::{Age, Sex};
use super::columns::{ColumnNames, Condition, Role};
use super::error::PopulationError;
use super::grid::{Figure, Grid};
use super::header::{Header, NoHeader, PeopleColumn, sex_of_sheet};
use super::meaning::{Meaning, year};
use super::observed::{Key, Observed, Seen, Spot};
use super::places::{Area, Named, NoPlace, PlaceTexts, Places};
use super::words::{plain, without_class_code};
use super::written::Digits;
use crate::history::{CodeDate, CodeHistory};

/// How tables are read.
pub(super) struct Reading<'r> {
    pub(super) date: CodeDate,
    pub(super) places: Places,
    pub(super) columns: Option<&'r ColumnNames>,
    pub(super) conditions: &'r [Condition],
}

/// Reads one table of a file.
///
/// # Errors
/// [`NoHeader`] as the inner one, when the table has no layout that is known.
pub(super) fn read(
    observed: &mut Observed,
    path: &Path,
    grid: &Grid,
    reading: &Reading<'_>,
) -> Result<Result<(), NoHeader>, PopulationError> {
    let year = reading.date.0.ymd().0;
    let header = match Header::find(grid, reading.columns, year, |text| reading.places.is_place(text)) {
        Ok(header) => header,
        Err(none) => return Ok(Err(none)),
    };
    let conditions = match conditions(grid, &header, reading.conditions) {
        Ok(conditions) => conditions,
        Err(none) => return Ok(Err(none)),
    };
    observed.begin(path, grid.sheet.as_deref(), &header.titles);
    let codes = (header.first_row..grid.rows.len()).flat_map(|row| {
        let of = |role| header.column(role).map_or("", |column| grid.text(row, column));
        [of(Role::Code), of(Role::Name)]
    });
    let unclear = |code| PopulationError::DigitsUnclear { path: path.to_owned(), code };
    let digits = reading.places.digits_of(codes).map_err(unclear)?;
    let (of_sheet, header) = (sex_of_sheet(grid), &header);
    let mut rows = Rows { observed, reading, header, grid, digits, of_sheet, prefecture: "", area: None };
    for row in (header.first_row..grid.rows.len()).filter(|row| !grid.is_blank(*row)) {
        let row = Row { grid, header, row };
        if is_wanted(&row, &conditions, year) { rows.read(&row)? } else { rows.observed.left_out += 1 }
    }
    Ok(Ok(()))
}

/// One row under reading.
struct Row<'g> {
    grid: &'g Grid,
    header: &'g Header,
    row: usize,
}

impl<'g> Row<'g> {
    fn text(&self, role: Role) -> &'g str {
        self.header.column(role).map_or("", |column| self.grid.text(self.row, column))
    }

    fn figure(&self, column: &PeopleColumn) -> Option<Figure> {
        Figure::of(self.grid.text(self.row, column.column))
    }

    fn has_people(&self) -> bool {
        self.header.people.iter().any(|column| matches!(self.figure(column), Some(Figure::People(_))))
    }
}

/// The rows of a table, and what an earlier one says of those below it.
struct Rows<'r, 'g> {
    observed: &'r mut Observed,
    reading: &'r Reading<'r>,
    header: &'g Header,
    grid: &'g Grid,
    digits: Digits,
    of_sheet: Option<Sex>,
    /// The name of a prefecture may stand beside its first town alone.
    prefecture: &'g str,
    /// A code may stand beside the first of its sexes alone.
    area: Option<Area>,
}

impl<'g> Rows<'_, 'g> {
    fn read(&mut self, row: &Row<'g>) -> Result<(), PopulationError> {
        let mut texts = PlaceTexts {
            code: row.text(Role::Code),
            prefecture: row.text(Role::Prefecture),
            name: row.text(Role::Name),
        };
        if !texts.prefecture.trim().is_empty() {
            self.prefecture = texts.prefecture;
        } else if !texts.name.trim().is_empty() {
            texts.prefecture = self.prefecture;
        }
        let column = [Role::Code, Role::Name, Role::Prefecture].into_iter();
        let column = column.filter_map(|role| self.header.column(role)).next().unwrap_or_default();
        let spot = self.spot(row, column);
        match self.named(row, texts, spot)? {
            Named::Nothing => return Ok(()),
            Named::Other => {
                self.observed.other_areas += 1;
                return Ok(());
            }
            Named::Area(area) => self.area = Some(area),
        }
        let Some(area) = self.area else { return Ok(()) };
        if let Area::Municipality(code) = area {
            self.compare(row, (code, spot), texts)?;
        }
        self.take(row, area)
    }

    /// What a row is of; a note is of nothing.
    fn named(&self, row: &Row<'_>, texts: PlaceTexts<'_>, spot: Spot) -> Result<Named, PopulationError> {
        match self.reading.places.of(texts, self.digits) {
            Ok(Named::Nothing) => match self.area.filter(|_| !row.text(Role::Sex).trim().is_empty()) {
                Some(area) => Ok(Named::Area(area)),
                None if row.has_people() => Err(self.cell(spot, "", "place", NO_PLACE)),
                None => Ok(Named::Nothing),
            },
            Ok(named) => Ok(named),
            Err(_) if !row.has_people() => Ok(Named::Nothing),
            Err(NoPlace::BadCode(code)) => Err(self.cell(spot, &code, "code of a municipality", BAD_CODE)),
            Err(NoPlace::UnknownName(name)) => {
                Err(self.cell(spot, &name, "municipality on that date, or that of several", NO_NAME))
            }
        }
    }

    /// Looks whether the code was in use and belongs to the name beside it.
    fn compare(
        &mut self,
        row: &Row<'_>,
        (code, spot): (MunicipalityCode, Spot),
        texts: PlaceTexts<'_>,
    ) -> Result<(), PopulationError> {
        let date = self.reading.date;
        if let Err(source) = CodeHistory::japan().convert(code, date, date) {
            let at = self.observed.at(spot);
            let is_people = row.has_people();
            return if is_people {
                Err(PopulationError::UnknownCode { at, code, date, source })
            } else {
                Ok(())
            };
        }
        // Without a code the name is what gave it.
        if texts.code.is_empty() && !texts.name.starts_with(|first: char| first.is_ascii_digit()) {
            return Ok(());
        }
        if let Some(agrees) = self.reading.places.agrees(code, texts.name) {
            self.observed.compare((code, spot), plain(texts.name), agrees);
        }
        Ok(())
    }

    /// Takes the figures of a row.
    fn take(&mut self, row: &Row<'_>, area: Area) -> Result<(), PopulationError> {
        let Some(of_row) = self.meaning(row)? else { return Ok(()) };
        for column in &self.header.people {
            let spot = self.spot(row, column.column);
            let text = row.grid.text(row.row, column.column);
            let wrong = || self.cell(spot, text, "number of people", NO_PEOPLE);
            let people = match row.figure(column).ok_or_else(wrong)? {
                Figure::People(people) => Some(people),
                Figure::Missing => None,
                Figure::Blank => continue,
            };
            // 男 in a column beside 女 of the row: nobody.
            let Some(meaning) = (Meaning { year: None, ..column.meaning }).and(of_row) else { continue };
            let (sex, age) = (meaning.sex.unwrap_or(Sex::All), meaning.age.unwrap_or(Age::All));
            self.observed.put(Key { area, sex, age }, Seen { people, spot })?;
        }
        Ok(())
    }

    /// Whom a row counts; `None` when it counts nobody, as one of 平均年齢 does.
    fn meaning(&self, row: &Row<'_>) -> Result<Option<Meaning>, PopulationError> {
        let known = |role: Role| self.header.column(role).map(|column| (column, row.text(role)));
        let mut meaning = Meaning { sex: self.of_sheet, age: None, year: None };
        if let Some((column, text)) = known(Role::Sex) {
            match Sex::of_word(text) {
                Some(sex) => meaning.sex = Some(sex),
                None if !row.has_people() => return Ok(None),
                None => return Err(self.cell(self.spot(row, column), text, "sex", NO_SEX)),
            }
        }
        if let Some((column, text)) = known(Role::Age) {
            match Age::of_word(text) {
                Some(age) => meaning.age = Some(age),
                None if is_other_measure(text) || !row.has_people() => return Ok(None),
                None => return Err(self.cell(self.spot(row, column), text, "age", NO_AGE)),
            }
        }
        Ok(Some(meaning))
    }

    fn spot(&self, row: &Row<'_>, column: usize) -> Spot {
        self.observed.spot(self.grid.line(row.row), column)
    }

    fn cell(&self, spot: Spot, found: &str, expected: &'static str, hint: &'static str) -> PopulationError {
        let found: String = found.trim().chars().take(60).collect();
        PopulationError::Cell { at: self.observed.at(spot), found, expected, hint }
    }
}

const NO_PLACE: &str = "a row with figures needs a code or a name; take sums of several places out, or name the columns \
                        with --columns";
const BAD_CODE: &str =
    "five digits, or six whose last is the check digit; a code that lost its leading zero is read too";
const NO_NAME: &str = "check --date; a table with codes (団体コード) is surer than one with names, and a name that two places \
                       have needs its prefecture";
const NO_SEX: &str = "expected 総数, 計, 男, 女 or all, male, female; --columns names another column";
const NO_AGE: &str =
    "expected ages such as 0～4歳, 5歳, 100歳以上, 総数 or 不詳; --columns names another column";
const NO_PEOPLE: &str = "expected a whole number; -, X, *** and … stand for one that is not told";

/// Columns and values of conditions, of which each needs its column.
fn conditions<'c>(
    grid: &Grid,
    header: &Header,
    wanted: &'c [Condition],
) -> Result<Vec<(usize, &'c str)>, NoHeader> {
    let mut found = Vec::new();
    for condition in wanted {
        let rows = (0..header.first_row).rev();
        let mut cells = rows.flat_map(|row| (0..grid.width()).map(move |column| (row, column)));
        let column = cells.find(|(row, column)| plain(grid.text(*row, *column)) == condition.column);
        let (_, column) = column.ok_or_else(|| NoHeader::Column {
            name: condition.column.clone(),
            found: "none of that name above its rows".to_owned(),
        })?;
        found.push((column, condition.value.as_str()));
    }
    Ok(found)
}

/// The 地域識別コード of municipalities of 2000 in later censuses, whose people stand in those of today too.
const OF_ANOTHER_YEAR: &str = "9";

/// Whether a row is of all people, of the year, and of what was asked for.
fn is_wanted(row: &Row<'_>, conditions: &[(usize, &str)], of_year: i32) -> bool {
    let is = |role: Role, wanted: &dyn Fn(&str) -> bool| {
        let text = plain(row.text(role));
        let word = without_class_code(&text);
        word.is_empty() || wanted(word)
    };
    let of_all =
        |word: &str| matches!(word, "総数" | "国籍総数" | "総数(国籍)" | "計" | "合計" | "総計" | "total");
    let is_asked = |(column, value): &(usize, &str)| {
        let text = plain(row.grid.text(row.row, *column));
        text == *value || without_class_code(&text) == *value
    };
    let nationality = row.header.column(Role::Nationality);
    let asks_nationality = conditions.iter().any(|(column, _)| nationality == Some(*column));
    (asks_nationality || is(Role::Nationality, &of_all))
        && is(Role::Kind, &|word| word != OF_ANOTHER_YEAR)
        && is(Role::Item, &|word| Meaning::of(word).is_some())
        && is(Role::Time, &|word| year(word).is_none_or(|(named, _)| named == of_year))
        && conditions.iter().all(is_asked)
}

/// Of ages tables list more than classes: 平均年齢, 年齢中位数, 割合.
fn is_other_measure(text: &str) -> bool {
    let text = plain(text);
    ["平均", "中位", "割合", "率", "指数", "比"].iter().any(|word| text.contains(word))
}
