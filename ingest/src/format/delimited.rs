//! One CSV row → a ping.
//!
//! In: a row and, for each column, the contract's field. Out: a ping, or why not. A cell is a text; what it
//! stands for is asked of [`value`](super::value), as for the texts of every other format.

use csv::ByteRecord;
use kayoi_schemas::ping::{Ping, RejectReason};

use super::draft::Draft;
use super::mapping::Mapping;
use super::slot::Slot;
use crate::rejection::{Detail, Rejection};

/// Decodes one row.
///
/// # Errors
/// `malformed` (too few cells), `invalid_utf8`, or what the contract refuses.
pub(crate) fn decode<'a>(
    row: &'a ByteRecord,
    fields: &[Option<&'static str>],
    mapping: &Mapping,
) -> Result<Ping<'a>, Rejection> {
    if row.len() != fields.len() {
        let detail =
            Detail::from("the row has ").count(row.len()).and(" cells, the header ").count(fields.len());
        return Err(Rejection::new(RejectReason::Malformed, detail));
    }
    let mut draft = Draft::default();
    for (cell, field) in row.iter().zip(fields) {
        match field.map(Slot::of) {
            None => draft.ping.unknown_fields += 1,
            Some(Slot::Unstored) => {}
            Some(slot) => draft.take_bytes(slot, cell, &mapping.spelling),
        }
    }
    draft.finish()
}
