//! A message of a .proto file and a mapping → what to do with each field number.
//!
//! In: the message and the partner's names. Out: [`Entry`]s, by number; a name may lead into messages that are
//! nested in it. A contract field of a type that the
//! contract does not allow becomes an entry that refuses the record which has it.

use std::collections::HashMap;

use kayoi_schemas::ping::FixSource;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto};

use super::schema::{Message, Named, resolve};
use super::wire::Scalar;
use crate::format::mapping::Mapping;
use crate::format::schema_error::SchemaError;
use crate::format::slot::Slot;

/// A field of the contract.
#[derive(Debug)]
pub(super) struct Entry {
    /// Its number on the wire.
    pub(super) number: u32,
    /// Its place in the ping.
    pub(super) slot: Slot,
    /// Whether the value is in a wrapper such as `google.protobuf.DoubleValue`.
    pub(super) is_wrapped: bool,
    /// How to read it.
    pub(super) read: Read,
}

/// How to read a value of a contract field.
#[derive(Debug)]
pub(super) enum Read {
    /// A number.
    Number(Scalar),
    /// A text.
    Text,
    /// A `google.protobuf.Timestamp`.
    Timestamp,
    /// True or false.
    Boolean,
    /// A source by the number of its enum value.
    SourceNumber(Vec<(i32, FixSource)>),
    /// An age or a sex by the number of its enum value.
    WordNumber(Vec<(i32, String)>),
    /// A message with fields of the contract in it, by number.
    Message(Vec<Entry>),
    /// Pass over it.
    Unstored,
    /// A type that the contract does not allow.
    Refuse,
}

/// A type of a field, as far as the contract knows it.
#[derive(Debug, Clone, Copy)]
enum FieldType<'f> {
    Number(Scalar),
    Text,
    Boolean,
    Timestamp,
    Enum(&'f EnumDescriptorProto),
    Other,
}

/// Makes the entries of a message, in the order of their numbers.
///
/// # Errors
/// [`SchemaError::TwoFields`] when two of its fields would be one of the contract.
pub(super) fn entries(
    message: &Message<'_>,
    names: &HashMap<String, Named<'_>>,
    mapping: &Mapping,
) -> Result<Vec<Entry>, SchemaError> {
    Compiler { names, mapping, taken: HashMap::new() }.entries(message, None)
}

/// Walks messages from the outermost to the fields of the contract.
struct Compiler<'f> {
    names: &'f HashMap<String, Named<'f>>,
    mapping: &'f Mapping,
    /// The path from which each field of the contract is read.
    taken: HashMap<&'static str, String>,
}

impl<'f> Compiler<'f> {
    /// `path` leads to the message; `None` is the outermost one.
    fn entries(&mut self, message: &Message<'_>, path: Option<&str>) -> Result<Vec<Entry>, SchemaError> {
        let mut entries = Vec::new();
        for field in &message.descriptor.field {
            let (path, ours) = match path {
                None => (field.name().to_owned(), self.mapping.field(field.name())),
                Some(path) => {
                    let path = format!("{path}.{}", field.name());
                    let ours = self.mapping.nested(&path);
                    (path, ours)
                }
            };
            let entry = match ours {
                Some(ours) => Some(self.field(ours, path, field, &message.full_name)?),
                None => self.inside(&path, field, &message.full_name)?,
            };
            entries.extend(entry);
        }
        entries.sort_by_key(|entry| entry.number);
        Ok(entries)
    }

    /// A field of the contract.
    fn field(
        &mut self,
        ours: &'static str,
        path: String,
        field: &FieldDescriptorProto,
        scope: &str,
    ) -> Result<Entry, SchemaError> {
        let (kind, is_wrapped) = type_of(field, scope, self.names);
        let slot = Slot::of(ours);
        let read = read(slot, kind);
        if slot.is_strict()
            && let Some(first) = self.taken.insert(ours, path.clone())
        {
            return Err(SchemaError::TwoFields { field: ours, first, second: path });
        }
        // The parser allows no number below 1.
        Ok(Entry { number: field.number().unsigned_abs(), slot, is_wrapped, read })
    }

    /// A message with fields of the contract in it, when the mapping leads into it.
    fn inside(
        &mut self,
        path: &str,
        field: &FieldDescriptorProto,
        scope: &str,
    ) -> Result<Option<Entry>, SchemaError> {
        let is_single = field.label() != Label::Repeated;
        let name = field.type_name.as_deref().filter(|_| is_single && self.mapping.leads_into(path));
        let Some((full_name, Some(Named::Message(descriptor)))) =
            name.map(|name| resolve(self.names, scope, name))
        else {
            return Ok(None);
        };
        // A message may contain itself; a mapping has as many dots as it has, and each level takes one.
        let inner = self.entries(&Message { full_name, descriptor }, Some(path))?;
        let number = field.number().unsigned_abs();
        Ok(Some(Entry { number, slot: Slot::Unstored, is_wrapped: false, read: Read::Message(inner) }))
    }
}

