//! Why codes of one date cannot be turned into codes of another.
//!
//! In: a code, dates, shares. Out: one message that names them, what was expected, and a `hint:` line.

use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ids::MunicipalityCode;

use super::CodeDate;

/// Errors of [`super::CodeHistory`].
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum HistoryError {
    /// The codes of so early a date are not known.
    #[error(
        "code date `{date}` is before `{earliest}`, where the history of codes begins\n\
         hint: give `{earliest}` if the figures use the codes of that time, or convert them to it with the \
         official list of e-Stat (廃置分合等情報)",
        earliest = CodeDate::EARLIEST
    )]
    TooEarly {
        /// The date asked for.
        date: CodeDate,
    },
    /// No such code on that date.
    #[error(
        "municipality code `{code}` was not in use on `{date}`: {in_use}\n\
         hint: check the digits and the code date of the figures; 東京都区部 (`13100`) is not a municipality, \
         its 23 special wards are"
    )]
    UnknownCode {
        /// The code that was asked for.
        code: MunicipalityCode,
        /// The date asked for.
        date: CodeDate,
        /// When it was in use.
        in_use: String,
    },
    /// A code was divided, and no official source gives the shares.
    #[error(
        "cannot convert `{code}` over `{date}`: it was divided among {among}, and the shares are not known\n\
         hint: supply them, for example the residents of each part, as with `{weights}`{instead}"
    )]
    Divided {
        /// The code that was divided.
        code: MunicipalityCode,
        /// The date of the change.
        date: CodeDate,
        /// The codes that it was divided among.
        among: String,
        /// How their people are given on the command line.
        weights: String,
        /// Another way out, where there is one.
        instead: String,
    },
    /// Going back in time, a code falls into those it was made of.
    #[error(
        "cannot convert `{code}` back over `{date}`: it was made of {among}, and the shares are not known\n\
         hint: bring the older figures to the later code date instead; or supply the shares, for example the \
         residents of each part, as with `{weights}`{instead}"
    )]
    Merged {
        /// The code that was made of several.
        code: MunicipalityCode,
        /// The date of the change.
        date: CodeDate,
        /// What it was made of.
        among: String,
        /// How their people are given on the command line.
        weights: String,
        /// Another way out, where there is one.
        instead: String,
    },
    /// Shares for parts that the change did not have.
    #[error(
        "shares of `{code}` on `{date}` are given for {given}; expected {expected}\n\
         hint: name each part once; `kayoi codes changes` lists the changes"
    )]
    WrongParts {
        /// The code to be divided.
        code: MunicipalityCode,
        /// The date of the change.
        date: CodeDate,
        /// The parts given.
        given: String,
        /// The parts of the change, in either direction.
        expected: String,
    },
    /// Weights that make no shares.
    #[error(
        "shares of `{code}` on `{date}` have the weight `{weight}`; expected finite numbers of 0 or more, \
         not all 0\nhint: give the residents of each part"
    )]
    WrongWeight {
        /// The code to be divided.
        code: MunicipalityCode,
        /// The date of the change.
        date: CodeDate,
        /// The weight, or the sum of all.
        weight: f64,
    },
}

impl HistoryError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::TooEarly { .. }
            | Self::UnknownCode { .. }
            | Self::Divided { .. }
            | Self::Merged { .. }
            | Self::WrongParts { .. }
            | Self::WrongWeight { .. } => ErrorCode::Conversion,
        }
    }
}
