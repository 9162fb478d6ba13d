//! The sentence of a named question's answer.
//!
//! In: the rows of an answer. Out: what they say, in Japanese and English, as `kayoi ask` says it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::questions::{AnswerRow, Language, MONTH, Question};

/// What states an answer in a sentence.
#[derive(Debug, Clone)]
pub(super) struct Stating {
    pub(super) question: Question,
    pub(super) values: BTreeMap<String, String>,
}

impl Stating {
    /// What a file of the answer is named after: the question, the values of its parameters, and the month if one is said.
    pub(super) fn file(&self) -> Vec<String> {
        let parameters = self.question.parameters.iter().map(|parameter| parameter.name.as_str());
        let values = parameters.chain([MONTH]).filter_map(|name| self.values.get(name).cloned());
        std::iter::once(self.question.name.to_owned()).chain(values).collect()
    }

    /// The sentence in both languages, from the rows of an answer.
    pub(super) fn of(&self, rows: &[AnswerRow]) -> Value {
        let say = |language| self.question.fill(language, &self.values, rows);
        json!({ "ja": say(Language::Japanese), "en": say(Language::English) })
    }
}
