//! A record before anybody has looked into it: its bytes, and where they end.
//!
//! In: what a source hands on. Out: the bytes of each record, by its place in the buffer. Records of a chunk
//! share one buffer, because a million small allocations would cost more than decoding them does.

/// Records in one buffer.
#[derive(Debug, Default)]
pub(crate) struct Records {
    /// The bytes of all records, one after another.
    pub(crate) bytes: Vec<u8>,
    /// One entry per record, in the order of the bytes.
    pub(crate) ends: Vec<RecordEnd>,
}

/// Where one record of [`Records`] ends; it begins where the one before it ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RecordEnd {
    /// Kafka offset or line number.
    pub(crate) offset: i64,
    /// First byte of the buffer that is not part of the record any more.
    pub(crate) end: usize,
    /// Larger than the feed's limit: its bytes were not kept.
    pub(crate) too_large: bool,
    /// It has a key and no value: Kafka's way to say that what the key named is deleted.
    pub(crate) is_tombstone: bool,
}

impl Records {
    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Leaves out the first records.
    pub(crate) fn skip(&mut self, count: usize) {
        let Some(last) = count.checked_sub(1).and_then(|index| self.ends.get(index)) else { return };
        let cut = last.end;
        self.bytes.drain(..cut);
        self.ends.drain(..count);
        self.ends.iter_mut().for_each(|record| record.end -= cut);
    }

    /// The bytes of a record.
    pub(crate) fn bytes_of(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1].end };
        self.bytes.get(start..self.ends[index].end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_that_were_ingested_before_are_left_out_of_a_buffer() {
        let ends = [(5, 2), (6, 2), (7, 5)];
        let ends = ends.map(|(offset, end)| RecordEnd { offset, end, too_large: false, is_tombstone: false });
        let mut records = Records { bytes: b"aabbb".to_vec(), ends: ends.to_vec() };
        records.skip(0);
        assert_eq!(records.len(), 3);
        records.skip(2);
        assert_eq!((records.bytes_of(0), records.ends[0].offset), (b"bbb".as_slice(), 7));
        records.skip(1);
        assert!(records.bytes.is_empty() && records.ends.is_empty());
    }
}