fn read(slot: Slot, kind: FieldType<'_>) -> Read {
    match (slot, kind) {
        (Slot::Unstored, _) => Read::Unstored,
        (Slot::Source, FieldType::Enum(kind)) => Read::SourceNumber(sources(kind)),
        (Slot::Age | Slot::Sex, FieldType::Enum(kind)) => Read::WordNumber(words(kind)),
        (Slot::Timestamp, FieldType::Timestamp) => Read::Timestamp,
        (_, FieldType::Number(scalar)) => Read::Number(scalar),
        (_, FieldType::Text) => Read::Text,
        (_, FieldType::Boolean) => Read::Boolean,
        (_, FieldType::Timestamp | FieldType::Enum(_) | FieldType::Other) => Read::Refuse,
    }
}

/// The type of a field, and whether it is in a wrapper.
fn type_of<'f>(
    field: &FieldDescriptorProto,
    scope: &str,
    names: &HashMap<String, Named<'f>>,
) -> (FieldType<'f>, bool) {
    if field.label() == Label::Repeated {
        return (FieldType::Other, false);
    }
    // The parser leaves out the type of a field that names one.
    match (field.r#type.and_then(|kind| Type::try_from(kind).ok()), field.type_name.as_deref()) {
        (Some(kind), None) => (plain(kind), false),
        (Some(Type::Group), _) => (FieldType::Other, false),
        (_, Some(name)) => match resolve(names, scope, name) {
            (_, Some(Named::Enum(kind))) => (FieldType::Enum(kind), false),
            (name, _) => well_known(&name),
        },
        (None, None) => (FieldType::Other, false),
    }
}

fn plain(kind: Type) -> FieldType<'static> {
    match kind {
        Type::Double => FieldType::Number(Scalar::Double),
        Type::Float => FieldType::Number(Scalar::Float),
        Type::Int32 => FieldType::Number(Scalar::Int32),
        Type::Int64 => FieldType::Number(Scalar::Int64),
        Type::Uint32 => FieldType::Number(Scalar::Uint32),
        Type::Uint64 => FieldType::Number(Scalar::Uint64),
        Type::Sint32 => FieldType::Number(Scalar::Sint32),
        Type::Sint64 => FieldType::Number(Scalar::Sint64),
        Type::Fixed32 => FieldType::Number(Scalar::Fixed32),
        Type::Fixed64 => FieldType::Number(Scalar::Fixed64),
        Type::Sfixed32 => FieldType::Number(Scalar::Sfixed32),
        Type::Sfixed64 => FieldType::Number(Scalar::Sfixed64),
        Type::String | Type::Bytes => FieldType::Text,
        Type::Bool => FieldType::Boolean,
        Type::Enum | Type::Message | Type::Group => FieldType::Other,
    }
}

/// Google's messages around one value. They are known by name, whether or not their file was given.
fn well_known(full_name: &str) -> (FieldType<'static>, bool) {
    let kind = match full_name.strip_prefix("google.protobuf.") {
        Some("Timestamp") => return (FieldType::Timestamp, false),
        Some("DoubleValue") => FieldType::Number(Scalar::Double),
        Some("FloatValue") => FieldType::Number(Scalar::Float),
        Some("Int64Value") => FieldType::Number(Scalar::Int64),
        Some("UInt64Value") => FieldType::Number(Scalar::Uint64),
        Some("Int32Value") => FieldType::Number(Scalar::Int32),
        Some("UInt32Value") => FieldType::Number(Scalar::Uint32),
        Some("StringValue" | "BytesValue") => FieldType::Text,
        Some("BoolValue") => FieldType::Boolean,
        _ => return (FieldType::Other, false),
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

/// Values of an enum as words, without the beginning up to a `_` that all have (`AGE_BAND_30_39`, `AGE_BAND_UNKNOWN`).
fn words(kind: &EnumDescriptorProto) -> Vec<(i32, String)> {
    let names = || kind.value.iter().map(EnumValueDescriptorProto::name);
    let first = names().next().unwrap_or_default();
    let ends = first.match_indices('_').map(|(at, _)| at + 1).rev();
    let shared = ends.map(|end| &first[..end]).find(|start| names().all(|name| name.starts_with(start)));
    let word = |name: &str| shared.and_then(|start| name.strip_prefix(start)).unwrap_or(name).to_owned();
    kind.value.iter().map(|value| (value.number(), word(value.name()))).collect()
}
