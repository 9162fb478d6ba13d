//! An Avro object container file → its blocks, unpacked.
//!
//! In: the bytes of a file from any reader. Out: the writer's schema, then one [`Block`] after another. A
//! block is what can be lost: when its marker, size or checksum is wrong, what follows cannot be trusted, and
//! that is an error of the file. What is wrong with one record is left to `Records`. Sizes come from
//! the file, so each is checked against `LARGEST_BLOCK` before memory is taken for it.
//!
//! The nearest rivals, the readers of `serde_avro_fast` and `apache-avro`, hand out values and not blocks:
//! where one record cannot be read, nobody could say how many others the block held, and what was read would
//! no longer equal what was stored and rejected.

mod error;
mod codec;

use std::io::{BufRead, Read};

use self::codec::{Codec, LARGEST_BLOCK};
pub use self::error::ContainerError;
use crate::format::wire::unzigzag;

/// Records that were written together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Which block of the file it is, from 1.
    pub number: u64,
    /// How many records the writer counted.
    pub records: u64,
    /// Their bytes, unpacked, without anything between them.
    pub bytes: Vec<u8>,
}

/// A container whose header was read. Iterates over its blocks and ends after the first error.
#[derive(Debug)]
pub struct Container<R> {
    reader: R,
    schema: String,
    codec: Codec,
    marker: [u8; 16],
    blocks: u64,
    is_over: bool,
}

impl<R: BufRead> Container<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// [`ContainerError`] when there is no header, or its codec is unknown.
    pub fn open(mut reader: R) -> Result<Self, ContainerError> {
        if array(&mut reader, "its first bytes")? != *b"Obj\x01" {
            return Err(ContainerError::NotAvro);
        }
        let (mut schema, mut codec) = (None, Codec::Null);
        while let Some(entries) = block_of_entries(&mut reader)? {
            for _ in 0..entries {
                let key = bytes(&mut reader)?;
                let value = bytes(&mut reader)?;
                match key.as_slice() {
                    b"avro.schema" => schema = String::from_utf8(value).ok(),
                    b"avro.codec" => codec = Codec::named(&value)?,
                    _ => {}
                }
            }
        }
        let schema = schema.ok_or(ContainerError::NoSchema)?;
        let marker = array(&mut reader, "its header")?;
        Ok(Self { reader, schema, codec, marker, blocks: 0, is_over: false })
    }

    /// The writer's schema, as JSON.
    pub fn schema(&self) -> &str {
        &self.schema
    }

    /// The header's word for how blocks are packed.
    #[cfg(test)]
    pub(crate) fn codec(&self) -> &'static str {
        self.codec.as_str()
    }

    fn block(&mut self) -> Result<Option<Block>, ContainerError> {
        let is_end = self.reader.fill_buf().map_err(|source| ContainerError::Read { source })?.is_empty();
        if is_end {
            return Ok(None);
        }
        self.blocks += 1;
        let records = long(&mut self.reader, "a block")?;
        let packed = bytes(&mut self.reader)?;
        if array(&mut self.reader, "a block")? != self.marker {
            return Err(ContainerError::Marker { block: self.blocks });
        }
        let bytes = self.codec.unpack(packed, self.blocks)?;
        // A ping takes bytes. Without this, a file of a few bytes could claim records without end.
        let records = checked(records, "the number of records of a block", bytes.len())? as u64;
        Ok(Some(Block { number: self.blocks, records, bytes }))
    }
}

impl<R: BufRead> Iterator for Container<R> {
    type Item = Result<Block, ContainerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let block = self.block().transpose();
        self.is_over = !matches!(block, Some(Ok(_)));
        block
    }
}

/// Entries in the next block of the header's map; `None` at its end.
fn block_of_entries(reader: &mut impl BufRead) -> Result<Option<u64>, ContainerError> {
    let count = long(reader, "its header")?;
    if count < 0 {
        // The size of the block follows; it is for those who skip.
        long(reader, "its header")?;
    }
    Ok((count != 0).then_some(count.unsigned_abs()))
}

fn checked(value: i64, what: &'static str, limit: usize) -> Result<usize, ContainerError> {
    let size = usize::try_from(value).ok().filter(|size| *size <= limit);
    size.ok_or(ContainerError::Size { what, limit })
}

/// A length and as many bytes. Memory grows with what is there, not with what the length says.
fn bytes(reader: &mut impl BufRead) -> Result<Vec<u8>, ContainerError> {
    let length = checked(long(reader, "a length")?, "a length", LARGEST_BLOCK)?;
    let mut bytes = Vec::new();
    let read = reader.take(length as u64).read_to_end(&mut bytes);
    match read.map_err(|source| ContainerError::Read { source })? {
        read if read == length => Ok(bytes),
        _ => Err(ContainerError::Truncated { inside: "a block" }),
    }
}

fn array<const N: usize>(reader: &mut impl BufRead, inside: &'static str) -> Result<[u8; N], ContainerError> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes).map_err(|source| match source.kind() {
        std::io::ErrorKind::UnexpectedEof => ContainerError::Truncated { inside },
        _ => ContainerError::Read { source },
    })?;
    Ok(bytes)
}

fn long(reader: &mut impl BufRead, inside: &'static str) -> Result<i64, ContainerError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = array(reader, inside)?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Ok(unzigzag(value))
}

#[cfg(test)]
#[path = "container_tests.rs"]
mod tests;
