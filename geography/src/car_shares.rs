//! How many of the commuters of a place go by car: what makes CO2 of kilometres that were not driven.
//!
//! In: a table that an operator makes of a census (利用交通手段), CSV with `area_code`, `car_percent` and `source`. Out:
//! [`CarShares`]: of a municipality its own share, or that of its prefecture, or of the nation, whichever the table has.
//! The nation's is 46 %, Tokyo's 10 and Toyama's 77, so that a town is better measured with its own; without a table
//! those of 2010 stand, and each row says whose. One bad line fails the file: a share that is left out would
//! be another place's, and nobody would see it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use csv::StringRecord;
use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::figure::Area;
use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};

use crate::error::Cause;
use crate::municipality::Register;
use crate::offices::line_of;
use crate::population::decode;

/// Commuters by private car alone, percent of persons: census of 2010, 常住地による利用交通手段, as reports quote it.
const NATION_PERCENT: f64 = 46.3;
const NATION_SOURCE: &str = "the nation's commuters, census of 2010";
/// The prefectures that it was found of: the one with the least and one with the most.
const PREFECTURES: [(u8, f64, &str); 2] =
    [(13, 9.6, "Tokyo's commuters, census of 2010"), (16, 77.3, "Toyama's commuters, census of 2010")];

/// The columns of a table, in English and in Japanese.
const COLUMNS: [(&str, &str); 3] =
    [("area_code", "地域コード"), ("car_percent", "自動車の割合"), ("source", "出典")];

/// The share of one place.
#[derive(Debug, Clone, PartialEq)]
pub struct CarShare {
    /// Commuters who go by car or motorcycle, percent of the persons who commute from there.
    pub percent: f64,
    /// Whose commuters, and of which year.
    pub source: String,
}

/// Shares by place.
#[derive(Debug, Clone, PartialEq)]
pub struct CarShares {
    nation: CarShare,
    areas: BTreeMap<Area, CarShare>,
}

impl CarShares {
    /// The shares of 2010: the nation's for every place but two prefectures.
    pub fn census_2010() -> Self {
        let share = |percent, source: &str| CarShare { percent, source: source.to_owned() };
        let known = PREFECTURES.into_iter().filter_map(|(number, percent, source)| {
            Some((Area::Prefecture(PrefectureCode::new(number).ok()?), share(percent, source)))
        });
        Self { nation: share(NATION_PERCENT, NATION_SOURCE), areas: known.collect() }
    }

    /// Reads a table: a line for each municipality (five digits, or six with the check digit), prefecture (two digits) or
    /// `JP`, its percent, and where that is from. What is not in it has the share of what contains it, of the
    /// table or else of 2010.
    ///
    /// # Errors
    /// [`CarSharesError`] with the line, its value and what is allowed.
    pub fn read(path: &Path) -> Result<Self, CarSharesError> {
        let bytes =
            std::fs::read(path).map_err(|source| CarSharesError::Read { path: path.to_owned(), source })?;
        let text = decode(&bytes).ok_or_else(|| CarSharesError::NotText { path: path.to_owned() })?;
        let refused = |line, fault| CarSharesError::Line { path: path.to_owned(), line, fault };
        let malformed =
            |error: csv::Error| CarSharesError::Malformed { path: path.to_owned(), source: error.into() };
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let columns = columns(reader.headers().map_err(malformed)?).map_err(|fault| refused(1, fault))?;
        let mut shares = Self::census_2010();
        let mut seen: BTreeMap<Area, u64> = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(malformed)?;
            // Spreadsheets pad tables with lines of commas.
            if record.iter().all(str::is_empty) {
                continue;
            }
            let line = line_of(&record, &text);
            let (area, share) = share(&record, columns).map_err(|fault| refused(line, fault))?;
            if let Some(first) = seen.insert(area, line) {
                return Err(refused(line, CarShareFault::Twice { area: area.to_string(), first }));
            }
            match area {
                Area::Country => shares.nation = share,
                area => _ = shares.areas.insert(area, share),
            }
        }
        if seen.is_empty() { Err(CarSharesError::Empty { path: path.to_owned() }) } else { Ok(shares) }
    }

    /// The share of the people who live in a municipality.
    pub fn of_municipality(&self, code: MunicipalityCode) -> &CarShare {
        let own = self.areas.get(&Area::Municipality(code));
        own.unwrap_or_else(|| self.of_prefecture(code.prefecture()))
    }

    /// The share of the people of a prefecture.
    pub fn of_prefecture(&self, code: PrefectureCode) -> &CarShare {
        self.areas.get(&Area::Prefecture(code)).unwrap_or(&self.nation)
    }
}

