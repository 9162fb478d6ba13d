//! One JSON object → a ping.
//!
//! In: bytes. Out: a ping, or why not. The object is visited once, field by field, straight into the ping:
//! texts borrow from the bytes, unknown fields are skipped without being kept, and nested rubbish costs no
//! allocation.

use std::borrow::Cow;
use std::fmt;

use kayoi_schemas::ping::{Ping, RejectReason};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::draft::Draft;
use super::mapping::Mapping;
use super::slot::Slot;
use super::value::Value;
use crate::rejection::{Detail, Rejection};

/// Decodes one record.
///
/// # Errors
/// `invalid_utf8`, `malformed` (no JSON), `wrong_type` (no object), or what the contract refuses. What the
/// parser says is never passed on: it repeats what it read.
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
            match self.mapping.field(&key).map(Slot::of) {
                None => {
                    map.next_value::<IgnoredAny>()?;
                    draft.ping.unknown_fields += 1;
                }
                Some(Slot::Unstored) => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some(slot) => {
                    let JsonValue(value) = map.next_value()?;
                    draft.take(slot, value, &self.mapping.spelling);
                }
            }
        }
        Ok(draft)
    }
}

struct Key<'de>(Cow<'de, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_str(JsonValueVisitor)? {
            JsonValue(Value::Text(text)) => Ok(Self(text)),
            _ => Err(D::Error::custom("a key is not a text")),
        }
    }
}

struct JsonValue<'de>(Value<'de>);

struct JsonValueVisitor;

impl<'de> serde::Deserialize<'de> for JsonValue<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonValueVisitor)
    }
}

impl<'de> Visitor<'de> for JsonValueVisitor {
    type Value = JsonValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<JsonValue<'de>, E> {
        Ok(JsonValue(Value::Text(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<JsonValue<'de>, E> {
        Ok(JsonValue(Value::Text(Cow::Owned(text.to_owned()))))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<JsonValue<'de>, E> {
        Ok(JsonValue(Value::Float(number)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<JsonValue<'de>, E> {
        Ok(JsonValue(Value::Integer(number)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<JsonValue<'de>, E> {
        Ok(JsonValue(Value::of_unsigned(number)))
    }

    fn visit_unit<E: Error>(self) -> Result<JsonValue<'de>, E> {
        Ok(JsonValue(Value::Missing))
    }

    fn visit_bool<E: Error>(self, boolean: bool) -> Result<JsonValue<'de>, E> {
        Ok(JsonValue(Value::Boolean(boolean)))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<JsonValue<'de>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(JsonValue(Value::Other))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonValue<'de>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(JsonValue(Value::Other))
    }
}
