//! The named questions: what people ask again and again, in words and in SQL.
//!
//! In: one TOML file per question, compiled in. Out: [`Question`]s, which the command line asks, and every
//! other door can. A file says what its figures do not say, because a question that is asked by name is asked
//! by people who have not read the definition. Parameters have types and are checked before they stand in the
//! SQL, so that a value cannot become a piece of a statement; the result goes through the gate as any other
//! text does.

use kayoi_schemas::ids::{CodeError, MunicipalityCode, PrefectureCode};
use serde::Deserialize;

/// The files, by name: those that the demo asks, those that staff ask in the order of the book, and those that
/// write the columns of published products.
const FILES: [(&str, &str); 39] = [
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
}

/// A sentence in two languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// The sentence in Japanese.
    pub ja: String,
    /// The sentence in English.
    pub en: String,
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterType {
    /// The code of a municipality, five digits or six with the check digit.
    Municipality,
    /// The code of a prefecture, one digit or two.
    Prefecture,
}

impl ParameterType {
    /// A value as a literal of SQL.
    fn literal(self, value: &str) -> Result<String, CodeError> {
        match self {
            Self::Municipality => Ok(format!("'{}'", MunicipalityCode::parse(value)?)),
            Self::Prefecture => Ok(format!("'{}'", PrefectureCode::parse(value)?)),
        }
    }
}

/// A place in a question that the asker fills.
#[derive(Debug, Clone)]
pub struct QuestionParameter {
    /// Its name; `{name}` stands in the titles and the SQL.
    pub name: String,
    /// What it takes.
    pub takes: ParameterType,
    /// What it means.
    pub meaning: Words,
    /// A value that has an answer in the demo.
    pub example: String,
    /// What a title says for the example.
    pub example_words: Words,
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
    title: Words,
    sql: String,
}

impl Question {
    /// How many of them, from the first one on, show a newcomer what a release has.
    pub const FIRST: usize = 5;

    /// All named questions.
    ///
    /// # Errors
    /// [`QuestionError::Form`] when a file is not well formed, which a test rules out.
    pub fn all() -> Result<Vec<Self>, QuestionError> {
        let read = |(name, text): (&'static str, &str)| match toml::from_str::<File>(text) {
            Ok(file) => Ok(file.into_question(name)),
            Err(source) => Err(QuestionError::Form { name, source }),
        };
        FILES.into_iter().map(read).collect()
    }

    /// The title with the examples in its places.
    pub fn example_title(&self) -> Words {
        let mut title = self.title.clone();
        for parameter in &self.parameters {
            let place = format!("{{{}}}", parameter.name);
            title.ja = title.ja.replace(&place, &parameter.example_words.ja);
            title.en = title.en.replace(&place, &parameter.example_words.en);
        }
        title
    }

    /// The SQL with the examples in its places.
    ///
    /// # Errors
    /// [`QuestionError::Value`] when an example does not have the type of its parameter, which a test rules
    /// out.
    pub fn example_sql(&self) -> Result<String, QuestionError> {
        self.sql(|parameter| &parameter.example)
    }

    /// The SQL with a value for each parameter.
    fn sql<'a>(&'a self, value: impl Fn(&'a QuestionParameter) -> &'a str) -> Result<String, QuestionError> {
        let mut sql = self.sql.clone();
        for parameter in &self.parameters {
            let value = value(parameter);
            let literal = parameter.takes.literal(value).map_err(|source| QuestionError::Value {
                parameter: parameter.name.clone(),
                value: value.to_owned(),
                source,
            })?;
            sql = sql.replace(&format!("{{{}}}", parameter.name), &literal);
        }
        Ok(sql)
    }
}

/// A question as its file writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title_ja: String,
    title_en: String,
    sql: String,
    does_not_say_ja: String,
    does_not_say_en: String,
    #[serde(default)]
    parameters: Vec<FileParameter>,
}

/// A parameter as its file writes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileParameter {
    name: String,
    #[serde(rename = "type")]
    takes: ParameterType,
    meaning_ja: String,
    meaning_en: String,
    example: String,
    example_ja: String,
    example_en: String,
}

impl File {
    fn into_question(self, name: &'static str) -> Question {
        Question {
            name,
            parameters: self.parameters.into_iter().map(FileParameter::into_parameter).collect(),
            does_not_say: Words { ja: self.does_not_say_ja, en: self.does_not_say_en },
            title: Words { ja: self.title_ja, en: self.title_en },
            sql: self.sql,
        }
    }
}

impl FileParameter {
    fn into_parameter(self) -> QuestionParameter {
        QuestionParameter {
            name: self.name,
            takes: self.takes,
            meaning: Words { ja: self.meaning_ja, en: self.meaning_en },
            example: self.example,
            example_words: Words { ja: self.example_ja, en: self.example_en },
        }
    }
}

#[cfg(test)]
#[path = "questions_tests.rs"]
mod tests;
