//! The shapes of a .shp, in the order of their records.
//!
//! In: the bytes of a .shp and, where it is there, of its .shx. Out: a .shp whose shapes stand one after the other,
//! the first for the first record of the .dbf. Editors move a shape that has grown to the end of the .shp and
//! leave a gap, or leave a deleted one behind; only the .shx then says which shape is whose. Without a .shx the
//! numbers of the shapes say it, where they are those of a list.
//!
//! ESRI Shapefile Technical Description (1998): 100 bytes of header, with the length of the file in words of 16
//! bits at 24; then for each shape its number and length in big-endian words, and its content. A .shx has the
//! same header, and for each shape where it begins and how long it is.

use std::borrow::Cow;

use crate::error::Cause;

const HEADER_BYTES: usize = 100;
const LENGTH_AT: usize = 24;
/// Number and length before a shape, where it begins and how long it is in a .shx: two words of 32 bits.
const PAIR_BYTES: usize = 8;
/// A shape of nothing: two words of content, of type 0.
const NULL_SHAPE: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0];

/// Shapes in order.
pub(super) struct Shapes<'b> {
    /// A .shp without gaps.
    pub(super) bytes: Cow<'b, [u8]>,
    /// How many there are.
    pub(super) count: usize,
}

/// One shape where it lies: the bytes of its head and content.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Span {
    start: usize,
    end: usize,
}

/// Brings shapes into the order of their records.
///
/// # Errors
/// A text when the .shx names places at which no shape begins.
pub(super) fn in_order<'b>(shp: &'b [u8], shx: Option<&[u8]>) -> Result<Shapes<'b>, Cause> {
    let as_they_lie = spans(shp);
    let wanted: Vec<Option<Span>> = match shx {
        Some(shx) => indexed(shp, shx)?,
        None => numbered(shp, &as_they_lie).into_iter().map(Some).collect(),
    };
    let count = wanted.len();
    let lie_in_order = wanted.iter().copied().eq(as_they_lie.iter().copied().map(Some));
    // A header that says less than is there would end the reading early.
    let end = as_they_lie.last().map_or(HEADER_BYTES, |last| last.end);
    if lie_in_order && pair(shp, LENGTH_AT).is_some_and(|[words, _]| words.checked_mul(2) == Some(end)) {
        return Ok(Shapes { bytes: Cow::Borrowed(shp), count });
    }
    let mut bytes = shp.get(..HEADER_BYTES).unwrap_or(shp).to_vec();
    for span in wanted {
        bytes.extend_from_slice(span.map_or(&NULL_SHAPE, |span| &shp[span.start..span.end]));
    }
    let words = i32::try_from(bytes.len() / 2)?.to_be_bytes();
    if let Some(length) = bytes.get_mut(LENGTH_AT..LENGTH_AT + words.len()) {
        length.copy_from_slice(&words);
    }
    Ok(Shapes { bytes: Cow::Owned(bytes), count })
}

/// A pair of big-endian words.
fn pair(bytes: &[u8], at: usize) -> Option<[usize; 2]> {
    let word = |at: usize| usize::try_from(i32::from_be_bytes(*bytes.get(at..)?.first_chunk()?)).ok();
    Some([word(at)?, word(at + 4)?])
}

/// The shape that begins at a byte.
fn span(shp: &[u8], start: usize) -> Option<Span> {
    let [_, words] = pair(shp, start)?;
    let end = start.checked_add(PAIR_BYTES)?.checked_add(words.checked_mul(2)?)?;
    (end <= shp.len()).then_some(Span { start, end })
}

/// All shapes, one behind the other, up to the first that is none.
fn spans(shp: &[u8]) -> Vec<Span> {
    std::iter::successors(span(shp, HEADER_BYTES), |before| span(shp, before.end)).collect()
}

/// The shapes that a .shx names; `None` for one of nothing.
fn indexed(shp: &[u8], shx: &[u8]) -> Result<Vec<Option<Span>>, Cause> {
    let entries = shx.get(HEADER_BYTES..).unwrap_or_default().chunks_exact(PAIR_BYTES);
    let found = entries.enumerate().map(|(entry, bytes)| match pair(bytes, 0) {
        Some([0, 0]) => Ok(None),
        Some([word, words]) => {
            let shape = word.checked_mul(2).filter(|start| *start >= HEADER_BYTES);
            let shape = shape.and_then(|start| span(shp, start));
            let shape = shape.filter(|shape| shape.end - shape.start == PAIR_BYTES + 2 * words);
            shape.map(Some).ok_or(entry)
        }
        None => Err(entry),
    });
    found.collect::<Result<_, _>>().map_err(|entry| {
        format!(
            "its .shx names a place for shape {} where none begins; without the .shx it may be read",
            entry + 1
        )
        .into()
    })
}

/// By number, where the numbers are 1, 2, 3, ... in some order; else as they lie.
fn numbered(shp: &[u8], spans: &[Span]) -> Vec<Span> {
    let mut by_number = vec![None; spans.len()];
    for span in spans {
        let number = pair(shp, span.start).and_then(|[number, _]| number.checked_sub(1));
        if let Some(place) = number.and_then(|number| by_number.get_mut(number)) {
            *place = Some(*span);
        }
    }
    by_number.into_iter().collect::<Option<_>>().unwrap_or_else(|| spans.to_vec())
}

#[cfg(test)]
#[path = "shapes_tests.rs"]
mod tests;
