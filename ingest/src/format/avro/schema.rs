//! The text of an Avro schema → an arena of types.
//!
//! In: JSON. Out: [`Types`], in which a type is a number, so that a type can contain itself. Only what
//! decides the bytes is kept: documentation, defaults and aliases are for readers with a schema of their own,
//! and ours is the contract.

use std::collections::HashMap;

use serde_json::Value;

use crate::format::schema_error::SchemaError;
use crate::format::value::scale::Scale;

/// Index of a type.
pub(super) type TypeId = usize;

/// No schema for a ping is near this; it bounds the work on a hostile one.
const MOST_TYPES: usize = 10_000;

/// A type, as far as it decides the bytes.
#[derive(Debug)]
pub(super) enum Node {
    Null,
    Boolean,
    Int,
    Long(Option<Logical>),
    Float,
    Double,
    Bytes,
    String,
    Fixed(usize),
    Enum(Vec<String>),
    Array(TypeId),
    Map(TypeId),
    Union(Vec<TypeId>),
    Record(Vec<Field>),
}

impl Node {
    /// The word of the specification.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Int => "int",
            Self::Long(_) => "long",
            Self::Float => "float",
            Self::Double => "double",
            Self::Bytes => "bytes",
            Self::String => "string",
            Self::Fixed(_) => "fixed",
            Self::Enum(_) => "enum",
            Self::Array(_) => "array",
            Self::Map(_) => "map",
            Self::Union(_) => "union",
            Self::Record(_) => "record",
        }
    }
}

/// What a logical type says of a `long`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Logical {
    /// What one unit is.
    pub(super) scale: Scale,
    /// Whether it counts from the same local time in 1970, wherever that was.
    pub(super) is_local: bool,
}

/// A field of a record.
#[derive(Debug)]
pub(super) struct Field {
    /// The writer's name.
    pub(super) name: String,
    /// Type of its values.
    pub(super) kind: TypeId,
}

/// All types of a schema.
#[derive(Debug, Default)]
pub(super) struct Types {
    nodes: Vec<Node>,
    names: HashMap<String, TypeId>,
    /// Types whose values take no byte.
    weightless: Vec<bool>,
}

impl Types {
    /// Reads a schema, after the schemas it refers to. Returns its type.
    pub(super) fn read(schema: &str, references: &[String]) -> Result<(Self, TypeId), SchemaError> {
        let mut types = Self::default();
        for text in references {
            types.read_text(text)?;
        }
        let root = types.read_text(schema)?;
        types.weigh();
        Ok((types, root))
    }

    /// The type that an id stands for.
    #[inline]
    pub(super) fn node(&self, id: TypeId) -> &Node {
        &self.nodes[id]
    }

    /// Whether every value of a type takes no byte.
    #[inline]
    pub(super) fn is_weightless(&self, id: TypeId) -> bool {
        self.weightless[id]
    }

    fn read_text(&mut self, text: &str) -> Result<TypeId, SchemaError> {
        let schema: Value = match serde_json::from_str(text) {
            Ok(schema) => schema,
            // Registries hold schemas that are one bare name, without quotes.
            Err(_) if is_name(text.trim()) => Value::String(text.trim().to_owned()),
            Err(source) => return Err(SchemaError::NotJson { source }),
        };
        self.type_of(&schema, "")
    }

    fn add(&mut self, node: Node) -> Result<TypeId, SchemaError> {
        if self.nodes.len() == MOST_TYPES {
            return Err(SchemaError::TooManyTypes { limit: MOST_TYPES });
        }
        self.nodes.push(node);
        Ok(self.nodes.len() - 1)
    }

    fn type_of(&mut self, schema: &Value, namespace: &str) -> Result<TypeId, SchemaError> {
        match schema {
            Value::String(name) => self.named(name, namespace, None),
            Value::Array(branches) => {
                let branches: Result<_, _> =
                    branches.iter().map(|branch| self.type_of(branch, namespace)).collect();
                self.add(Node::Union(branches?))
            }
            Value::Object(object) => match object.get("type") {
                Some(Value::String(kind)) => self.complex(kind, schema, namespace),
                Some(inner) => self.type_of(inner, namespace),
                None => Err(SchemaError::NotAType { found: "an object without `type`" }),
            },
            other => Err(SchemaError::NotAType { found: word_of(other) }),
        }
    }

    fn named(&mut self, name: &str, namespace: &str, logical: Option<&str>) -> Result<TypeId, SchemaError> {
        let node = match name {
            "null" => Node::Null,
            "boolean" => Node::Boolean,
            "int" => Node::Int,
            "long" => Node::Long(logical.and_then(self::logical)),
            "float" => Node::Float,
            "double" => Node::Double,
            "bytes" => Node::Bytes,
            "string" => Node::String,
            _ => return self.reference(name, namespace),
        };
        self.add(node)
    }