/// Where the columns stand, in the order of [`COLUMNS`].
fn columns(header: &StringRecord) -> Result<[usize; 3], CarShareFault> {
    let mut places = [0; 3];
    for (place, (column, japanese)) in places.iter_mut().zip(COLUMNS) {
        let mut found = header.iter().enumerate().filter(|(_, name)| [column, japanese].contains(name));
        *place = match (found.next(), found.next()) {
            (Some((at, _)), None) => at,
            _ => return Err(CarShareFault::Header { column, japanese }),
        };
    }
    Ok(places)
}

fn share(record: &StringRecord, columns: [usize; 3]) -> Result<(Area, CarShare), CarShareFault> {
    let [code, percent, source] = columns.map(|column| record.get(column).unwrap_or_default());
    let area = area(code).ok_or_else(|| CarShareFault::Area { value: code.to_owned() })?;
    let number = percent.parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
    let percent = number.ok_or_else(|| CarShareFault::Percent { value: percent.to_owned() })?;
    if source.is_empty() {
        return Err(CarShareFault::NoSource);
    }
    Ok((area, CarShare { percent, source: source.to_owned() }))
}

/// A municipality that there is, a prefecture, or the country.
fn area(code: &str) -> Option<Area> {
    let town = MunicipalityCode::parse(code).ok();
    if let Some(town) = town {
        return Register::japan().get(town).map(|_| Area::Municipality(town));
    }
    Area::parse(code).filter(|area| matches!(area, Area::Prefecture(_) | Area::Country))
}

/// Why a table of shares cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CarSharesError {
    /// The file system said no.
    #[error("cannot read `{}`\nhint: check that the file exists and that this user may read it", path.display())]
    Read {
        /// The table.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The bytes are not text.
    #[error(
        "`{}` is not text in UTF-8, UTF-16 or Shift_JIS\nhint: save it from the spreadsheet as CSV UTF-8",
        path.display()
    )]
    NotText {
        /// The table.
        path: PathBuf,
    },
    /// The text is not CSV.
    #[error("cannot read `{}` as CSV\nhint: the cause below names the line; close every quote there", path.display())]
    Malformed {
        /// The table.
        path: PathBuf,
        /// What the reader said.
        source: Cause,
    },
    /// There is no line below the header.
    #[error("`{}` holds no shares\nhint: leave the file out, and the nation's share stands on every row", path.display())]
    Empty {
        /// The table.
        path: PathBuf,
    },
    /// A line that is not as it should be.
    #[error("`{}`, line {line}: {fault}", path.display())]
    Line {
        /// The table.
        path: PathBuf,
        /// Its number, from 1.
        line: u64,
        /// What is wrong.
        fault: CarShareFault,
    },
}

/// Why a line is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CarShareFault {
    /// A column is missing, or there twice.
    #[error(
        "the column `{column}` ({japanese}) must be there once\n\
         hint: the first line is `area_code,car_percent,source`, in any order, among others if need be"
    )]
    Header {
        /// The column in English.
        column: &'static str,
        /// The same in Japanese.
        japanese: &'static str,
    },
    /// No area that has a share.
    #[error(
        "`{value}` is no area_code; expected a municipality of today, a prefecture or `JP`\n\
         hint: five digits such as 20214, two such as 20; spreadsheets drop the 0 in front; a ward has its city's share"
    )]
    Area {
        /// What stands there.
        value: String,
    },
    /// No share.
    #[error(
        "car_percent `{value}` is not from 0 to 100\nhint: percent of the persons who commute, such as 71.4, without a sign"
    )]
    Percent {
        /// What stands there.
        value: String,
    },
    /// Nobody could check the share.
    #[error(
        "`source` is empty\nhint: whose commuters and of which year, such as 国勢調査2020 茅野市; it stands on each row"
    )]
    NoSource,
    /// An area has two shares.
    #[error("`{area}` is on line {first} as well\nhint: keep one of the two")]
    Twice {
        /// The area.
        area: String,
        /// The line before.
        first: u64,
    },
}

impl CarSharesError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Read { .. } => ErrorCode::File,
            Self::NotText { .. } | Self::Malformed { .. } | Self::Empty { .. } | Self::Line { .. } => {
                ErrorCode::OwnTable
            }
        }
    }
}

#[cfg(test)]
#[path = "car_shares_tests.rs"]
mod tests;
