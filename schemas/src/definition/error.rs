//! What makes a definition unusable. In: nothing. Out: [`DefinitionError`], each with what is allowed.

use crate::error_code::ErrorCode;

/// A definition that cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DefinitionError {
    /// The TOML is broken or has an unknown key outside `[parameter]`.
    #[error("cannot read the definition: {0}")]
    Syntax(String),
    /// A threshold that Kayoi does not have.
    #[error("unknown threshold `{key}`\nhint: did you mean `{nearest}`? `kayoi definitions` lists them all")]
    Unknown {
        /// The key in the file.
        key: String,
        /// The known threshold whose name is nearest.
        nearest: &'static str,
    },
    /// A threshold that the definition leaves out.
    #[error("threshold `{key}` is missing\nhint: start from the shipped set: `kayoi definitions --toml`")]
    Missing {
        /// The name of the threshold.
        key: &'static str,
    },
    /// A threshold of which something is left out that its base does not say.
    #[error(
        "threshold `{key}` has no `{what}`\nhint: another value needs its own precedent; unit and meaning come from the base, \
             where that has the threshold"
    )]
    Incomplete {
        /// The name of the threshold.
        key: String,
        /// What is left out.
        what: &'static str,
    },
    /// A base that does not ship.
    #[error("base `{name}` is none of the definitions that ship\nhint: {known}")]
    Base {
        /// The name in the file.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// A threshold outside its range.
    #[error("threshold `{key}` is `{value}`: a {kind} from {least} to {most} is allowed")]
    Impossible {
        /// The name of the threshold.
        key: &'static str,
        /// The value in the file.
        value: f64,
        /// What is asked for: `number` or `whole number`.
        kind: &'static str,
        /// The least value that is allowed.
        least: f64,
        /// The greatest value that is allowed.
        most: f64,
    },
    /// A span of hours that ends before it begins.
    #[error("`{then}` must be later than `{first}`")]
    Order {
        /// The key of its beginning.
        first: &'static str,
        /// The key of its end.
        then: &'static str,
    },
    /// A threshold above another that bounds it.
    #[error("`{less}` must be at most `{more}`")]
    Exceeds {
        /// The key that is bounded.
        less: &'static str,
        /// The key that bounds it.
        more: &'static str,
    },
    /// Another start of the day than the lake's.
    #[error(
        "`day_start_hour` is `{value}`: days of a lake start at {needed}:00\nhint: the pings are stored by such days; \
         leave it as it is"
    )]
    DayStart {
        /// What the file states.
        value: f64,
        /// The lake's hour.
        needed: i32,
    },
    /// Classes that are not ascending from 1.
    #[error("visit_day_bins `{0}` must ascend from 1, as in [1, 2, 3, 8, 24]")]
    Bins(String),
}

impl DefinitionError {
    /// The code that it is looked up by: whatever is wrong with a definition, its file is mended.
    pub fn code(&self) -> ErrorCode {
        ErrorCode::Settings
    }
}
