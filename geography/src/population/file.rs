//! The normalized file.
//!
//! In and out: a [`Population`] as CSV in UTF-8, one header and one row for each municipality, sex and class of ages:
//!
//! ```text
//! municipality_code,sex,age_from,age_to,people,base,date,source
//! 01100,all,,,1956928,resident_register,2025-01-01,総務省 住民基本台帳に基づく人口
//! 01100,all,0,4,57000,resident_register,2025-01-01,総務省 住民基本台帳に基づく人口
//! 01100,male,,,913000,resident_register,2025-01-01,総務省 住民基本台帳に基づく人口
//! ```
//!
//! Without ages both columns of them are empty; an open end, 100歳以上, has `age_to` empty alone. Base, date and source
//! stand on every row and not in a line of their own, so that any program reads the file as a table and a row that is copied
//! out of it still says what it is. People of unknown age have no row: they are what a total has more than its ages. Rows are
//! sorted, so that equal people are equal bytes. Reading holds everything against everything again: a file is changed by
//! hand sooner or later.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Day;

use super::age::{AgeBand, Sex};
use super::error::PopulationError;
use super::{Base, BySex, Population, Residents};
use crate::Register;

/// The first line.
const HEADER: [&str; 8] =
    ["municipality_code", "sex", "age_from", "age_to", "people", "base", "date", "source"];
/// Letters of the longest source.
const LONGEST_SOURCE: usize = 500;
/// More than any file of people has: rows of all municipalities, three sexes, classes of single years.
const MOST_BYTES: u64 = 256 << 20;

/// Rows of one municipality, by sex and class.
type Rows = BTreeMap<(Sex, Option<AgeBand>), u64>;

impl Population {
    /// Reads a file that [`Population::write`] wrote, and holds it against itself.
    ///
    /// # Errors
    /// [`PopulationError::Read`], or [`PopulationError::NotPopulation`] with the line and what was expected there.
    pub fn read(path: &Path) -> Result<Self, PopulationError> {
        let length = std::fs::metadata(path).map_err(|error| PopulationError::read(path, error))?.len();
        if length > MOST_BYTES {
            return Err(PopulationError::TooLarge { path: path.to_owned() });
        }
        parse(path, &std::fs::read(path).map_err(|error| PopulationError::read(path, error))?)
    }

    /// Writes the file, under another name first, so that a reader never finds half of it.
    ///
    /// # Errors
    /// [`PopulationError::Write`].
    pub fn write(&self, path: &Path) -> Result<(), PopulationError> {
        let failed = |source| PopulationError::Write { path: path.to_owned(), source };
        let mut beside = path.file_name().unwrap_or_default().to_owned();
        beside.push(".new");
        let beside = path.with_file_name(beside);
        let write = || {
            let mut file = std::fs::File::create(&beside)?;
            file.write_all(&self.to_csv())?;
            file.sync_all()?;
            std::fs::rename(&beside, path)
        };
        write().map_err(failed)
    }

    /// The bytes of the file.
    pub fn to_csv(&self) -> Vec<u8> {
        let mut csv = HEADER.join(",") + "\n";
        let rest = format!("{},{},{}\n", self.base, self.date, quoted(&self.source));
        for (code, residents) in &self.residents {
            for ((sex, band), people) in rows(residents, &self.bands) {
                let from = band.map(|band| band.from.to_string()).unwrap_or_default();
                let to = band.and_then(|band| band.to).map(|to| to.to_string()).unwrap_or_default();
                csv += &format!("{code},{},{from},{to},{people},{rest}", sex.as_str());
            }
        }
        csv.into_bytes()
    }
}

