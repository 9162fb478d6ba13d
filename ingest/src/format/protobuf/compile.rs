//! A message of a .proto file and a mapping → what to do with each field number.
//!
//! In: the message and the partner's names. Out: [`Entry`]s, by number. A contract field of a type that the
//! contract does not allow becomes an entry that refuses the record which has it.

use std::collections::HashMap;

use kayoi_schemas::ping::FixSource;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{EnumDescriptorProto, FieldDescriptorProto};

use super::schema::{Message, Named, resolve};
use super::wire::Scalar;
use crate::format::mapping::Mapping;
use crate::format::slot::{NumberSlot, Scale, Slot, TextSlot};

/// A field of the contract.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its number on the wire.
    pub(super) number: u32,
    /// Its name in the contract.
    pub(super) ours: &'static str,
    /// Whether the value is in a wrapper such as `google.protobuf.DoubleValue`.
    pub(super) is_wrapped: bool,
    /// How to read it.
    pub(super) read: Read,
}

/// How to read a value of a contract field.
#[derive(Debug)]
pub(super) enum Read {
    /// A coordinate or accuracy.
    Number(NumberSlot, Scalar),
    /// A timestamp written as a number.
    Instant(Scale, Scalar),
    /// A `google.protobuf.Timestamp`.
    Timestamp,
    /// A timestamp written as ISO 8601 text.
    IsoInstant,
    /// A text.
    Text(TextSlot),
    /// A source by its word.
    Source,
    /// A source by the number of its enum value.
    SourceNumber(Vec<(i32, FixSource)>),
    /// Pass over it.
    Unstored,
    /// A type that the contract does not allow.
    Refuse,
}

/// A type of a field, as far as the contract knows it.
#[derive(Debug, Clone, Copy)]
enum Kind<'f> {
    Number(Scalar),
    Text,
    Timestamp,
    Enum(&'f EnumDescriptorProto),
    Other,
}

/// Makes the entries of a message, in the order of their numbers.
pub(super) fn entries(
    message: &Message<'_>,
    names: &HashMap<String, Named<'_>>,
    mapping: &Mapping,
) -> Vec<Entry> {
    let fields = message.descriptor.field.iter();
    let mut entries: Vec<Entry> = fields
        .filter_map(|field| {
            let ours = mapping.field(field.name())?;
            let (kind, is_wrapped) = kind_of(field, &message.full_name, names);
            let read = read(Slot::of(ours), kind, mapping);
            // The parser allows no number below 1.
            Some(Entry { number: field.number().unsigned_abs(), ours, is_wrapped, read })
        })
        .collect();
    entries.sort_by_key(|entry| entry.number);
    entries
}

fn read(slot: Slot, kind: Kind<'_>, mapping: &Mapping) -> Read {
    match (slot, kind) {
        (Slot::Unstored, _) => Read::Unstored,
        (Slot::Number(slot), Kind::Number(scalar)) => Read::Number(slot, scalar),
        (Slot::Text(slot), Kind::Text) => Read::Text(slot),
        (Slot::Source, Kind::Text) => Read::Source,
        (Slot::Source, Kind::Enum(kind)) => Read::SourceNumber(sources(kind)),
        (Slot::Timestamp, Kind::Timestamp) => Read::Timestamp,
        (Slot::Timestamp, kind) => match (kind, Scale::of(mapping.timestamp_unit)) {
            (Kind::Number(scalar), Some(scale)) => Read::Instant(scale, scalar),
            (Kind::Text, None) => Read::IsoInstant,
            _ => Read::Refuse,
        },
        _ => Read::Refuse,
    }
}

/// The type of a field, and whether it is in a wrapper.
fn kind_of<'f>(
    field: &FieldDescriptorProto,
    scope: &str,
    names: &HashMap<String, Named<'f>>,
) -> (Kind<'f>, bool) {
    if field.label() == Label::Repeated {
        return (Kind::Other, false);
    }
    // The parser leaves out the type of a field that names one.
    match (field.r#type.and_then(|kind| Type::try_from(kind).ok()), field.type_name.as_deref()) {
        (Some(kind), None) => (plain(kind), false),
        (Some(Type::Group), _) => (Kind::Other, false),
        (_, Some(name)) => match resolve(names, scope, name) {
            (_, Some(Named::Enum(kind))) => (Kind::Enum(kind), false),
            (name, _) => well_known(&name),
        },
        (None, None) => (Kind::Other, false),
    }
}

fn plain(kind: Type) -> Kind<'static> {
    match kind {
        Type::Double => Kind::Number(Scalar::Double),
        Type::Float => Kind::Number(Scalar::Float),
        Type::Int32 => Kind::Number(Scalar::Int32),
        Type::Int64 => Kind::Number(Scalar::Int64),
        Type::Uint32 => Kind::Number(Scalar::Uint32),
        Type::Uint64 => Kind::Number(Scalar::Uint64),
        Type::Sint32 => Kind::Number(Scalar::Sint32),
        Type::Sint64 => Kind::Number(Scalar::Sint64),
        Type::Fixed32 => Kind::Number(Scalar::Fixed32),
        Type::Fixed64 => Kind::Number(Scalar::Fixed64),
        Type::Sfixed32 => Kind::Number(Scalar::Sfixed32),
        Type::Sfixed64 => Kind::Number(Scalar::Sfixed64),
        Type::String | Type::Bytes => Kind::Text,
        Type::Bool | Type::Enum | Type::Message | Type::Group => Kind::Other,
    }
}

/// Google's messages around one value. They are known by name, whether or not their file was given.
fn well_known(full_name: &str) -> (Kind<'static>, bool) {
    let kind = match full_name.strip_prefix("google.protobuf.") {
        Some("Timestamp") => return (Kind::Timestamp, false),
        Some("DoubleValue") => Kind::Number(Scalar::Double),
        Some("FloatValue") => Kind::Number(Scalar::Float),
        Some("Int64Value") => Kind::Number(Scalar::Int64),
        Some("UInt64Value") => Kind::Number(Scalar::Uint64),
        Some("Int32Value") => Kind::Number(Scalar::Int32),
        Some("UInt32Value") => Kind::Number(Scalar::Uint32),
        Some("StringValue" | "BytesValue") => Kind::Text,
        _ => return (Kind::Other, false),
    };
    (kind, true)
}

/// Values of an enum that name a source, with or without the prefix that style guides ask for
/// (`FIX_SOURCE_GPS`).
fn sources(kind: &EnumDescriptorProto) -> Vec<(i32, FixSource)> {
    let values = kind.value.iter().filter_map(|value| {
        let word = value.name().rsplit('_').next().unwrap_or_default();
        FixSource::parse(word).map(|source| (value.number(), source))
    });
    values.collect()
}
