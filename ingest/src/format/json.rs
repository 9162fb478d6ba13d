//! One JSON object → a ping.
//!
//! In: bytes. Out: a ping, or why not. A record that is written as nearly all are goes through
//! `flat_json`; every other one through a parser, which has the last word. The object is visited once, field by field, straight into the ping:
//! texts borrow from the bytes, unknown fields are skipped without being kept, and nested rubbish costs no
//! allocation.

use std::borrow::Cow;
use std::fmt::{self, Write};

use kayoi_schemas::ping::{Ping, RejectReason};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::draft::Draft;
use super::flat_json;
use super::mapping::Mapping;
use super::slot::Slot;
use super::value::Value;
use super::value::refusal::{Envelope, Refusal};
use crate::rejection::{Detail, Rejection};

/// Decodes one record.
///
/// # Errors
/// `invalid_utf8`, `malformed` (no JSON), `wrong_type` (no object), or what the contract refuses. What the
/// parser says is never passed on: it repeats what it read.
pub fn decode<'a>(bytes: &'a [u8], mapping: &Mapping) -> Result<Ping<'a>, Rejection> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let detail =
            "the record is not UTF-8; files in another encoding are read with --encoding, as shift_jis";
        return Err(Rejection::new(RejectReason::InvalidUtf8, detail));
    };
    let mut draft = Draft::default();
    if flat_json::read(text, mapping, &mut draft).is_some() && !draft.is_empty() {
        return draft.finish();
    }
    decode_any(text, mapping)
}

/// Decodes a record however it is written.
pub(super) fn decode_any<'a>(text: &'a str, mapping: &Mapping) -> Result<Ping<'a>, Rejection> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let draft = PingSeed { mapping }.deserialize(&mut deserializer);
    match draft.and_then(|draft| deserializer.end().map(|()| draft)) {
        Ok(mut draft) => {
            if let Some(envelope) = draft.is_empty().then(|| envelope_of(text)).flatten() {
                draft.refuse(Refusal::Envelope(envelope));
            }
            draft.finish()
        }
        Err(error) if error.is_data() => Err(Rejection::new(RejectReason::WrongType, no_object(text))),
        Err(error) => {
            let detail = Detail::from("no JSON object, at column ").count(error.column());
            Err(Rejection::new(RejectReason::Malformed, detail))
        }
    }
}

/// What of a record without a field of the contract may hold the fields, or records. It is read again for this,
/// because such a record is rare and all others should not pay for it.
#[cold]
fn envelope_of(text: &str) -> Option<Envelope> {
    let record: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    record.iter().find_map(|(name, value)| match value {
        serde_json::Value::Object(_) => Some(Envelope::Object(known(name))),
        serde_json::Value::Array(_) => Some(Envelope::List(known(name))),
        _ => None,
    })
}

/// Names that envelopes have. Another one could be anything, and is not told.
fn known(name: &str) -> &'static str {
    match name {
        "data" => "`data`",
        "records" => "`records`",
        "features" => "`features`",
        "items" => "`items`",
        "results" => "`results`",
        "payload" => "`payload`",
        "message" => "`message`",
        "value" => "`value`",
        "event" => "`event`",
        "events" => "`events`",
        "body" => "`body`",
        "locations" => "`locations`",
        "points" => "`points`",
        "pings" => "`pings`",
        _ => "a field",
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
            match self.mapping.field(&key) {
                Some(ours) => {
                    map.next_value_seed(FieldSeed { ours, mapping: self.mapping, draft: &mut draft })?;
                }
                None if self.mapping.leads_into(&key) => {
                    let mut path = key.into_owned();
                    let (mapping, draft) = (self.mapping, &mut draft);
                    map.next_value_seed(Nested { path: &mut path, mapping, draft })?;
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

/// The value of a field of the contract.
struct FieldSeed<'s, 'de> {
    ours: &'static str,
    mapping: &'s Mapping,
    draft: &'s mut Draft<'de>,
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let slot = Slot::of(self.ours);
        if slot == Slot::Unstored {
            return IgnoredAny::deserialize(deserializer).map(drop);
        }
        let JsonValue(value) = JsonValue::deserialize(deserializer)?;
        self.draft.take_once(slot, value, &self.mapping.spelling);
        Ok(())
    }
}

/// What is nested at a path that the mapping leads into: an object by its names, a list by its indexes.
struct Nested<'s, 'de> {
    path: &'s mut String,
    mapping: &'s Mapping,
    draft: &'s mut Draft<'de>,
}

impl<'de> Nested<'_, 'de> {
    /// The seed for what stands at the path now.
    fn again<'r>(&'r mut self) -> Nested<'r, 'de> {
        Nested { path: self.path, mapping: self.mapping, draft: self.draft }
    }
}

/// Whatever stands at a path: a field, more to go into, or nothing that anybody asks for.
impl<'de> DeserializeSeed<'de> for Nested<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.mapping.nested(self.path) {
            Some(ours) => {
                FieldSeed { ours, mapping: self.mapping, draft: self.draft }.deserialize(deserializer)
            }
            None if self.mapping.leads_into(self.path) => deserializer.deserialize_any(self),
            None => {
                self.draft.ping.unknown_fields += 1;
                IgnoredAny::deserialize(deserializer).map(drop)
            }
        }
    }
}

/// Values without an inside are passed over; the field that they should hold is then missing.
impl<'de> Visitor<'de> for Nested<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let length = self.path.len();
        while let Some(Key(key)) = map.next_key()? {
            self.path.push('.');
            self.path.push_str(&key);
            map.next_value_seed(self.again())?;
            self.path.truncate(length);
        }
        Ok(())
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let length = self.path.len();
        for index in 0_usize.. {
            // Writing to a String cannot fail.
            let _ = write!(self.path, ".{index}");
            let item = list.next_element_seed(self.again())?;
            self.path.truncate(length);
            if item.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }
}

struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_str(JsonValueVisitor)? {
            JsonValue(Value::Text(text)) => Ok(Self(text)),
            _ => Err(D::Error::custom("a key is not a text")),
        }
    }
}

struct JsonValue<'de>(Value<'de>);

struct JsonValueVisitor;

impl<'de> Deserialize<'de> for JsonValue<'de> {
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