/// Whether a text is one line that is not too long.
pub(super) fn is_line(source: &str) -> bool {
    !source.is_empty() && source.chars().count() <= LONGEST_SOURCE && !source.contains(char::is_control)
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// All rows of a municipality, sorted.
fn rows(residents: &Residents, bands: &[AgeBand]) -> Rows {
    let mut rows = Rows::from([((Sex::All, None), residents.people)]);
    if let Some(BySex { male, female }) = residents.by_sex {
        rows.extend([((Sex::Male, None), male), ((Sex::Female, None), female)]);
    }
    for (band, people) in bands.iter().zip(residents.by_age.iter().flatten()) {
        rows.insert((Sex::All, Some(*band)), *people);
    }
    for (band, BySex { male, female }) in bands.iter().zip(residents.by_age_and_sex.iter().flatten()) {
        rows.extend([((Sex::Male, Some(*band)), *male), ((Sex::Female, Some(*band)), *female)]);
    }
    rows
}

/// Whether bytes begin as the file does.
pub(super) fn is_population_file(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line) == HEADER.join(",").as_bytes()
}

/// Reads the file's bytes.
pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Population, PopulationError> {
    let refused = |line: usize, found: String, expected: &str| PopulationError::NotPopulation {
        path: path.to_owned(),
        line,
        found,
        expected: expected.to_owned(),
    };
    if !is_population_file(bytes) {
        let found = "another first line".to_owned();
        return Err(refused(1, found, &format!("`{}`", HEADER.join(","))));
    }
    let mut reader =
        csv::ReaderBuilder::new().from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let mut meta: Option<(Base, Day, String)> = None;
    let mut towns: BTreeMap<MunicipalityCode, Rows> = BTreeMap::new();
    for (at, record) in reader.records().enumerate() {
        let line = at + 2;
        let record = record.map_err(|_| refused(line, "another row".to_owned(), "eight values in UTF-8"))?;
        let text = |column: usize| record.get(column).unwrap_or_default();
        let wrong = |column: usize, expected: &str| refused(line, format!("`{}`", text(column)), expected);
        let code =
            MunicipalityCode::parse(text(0)).ok().filter(|code| Register::japan().get(*code).is_some());
        let code = code.filter(|_| text(0).len() == 5);
        let code =
            code.ok_or_else(|| wrong(0, "the five digits of a municipality in use; import the table again"))?;
        let sex = Sex::ALL.into_iter().find(|sex| sex.as_str() == text(1));
        let sex = sex.ok_or_else(|| wrong(1, "all, male or female"))?;
        let band = band(text(2), text(3))
            .ok_or_else(|| wrong(2, "no age, or ages of 0 and more, the younger first"))?;
        let people = text(4).parse().ok().filter(|people| *people <= 10_000_000_000);
        let people = people.ok_or_else(|| wrong(4, "a whole number of people"))?;
        let base = Base::parse(text(5)).ok_or_else(|| wrong(5, "resident_register, census or estimate"))?;
        let date = Day::parse(text(6)).filter(|date| date.to_string() == text(6));
        let date = date.ok_or_else(|| wrong(6, "a date as 2025-01-01"))?;
        if !is_line(text(7)) {
            return Err(wrong(7, "a source in one line"));
        }
        match &meta {
            None => meta = Some((base, date, text(7).to_owned())),
            Some((one, day, source)) if (*one, *day, source.as_str()) == (base, date, text(7)) => {}
            Some((one, day, _)) => {
                let found = format!("`{base},{date},{}`", text(7));
                return Err(refused(
                    line,
                    found,
                    &format!("the base, date and source of the first row, `{one},{day}`"),
                ));
            }
        }
        if towns.entry(code).or_default().insert((sex, band), people).is_some() {
            return Err(refused(
                line,
                format!("a second row of `{code}`, {}, the same ages", sex.as_str()),
                "one",
            ));
        }
    }
    let (base, date, source) = meta.ok_or_else(|| refused(2, "no row".to_owned(), "a row"))?;
    let bands = bands(&towns).ok_or_else(|| {
        refused(
            2,
            "ages with a gap or an overlap".to_owned(),
            "classes from 0 to an open end in all of the file",
        )
    })?;
    let mut residents = BTreeMap::new();
    for (code, rows) in &towns {
        let one = one(rows, &bands).map_err(|(found, expected)| {
            let line = bytes_line(bytes, *code);
            refused(line, format!("`{code}` has {found}"), expected)
        })?;
        residents.insert(*code, one);
    }
    Ok(Population { base, date, source, bands, residents })
}

