//! A writer's schema and a mapping → the steps that read a record.
//!
//! In: [`Types`] and the partner's names. Out: one [`Step`] per field of the record, in the order of the
//! bytes. All questions that do not depend on a record are answered here: which field it is, whether its type
//! fits, how a timestamp is scaled, which symbol of an enum is which source.

use kayoi_schemas::ping::FixSource;

use super::schema::{Node, TypeId, Types};
use crate::format::mapping::Mapping;
use crate::format::schema_error::SchemaError;
use crate::format::slot::{NumberSlot, Scale, Slot, TextSlot};

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
    /// A coordinate or accuracy.
    Number(NumberSlot, NumberType),
    /// A timestamp written as a number.
    Instant(Scale, NumberType),
    /// A timestamp written as ISO 8601 text.
    IsoInstant,
    /// A text that is kept as it is.
    Text(TextSlot),
    /// A text written as a symbol of an enum. It is copied, since its bytes are in the schema.
    Symbol(TextSlot, Vec<String>),
    /// A source by its word.
    Source,
    /// A source written as a symbol of an enum.
    SourceSymbol(Vec<Option<FixSource>>),
    /// A type that the contract does not allow: pass over it and refuse the record.
    Refuse(&'static str, TypeId),
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberType {
    Int,
    Long,
    Float,
    Double,
}

/// Makes the steps of a record. Also returns how many of its fields the contract does not know.
pub(super) fn steps(types: &Types, root: TypeId, mapping: &Mapping) -> Result<(Vec<Step>, u32), SchemaError> {
    let Node::Record(fields) = types.node(root) else {
        return Err(SchemaError::NotARecord { found: types.node(root).word() });
    };
    let mut unknown = 0;
    let steps = fields.iter().map(|field| match mapping.field(&field.name) {
        Some(ours) => match Slot::of(ours) {
            Slot::Unstored => Step::Skip(field.kind),
            slot => Target { types, mapping, slot, ours }.step(field.kind),
        },
        None => {
            unknown += 1;
            Step::Skip(field.kind)
        }
    });
    Ok((steps.collect(), unknown))
}

struct Target<'s> {
    types: &'s Types,
    mapping: &'s Mapping,
    slot: Slot,
    ours: &'static str,
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
        let node = self.types.node(kind);
        let read = match self.slot {
            Slot::Number(slot) => number_type(node).map(|number| Read::Number(slot, number)),
            Slot::Timestamp => self.instant(node),
            Slot::Text(slot) => match node {
                Node::String | Node::Bytes => Some(Read::Text(slot)),
                Node::Enum(symbols) => Some(Read::Symbol(slot, symbols.clone())),
                _ => None,
            },
            Slot::Source => match node {
                Node::String | Node::Bytes => Some(Read::Source),
                Node::Enum(symbols) => {
                    Some(Read::SourceSymbol(symbols.iter().map(|symbol| FixSource::parse(symbol)).collect()))
                }
                _ => None,
            },
            Slot::Unstored => None,
        };
        read.unwrap_or(Read::Refuse(self.ours, kind))
    }

    /// A logical type says what the numbers are, whatever the mapping says.
    fn instant(&self, node: &Node) -> Option<Read> {
        match (node, Scale::of(self.mapping.timestamp_unit)) {
            (Node::Long(Some(scale)), _) => Some(Read::Instant(*scale, NumberType::Long)),
            (Node::String | Node::Bytes, None) => Some(Read::IsoInstant),
            (node, Some(scale)) => number_type(node).map(|number| Read::Instant(scale, number)),
            _ => None,
        }
    }
}

fn number_type(node: &Node) -> Option<NumberType> {
    match node {
        Node::Int => Some(NumberType::Int),
        Node::Long(_) => Some(NumberType::Long),
        Node::Float => Some(NumberType::Float),
        Node::Double => Some(NumberType::Double),
        _ => None,
    }
}
