//! The named questions: what people ask again and again, in words and in SQL.
//!
//! In: one TOML file per question, compiled in. Out: [`Question`]s, which the command line asks, and every
//! other door can. A file says what its figures do not say, because a question that is asked by name is asked
//! by people who have not read the definition. Parameters have types and are checked before they stand in the
//! SQL, so that a value cannot become a piece of a statement; the result goes through the gate as any other
//! text does. The answer is stated in a sentence, which the file has too ([`Question::fill`]), so that the command line, HTTP
//! and a page say the same.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ids::CodeError;
use kayoi_schemas::time::Month;
use serde_json::json;

mod file;
mod function;
mod month;
mod parameter;
mod sentence;
mod language;
mod display;
mod values;
mod view;

pub(crate) use function::{Argument, QuestionFunction, ROWS};
use language::CellWords;
pub use language::{AnswerRow, Language};
pub(crate) use month::MONTH;
pub(crate) use parameter::Allowed;
pub use parameter::{ParameterType, QuestionParameter};
pub use sentence::Chart;
use sentence::Part;
pub(crate) use view::{QuestionView, VIEWS, ViewColumn};

/// The files, by name: those that the demo asks, those that staff ask in the order of the book, those that the page is made of, and those that
/// write the columns of published products.
const FILES: [(&str, &str); 57] = [
    ("connected-people", include_str!("connected-people.toml")),
    ("origins-top5", include_str!("origins-top5.toml")),
    ("days-per-year", include_str!("days-per-year.toml")),
    ("dual-residents", include_str!("dual-residents.toml")),
    ("national-totals", include_str!("national-totals.toml")),
    ("stay-origins", include_str!("stay-origins.toml")),
    ("origins-by-day-type", include_str!("origins-by-day-type.toml")),
    ("origin-towns", include_str!("origin-towns.toml")),
    ("stay-rate", include_str!("stay-rate.toml")),
    ("peak-hours", include_str!("peak-hours.toml")),
    ("stay-patterns", include_str!("stay-patterns.toml")),
    ("stay-lengths", include_str!("stay-lengths.toml")),
    ("before-after", include_str!("before-after.toml")),
    ("lodging-places", include_str!("lodging-places.toml")),
    ("trip-sizes", include_str!("trip-sizes.toml")),
    ("entry-towns", include_str!("entry-towns.toml")),
    ("busiest-days", include_str!("busiest-days.toml")),
    ("distance-bands", include_str!("distance-bands.toml")),
    ("season-index", include_str!("season-index.toml")),
    ("peak-months", include_str!("peak-months.toml")),
    ("rank-and-change", include_str!("rank-and-change.toml")),
    ("cells-map", include_str!("cells-map.toml")),
    ("lunch-hours", include_str!("lunch-hours.toml")),
    ("repeat-rate", include_str!("repeat-rate.toml")),
    ("visit-day-bins", include_str!("visit-day-bins.toml")),
    ("metro-to-local", include_str!("metro-to-local.toml")),
    ("dual-rhythms", include_str!("dual-rhythms.toml")),
    ("dual-nights", include_str!("dual-nights.toml")),
    ("telework", include_str!("telework.toml")),
    ("commute-co2", include_str!("commute-co2.toml")),
    ("workation-guests", include_str!("workation-guests.toml")),
    ("municipalities-per-person", include_str!("municipalities-per-person.toml")),
    ("national-goal", include_str!("national-goal.toml")),
    ("ages-and-sexes", include_str!("ages-and-sexes.toml")),
    ("how-sure", include_str!("how-sure.toml")),
    ("class-errors", include_str!("class-errors.toml")),
    ("town-summary", include_str!("town-summary.toml")),
    ("town-trend", include_str!("town-trend.toml")),
    ("peers", include_str!("peers.toml")),
    ("strip", include_str!("strip.toml")),
    ("prefecture-towns", include_str!("prefecture-towns.toml")),
    ("prefecture-people", include_str!("prefecture-people.toml")),
    ("nation-prefectures", include_str!("nation-prefectures.toml")),
    ("towns-shown", include_str!("towns-shown.toml")),
    ("towns-by-kind", include_str!("towns-by-kind.toml")),
    ("towns-compared", include_str!("towns-compared.toml")),
    ("cells-of-town", include_str!("cells-of-town.toml")),
    ("years-of-town", include_str!("years-of-town.toml")),
    ("panel-prefectures", include_str!("panel-prefectures.toml")),
    ("how-sure-nation", include_str!("how-sure-nation.toml")),
    ("known-devices", include_str!("known-devices.toml")),
    ("release-changes", include_str!("release-changes.toml")),
    ("targets", include_str!("targets.toml")),
    ("mlit-mesh1km", include_str!("mlit-mesh1km.toml")),
    ("mlit-fromto-city", include_str!("mlit-fromto-city.toml")),
    ("digital-tourism", include_str!("digital-tourism.toml")),
    ("resas-stay", include_str!("resas-stay.toml")),
];

