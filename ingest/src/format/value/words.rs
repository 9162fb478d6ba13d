//! Words that stand for no value.
//!
//! In: a text, or a number. Out: whether it says that there is no value. The contract's words are the same for
//! everybody; a partner may have more, and a word that is a number, such as `-999`, is one however it is
//! written.

use std::sync::Arc;

use kayoi_schemas::spelling::EMPTY_WORDS;

/// The contract's words, and those of a partner.
#[derive(Debug, Clone, Default)]
pub(crate) struct MissingWords {
    words: Arc<[String]>,
    numbers: Arc<[f64]>,
}

impl MissingWords {
    /// The contract's words and these.
    pub(crate) fn with(words: &[String]) -> Self {
        let words: Arc<[String]> = words.iter().map(|word| word.trim().to_owned()).collect();
        let numbers = words.iter().filter_map(|word| word.parse().ok()).collect();
        Self { words, numbers }
    }

    /// Whether a text without blanks around it stands for no value.
    pub(super) fn is_missing(&self, text: &str) -> bool {
        let own = self.words.iter().map(String::as_str);
        EMPTY_WORDS.iter().copied().chain(own).any(|word| word.eq_ignore_ascii_case(text))
            || (!self.numbers.is_empty() && text.parse().is_ok_and(|number| self.is_missing_number(number)))
    }

    /// Whether a number stands for no value.
    #[inline]
    pub(super) fn is_missing_number(&self, number: f64) -> bool {
        self.numbers.contains(&number)
    }
}
