//! A writer's schema and a mapping → the steps that read a record.
//!
//! In: [`Types`] and the partner's names. Out: one [`Step`] per field of the record, in the order of the
//! bytes. All questions that do not depend on a record are answered here: which field it is, whether its type
//! fits, how a timestamp is scaled, which symbol of an enum is which source.

use std::collections::HashMap;

use kayoi_schemas::ping::FixSource;

use super::schema::{Logical, Node, TypeId, Types};
use crate::format::mapping::Mapping;
use crate::format::schema_error::SchemaError;
use crate::format::slot::Slot;

/// Levels of nesting that a mapping is followed into.
const DEEPEST: usize = 32;
/// Items of a list that a mapping can name.
const MOST_ITEMS: usize = 16;

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
    /// It is a record with fields of the contract in it.
    Within(Vec<Step>),
    /// It is a union, of which a branch has fields of the contract in it: what to do with each.
    Branches(Vec<Step>),
    /// It is a list: what to do with some of its items, by their index, and the type of all.
    Items(Vec<(usize, Step)>, TypeId),
    /// Pass over it.
    Skip(TypeId),
}

/// Steps of a record and how many of its fields the contract does not know.
pub(super) type Steps = (Vec<Step>, u32);

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

/// Makes the steps of a record.
pub(super) fn steps(types: &Types, root: TypeId, mapping: &Mapping) -> Result<Steps, SchemaError> {
    let Node::Record(fields) = types.node(root) else {
        return Err(SchemaError::NotARecord { found: types.node(root).word() });
    };
    let mut compiler = Compiler { types, mapping, taken: HashMap::new(), unknown: 0, depth: 0 };
    let mut steps = Vec::with_capacity(fields.len());
    for field in fields {
        let ours = mapping.field(&field.name);
        steps.push(compiler.step(ours, &field.name, field.kind)?);
    }
    Ok((steps, compiler.unknown))
}

/// Walks a schema from its root to the fields of the contract.
struct Compiler<'s> {
    types: &'s Types,
    mapping: &'s Mapping,
    /// The path from which each field of the contract is read.
    taken: HashMap<&'static str, String>,
    unknown: u32,
    depth: usize,
}

impl Compiler<'_> {
    /// What to do with a value at a path, which is the contract's `ours` when it has a name there.
    fn step(&mut self, ours: Option<&'static str>, path: &str, kind: TypeId) -> Result<Step, SchemaError> {
        let Some(ours) = ours else { return self.beyond(path, kind) };
        let slot = Slot::of(ours);
        if slot == Slot::Unstored {
            return Ok(Step::Skip(kind));
        }
        if let Some(first) = self.taken.insert(ours, path.to_owned()).filter(|_| slot.is_strict()) {
            return Err(SchemaError::TwoFields { field: ours, first, second: path.to_owned() });
        }
        let has_zone = self.mapping.spelling.zone.is_some();
        if slot == Slot::Timestamp && !has_zone && is_local(self.types, kind) {
            return Err(SchemaError::NoZone);
        }
        Ok(Target { types: self.types, slot }.step(kind))
    }

    /// A value that is no field itself: it is gone into where the mapping leads into it.
    fn beyond(&mut self, path: &str, kind: TypeId) -> Result<Step, SchemaError> {
        // A record may contain itself; a mapping has as many dots as it has.
        if !self.mapping.leads_into(path) || self.depth == DEEPEST {
            self.unknown += 1;
            return Ok(Step::Skip(kind));
        }
        self.depth += 1;
        let types = self.types;
        let step = match types.node(kind) {
            Node::Record(fields) => {
                let steps = fields.iter().map(|field| self.below(path, &field.name, field.kind));
                Step::Within(steps.collect::<Result<_, _>>()?)
            }
            Node::Union(branches) => self.branches(path, branches)?,
            Node::Array(item) => {
                let mut items = Vec::new();
                for index in 0..MOST_ITEMS {
                    let below = format!("{path}.{index}");
                    if self.mapping.nested(&below).is_some() || self.mapping.leads_into(&below) {
                        items.push((index, self.below(path, &index.to_string(), *item)?));
                    }
                }
                Step::Items(items, *item)
            }
            _ => {
                self.unknown += 1;
                Step::Skip(kind)
            }
        };
        self.depth -= 1;
        Ok(step)
    }

    fn below(&mut self, path: &str, name: &str, kind: TypeId) -> Result<Step, SchemaError> {
        let path = format!("{path}.{name}");
        self.step(self.mapping.nested(&path), &path, kind)
    }

    /// One branch at a time is there, so that the fields of one branch are not in the way of another's.
    fn branches(&mut self, path: &str, branches: &[TypeId]) -> Result<Step, SchemaError> {
        let before = self.taken.clone();
        let mut after = before.clone();
        let mut steps = Vec::with_capacity(branches.len());
        for branch in branches {
            self.taken.clone_from(&before);
            steps.push(match self.types.node(*branch) {
                Node::Null => Step::Skip(*branch),
                _ => self.beyond(path, *branch)?,
            });
            after.extend(std::mem::take(&mut self.taken));
        }
        self.taken = after;
        Ok(Step::Branches(steps))
    }
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
