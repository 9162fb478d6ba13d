//! What stops a cluster. A bucket that is measured stays so.

use ballista_core::error::BallistaError;
use datafusion::error::DataFusionError;
use kayoi_aggregate::AggregateError;
use kayoi_schemas::error_code::ErrorCode;

use crate::tls::TlsError;

/// Why a cluster cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// An address is none.
    #[error("`{0}` is no address of a scheduler\nhint: http://HOST:50050 is one")]
    Address(String),
    /// Certificates for an address that is called in clear.
    #[error(
        "`{0}` is called in clear, and there are certificates\nhint: https://HOST:50050 is called with them; without them leave out --cluster-tls-cert, --cluster-tls-key and --cluster-tls-ca"
    )]
    Clear(String),
    /// An address that is called with TLS, and nothing to show.
    #[error(
        "`{0}` is called with TLS, and there is no certificate to show\nhint: --cluster-tls-cert, --cluster-tls-key and --cluster-tls-ca name the files"
    )]
    Bare(String),
    /// There is no TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A scheduler or an executor cannot run.
    #[error("the {part} cannot run: {source}\nhint: {hint}")]
    Start {
        /// `scheduler` or `executor`.
        part: &'static str,
        /// What to look at.
        hint: &'static str,
        /// What Ballista says.
        source: Box<BallistaError>,
    },
    /// The cluster measured nothing, several times in a row.
    #[error(
        "the cluster left {left} of {of} buckets unmeasured, and the last {rounds} tries measured none: {source}\nhint: the log of an executor says why; what is measured stays, and the same command goes on"
    )]
    Stuck {
        /// Buckets that are left.
        left: usize,
        /// Buckets of the lake.
        of: u32,
        /// How often it was tried.
        rounds: u32,
        /// What the last try said.
        source: Box<DataFusionError>,
    },
    /// The run could not be opened.
    #[error(transparent)]
    Aggregate(#[from] AggregateError),
    /// The plan could not be made.
    #[error("the buckets cannot be handed out: {0}")]
    Plan(#[source] Box<DataFusionError>),
}

impl ClusterError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Address(_) | Self::Clear(_) | Self::Bare(_) => ErrorCode::Argument,
            Self::Tls(error) => error.code(),
            Self::Start { .. } | Self::Stuck { .. } | Self::Plan(_) => ErrorCode::Cluster,
            Self::Aggregate(error) => error.code(),
        }
    }
}
