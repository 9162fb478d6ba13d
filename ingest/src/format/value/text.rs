//! A value → an identifier, a consent, a source.
//!
//! In: a text, or a number that stands for one. Out: the text; `None` when the value stands for none.
//!
//! An identifier must be the same text however a format writes it, or one phone becomes two. A whole number
//! is its digits. Tables of numbers write whole numbers as floats as soon as one is missing (`123.0`,
//! `1.23e+05`); those are the whole number again, as long as a float tells it from its neighbours, and refused
//! beyond, because many phones would become one. Any other text is kept as it stands: `1e3` may be hexadecimal.

use std::borrow::Cow;

use kayoi_schemas::ping::FixSource;
use kayoi_schemas::placeholder::plain;
use kayoi_schemas::spelling::{NO_CONSENT_WORDS, trimmed};

use super::Value;
use super::refusal::Refusal;
use super::spelling::Spelling;

/// Largest whole number that no other rounds to in double precision, 2^53 - 1.
const EXACT_DOUBLE: f64 = 9_007_199_254_740_991.0;
/// Largest whole number that no other rounds to in single precision, 2^24 - 1.
const EXACT_SINGLE: f64 = 16_777_215.0;

/// The partner's identifier. Words that stand for none are the rules' business, not the spelling's.
#[inline]
pub(in crate::format) fn device_id(value: Value<'_>) -> Result<Option<Cow<'_, str>>, Refusal> {
    match value {
        Value::Missing => Ok(None),
        Value::Text(text) => without_fraction(text).map(Some),
        Value::Integer(number) => Ok(Some(Cow::Owned(number.to_string()))),
        Value::Unsigned(number) => Ok(Some(Cow::Owned(number.to_string()))),
        Value::Float(number) => whole(number, EXACT_DOUBLE).map(Some),
        Value::Single(number) => whole(f64::from(number), EXACT_SINGLE).map(Some),
        _ => Err(Refusal::Type("device_id")),
    }
}

/// The version of a consent; `None` also for a word that says that there is none.
pub(in crate::format) fn consent<'a>(
    value: Value<'a>,
    spelling: &Spelling,
) -> Result<Option<Cow<'a, str>>, Refusal> {
    let text = match value {
        Value::Missing | Value::Boolean(false) => return Ok(None),
        Value::Boolean(true) => Cow::Borrowed("true"),
        Value::Text(text) => text,
        value => Cow::Owned(value.as_number().ok_or(Refusal::Type("consent"))?.to_string()),
    };
    Ok((!is_no_consent(text.trim(), spelling)).then_some(text))
}

/// How the fix was made; an unknown word leaves it open.
#[inline]
pub(in crate::format) fn source(value: &Value<'_>) -> Result<Option<FixSource>, Refusal> {
    match value {
        Value::Text(word) => Ok(FixSource::parse(trimmed(word))),
        Value::Instant(_) | Value::Local(_) | Value::Other => Err(Refusal::Type("source")),
        _ => Ok(None),
    }
}

fn is_no_consent(text: &str, spelling: &Spelling) -> bool {
    spelling.missing.is_missing(text)
        || NO_CONSENT_WORDS.contains(&plain(text).as_str())
        || text.parse().is_ok_and(|number: f64| number <= 0.0)
}

/// The digits of a whole number. NaN is a missing one, and a word that stands for no identifier.
fn whole(number: f64, most: f64) -> Result<Cow<'static, str>, Refusal> {
    if number.is_nan() {
        return Ok(Cow::Borrowed("NaN"));
    }
    if number.fract() == 0.0 && number.abs() <= most {
        return Ok(Cow::Owned((number as i64).to_string()));
    }
    Err(Refusal::InexactId)
}

/// A text as it stands, or the whole number that it writes as a float.
#[inline]
fn without_fraction(text: Cow<'_, str>) -> Result<Cow<'_, str>, Refusal> {
    // Advertising ids have a dash where no float has one; other texts, a letter early on.
    let bytes = trimmed(&text).as_bytes();
    let is_advertising_id = bytes.get(8) == Some(&b'-');
    let is_sign_of_float = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
    match !is_advertising_id && bytes.iter().all(is_sign_of_float) && is_of_float(bytes) {
        true => whole(text.trim().parse().unwrap_or(f64::INFINITY), EXACT_DOUBLE),
        false => Ok(text),
    }
}

/// Whether a text is what programs print for a whole float: `123.0`, `1.23e+05`, `1e+20`.
#[cold]
fn is_of_float(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let is_digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let (mantissa, exponent) = match text.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.iter().position(|byte| *byte == b'.') {
        Some(at) => (&mantissa[..at], Some(&mantissa[at + 1..])),
        None => (mantissa, None),
    };
    let has_zeros_first = whole.len() > 1 && whole[0] == b'0';
    match (fraction, exponent) {
        _ if !is_digits(whole) || has_zeros_first => false,
        (Some(fraction), None) => !fraction.is_empty() && fraction.iter().all(|digit| *digit == b'0'),
        (fraction, Some([b'+', digits @ ..])) => {
            whole.len() == 1 && is_digits(digits) && fraction.is_none_or(is_digits)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(text: &str) -> Result<String, Refusal> {
        device_id(Value::Text(Cow::Borrowed(text))).map(|id| id.unwrap().into_owned())
    }

    #[test]
    fn an_identifier_is_the_same_text_however_its_number_is_written() {
        for text in ["1230", "    1230.0 ", "1230.0", "1230.000", "1.23e+03", "1.230E+03"] {
            assert_eq!(of_text(text).as_deref(), Ok("1230"), "{text}");
        }
        for value in [Value::Integer(1230), Value::Float(1230.0), Value::Single(1230.0)] {
            assert_eq!(device_id(value).unwrap().as_deref(), Some("1230"));
        }
    }

    #[test]
    fn a_float_that_cannot_tell_identifiers_apart_is_refused() {
        assert_eq!(of_text("9007199254740991.0").as_deref(), Ok("9007199254740991"));
        assert_eq!(of_text("9007199254740993.0"), Err(Refusal::InexactId));
        assert_eq!(of_text("9.00719925474099e+17"), Err(Refusal::InexactId));
        for value in [Value::Float(0.5), Value::Float(1e300), Value::Single(16_777_216.0)] {
            assert_eq!(device_id(value), Err(Refusal::InexactId));
        }
    }

    #[test]
    fn a_text_that_only_resembles_a_number_is_kept() {
        for text in ["1e3", "12345e67", "007.0", "1.5", "1234567890.1700000000", ".0", "5.", "1.2.0", "١.0"]
        {
            assert_eq!(of_text(text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_consent_that_says_no_is_none() {
        let spelling = Spelling::default();
        let of = |value| consent(value, &spelling).unwrap();
        for text in ["false", "No", "0", "0.0", "null", "", " - ", "withdrawn"] {
            assert_eq!(of(Value::Text(Cow::Borrowed(text))), None, "{text}");
        }
        assert_eq!((of(Value::Boolean(false)), of(Value::Integer(0))), (None, None));
        assert_eq!(of(Value::Integer(2)).as_deref(), Some("2"));
        assert_eq!(of(Value::Boolean(true)).as_deref(), Some("true"));
    }
}