    fn reference(&self, name: &str, namespace: &str) -> Result<TypeId, SchemaError> {
        let found = self.names.get(&full_name(name, namespace)).or_else(|| self.names.get(name));
        found.copied().ok_or_else(|| SchemaError::UnknownType { name: name.to_owned() })
    }

    fn complex(&mut self, kind: &str, schema: &Value, namespace: &str) -> Result<TypeId, SchemaError> {
        match kind {
            "record" | "error" => self.record(schema, namespace),
            "enum" => {
                let symbols = list(schema, kind, "symbols")?;
                let symbols = symbols.iter().map(|symbol| symbol.as_str().unwrap_or_default().to_owned());
                let id = self.add(Node::Enum(symbols.collect()))?;
                self.define(schema, kind, namespace, id)?;
                Ok(id)
            }
            "fixed" => {
                let size =
                    schema.get("size").and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
                let id = self.add(Node::Fixed(size.ok_or_else(|| lacks(kind, "size"))?))?;
                self.define(schema, kind, namespace, id)?;
                Ok(id)
            }
            "array" => {
                let item =
                    self.type_of(schema.get("items").ok_or_else(|| lacks(kind, "items"))?, namespace)?;
                self.add(Node::Array(item))
            }
            "map" => {
                let value =
                    self.type_of(schema.get("values").ok_or_else(|| lacks(kind, "values"))?, namespace)?;
                self.add(Node::Map(value))
            }
            name => self.named(name, namespace, schema.get("logicalType").and_then(Value::as_str)),
        }
    }

    fn record(&mut self, schema: &Value, namespace: &str) -> Result<TypeId, SchemaError> {
        let fields = list(schema, "record", "fields")?;
        // Its place is taken first: fields may name the record they are in.
        let id = self.add(Node::Record(Vec::new()))?;
        let inner = self.define(schema, "record", namespace, id)?;
        let mut read = Vec::with_capacity(fields.len());
        for field in fields {
            let name = field.get("name").and_then(Value::as_str).ok_or_else(|| lacks("field", "name"))?;
            let kind = field.get("type").ok_or_else(|| lacks("field", "type"))?;
            // A logical type beside the field's type is a common slip, and the specification ignores it
            // there.
            read.push(Field { name: name.to_owned(), kind: self.type_of(kind, &inner)? });
        }
        self.nodes[id] = Node::Record(read);
        Ok(id)
    }

    /// Gives a type its name. Returns the namespace for what it contains.
    fn define(
        &mut self,
        schema: &Value,
        kind: &str,
        enclosing: &str,
        id: TypeId,
    ) -> Result<String, SchemaError> {
        let name = schema.get("name").and_then(Value::as_str).ok_or_else(|| lacks(kind, "name"))?;
        let namespace = schema.get("namespace").and_then(Value::as_str).unwrap_or(enclosing);
        let name = full_name(name, namespace);
        if self.names.insert(name.clone(), id).is_some() {
            return Err(SchemaError::DuplicateType { name });
        }
        Ok(name.rsplit_once('.').map_or(String::new(), |(namespace, _)| namespace.to_owned()))
    }

    /// Finds the types without bytes. Such values could otherwise be repeated without end: an array of 2^62
    /// nulls is eleven bytes long.
    fn weigh(&mut self) {
        self.weightless = vec![false; self.nodes.len()];
        loop {
            let mut changed = false;
            // Parts mostly stand after what they are part of, so one pass from the end does nearly all.
            for id in (0..self.nodes.len()).rev() {
                let now = match &self.nodes[id] {
                    Node::Null | Node::Fixed(0) => true,
                    Node::Record(fields) => fields.iter().all(|field| self.weightless[field.kind]),
                    _ => false,
                };
                changed |= now != self.weightless[id];
                self.weightless[id] = now;
            }
            if !changed {
                return;
            }
        }
    }
}

fn logical(word: &str) -> Option<Logical> {
    let instant = word.strip_prefix("local-");
    let scale = match instant.unwrap_or(word) {
        "timestamp-millis" => Scale::Milliseconds,
        "timestamp-micros" => Scale::Microseconds,
        "timestamp-nanos" => Scale::Nanoseconds,
        _ => return None,
    };
    Some(Logical { scale, is_local: instant.is_some() })
}

/// The kind of a value, which is all that an error says of it.
fn word_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn full_name(name: &str, namespace: &str) -> String {
    if name.contains('.') || namespace.is_empty() { name.to_owned() } else { format!("{namespace}.{name}") }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.')
}

fn list<'v>(schema: &'v Value, kind: &str, attribute: &'static str) -> Result<&'v Vec<Value>, SchemaError> {
    schema.get(attribute).and_then(Value::as_array).ok_or_else(|| lacks(kind, attribute))
}

fn lacks(kind: &str, attribute: &'static str) -> SchemaError {
    SchemaError::NoAttribute { kind: kind.to_owned(), attribute }
}

#[cfg(test)]
#[path = "schema_tests.rs"]
mod tests;
