//! A value that nobody wants → the bytes after it.
//!
//! In: a cursor and a type. Out: the cursor behind the value. Nothing is built. Work is bounded by the bytes
//! of the record: types without bytes are passed over as a whole, and nesting ends at [`DEEPEST`].

use super::schema::{Node, TypeId, Types};
use crate::format::wire::{Cursor, Fault};

/// Levels of nesting that are followed. A list of records that contain the next one can be longer; a ping has
/// none.
pub(super) const DEEPEST: usize = 64;

/// Passes over one value.
pub(super) fn skip(types: &Types, id: TypeId, cursor: &mut Cursor<'_>, depth: usize) -> Result<(), Fault> {
    if types.is_weightless(id) {
        return Ok(());
    }
    if depth == DEEPEST {
        return Err(Fault::Depth);
    }
    match types.node(id) {
        Node::Null => Ok(()),
        Node::Boolean => cursor.take(1).map(drop),
        Node::Int | Node::Long(_) => cursor.integer().map(drop),
        Node::Float => cursor.take(4).map(drop),
        Node::Double => cursor.take(8).map(drop),
        Node::Bytes | Node::String => bytes(cursor).map(drop),
        Node::Fixed(size) => cursor.take(*size).map(drop),
        Node::Enum(symbols) => choice(cursor, symbols.len(), Fault::Symbol).map(drop),
        Node::Array(item) => blocks(cursor, true, |cursor| skip(types, *item, cursor, depth + 1)),
        Node::Map(value) => blocks(cursor, true, |cursor| {
            bytes(cursor)?;
            skip(types, *value, cursor, depth + 1)
        }),
        Node::Union(branches) => {
            let branch = choice(cursor, branches.len(), Fault::Branch)?;
            skip(types, branches[branch], cursor, depth + 1)
        }
        Node::Record(fields) => {
            fields.iter().try_for_each(|field| skip(types, field.kind, cursor, depth + 1))
        }
    }
}

/// The bytes of a `bytes` or `string`.
#[inline]
pub(super) fn bytes<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], Fault> {
    let length = cursor.zigzag()?;
    cursor.take(usize::try_from(length).map_err(|_| Fault::Length)?)
}

/// The index of a symbol or branch, below `count`.
#[inline]
pub(super) fn choice(cursor: &mut Cursor<'_>, count: usize, fault: Fault) -> Result<usize, Fault> {
    let index = usize::try_from(cursor.zigzag()?).map_err(|_| fault)?;
    if index < count { Ok(index) } else { Err(fault) }
}

/// Passes over the blocks of an array or map. A negative count says that the size of the block follows: such
/// a block is passed over as a whole when nobody wants its items.
pub(super) fn blocks<'a>(
    cursor: &mut Cursor<'a>,
    passes_over: bool,
    mut item: impl FnMut(&mut Cursor<'a>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    loop {
        let count = cursor.zigzag()?;
        if count == 0 {
            return Ok(());
        }
        if count < 0 {
            if passes_over {
                bytes(cursor)?;
                continue;
            }
            cursor.zigzag()?;
        }
        for _ in 0..count.unsigned_abs() {
            let before = cursor.rest().len();
            item(cursor)?;
            // One item without bytes means that all are: the count alone must not cost time.
            if cursor.rest().len() == before {
                break;
            }
        }
    }
}
