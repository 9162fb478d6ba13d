//! A writer's schema and a mapping → the steps that read a record.
//!
//! In: [`Types`] and the partner's names. Out: one [`Step`] per field of the record, in the order of the
//! bytes. All questions that do not depend on a record are answered here: which field it is, whether its type
//! fits, how a timestamp is scaled, which symbol of an enum is which source.

use kayoi_schemas::ping::FixSource;

use super::schema::{Logical, Node, TypeId, Types};
use crate::format::mapping::Mapping;
use crate::format::schema_error::SchemaError;
use crate::format::slot::Slot;

/// What to do with the next field.
#[derive(Debug)]
pub(super) enum Step {
    /// Read it into the ping.
    Read(Read),
    /// It is a union of null and one type.
    ReadNullable {
        /// Index of null, 0 or 1.
        null_branch: i64,
        /// The other branch.
        read: Read,
    },
    /// It is any other union; `None` is null.
    ReadUnion(Vec<Option<Read>>),
    /// Pass over it.
    Skip(TypeId),
}

/// How to read a value of a contract field.
#[derive(Debug)]
pub(super) enum Read {
    /// A value of a type that a field of the contract may have.
    Value(Slot, ValueType),
    /// A text written as a symbol of an enum. It is copied, since its bytes are in the schema.
    Symbol(Slot, Vec<String>),
    /// A source written as a symbol of an enum.
    SourceSymbol(Vec<Option<FixSource>>),
    /// A type that the contract does not allow: pass over it and refuse the record.
    Refuse(Slot, TypeId),
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueType {
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Text,
    /// A `long` whose logical type says that it is a time.
    Time(Logical),
}

/// Makes the steps of a record. Also returns how many of its fields the contract does not know.
pub(super) fn steps(types: &Types, root: TypeId, mapping: &Mapping) -> Result<(Vec<Step>, u32), SchemaError> {
    let Node::Record(fields) = types.node(root) else {
        return Err(SchemaError::NotARecord { found: types.node(root).word() });
    };
    let mut unknown = 0;
    let mut lacks_zone = false;
    let steps = fields.iter().map(|field| match mapping.field(&field.name) {
        Some(ours) => match Slot::of(ours) {
            Slot::Unstored => Step::Skip(field.kind),
            slot => {
                lacks_zone |=
                    slot == Slot::Timestamp && mapping.spelling.zone.is_none() && is_local(types, field.kind);
                Target { types, slot }.step(field.kind)
            }
        },
        None => {
            unknown += 1;
            Step::Skip(field.kind)
        }
    });
    let steps = steps.collect();
    if lacks_zone { Err(SchemaError::NoZone) } else { Ok((steps, unknown)) }
}

/// Whether a type is a local time, or a union with one.
fn is_local(types: &Types, kind: TypeId) -> bool {
    match types.node(kind) {
        Node::Long(Some(logical)) => logical.is_local,
        Node::Union(branches) => branches
            .iter()
            .any(|branch| matches!(types.node(*branch), Node::Long(Some(logical)) if logical.is_local)),
        _ => false,
    }
}

struct Target<'s> {
    types: &'s Types,
    slot: Slot,
}

impl Target<'_> {
    fn step(&self, kind: TypeId) -> Step {
        let Node::Union(branches) = self.types.node(kind) else { return Step::Read(self.read(kind)) };
        let is_null = |branch: &TypeId| matches!(self.types.node(*branch), Node::Null);
        match branches.as_slice() {
            [null, other] if is_null(null) && !is_null(other) => {
                Step::ReadNullable { null_branch: 0, read: self.read(*other) }
            }
            [other, null] if is_null(null) && !is_null(other) => {
                Step::ReadNullable { null_branch: 1, read: self.read(*other) }
            }
            branches => Step::ReadUnion(
                branches.iter().map(|branch| (!is_null(branch)).then(|| self.read(*branch))).collect(),
            ),
        }
    }

    fn read(&self, kind: TypeId) -> Read {
        let value = match self.types.node(kind) {
            Node::Boolean => ValueType::Boolean,
            Node::Int => ValueType::Int,
            Node::Long(Some(logical)) if self.slot == Slot::Timestamp => ValueType::Time(*logical),
            Node::Long(_) => ValueType::Long,
            Node::Float => ValueType::Float,
            Node::Double => ValueType::Double,
            Node::String | Node::Bytes => ValueType::Text,
            Node::Enum(symbols) if self.slot == Slot::Source => {
                return Read::SourceSymbol(symbols.iter().map(|symbol| FixSource::parse(symbol)).collect());
            }
            Node::Enum(symbols) => return Read::Symbol(self.slot, symbols.clone()),
            _ => return Read::Refuse(self.slot, kind),
        };
        Read::Value(self.slot, value)
    }
}
