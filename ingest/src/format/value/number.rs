//! A value → a coordinate, an accuracy or a speed.
//!
//! In: a number, or the text of one. Out: the number; `None` when the value stands for none. NaN is how tables
//! of numbers write a missing value: an accuracy is then missing, and a coordinate stays NaN and is rejected as
//! not finite, which says more than that it is missing.

use super::Value;
use super::refusal::Refusal;
use super::spelling::Spelling;

/// A coordinate in degrees.
#[inline]
pub(in crate::format) fn coordinate(
    value: &Value<'_>,
    field: &'static str,
    spelling: &Spelling,
) -> Result<Option<f64>, Refusal> {
    let number = match value {
        Value::Missing => None,
        Value::Text(text) => number_of(text.trim(), field, spelling)?,
        value => Some(value.as_number().ok_or(Refusal::Type(field))?),
    };
    Ok(number.filter(|number| !spelling.missing.is_missing_number(*number)))
}

/// An accuracy in metres.
#[inline]
pub(in crate::format) fn accuracy(value: &Value<'_>, spelling: &Spelling) -> Result<Option<f64>, Refusal> {
    Ok(coordinate(value, "horizontal_accuracy", spelling)?.filter(|metres| !metres.is_nan()))
}

/// A speed in metres per second; whatever is no finite number is none.
#[inline]
pub(in crate::format) fn speed(value: &Value<'_>, spelling: &Spelling) -> Option<f64> {
    let number = coordinate(value, "speed", spelling).ok().flatten();
    number.filter(|metres_per_second| metres_per_second.is_finite())
}

fn number_of(text: &str, field: &'static str, spelling: &Spelling) -> Result<Option<f64>, Refusal> {
    match text.parse() {
        Ok(number) => Ok(Some(number)),
        Err(_) if spelling.missing.is_missing(text) => Ok(None),
        Err(_) => Err(Refusal::Type(field)),
    }
}
