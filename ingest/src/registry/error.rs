//! Why a registry gives no schema. That it has no such schema is an answer, and never stands here.

use kayoi_schemas::error_code::ErrorCode;

/// A registry that cannot be asked, or whose answer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// Something else stands where an address should.
    #[error(
        "`{url}` is not the address of a schema registry\nhint: allowed are http:// and https://, several separated by commas, without a password in them"
    )]
    Address {
        /// What was given, without what may be a password.
        url: String,
    },
    /// No connection, or no answer in time.
    #[error(
        "the schema registry at `{url}` does not answer\nhint: check address, proxy and certificate; `SSL_CERT_FILE` names further certificates"
    )]
    Unreachable {
        /// The address that was asked.
        url: String,
        /// What the network says.
        source: Box<ureq::Error>,
    },
    /// It does not let us in.
    #[error(
        "the schema registry at `{url}` refuses access with status {status}\nhint: check user name and password"
    )]
    Refused {
        /// The address that was asked.
        url: String,
        /// 401 or 403.
        status: u16,
    },
    /// Another status than a registry gives for what was asked.
    #[error("the schema registry at `{url}` answers with status {status} and error code {code}")]
    Status {
        /// The address that was asked.
        url: String,
        /// Status of the answer, as HTTP has it.
        status: u16,
        /// The registry's own code; 0 when it gives none.
        code: u32,
    },
    /// The answer is not what a registry says.
    #[error(
        "`{url}` does not answer as a schema registry does\nhint: is there a path missing after the host?"
    )]
    Answer {
        /// The address that was asked.
        url: String,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// A kind of schema that we do not read.
    #[error("the schema is of kind `{kind}`; read are `AVRO`, `PROTOBUF` and `JSON`")]
    Kind {
        /// The word of the registry.
        kind: String,
    },
    /// A reference that leads nowhere.
    #[error(
        "the schema refers to version {version} of subject `{subject}`, which the registry does not have"
    )]
    NoReference {
        /// The subject that is referred to.
        subject: String,
        /// The version that is referred to.
        version: i64,
    },
    /// More references than any schema has.
    #[error("the schema refers to more than {limit} others")]
    TooManyReferences {
        /// How many are followed.
        limit: usize,
    },
}

impl RegistryError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Address { .. } | Self::Unreachable { .. } | Self::Status { .. } | Self::Answer { .. } => {
                ErrorCode::Registry
            }
            Self::Refused { .. } => ErrorCode::RegistryDenied,
            Self::Kind { .. } | Self::NoReference { .. } | Self::TooManyReferences { .. } => {
                ErrorCode::Contract
            }
        }
    }

    /// Whether the same question may be answered later, or elsewhere, without anybody changing anything.
    pub(crate) fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Answer { .. } => true,
            Self::Status { status, .. } => *status >= 500 || matches!(status, 404 | 408 | 429),
            Self::Address { .. }
            | Self::Refused { .. }
            | Self::Kind { .. }
            | Self::NoReference { .. }
            | Self::TooManyReferences { .. } => false,
        }
    }
}
