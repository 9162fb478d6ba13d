//! The text of a .proto file → the message of a ping and the types it names.
//!
//! In: the file and those it imports. Out: a [`Message`] and, for the name of a type, what it is. Names are
//! looked up as protoc does: from the innermost scope outwards. An import that is not given matters only to a
//! contract field of its type; all others are passed over by their wire type, without a schema.

use std::collections::HashMap;

use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};

use crate::format::schema_error::SchemaError;

/// Brackets inside brackets that are read. Files have three or four.
const DEEPEST: usize = 100;

/// The files of a schema.
#[derive(Debug)]
pub(super) struct Files {
    files: Vec<FileDescriptorProto>,
}

/// A message of a file.
#[derive(Debug, Clone)]
pub(super) struct Message<'f> {
    /// Name with the package.
    pub(super) full_name: String,
    /// Its fields, and the types defined in it.
    pub(super) descriptor: &'f DescriptorProto,
}

/// What a name stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Named<'f> {
    /// A message with its fields.
    Message(&'f DescriptorProto),
    /// An enum with its values.
    Enum(&'f EnumDescriptorProto),
}

impl Files {
    /// Reads the schema itself and the files it imports.
    pub(super) fn read(schema: &str, references: &[String]) -> Result<Self, SchemaError> {
        let texts = std::iter::once(schema).chain(references.iter().map(String::as_str));
        let files = texts.map(parse).collect::<Result<_, _>>()?;
        Ok(Self { files })
    }

    /// The messages of the schema itself, each before those nested in it.
    pub(super) fn messages(&self) -> Vec<Message<'_>> {
        let mut found = Vec::new();
        if let Some(file) = self.files.first() {
            for message in &file.message_type {
                collect(file.package(), message, &mut found);
            }
        }
        found
    }

    /// A message by its name, with or without the package; the first of the file without a name.
    pub(super) fn message(&self, name: Option<&str>) -> Result<Message<'_>, SchemaError> {
        let package = self.files.first().map_or("", FileDescriptorProto::package);
        let wanted = name.map(|name| (name, join(package, name)));
        let found = self.messages().into_iter().find(|message| match &wanted {
            Some((name, inside)) => message.full_name == *name || message.full_name == *inside,
            None => true,
        });
        found.ok_or_else(|| self.no_message(name.unwrap_or("the first").to_owned()))
    }

    /// The message at a path of indexes, as in a frame.
    pub(super) fn message_at(&self, path: &[u32]) -> Result<String, SchemaError> {
        let file = self.files.first();
        let mut level = file.map_or(&[][..], |file| &file.message_type);
        let mut name = file.map_or("", FileDescriptorProto::package).to_owned();
        for index in path {
            // Entries of maps are messages for the parser, but not for those who count.
            let next = level.iter().filter(|message| !is_map_entry(message)).nth(*index as usize);
            let next = next.ok_or_else(|| self.no_message(format!("{path:?}")))?;
            name = join(&name, next.name());
            level = &next.nested_type;
        }
        Ok(name)
    }

    /// All enums and messages by full name.
    pub(super) fn names(&self) -> HashMap<String, Named<'_>> {
        let mut names = HashMap::new();
        for file in &self.files {
            let enums =
                file.enum_type.iter().map(|kind| (join(file.package(), kind.name()), Named::Enum(kind)));
            names.extend(enums);
            let mut messages = Vec::new();
            for message in &file.message_type {
                collect(file.package(), message, &mut messages);
            }
            for Message { full_name, descriptor } in messages {
                let enums = descriptor.enum_type.iter();
                names.extend(enums.map(|kind| (join(&full_name, kind.name()), Named::Enum(kind))));
                names.insert(full_name, Named::Message(descriptor));
            }
        }
        names
    }

    fn no_message(&self, wanted: String) -> SchemaError {
        let known: Vec<_> =
            self.messages().into_iter().map(|message| format!("`{}`", message.full_name)).collect();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        SchemaError::NoMessage { wanted, known }
    }
}

/// Finds a name from the innermost scope outwards. Returns the full name too, also of a type that is not
/// known.
pub(super) fn resolve<'f>(
    names: &HashMap<String, Named<'f>>,
    scope: &str,
    name: &str,
) -> (String, Option<Named<'f>>) {
    if let Some(absolute) = name.strip_prefix('.') {
        return (absolute.to_owned(), names.get(absolute).copied());
    }
    let mut scope = Some(scope);
    while let Some(current) = scope {
        let candidate = join(current, name);
        if let Some(found) = names.get(&candidate) {
            return (candidate, Some(*found));
        }
        scope = match current {
            "" => None,
            _ => Some(current.rsplit_once('.').map_or("", |(outer, _)| outer)),
        };
    }
    (name.to_owned(), None)
}

fn parse(text: &str) -> Result<FileDescriptorProto, SchemaError> {
    if nesting(text) > DEEPEST {
        return Err(SchemaError::TooDeep { limit: DEEPEST });
    }
    protox_parse::parse("schema.proto", text)
        .map_err(|source| SchemaError::NotProto { source: Box::new(source) })
}

/// Deepest nesting of curly or square brackets. Those in comments count too, which does no harm at this
/// limit.
fn nesting(text: &str) -> usize {
    let depth_of = |open, close| {
        let (mut depth, mut deepest) = (0usize, 0);
        for byte in text.bytes() {
            if byte == open {
                depth += 1;
                deepest = deepest.max(depth);
            } else if byte == close {
                depth = depth.saturating_sub(1);
            }
        }
        deepest
    };
    depth_of(b'{', b'}').max(depth_of(b'[', b']')).max(depth_of(b'<', b'>'))
}

fn collect<'f>(scope: &str, descriptor: &'f DescriptorProto, found: &mut Vec<Message<'f>>) {
    let full_name = join(scope, descriptor.name());
    found.push(Message { full_name: full_name.clone(), descriptor });
    for nested in &descriptor.nested_type {
        collect(&full_name, nested, found);
    }
}

fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(|options| options.map_entry())
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}
