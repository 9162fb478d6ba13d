//! A value → an instant.
//!
//! In: a number of the partner's unit, the text of such a number, a text with date and time, or a value whose
//! type says that it is an instant. Out: milliseconds since the epoch; `None` when the value stands for none.
//! What names no zone is at the partner's, and refused when there is none: nine hours off, a night in Japan
//! would become a day.

use chrono::DateTime;

use super::calendar::written;
use super::refusal::Refusal;
use super::scale::Scale;
use super::spelling::Spelling;
use super::{Value, zone};

/// The instant of a fix, milliseconds since the epoch.
#[inline]
pub(in crate::format) fn timestamp(value: &Value<'_>, spelling: &Spelling) -> Result<Option<i64>, Refusal> {
    let refused = Refusal::Timestamp(spelling.unit);
    match value {
        Value::Missing => Ok(None),
        Value::Instant(milliseconds) => Ok(Some(*milliseconds)),
        Value::Local(milliseconds) => local(*milliseconds, spelling).map(Some),
        Value::Text(text) => of_text(text.trim(), spelling),
        // Single precision tells instants of today apart by minutes only.
        Value::Single(number) if !number.is_nan() => Err(refused),
        value => match (value.as_number(), Scale::of(spelling.unit)) {
            (Some(number), _) if is_none(number, spelling) => Ok(None),
            (Some(number), Some(scale)) => of_number(value, number, scale).map(Some).ok_or(refused),
            _ => Err(refused),
        },
    }
}

fn is_none(number: f64, spelling: &Spelling) -> bool {
    number.is_nan() || spelling.missing.is_missing_number(number)
}

fn of_number(value: &Value<'_>, number: f64, scale: Scale) -> Option<i64> {
    match value {
        Value::Integer(whole) => scale.of_integer(*whole),
        _ => scale.of_number(number),
    }
}

fn of_text(text: &str, spelling: &Spelling) -> Result<Option<i64>, Refusal> {
    if let Some(scale) = Scale::of(spelling.unit) {
        let whole = text.parse().map(Value::Integer).ok();
        if let Some(value) = whole.or_else(|| text.parse().map(Value::Float).ok()) {
            let number = value.as_number().filter(|number| !is_none(*number, spelling));
            let Some(number) = number else { return Ok(None) };
            return of_number(&value, number, scale).map(Some).ok_or(Refusal::Timestamp(spelling.unit));
        }
    } else if let Some(written) = written(text) {
        let Some(offset_s) = written.offset_s else {
            return zone::milliseconds(spelling.zone, written.local).map(Some);
        };
        return Ok(Some(written.local.and_utc().timestamp_millis() - i64::from(offset_s) * 1000));
    }
    match spelling.missing.is_missing(text) {
        true => Ok(None),
        false => Err(Refusal::Timestamp(spelling.unit)),
    }
}

fn local(milliseconds: i64, spelling: &Spelling) -> Result<i64, Refusal> {
    let local = DateTime::from_timestamp_millis(milliseconds);
    let local = local.ok_or(Refusal::Timestamp(spelling.unit))?.naive_utc();
    zone::milliseconds(spelling.zone, local)
}

#[cfg(test)]
#[path = "instant_tests.rs"]
mod tests;
