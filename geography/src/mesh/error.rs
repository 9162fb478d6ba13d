//! What can be wrong with a mesh code, in words for whoever typed or exported it.
//!
//! In: the text and the place where it fails. Out: the value, what was allowed, and a `hint:` line.

use super::MeshLevel;

/// A text or number that is not a mesh code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MeshCodeError {
    /// The number of digits belongs to no level.
    #[error(
        "invalid mesh code `{text}`: it has {length} characters, allowed are 4, 6, 7, 8, 9, 10 or 11 digits\n\
         hint: {}", length_hint(*length)
    )]
    Length {
        /// The text that was given.
        text: String,
        /// Its length in characters.
        length: usize,
    },
    /// A character is not a digit.
    #[error(
        "invalid mesh code `{text}`: `{found}` is not a digit, allowed are 0 to 9\n\
         hint: write ASCII digits without hyphens or spaces, as in `53393599`"
    )]
    NotADigit {
        /// The text that was given.
        text: String,
        /// The first such character.
        found: char,
    },
    /// A digit does not exist at its place.
    #[error(
        "invalid mesh code `{text}` (as {level} mesh): digit {place} is `{digit}`, \
         allowed is one of `{allowed}`\n\
         hint: {}", digit_hint(*level, *place)
    )]
    Digit {
        /// The text that was given.
        text: String,
        /// The level that its length means.
        level: MeshLevel,
        /// Which digit, counted from 1.
        place: usize,
        /// The digit that was found.
        digit: u8,
        /// The digits that may stand there.
        allowed: &'static str,
    },
    /// A number has more digits than a code of its level.
    #[error(
        "invalid mesh number `{number}` (as {level} mesh): allowed are numbers of up to {} digits\n\
         hint: check that the column holds codes of this level", level.digits()
    )]
    TooLarge {
        /// The number that was given.
        number: u64,
        /// The level that the caller named.
        level: MeshLevel,
    },
}

fn length_hint(length: usize) -> &'static str {
    match length {
        3 | 5 => "codes below latitude 6°40′ start with 0; a program that read the code as a number drops it",
        12.. => {
            "the 10分の1 to 100分の1 codes of other offices are not of JIS X 0410; give meshes of 125 m or more"
        }
        _ => "a 1 km code has 8 digits, as in `53393599`",
    }
}

fn digit_hint(level: MeshLevel, place: usize) -> &'static str {
    match (level, place) {
        (_, 3) => "digits 3 and 4 are the degrees of longitude above 100, 00 to 79",
        (_, 5 | 6) => "digits 5 and 6 count eighths of the 80 km mesh northward and eastward, 0 to 7",
        (MeshLevel::Half | MeshLevel::Double, _) => {
            "a code of 9 digits ends in 1 to 4 (500 m), or in 5 after two even digits (2 km)"
        }
        (MeshLevel::Quarter, _) => {
            "each digit is a quadrant; the 10-digit codes of 国土数値情報 for 100 m are not of JIS X 0410"
        }
        _ => "the digit is a quadrant: 1 south-west, 2 south-east, 3 north-west, 4 north-east",
    }
}
