//! What sentences and cells are made of: rows, words for them, and the language.
//!
//! In: nothing. Out: types that a sentence and the cells in it share.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Words;

/// A row of an answer, column by column.
pub type AnswerRow = Map<String, Value>;

/// The language of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Japanese.
    #[default]
    Japanese,
    /// English.
    English,
}

impl Language {
    /// The word of two in this language.
    pub(super) fn of<'a>(self, ja: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Japanese => ja,
            Self::English => en,
        }
    }

    /// The words in this language.
    pub fn say(self, words: &Words) -> &str {
        self.of(&words.ja, &words.en)
    }
}

/// Words for texts that stand in cells.
pub(super) type CellWords = BTreeMap<String, [String; 2]>;
