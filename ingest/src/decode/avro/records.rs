//! The bytes of a container's block → its records, one by one.
//!
//! In: a block and how many records it should hold. Out: exactly that many pings or rejections, so that
//! records read stay equal to records stored and rejected. A record of a wrong type costs itself. After a
//! malformed one nobody knows where the next begins, so the rest of the block is rejected with it.

use kayoi_schemas::ping::{Ping, RejectReason};

use super::Program;
use crate::decode::Rejection;
use crate::decode::draft::Draft;
use crate::decode::wire::{Cursor, Fault};

/// The records of a block.
#[derive(Debug)]
pub struct Records<'p, 'a> {
    program: &'p Program,
    bytes: &'a [u8],
    cursor: Cursor<'a>,
    left: u64,
    is_lost: bool,
}

impl<'p, 'a> Records<'p, 'a> {
    /// Starts at the first record of a block.
    pub fn new(program: &'p Program, bytes: &'a [u8], records: u64) -> Self {
        Self { program, bytes, cursor: Cursor::new(bytes), left: records, is_lost: false }
    }

    fn read(&mut self) -> Result<Ping<'a>, Rejection> {
        if self.is_lost {
            let detail = "an earlier record of the block is malformed, so this one cannot be found";
            return Err((RejectReason::Malformed, detail.to_owned()));
        }
        let mut draft = Draft::default();
        let walked = self.program.walk(&mut self.cursor, &mut draft);
        let rest = self.cursor.rest().len();
        match walked {
            // Bytes after the last record: it was not written with this schema.
            Ok(()) if self.left == 0 && rest > 0 => Err(Fault::Trailing.rejection(self.bytes.len() - rest)),
            Ok(()) => draft.finish(),
            Err(fault) => {
                self.is_lost = true;
                Err(fault.rejection(self.bytes.len() - rest))
            }
        }
    }
}

impl<'a> Iterator for Records<'_, 'a> {
    type Item = Result<Ping<'a>, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some(self.read())
    }
}