/// A named question that cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// The file of a question cannot be read.
    #[error("the question `{name}` is not well formed")]
    Form {
        /// Name of the question.
        name: &'static str,
        /// What the TOML reader said.
        source: toml::de::Error,
    },
    /// A value does not have the type of its parameter.
    #[error("`{value}` cannot stand for {{{parameter}}}")]
    Value {
        /// Name of the parameter.
        parameter: String,
        /// What was given.
        value: String,
        /// What is wrong with it.
        source: CodeError,
    },
    /// A word is not among those that its parameter takes.
    #[error("`{value}` is no {what}\nhint: it is one of {}", allowed.join(", "))]
    NotAllowed {
        /// What was given.
        value: String,
        /// What the parameter takes.
        what: &'static str,
        /// The words that there are.
        allowed: Vec<&'static str>,
    },
    /// More municipalities than are compared at once.
    #[error("{{{name}}} takes at most {most} municipalities")]
    TooMany {
        /// Name of the parameter.
        name: String,
        /// How many it takes.
        most: usize,
    },
    /// A parameter has no value.
    #[error("the question `{name}` needs {{{parameter}}}\nhint: it is the {meaning}")]
    Missing {
        /// Name of the question.
        name: &'static str,
        /// Name of the parameter.
        parameter: String,
        /// What it means, in English.
        meaning: String,
    },
    /// No question has the name.
    #[error("no question is called `{name}`\nhint: the nearest are {}", nearest.join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The most similar names, nearest first.
        nearest: Vec<String>,
    },
    /// No municipality or prefecture has the name or code.
    #[error("`{value}` is no {what} of Japan\nhint: the nearest are {}", nearest.join(", "))]
    UnknownPlace {
        /// What was given.
        value: String,
        /// `municipality` or `prefecture`.
        what: &'static str,
        /// The most similar ones, nearest first.
        nearest: Vec<String>,
    },
    /// Several municipalities have the name.
    #[error("several municipalities are called `{value}`\nhint: give the code of one of {}", them.join(", "))]
    Ambiguous {
        /// What was given.
        value: String,
        /// Them, with their codes.
        them: Vec<String>,
    },
    /// A text is no month.
    #[error("`{value}` is no month\nhint: a month is written 2026-05")]
    Month {
        /// What was given.
        value: String,
    },
    /// A value was given for a parameter that the question does not have.
    #[error("the question `{name}` has no {{{parameter}}}\nhint: {}", known_hint(known))]
    NoParameter {
        /// Name of the question.
        name: &'static str,
        /// What was given.
        parameter: String,
        /// The parameters that it has.
        known: Vec<String>,
    },
}

impl QuestionError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Form { .. } => ErrorCode::Defect,
            Self::Value { .. }
            | Self::NotAllowed { .. }
            | Self::TooMany { .. }
            | Self::Missing { .. }
            | Self::Unknown { .. }
            | Self::UnknownPlace { .. }
            | Self::Ambiguous { .. }
            | Self::Month { .. }
            | Self::NoParameter { .. } => ErrorCode::Argument,
        }
    }
}

impl QuestionError {
    /// The error in one text, with its cause and what to do, as doors give it.
    pub(crate) fn told(&self) -> String {
        let said = self.to_string();
        if said.contains("\nhint: ") {
            return said;
        }
        let cause = std::error::Error::source(self).map(|source| format!(": {source}")).unwrap_or_default();
        format!(
            "{said}{cause}\nhint: a town is five digits as 20214, or six with the check digit; a prefecture is one or two"
        )
    }
}

fn known_hint(known: &[String]) -> String {
    match known {
        [] => "it has no parameters".to_owned(),
        known => format!("it has {}", known.join(", ")),
    }
}

/// A sentence in two languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The sentence in Japanese.
    pub ja: String,
    /// The sentence in English.
    pub en: String,
}

/// A named question.
#[derive(Debug, Clone)]
pub struct Question {
    /// Its name, which never changes: people put it into scripts.
    pub name: &'static str,
    /// The places to fill, in order.
    pub parameters: Vec<QuestionParameter>,
    /// What a reader might take from the answer, wrongly.
    pub does_not_say: Words,
    /// Other words for which people look, in both languages; they are not shown.
    pub found_by: String,
    /// How the answer is best drawn.
    pub chart: Chart,
    title: Words,
    sql: String,
    /// What the sentence is about: it stands before the words of a status.
    subject: Words,
    /// What an answer without rows says, where it is not that something is hidden.
    nothing: Option<Words>,
    main: Part,
    also: Vec<Part>,
    cell_words: CellWords,
    view: Option<view::FileView>,
}

impl Question {
    /// How many of them, from the first one on, show a newcomer what a release has.
    pub const FIRST: usize = 5;

