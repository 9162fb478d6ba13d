//! A question as its file writes it.
//!
//! In: TOML. Out: a [`Question`]. A key that is not known is refused, so that a misspelt one is not silently left out.

use serde::Deserialize;

use super::language::CellWords;
use super::sentence::{Chart, Part};
use super::view::FileView;
use super::{ParameterType, Question, QuestionParameter, Words};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    title_ja: String,
    title_en: String,
    subject_ja: String,
    subject_en: String,
    /// What an answer without rows says, where that tells something and hides nothing.
    nothing_ja: Option<String>,
    nothing_en: Option<String>,
    /// Other words for which people look, in both languages.
    #[serde(default)]
    found_by: String,
    chart: Chart,
    sql: String,
    does_not_say_ja: String,
    does_not_say_en: String,
    sentence: Part,
    /// More sentences, each left out where it has no value.
    #[serde(default)]
    also: Vec<Part>,
    /// What words in cells are called, in Japanese and English.
    #[serde(default)]
    words: CellWords,
    #[serde(default)]
    parameters: Vec<FileParameter>,
    /// The same of all towns, where it can be asked so.
    view: Option<FileView>,
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
    #[serde(default)]
    example_is_default: bool,
}

impl File {
    pub(super) fn into_question(self, name: &'static str) -> Question {
        Question {
            name,
            parameters: self.parameters.into_iter().map(FileParameter::into_parameter).collect(),
            does_not_say: Words { ja: self.does_not_say_ja, en: self.does_not_say_en },
            found_by: self.found_by,
            chart: self.chart,
            title: Words { ja: self.title_ja, en: self.title_en },
            sql: self.sql,
            subject: Words { ja: self.subject_ja, en: self.subject_en },
            nothing: self.nothing_ja.zip(self.nothing_en).map(|(ja, en)| Words { ja, en }),
            main: self.sentence,
            also: self.also,
            cell_words: self.words,
            view: self.view,
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
            example_is_default: self.example_is_default,
        }
    }
}
