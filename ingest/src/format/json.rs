//! One JSON object → a ping.
//!
//! In: bytes. Out: a ping, or why not. The object is visited once, field by field, straight into the ping:
//! texts borrow from the bytes, unknown fields are skipped without being kept, and nested rubbish costs no
//! allocation.

use std::borrow::Cow;
use std::fmt;

use kayoi_schemas::ping::{FixSource, Ping, RejectReason};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::draft::Draft;
use super::instant::iso_milliseconds;
use super::mapping::{Mapping, TimestampUnit};
use super::slot::Slot;
use super::wire::Refusal;
use crate::rejection::{Detail, Rejection};

/// Decodes one record.
///
/// # Errors
/// `invalid_utf8`, `malformed` (no JSON) or `wrong_type` (no object, or a field of another type than the
/// contract's). What the parser says is never passed on: it repeats what it read.
pub fn decode<'a>(bytes: &'a [u8], mapping: &Mapping) -> Result<Ping<'a>, Rejection> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(Rejection::new(RejectReason::InvalidUtf8, "the record is not UTF-8"));
    };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let draft = PingSeed { mapping }.deserialize(&mut deserializer);
    match draft.and_then(|draft| deserializer.end().map(|()| draft)) {
        Ok(draft) => draft.finish(),
        Err(error) if error.is_data() => Err(Rejection::new(RejectReason::WrongType, no_object(text))),
        Err(error) => {
            let detail = Detail::from("no JSON object, at column ").count(error.column());
            Err(Rejection::new(RejectReason::Malformed, detail))
        }
    }
}

/// What JSON that is not an object seems to be.
fn no_object(text: &str) -> &'static str {
    match text.trim_start().as_bytes().first() {
        Some(b'"') => "the record is a JSON text, not an object: was it encoded twice?",
        Some(b'[') => "the record is a JSON list, not an object",
        _ => "the record is a JSON value, not an object",
    }
}

struct PingSeed<'m> {
    mapping: &'m Mapping,
}

impl<'de> DeserializeSeed<'de> for PingSeed<'_> {
    type Value = Draft<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Draft<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PingSeed<'_> {
    type Value = Draft<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft<'de>, A::Error> {
        let mut draft = Draft::default();
        while let Some(Key(key)) = map.next_key()? {
            match self.mapping.field(&key).map(|ours| (ours, Slot::of(ours))) {
                Some((_, Slot::Unstored)) => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some((ours, slot)) => {
                    let scalar = map.next_value::<JsonScalar<'de>>()?;
                    if put(slot, scalar, self.mapping.timestamp_unit, &mut draft.ping).is_none() {
                        draft.refuse(Refusal::Type(ours));
                    }
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                    draft.ping.unknown_fields += 1;
                }
            }
        }
        Ok(draft)
    }
}

/// Puts a value into its place; null is a missing one. `None` when it has another type than the contract says.
fn put<'de>(slot: Slot, scalar: JsonScalar<'de>, unit: TimestampUnit, ping: &mut Ping<'de>) -> Option<()> {
    if matches!(scalar, JsonScalar::Null) {
        return Some(());
    }
    match slot {
        Slot::Number(slot) => slot.put(ping, scalar.number()?),
        Slot::Timestamp => ping.timestamp_ms = Some(timestamp(scalar, unit)?),
        Slot::Text(slot) => slot.put(ping, scalar.text()?),
        Slot::Source => ping.source = FixSource::parse(&scalar.text()?),
        Slot::Unstored => {}
    }
    Some(())
}

fn timestamp(scalar: JsonScalar<'_>, unit: TimestampUnit) -> Option<i64> {
    match (scalar, unit) {
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
    fn text(self) -> Option<Cow<'de, str>> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn number(self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(number),
            Self::Integer(number) => Some(number as f64),
            _ => None,
        }
    }
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
