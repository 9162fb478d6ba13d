//! The packed bytes of a block → the bytes of its records.
//!
//! In: bytes and the codec that the header names. Out: at most [`LARGEST_BLOCK`] bytes, however small the
//! packed ones are.

use std::io::Read;

use super::error::ContainerError;

/// Bytes of the largest block, packed or not. Writers close blocks after some 16 to 64 KiB.
pub(super) const LARGEST_BLOCK: usize = 256 << 20;

/// How blocks are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codec {
    /// Not at all.
    Null,
    /// Deflate without a header (RFC 1951).
    Deflate,
    /// Snappy, with the CRC-32 of the unpacked bytes after it.
    Snappy,
    /// Zstandard (RFC 8878).
    Zstandard,
}

/// The word for a codec that is not read. A header may hold anything, so only known names are repeated.
fn foreign(name: &[u8]) -> &'static str {
    match name {
        b"bzip2" => "`bzip2`",
        b"xz" => "`xz`",
        b"lz4" => "`lz4`",
        _ => "an unknown codec",
    }
}

impl Codec {
    /// The codec of a header.
    pub(super) fn named(name: &[u8]) -> Result<Self, ContainerError> {
        [Self::Null, Self::Deflate, Self::Snappy, Self::Zstandard]
            .into_iter()
            .find(|codec| codec.as_str().as_bytes() == name)
            .ok_or_else(|| ContainerError::UnknownCodec { codec: foreign(name) })
    }

    /// The word of the specification.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Deflate => "deflate",
            Self::Snappy => "snappy",
            Self::Zstandard => "zstandard",
        }
    }

    /// Unpacks a block. Its number is for errors.
    pub(super) fn unpack(self, packed: Vec<u8>, block: u64) -> Result<Vec<u8>, ContainerError> {
        let unpacked = match self {
            Self::Null => return Ok(packed),
            Self::Deflate => read_all(flate2::bufread::DeflateDecoder::new(packed.as_slice())),
            Self::Zstandard => zstd::Decoder::with_buffer(packed.as_slice()).and_then(read_all),
            Self::Snappy => return unpack_snappy(&packed, block),
        };
        unpacked.map_err(|source| ContainerError::Unpack { block, codec: self.as_str(), source })
    }
}

fn read_all(reader: impl Read) -> std::io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    reader.take(LARGEST_BLOCK as u64 + 1).read_to_end(&mut unpacked)?;
    if unpacked.len() > LARGEST_BLOCK { Err(too_large()) } else { Ok(unpacked) }
}

fn unpack_snappy(packed: &[u8], block: u64) -> Result<Vec<u8>, ContainerError> {
    let (packed, checksum) =
        packed.split_last_chunk::<4>().ok_or(ContainerError::Truncated { inside: "a checksum" })?;
    let size = snap::raw::decompress_len(packed).map_err(std::io::Error::other);
    let size = size.and_then(|size| if size > LARGEST_BLOCK { Err(too_large()) } else { Ok(size) });
    let unpacked = size
        .and_then(|_| snap::raw::Decoder::new().decompress_vec(packed).map_err(std::io::Error::other))
        .map_err(|source| ContainerError::Unpack { block, codec: Codec::Snappy.as_str(), source })?;
    if crc32fast::hash(&unpacked) != u32::from_be_bytes(*checksum) {
        return Err(ContainerError::Checksum { block });
    }
    Ok(unpacked)
}

fn too_large() -> std::io::Error {
    std::io::Error::other(format!("more than {LARGEST_BLOCK} bytes"))
}