    /// All named questions.
    ///
    /// # Errors
    /// [`QuestionError::Form`] when a file is not well formed, which a test rules out.
    pub fn all() -> Result<Vec<Self>, QuestionError> {
        let read = |(name, text): (&'static str, &str)| match toml::from_str::<file::File>(text) {
            Ok(file) => Ok(file.into_question(name)),
            Err(source) => Err(QuestionError::Form { name, source }),
        };
        FILES.into_iter().map(read).collect()
    }

    /// All of them, read once. A file that cannot be read is our own fault, which a test rules out.
    pub(crate) fn known() -> Option<&'static [Self]> {
        static KNOWN: OnceLock<Option<Vec<Question>>> = OnceLock::new();
        let told = |error: QuestionError| {
            tracing::error!(error = &error as &dyn std::error::Error, "the named questions");
        };
        KNOWN.get_or_init(|| Self::all().map_err(told).ok()).as_deref()
    }

    /// The question of a name.
    ///
    /// # Errors
    /// [`QuestionError::Unknown`] with the nearest names when there is none.
    pub fn named(name: &str) -> Result<Self, QuestionError> {
        let mut all = Self::all()?;
        if let Some(at) = all.iter().position(|question| question.name == name) {
            return Ok(all.swap_remove(at));
        }
        let names = all.iter().map(|question| question.name.to_owned());
        Err(QuestionError::Unknown { name: name.to_owned(), nearest: values::nearest(name, names, 3) })
    }

    /// The title as it stands in the file, with places for the parameters.
    pub fn title(&self) -> &Words {
        &self.title
    }

    /// The SQL as it stands in the file, with places for the parameters, of the newest month.
    pub fn template(&self) -> String {
        month::with_month(&self.sql, None)
    }

    /// All that a list of questions says of it, in both languages.
    pub fn as_json(&self) -> serde_json::Value {
        let words = |words: &Words| json!({ "ja": words.ja, "en": words.en });
        let parameters = self.parameters.iter().map(QuestionParameter::as_json);
        json!({
            "name": self.name,
            "title": words(&self.title),
            "parameters": parameters.collect::<Vec<_>>(),
            "chart": self.chart.as_str(),
            "does_not_say": words(&self.does_not_say),
            "found_by": self.found_by,
            "sql": self.template(),
        })
    }

    /// The title with what the values of the parameters are called, and the month if one is given.
    pub fn title_for(&self, language: Language, values: &BTreeMap<String, String>) -> String {
        let title = self.title_of(values);
        language.say(&title).to_owned()
    }

    /// The same in both languages.
    pub(crate) fn title_of(&self, values: &BTreeMap<String, String>) -> Words {
        let value = |parameter: &QuestionParameter| values.get(&parameter.name).map_or("", String::as_str);
        let mut title = self.title_with(|parameter| Words {
            ja: parameter.takes.called(value(parameter), Language::Japanese),
            en: parameter.takes.called(value(parameter), Language::English),
        });
        if let Some(month) = values.get(MONTH).and_then(|month| Month::parse(month)) {
            month::title_with_month(&mut title, month);
        }
        title
    }

    /// The title with the examples in its places.
    pub fn example_title(&self) -> Words {
        self.title_with(|parameter| parameter.example_words.clone())
    }

    /// The title with words for each parameter.
    pub(crate) fn title_with(&self, words: impl Fn(&QuestionParameter) -> Words) -> Words {
        let mut title = self.title.clone();
        for parameter in &self.parameters {
            let (place, words) = (format!("{{{}}}", parameter.name), words(parameter));
            title.ja = title.ja.replace(&place, &words.ja);
            title.en = title.en.replace(&place, &words.en);
        }
        title
    }

    /// The SQL with the examples in its places.
    ///
    /// # Errors
    /// [`QuestionError::Value`] when an example does not have the type of its parameter, which a test rules
    /// out.
    pub fn example_sql(&self) -> Result<String, QuestionError> {
        self.sql_for(&self.example_values())
    }

    /// The SQL with values of the parameters, by name, and of the `month` that is among them, or else the newest.
    ///
    /// # Errors
    /// [`QuestionError::Missing`] when one has no value, [`QuestionError::Value`], [`QuestionError::NotAllowed`] or
    /// [`QuestionError::TooMany`] when one does not have its type, [`QuestionError::Month`] when the month is none.
    pub fn sql_for(&self, values: &BTreeMap<String, String>) -> Result<String, QuestionError> {
        let mut sql = self.sql.clone();
        for parameter in &self.parameters {
            let value = values.get(&parameter.name).ok_or_else(|| QuestionError::Missing {
                name: self.name,
                parameter: parameter.name.clone(),
                meaning: parameter.meaning.en.clone(),
            })?;
            sql = sql.replace(&format!("{{{}}}", parameter.name), &parameter.literal(value)?);
        }
        let month = match values.get(MONTH) {
            Some(text) => {
                Some(Month::parse(text).ok_or_else(|| QuestionError::Month { value: text.clone() })?)
            }
            None => None,
        };
        Ok(month::with_month(&sql, month))
    }
}

#[cfg(test)]
#[path = "questions_tests.rs"]
mod tests;
