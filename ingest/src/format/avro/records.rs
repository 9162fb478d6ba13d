//! The bytes of a container's block → where its records end.
//!
//! In: a block and how many records it should hold. Out: exactly that many ends, so that records read stay
//! equal to records stored and rejected. A record of a wrong type costs itself. After a malformed one nobody
//! knows where the next begins: it gets all the bytes that are left and is rejected, and the rest, without
//! any, too.

use super::Program;
use crate::format::draft::Draft;
use crate::format::wire::Cursor;

impl Program {
    /// Ends of the records of a block, in bytes from its start.
    pub fn record_ends(&self, block: &[u8], records: u64) -> Vec<usize> {
        self.split(block, records).0
    }

    /// The ends, and how many bytes are left when every record was walked through: then the block holds more
    /// records than it counts, or others.
    pub(crate) fn split(&self, block: &[u8], records: u64) -> (Vec<usize>, usize) {
        let mut cursor = Cursor::new(block);
        let mut ends = Vec::new();
        let mut is_lost = false;
        for _ in 0..records {
            is_lost = is_lost || self.walk(&mut cursor, &mut Draft::default()).is_err();
            ends.push(if is_lost { block.len() } else { block.len() - cursor.rest().len() });
        }
        let left = if is_lost { 0 } else { cursor.rest().len() };
        // Bytes after the last record: it was not written with this schema, and decoding it says so.
        if let Some(last) = ends.last_mut() {
            *last = block.len();
        }
        (ends, left)
    }
}

/// The records of a block, each decoded by itself.
#[cfg(test)]
pub(crate) fn decoded<'a>(
    program: &Program,
    block: &'a [u8],
    records: u64,
) -> Vec<Result<kayoi_schemas::ping::Ping<'a>, crate::rejection::Rejection>> {
    let mut start = 0;
    let decode = |end| program.decode(&block[std::mem::replace(&mut start, end)..end]);
    program.record_ends(block, records).into_iter().map(decode).collect()
}
