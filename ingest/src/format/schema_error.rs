//! Why a writer's schema cannot be used. A schema says nothing of people, so its names may stand in the text.

/// A schema from which no decoder can be made. All its records wait; none is lost.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The text of an Avro schema is not JSON.
    #[error("cannot read the Avro schema: it is not JSON")]
    NotJson {
        /// The parser's answer.
        source: serde_json::Error,
    },
    /// Something else stands where Avro wants a type.
    #[error(
        "the Avro schema has {found} where a type is expected\nhint: a type is a name, a list of types or an object with `type`"
    )]
    NotAType {
        /// The kind of value that stands there.
        found: &'static str,
    },
    /// A type lacks an attribute.
    #[error("the Avro type `{kind}` has no usable `{attribute}`")]
    NoAttribute {
        /// The type that lacks it.
        kind: String,
        /// What it needs.
        attribute: &'static str,
    },
    /// A type is named that is not defined.
    #[error(
        "the Avro schema uses type `{name}`, which it does not define\nhint: register it as a reference of the schema"
    )]
    UnknownType {
        /// The name that is not defined.
        name: String,
    },
    /// A name is defined twice.
    #[error("the Avro schema defines type `{name}` twice")]
    DuplicateType {
        /// The name that is defined twice.
        name: String,
    },
    /// A ping is a record with fields.
    #[error("the Avro schema is a `{found}`; a ping is a `record`")]
    NotARecord {
        /// What it is.
        found: &'static str,
    },
    /// The schema is larger than any for a ping.
    #[error("the schema has more than {limit} types")]
    TooManyTypes {
        /// How many are read.
        limit: usize,
    },
    /// The text cannot be read as a .proto file.
    #[error("cannot read the Protobuf schema")]
    NotProto {
        /// The parser's answer.
        source: Box<protox_parse::ParseError>,
    },
    /// The .proto file has no such message.
    #[error("the Protobuf schema has no message `{wanted}`; it has {known}")]
    NoMessage {
        /// The name, or the path of the frame.
        wanted: String,
        /// What there is.
        known: String,
    },
    /// The timestamp is a local time, and nobody says where.
    #[error(
        "the Avro schema has the timestamp as a local time, which names no zone\nhint: say where the partner's clocks are with --timestamp-zone Asia/Tokyo, or `timestamp_zone` of the feed"
    )]
    NoZone,
    /// Two fields of the schema would both be one of the contract.
    #[error(
        "the schema has two fields for `{field}`: `{first}` and `{second}`\nhint: leave one of them out of --map, or map it to another field"
    )]
    TwoFields {
        /// The contract's name for both.
        field: &'static str,
        /// The path of the first, which the contract or the mapping knows.
        first: String,
        /// The path of the second, which the contract or the mapping knows.
        second: String,
    },
    /// Brackets without end: a parser that follows them would run out of stack.
    #[error("the schema is nested deeper than {limit} brackets")]
    TooDeep {
        /// How deep is read.
        limit: usize,
    },
}

impl SchemaError {
    /// What is wrong, without the schema's own words: for a reject, which keeps nothing that was read.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::NotJson { .. } => "it is not JSON",
            Self::NotAType { .. } => "something else stands where a type is expected",
            Self::NoAttribute { .. } => "a type lacks an attribute",
            Self::UnknownType { .. } => "it uses a type that it does not define",
            Self::DuplicateType { .. } => "it defines a type twice",
            Self::NotARecord { .. } => "it is not of a record",
            Self::TooManyTypes { .. } => "it has too many types",
            Self::NotProto { .. } => "it is not a .proto file",
            Self::NoMessage { .. } => "it has no such message",
            Self::TwoFields { .. } => "two of its fields are one field of the contract",
            Self::TooDeep { .. } => "it is nested too deep",
            Self::NoZone => {
                "its timestamp is a local time, and nobody says where; the operator does with --timestamp-zone"
            }
        }
    }
}
