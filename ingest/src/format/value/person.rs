//! A value → the age or the sex of the person behind a device.
//!
//! In: a text, or a number: an age in years, a sex of ISO/IEC 5218. Out: the band or the sex; `None` for whatever is
//! none, which is never a reason against a record. Tables of numbers write whole numbers as floats as soon as one is
//! missing; `43.0` is 43 in every format. What a text says is known to [`kayoi_schemas::person`] alone.

use kayoi_schemas::person::{AgeBand, Sex};
use kayoi_schemas::spelling::trimmed;

use super::Value;
use super::spelling::Spelling;

/// Years that a band has at least, so that nothing has to be made wider.
const WIDE_ENOUGH: u8 = 5;

/// The age of a person.
// A call: hardly any feed says it, and what is read of all others should stay together.
#[inline(never)]
pub(in crate::format) fn age(value: &Value<'_>, spelling: &Spelling) -> Option<AgeBand> {
    match word(value, spelling)? {
        Word::Text(text) => stored_band(text).or_else(|| AgeBand::of_person(text)),
        Word::Whole(years) => AgeBand::of_person(&years.to_string()),
    }
}

/// The sex of a person.
#[inline(never)]
pub(in crate::format) fn sex(value: &Value<'_>, spelling: &Spelling) -> Option<Sex> {
    match word(value, spelling)? {
        Word::Text(text) => {
            Sex::ALL.into_iter().find(|sex| sex.as_str() == text).or_else(|| Sex::of_person(text))
        }
        Word::Whole(number) => Sex::of_person(&number.to_string()),
    }
}

/// What may say something of a person.
enum Word<'v> {
    Text(&'v str),
    Whole(u8),
}

/// The text or the number of a value; `None` when it stands for none.
fn word<'v>(value: &'v Value<'_>, spelling: &Spelling) -> Option<Word<'v>> {
    let number = match value {
        Value::Text(text) => {
            let text = trimmed(text);
            if spelling.missing.is_missing(text) {
                return None;
            }
            match text.parse() {
                Ok(number) => number,
                Err(_) => return Some(Word::Text(text)),
            }
        }
        value => value.as_number().filter(|number| !spelling.missing.is_missing_number(*number))?,
    };
    let is_small: bool = number.fract() == 0.0 && (0.0..=f64::from(u8::MAX)).contains(&number);
    is_small.then_some(Word::Whole(number as u8))
}

/// The band of the words in which it is stored, as the contract has them: read without a copy of the text.
fn stored_band(text: &str) -> Option<AgeBand> {
    AgeBand::parse(text).filter(|band| band.to.is_none_or(|to| to - band.from + 1 >= WIDE_ENOUGH))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::super::words::MissingWords;
    use super::*;

    fn of(value: Value<'_>) -> (Option<String>, Option<Sex>) {
        let missing = MissingWords::with(&["99".to_owned(), "無回答".to_owned()]);
        let spelling = Spelling { missing, ..Spelling::default() };
        (age(&value, &spelling).map(|band| band.to_string()), sex(&value, &spelling))
    }

    fn of_text(text: &str) -> (Option<String>, Option<Sex>) {
        of(Value::Text(Cow::Borrowed(text)))
    }

    #[test]
    fn a_whole_number_is_an_age_in_years_and_one_and_two_are_sexes_too() {
        let in_forties = Some("40-44".to_owned());
        for value in [Value::Integer(43), Value::Unsigned(43), Value::Float(43.0), Value::Single(43.0)] {
            assert_eq!(of(value), (in_forties.clone(), None));
        }
        for text in ["43", " 43.0 ", "4.3e1", "043", "４３", "43歳"] {
            assert_eq!(of_text(text), (in_forties.clone(), None), "{text}");
        }
        for (value, expected) in
            [(1, Some(Sex::Male)), (2, Some(Sex::Female)), (0, None), (9, None), (257, None)]
        {
            assert_eq!(of(Value::Integer(value)).1, expected, "{value}");
            assert_eq!(of(Value::Float(value as f64)).1, expected, "{value}");
            assert_eq!(of_text(&value.to_string()).1, expected, "{value}");
        }
    }

    #[test]
    fn what_says_nothing_of_a_person_is_none() {
        let numbers = [-1.0, 43.5, 131.0, 299.0, f64::NAN, f64::INFINITY, 1e300, 99.0].map(Value::Float);
        let others = [Value::Integer(-1), Value::Unsigned(u64::MAX), Value::Boolean(true), Value::Other];
        for value in numbers.into_iter().chain(others).chain([Value::Missing, Value::Instant(40)]) {
            assert_eq!(of(value.clone()), (None, None), "{value:?}");
        }
        for text in
            ["", "unknown", "無回答", "99", "99.0", "43.5", "inf", "不明", "45代", "true", "-1", "0x1"]
        {
            assert_eq!(of_text(text), (None, None), "{text}");
        }
    }

    #[test]
    fn a_band_of_the_contract_is_read_as_any_other_word() {
        for from in 0..=110 {
            for to in (from..=120).map(Some).chain([None]) {
                let Some(band) = AgeBand::new(from, to) else { panic!("{from} {to:?}") };
                let text = band.to_string();
                let read = stored_band(&text).or_else(|| AgeBand::of_person(&text));
                assert_eq!(read, AgeBand::of_person(&text), "{text}");
            }
        }
    }
}