/// The line on which rows of a municipality begin.
fn bytes_line(bytes: &[u8], code: MunicipalityCode) -> usize {
    let start = format!("{code},");
    let at = bytes.split(|byte| *byte == b'\n').position(|line| line.starts_with(start.as_bytes()));
    at.map_or(2, |at| at + 1)
}

fn band(from: &str, to: &str) -> Option<Option<AgeBand>> {
    let number = |text: &str| text.parse::<u8>().ok().filter(|number| number.to_string() == text);
    match (from, to) {
        ("", "") => Some(None),
        (from, "") => AgeBand::new(number(from)?, None).map(Some),
        (from, to) => AgeBand::new(number(from)?, Some(number(to)?)).map(Some),
    }
}

/// The classes of all rows, when they reach from 0 to an open end.
fn bands(towns: &BTreeMap<MunicipalityCode, Rows>) -> Option<Vec<AgeBand>> {
    let all: std::collections::BTreeSet<AgeBand> =
        towns.values().flat_map(|rows| rows.keys().filter_map(|(_, band)| *band)).collect();
    let bands: Vec<AgeBand> = all.into_iter().collect();
    let starts = [0].into_iter().chain(bands.iter().map(|band| band.to.map_or(0, |to| u32::from(to) + 1)));
    let is_whole = bands.iter().zip(starts).all(|(band, start)| u32::from(band.from) == start);
    let is_open = bands.last().is_none_or(|last| last.to.is_none());
    (is_whole && is_open && bands.iter().filter(|band| band.to.is_none()).count() <= 1).then_some(bands)
}

/// The people of one municipality, whose rows must agree.
fn one(rows: &Rows, bands: &[AgeBand]) -> Result<Residents, (String, &'static str)> {
    let of = |sex: Sex| rows.get(&(sex, None)).copied();
    let people = of(Sex::All).ok_or(("no row of all people".to_owned(), "a row `all` without ages"))?;
    let sexes = (of(Sex::Male), of(Sex::Female));
    let by_sex = match sexes {
        (None, None) => None,
        (Some(male), Some(female)) if male.checked_add(female) == Some(people) => {
            Some(BySex { male, female })
        }
        (Some(_), Some(_)) => {
            return Err(("other men and women than people".to_owned(), "men and women that sum to all"));
        }
        _ => return Err(("men or women alone".to_owned(), "both or none")),
    };
    let ages = |sex: Sex| -> Result<Option<Vec<u64>>, (String, &'static str)> {
        let ages: Vec<Option<u64>> =
            bands.iter().map(|band| rows.get(&(sex, Some(*band))).copied()).collect();
        if ages.iter().all(Option::is_none) {
            return Ok(None);
        }
        let ages: Option<Vec<u64>> = ages.into_iter().collect();
        let ages =
            ages.ok_or((format!("some ages of {} and not all", sex.as_str()), "all classes or none"))?;
        let is_within = of(sex).is_some_and(|total| ages.iter().sum::<u64>() <= total);
        if is_within {
            Ok(Some(ages))
        } else {
            Err((format!("more {} in its ages than at all", sex.as_str()), "no more"))
        }
    };
    let by_age = ages(Sex::All)?;
    let by_age_and_sex = match (ages(Sex::Male)?, ages(Sex::Female)?) {
        (None, None) => None,
        (Some(male), Some(female)) => Some(
            male.into_iter().zip(female).map(|(male, female)| BySex { male, female }).collect::<Vec<_>>(),
        ),
        _ => return Err(("ages of men or women alone".to_owned(), "both or none")),
    };
    if let Some(both) = &by_age_and_sex
        && by_age.as_ref().is_none_or(|all| all.iter().zip(both).any(|(all, both)| both.all() != *all))
    {
        return Err((
            "other men and women in a class than people".to_owned(),
            "men and women that sum to all",
        ));
    }
    Ok(Residents { people, by_sex, by_age, by_age_and_sex })
}
