//! One JSON object → a ping.
//!
//! In: bytes. Out: a ping, or why not. The object is visited once, field by field, straight into the ping:
//! texts borrow from the bytes, unknown fields are skipped without being kept, and nested rubbish costs no
//! allocation.

use std::borrow::Cow;
use std::fmt;

use kayoi_schemas::ping::{FixSource, Ping, RejectReason};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::instant::iso_milliseconds;
use super::mapping::{Mapping, TimestampUnit};
use crate::rejection::Rejection;

/// Decodes one record.
///
/// # Errors
/// `invalid_utf8`, `malformed` (no JSON object) or `wrong_type` (a field of another type than the
/// contract's).
pub fn decode<'a>(bytes: &'a [u8], mapping: &Mapping) -> Result<Ping<'a>, Rejection> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(Rejection::new(RejectReason::InvalidUtf8, "the record is not UTF-8"));
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let ping = PingSeed { mapping }.deserialize(&mut deserializer);
    match ping.and_then(|ping| deserializer.end().map(|()| ping)) {
        Ok(ping) => Ok(ping),
        Err(error) if error.is_data() => Err(Rejection::new(RejectReason::WrongType, field_of(&error))),
        Err(error) => Err(Rejection::new(
            RejectReason::Malformed,
            format!("no JSON object, at column {}", error.column()),
        )),
    }
}

/// The field name that the visitor put into the message. The value is left out: it could be an identifier.
fn field_of(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line").map_or(text.clone(), |(message, _)| message.to_owned())
}

struct PingSeed<'m> {
    mapping: &'m Mapping,
}

impl<'de> DeserializeSeed<'de> for PingSeed<'_> {
    type Value = Ping<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Ping<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PingSeed<'_> {
    type Value = Ping<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ping<'de>, A::Error> {
        let mut ping = Ping::default();
        while let Some(Key(key)) = map.next_key()? {
            match self.mapping.field(&key) {
                Some("device_id") => ping.device_id = value(&mut map, "device_id", JsonScalar::text)?,
                Some("timestamp") => ping.timestamp_ms = timestamp(&mut map, self.mapping.timestamp_unit)?,
                Some("latitude") => ping.latitude = value(&mut map, "latitude", JsonScalar::number)?,
                Some("longitude") => ping.longitude = value(&mut map, "longitude", JsonScalar::number)?,
                Some("horizontal_accuracy") => {
                    ping.accuracy_m = value(&mut map, "horizontal_accuracy", JsonScalar::number)?;
                }
                Some("consent") => ping.consent = value(&mut map, "consent", JsonScalar::text)?,
                Some("source") => {
                    let word = value(&mut map, "source", JsonScalar::text)?;
                    ping.source = word.and_then(|word| FixSource::parse(&word));
                }
                Some(_) => {
                    map.next_value::<IgnoredAny>()?;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                    ping.unknown_fields += 1;
                }
            }
        }
        Ok(ping)
    }
}

struct Key<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_str(JsonScalarVisitor)? {
            JsonScalar::Text(text) => Ok(Self(text)),
            _ => Err(D::Error::custom("a key is not a text")),
        }
    }
}

/// A value that is neither an object nor a list.
enum JsonScalar<'de> {
    Text(Cow<'de, str>),
    Float(f64),
    Integer(i64),
    Null,
    Other,
}

impl<'de> JsonScalar<'de> {
    fn text(self) -> Option<Option<Cow<'de, str>>> {
        match self {
            Self::Text(text) => Some(Some(text)),
            Self::Null => Some(None),
            _ => None,
        }
    }

    fn number(self) -> Option<Option<f64>> {
        match self {
            Self::Float(number) => Some(Some(number)),
            Self::Integer(number) => Some(Some(number as f64)),
            Self::Null => Some(None),
            _ => None,
        }
    }
}

fn value<'de, A: MapAccess<'de>, T>(
    map: &mut A,
    field: &'static str,
    read: fn(JsonScalar<'de>) -> Option<Option<T>>,
) -> Result<Option<T>, A::Error> {
    read(map.next_value::<JsonScalar<'de>>()?).ok_or_else(|| {
        A::Error::custom(format_args!("field `{field}` has another type than the contract says"))
    })
}

fn timestamp<'de, A: MapAccess<'de>>(map: &mut A, unit: TimestampUnit) -> Result<Option<i64>, A::Error> {
    let scalar = map.next_value::<JsonScalar<'de>>()?;
    let milliseconds = match (scalar, unit) {
        (JsonScalar::Null, _) => return Ok(None),
        (JsonScalar::Integer(number), TimestampUnit::Milliseconds) => Some(number),
        (JsonScalar::Float(number), TimestampUnit::Milliseconds) => {
            (number.fract() == 0.0 && number.abs() < 9e15).then_some(number as i64)
        }
        (JsonScalar::Integer(number), TimestampUnit::Seconds) => number.checked_mul(1000),
        (JsonScalar::Float(number), TimestampUnit::Seconds) => {
            (number.abs() < 9e12).then(|| (number * 1000.0).round() as i64)
        }
        (JsonScalar::Text(text), TimestampUnit::Iso) => iso_milliseconds(&text),
        _ => None,
    };
    milliseconds
        .map(Some)
        .ok_or_else(|| A::Error::custom("field `timestamp` has another type than the contract says"))
}

struct JsonScalarVisitor;

impl<'de> serde::Deserialize<'de> for JsonScalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonScalarVisitor)
    }
}

impl<'de> Visitor<'de> for JsonScalarVisitor {
    type Value = JsonScalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<JsonScalar<'de>, E> {
        Ok(JsonScalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<JsonScalar<'de>, E> {
        Ok(JsonScalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<JsonScalar<'de>, E> {
        Ok(JsonScalar::Float(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<JsonScalar<'de>, E> {
        Ok(JsonScalar::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<JsonScalar<'de>, E> {
        Ok(i64::try_from(number).map_or(JsonScalar::Float(number as f64), JsonScalar::Integer))
    }

    fn visit_unit<E: Error>(self) -> Result<JsonScalar<'de>, E> {
        Ok(JsonScalar::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<JsonScalar<'de>, E> {
        Ok(JsonScalar::Other)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<JsonScalar<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(JsonScalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonScalar<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(JsonScalar::Other)
    }
}
