//! What can go wrong with a table of people, in words an operator can act on.
//!
//! In: a cause. Out: one message with the file, the row and the column, what was found, what was expected, and a
//! `hint:`. Figures are named: they are public.

use std::fmt;
use std::path::{Path, PathBuf};

use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ids::MunicipalityCode;

use super::columns::ColumnsError;
use crate::error::Cause;
use crate::history::{CodeDate, HistoryError};

/// Where in a file, rows and columns counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The file.
    pub path: PathBuf,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row of the sheet, or the line of the file.
    pub row: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for At {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.path.display())?;
        if let Some(sheet) = &self.sheet {
            write!(formatter, ", sheet `{sheet}`")?;
        }
        write!(formatter, ", row {}, column {}", self.row, self.column)
    }
}

/// The layouts that are known, for those who have another.
pub(super) const EXPECTED: &str = "a column of codes (団体コード, 市区町村コード, 地域コード) or of names (市区町村名) and \
    columns of people (人口, 総数, 計, 男, 女, ages such as 0歳～4歳)";

/// Errors of importing or reading people.
#[derive(Debug, thiserror::Error)]
pub enum PopulationError {
    /// The file system said no.
    #[error("cannot read `{}`\nhint: check that the file exists and that this user may read it", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write `{}`\nhint: check that its folder exists and that this user may write there", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        source: std::io::Error,
    },
    /// More than any table of people has.
    #[error(
        "`{}` is larger than a table of people: at most 256 MiB and 20 million cells are read\n\
         hint: take the table of municipalities; those of 町字 or grid squares are others",
        path.display()
    )]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// The bytes are neither text nor a workbook.
    #[error(
        "`{}` is neither a workbook (.xlsx, .xls) nor text in UTF-8, UTF-16 or Shift_JIS\n\
         hint: save it again from a spreadsheet, as .xlsx or CSV; unpack an archive and take the pages of a PDF from \
         the publisher as a table",
        path.display()
    )]
    NotTable {
        /// The file.
        path: PathBuf,
    },
    /// A workbook that its reader refuses.
    #[error(
        "cannot read `{}` as a workbook\n\
         hint: save it again as .xlsx or CSV; one with a password cannot be read",
        path.display()
    )]
    Workbook {
        /// The file.
        path: PathBuf,
        /// What the reader said.
        source: Cause,
    },
    /// No header of a layout that is known.
    #[error(
        "`{}` has no layout that is known: {what}, and found {found}; expected {EXPECTED}\n\
         hint: name the columns, as in --columns code=団体コード,people=人口,sex=性別,age=年齢",
        path.display()
    )]
    Unrecognized {
        /// The file.
        path: PathBuf,
        /// What is not there.
        what: &'static str,
        /// What is.
        found: String,
    },
    /// A header without rows.
    #[error(
        "`{}` has a header, and no row below it with a code or name of a municipality\n\
         hint: check that the columns of codes or names are those of municipalities; --columns names others",
        path.display()
    )]
    NoRows {
        /// The file.
        path: PathBuf,
    },
    /// A column that was named is not there.
    #[error(
        "`{}` has no column `{name}` in a row with the others that were named; the widest row has {found}\n\
         hint: write the names after --columns as they stand in one row of the file; spaces and full-width digits do not \
         matter",
        path.display()
    )]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
        /// Columns that are there.
        found: String,
    },
    /// Names of columns that cannot be read.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// Codes of five digits, or of six without their zero.
    #[error(
        "codes of `{}` such as `{code}` may have five digits, or six without the leading zero\n\
         hint: write them as text, with the leading zeros",
        path.display()
    )]
    DigitsUnclear {
        /// The file.
        path: PathBuf,
        /// One of them.
        code: String,
    },
    /// A cell holds something else than its column says.
    #[error("{at}: `{found}` is no {expected}\nhint: {hint}")]
    Cell {
        /// Where.
        at: At,
        /// What stands there.
        found: String,
        /// What was expected.
        expected: &'static str,
        /// What to do.
        hint: &'static str,
    },
    /// A code that was not in use.
    #[error("{at}: the code `{code}` is no municipality's on {date}")]
    UnknownCode {
        /// Where.
        at: At,
        /// The code.
        code: MunicipalityCode,
        /// The date of the table.
        date: CodeDate,
        /// When it was in use.
        source: HistoryError,
    },
    /// Codes and names of different places.
    #[error(
        "codes and names do not belong together in {differ} of {all} rows, the first at {at}: `{code}` is {official}, \
         and the name is `{found}`\n\
         hint: check that --date is the date of the table and that no column slipped; --columns code=NAME,people=NAME \
         leaves the names out"
    )]
    NamesDiffer {
        /// Rows that differ.
        differ: usize,
        /// Rows with both.
        all: usize,
        /// The first of them.
        at: At,
        /// Its code.
        code: MunicipalityCode,
        /// The name of the code.
        official: String,
        /// The name beside it.
        found: String,
    },
    /// Two figures for the same people.
    #[error(
        "{what} has two figures: {one} at {at}, and {other} at {other_at}\n\
         hint: a table of several kinds of people, as by nationality, needs --where NAME=VALUE for the rows, or \
         --columns people=NAME for the column; of several files take those of one date"
    )]
    TwoFigures {
        /// Whose.
        what: String,
        /// A figure.
        one: u64,
        /// Where it stands.
        at: At,
        /// The other.
        other: u64,
        /// Where that stands.
        other_at: At,
    },
    /// Parts and whole that differ.
    #[error(
        "{what}: the parts sum to {parts}, and the whole is {whole} at {at}{more}\n\
         hint: a figure of the table was changed or is missing; take the file anew from its publisher"
    )]
    Sum {
        /// Which sum.
        what: String,
        /// Of the parts.
        parts: u64,
        /// As it is given.
        whole: u64,
        /// Where the whole stands.
        at: Box<At>,
        /// How many other sums differ.
        more: String,
    },
    /// Municipalities without a figure.
    #[error(
        "{count} of {all} municipalities have no figure: {first}\n\
         hint: give all files of the table together, or --partial to take what is there"
    )]
    Missing {
        /// How many.
        count: usize,
        /// Of how many.
        all: usize,
        /// The first of them with their names.
        first: String,
    },
    /// Codes that cannot be brought to those in use.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// A file of people with another base or date than was given.
    #[error(
        "`{}` is a file of people already, of {found}, and {given} was asked for\n\
         hint: give its own base and date, or the official table of the other one",
        path.display()
    )]
    OtherBase {
        /// The file.
        path: PathBuf,
        /// Its base and date.
        found: String,
        /// Those asked for.
        given: String,
    },
    /// A file of people beside others.
    #[error(
        "`{}` is a file of people already and cannot be put together with others\n\
         hint: give the official tables alone",
        path.display()
    )]
    Imported {
        /// The file.
        path: PathBuf,
    },
    /// A source in several lines.
    #[error("the source `{source_text}` is no line of text\nhint: give one line of at most 500 letters")]
    Source {
        /// What was given.
        source_text: String,
    },
    /// Another file than `kayoi population import` writes.
    #[error(
        "`{}` is no file of people, line {line}: {found}; expected {expected}\n\
         hint: make it with `kayoi population import`, and change nothing in it by hand",
        path.display()
    )]
    NotPopulation {
        /// The file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// What is there.
        found: String,
        /// What was expected.
        expected: String,
    },
}

impl PopulationError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Read { .. } | Self::Write { .. } => ErrorCode::File,
            Self::Columns(_) | Self::Source { .. } => ErrorCode::Argument,
            Self::TooLarge { .. }
            | Self::NotTable { .. }
            | Self::Workbook { .. }
            | Self::Unrecognized { .. }
            | Self::NoRows { .. }
            | Self::NoColumn { .. }
            | Self::DigitsUnclear { .. }
            | Self::Cell { .. }
            | Self::UnknownCode { .. }
            | Self::NamesDiffer { .. }
            | Self::TwoFigures { .. }
            | Self::Sum { .. }
            | Self::Missing { .. }
            | Self::OtherBase { .. }
            | Self::Imported { .. }
            | Self::NotPopulation { .. } => ErrorCode::OwnTable,
            Self::History(error) => error.code(),
        }
    }

    pub(super) fn read(path: &Path, source: std::io::Error) -> Self {
        Self::Read { path: path.to_owned(), source }
    }
}
