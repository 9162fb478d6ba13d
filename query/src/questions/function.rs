//! Questions as functions of SQL: `SELECT * FROM origins_top5('20214')`.
//!
//! In: the name and the arguments of a function in a `FROM`. Out: the SQL of the question of that name. Arguments are values
//! and no expressions, because a code is checked, and a six-digit one is made a five-digit one, before anything is planned.
//! Rows of the answer can then be joined, sorted and cut as those of any table.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::{MONTH, Question, QuestionError, QuestionParameter};

/// What a question gives, as PostgreSQL writes it.
pub(crate) const ROWS: &str = "SETOF record";

/// A question as clients list it among functions.
pub(crate) struct QuestionFunction {
    /// Its name: that of the question with `_` for `-`.
    pub(crate) name: String,
    /// Names and types of its arguments, as PostgreSQL writes them.
    pub(crate) arguments: String,
    /// What it answers, in both languages.
    pub(crate) doc: String,
    question: &'static Question,
}

/// What stands between the brackets.
pub(crate) enum Argument {
    /// A value in its place.
    At(String),
    /// A value with the name of its parameter.
    Named(String, String),
}

impl QuestionFunction {
    /// All of them. Files that cannot be read give none, which a test rules out.
    pub(crate) fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<QuestionFunction>> = OnceLock::new();
        ALL.get_or_init(|| Question::known().unwrap_or_default().iter().map(Self::of).collect())
    }

    /// That of a name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|function| function.name.eq_ignore_ascii_case(name))
    }

    fn of(question: &'static Question) -> Self {
        let argument = |parameter: &QuestionParameter| match parameter.example_is_default {
            true => format!("{} text DEFAULT '{}'", parameter.name, parameter.example),
            false => format!("{} text", parameter.name),
        };
        let month = std::iter::once(format!("{MONTH} text DEFAULT NULL"));
        let arguments: Vec<String> = question.parameters.iter().map(argument).chain(month).collect();
        let title = question.example_title();
        Self {
            name: question.name.replace('-', "_"),
            arguments: arguments.join(", "),
            doc: format!("{}\n{}", title.ja, title.en),
            question,
        }
    }

    /// The SQL that answers it.
    ///
    /// # Errors
    /// [`QuestionError::NoParameter`] for an argument too many or of a name that there is not, and those of
    /// [`Question::sql_for`].
    pub(crate) fn sql(&self, arguments: Vec<Argument>) -> Result<String, QuestionError> {
        let mut names: Vec<&str> = self.question.parameters.iter().map(|one| one.name.as_str()).collect();
        names.push(MONTH);
        let no_parameter = |parameter: String| QuestionError::NoParameter {
            name: self.question.name,
            parameter,
            known: names.iter().map(|&name| name.to_owned()).collect(),
        };
        let mut values = BTreeMap::new();
        for (at, argument) in arguments.into_iter().enumerate() {
            let (name, value) = match argument {
                Argument::At(value) => {
                    let name = names.get(at).ok_or_else(|| no_parameter((at + 1).to_string()))?;
                    ((*name).to_owned(), value)
                }
                Argument::Named(name, value) if names.contains(&name.as_str()) => (name, value),
                Argument::Named(name, _) => return Err(no_parameter(name)),
            };
            values.insert(name, value);
        }
        for parameter in &self.question.parameters {
            if parameter.example_is_default && !values.contains_key(&parameter.name) {
                values.insert(parameter.name.clone(), parameter.example.clone());
            }
        }
        self.question.sql_for(&values)
    }
}
