//! The files of a process: its certificate, its key, the authority of the cluster.
//!
//! In: three PEM files. Out: [`Tls`], or words for the operator. A certificate that the others would refuse is refused here,
//! where its file can be named. They are read once: after a renewal the process is started again.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kayoi_schemas::error_code::ErrorCode;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tonic::transport::{Certificate, ClientTlsConfig, Identity};

use super::Tls;
use super::connections::{HANDSHAKE_TIME, PROTOCOL};

const CERTIFICATE: &str = "certificate";
const KEY: &str = "key";
const AUTHORITY: &str = "authority";

/// Where the certificates of a process are.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// Its certificate, with those that signed it after its own.
    pub certificate: PathBuf,
    /// The key of it, without a password.
    pub key: PathBuf,
    /// The authority that has signed the certificates of all processes of the cluster.
    pub authority: PathBuf,
}

/// Why there is no TLS in a cluster.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read.
    #[error("cannot read the {what} `{}`\nhint: name a PEM file that this user may read", path.display())]
    Read {
        /// Certificate, key or authority.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file without what it should hold.
    #[error("`{}` holds no {what} as PEM\nhint: `openssl x509 -in FILE -noout` reads a certificate, `openssl pkey -in FILE -noout` a key, which must have no password", path.display())]
    Empty {
        /// Certificate, key or authority.
        what: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A certificate that the others would refuse.
    #[error("who trusts `{}` does not believe the certificate `{}`: {source}\nhint: `openssl verify -purpose sslclient -CAfile AUTHORITY CERTIFICATE` says why: another has signed it, its time is over, or it is for servers alone", authority.display(), certificate.display())]
    Stranger {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the authority.
        authority: PathBuf,
        /// What the library said.
        source: rustls::Error,
    },
    /// A key of another certificate, or one that TLS cannot be done with.
    #[error("certificate `{}` and key `{}` cannot be used: {source}\nhint: the process's own certificate comes first in its file; RSA with 2048 bits or more, ECDSA P-256 or P-384, or Ed25519 is", certificate.display(), key.display())]
    Unfit {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What the library said.
        source: rustls::Error,
    },
    /// An executor that nobody can call by a name of its certificate.
    #[error(
        "with TLS an executor is called by a name of its certificate, and it listens at every address\nhint: --called NAME says which"
    )]
    Nameless,
}

impl TlsError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Read { .. } | Self::Empty { .. } | Self::Stranger { .. } | Self::Unfit { .. } => {
                ErrorCode::Certificate
            }
            Self::Nameless => ErrorCode::Argument,
        }
    }
}

/// Loads what a process shows, and whom it believes.
pub(super) fn load(files: &TlsFiles) -> Result<Tls, TlsError> {
    let TlsFiles { certificate, key, authority } = files;
    let (own, secret, signer) =
        (read(CERTIFICATE, certificate)?, read(KEY, key)?, read(AUTHORITY, authority)?);
    let chain = certificates(CERTIFICATE, certificate, &own)?;
    let private = PrivateKeyDer::from_pem_slice(&secret).map_err(|_| empty(KEY, key))?;
    let mut roots = RootCertStore::empty();
    for root in certificates(AUTHORITY, authority, &signer)? {
        roots.add(root).map_err(|_| empty(AUTHORITY, authority))?;
    }
    let provider = Arc::new(ring::default_provider());
    let peers = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|_| empty(AUTHORITY, authority))?;
    let (first, signers) = chain.split_first().ok_or_else(|| empty(CERTIFICATE, certificate))?;
    peers.verify_client_cert(first, signers, UnixTime::now()).map_err(|source| TlsError::Stranger {
        certificate: certificate.clone(),
        authority: authority.clone(),
        source,
    })?;
    let mut server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_client_cert_verifier(peers).with_single_cert(chain, private))
        .map_err(|source| TlsError::Unfit { certificate: certificate.clone(), key: key.clone(), source })?;
    server.alpn_protocols = vec![PROTOCOL.to_vec()];
    let client = ClientTlsConfig::new()
        .identity(Identity::from_pem(&own, &secret))
        .ca_certificate(Certificate::from_pem(&signer))
        .timeout(HANDSHAKE_TIME);
    Ok(Tls { server: Arc::new(server), client })
}

fn read(what: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::Read { what, path: path.to_owned(), source })
}

fn certificates(
    what: &'static str,
    path: &Path,
    bytes: &[u8],
) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    found.map_err(|_| empty(what, path))
}

fn empty(what: &'static str, path: &Path) -> TlsError {
    TlsError::Empty { what, path: path.to_owned() }
}
