//! Why an Avro file cannot be read on.
//!
//! In: a header or block that is not as the specification has it. Out: an error of the whole file. What is
//! wrong with a single record never comes here.

/// A file that cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum ContainerError {
    /// The system cannot read it.
    #[error("cannot read the Avro file")]
    Read {
        /// The system's answer.
        source: std::io::Error,
    },
    /// A file of another format.
    #[error("the file is not an Avro container: it does not begin with `Obj` and a byte 1")]
    NotAvro,
    /// It ends in the middle.
    #[error("the Avro file ends inside {inside}\nhint: was it copied while it was written?")]
    Truncated {
        /// What was being read.
        inside: &'static str,
    },
    /// The header lacks the schema.
    #[error("the header of the Avro file has no `avro.schema` in UTF-8")]
    NoSchema,
    /// A codec that is not read.
    #[error("the Avro file is packed with {codec}; read are `null`, `deflate`, `snappy` and `zstandard`")]
    UnknownCodec {
        /// Its name in backticks, when it is one that others write.
        codec: &'static str,
    },
    /// A size or count that no writer makes.
    #[error("the Avro file says that {what} is not in 0..={limit}")]
    Size {
        /// What it counts.
        what: &'static str,
        /// The largest that is read.
        limit: usize,
    },
    /// A block that its codec cannot unpack.
    #[error("cannot unpack block {block} of the Avro file as `{codec}`")]
    Unpack {
        /// Number of the block, from 1.
        block: u64,
        /// The word for the codec.
        codec: &'static str,
        /// The library's answer.
        source: std::io::Error,
    },
    /// The bytes of a block are not those that were written.
    #[error("the checksum of block {block} of the Avro file is wrong")]
    Checksum {
        /// Number of the block, from 1.
        block: u64,
    },
    /// A block holds more than the records that it counts.
    #[error("block {block} of the Avro file holds more than the {records} records that it counts")]
    Uncounted {
        /// Number of the block, from 1.
        block: u64,
        /// What it counts.
        records: u64,
    },
    /// A block does not end with the marker of the file.
    #[error("block {block} of the Avro file does not end with the file's marker")]
    Marker {
        /// Number of the block, from 1.
        block: u64,
    },
}
