//! A door's certificate and key.
//!
//! In: a PEM file with a chain of certificates, its own first, and a PEM file with the key, as PKCS#8, PKCS#1 or
//! SEC1. Out: [`Tls`], which any door can take, or words for the operator. Whoever asked for TLS gets it or
//! gets no server: nothing is served in clear because a file was missing.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kayoi_schemas::error_code::ErrorCode;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// How a door proves who it is.
#[derive(Clone)]
pub struct Tls(Arc<ServerConfig>);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file that cannot be read.
    #[error("cannot read the {what} `{}`\nhint: name a PEM file that this user may read", path.display())]
    Read {
        /// Certificate or key.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file that is no PEM.
    #[error("`{}` is damaged: it is no PEM file of a {what}\nhint: `openssl x509 -in FILE -noout` reads a certificate, `openssl pkey -in FILE -noout` a key", path.display())]
    Damaged {
        /// Certificate or key.
        what: &'static str,
        /// The file.
        path: PathBuf,
    },
    /// A file without a certificate.
    #[error("`{}` holds no certificate\nhint: a certificate begins with -----BEGIN CERTIFICATE-----", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// A file without a key.
    #[error("`{}` holds no private key\nhint: a key begins with -----BEGIN PRIVATE KEY-----, RSA PRIVATE KEY or EC PRIVATE KEY", path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// A key that needs a password.
    #[error("the key in `{}` is encrypted\nhint: `openssl pkey -in FILE -out PLAIN` writes it without its password", path.display())]
    Encrypted {
        /// The file.
        path: PathBuf,
    },
    /// A key of another certificate.
    #[error("the key in `{}` does not belong to the certificate in `{}`\nhint: the server's own certificate comes first in its file, before those that signed it", key.display(), certificate.display())]
    DoesNotFit {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
    /// A certificate or key that TLS cannot be done with.
    #[error("certificate `{}` and key `{}` cannot be used\nhint: a certificate of version 3 with an RSA key of 2048 bits or more, ECDSA P-256 or P-384, or Ed25519 is", certificate.display(), key.display())]
    Unusable {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
        /// What the library said.
        #[source]
        source: rustls::Error,
    },
}

impl TlsError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Read { .. }
            | Self::Damaged { .. }
            | Self::NoCertificate { .. }
            | Self::NoKey { .. }
            | Self::Encrypted { .. }
            | Self::DoesNotFit { .. }
            | Self::Unusable { .. } => ErrorCode::Certificate,
        }
    }
}

impl Tls {
    /// Loads a certificate and its key.
    ///
    /// # Errors
    /// [`TlsError`]: which file is wrong, and what about it.
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let chain = chain(certificate)?;
        let own_key = private_key(key)?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, own_key));
        let config = config.map_err(|source| match source {
            rustls::Error::InconsistentKeys(_) => {
                TlsError::DoesNotFit { certificate: certificate.to_owned(), key: key.to_owned() }
            }
            source => TlsError::Unusable { certificate: certificate.to_owned(), key: key.to_owned(), source },
        })?;
        Ok(Self(Arc::new(config)))
    }

    /// What takes connections in, for a door that speaks these protocols inside TLS: `h2`, `http/1.1`,
    /// `postgresql`.
    pub(crate) fn acceptor(&self, protocols: &[&str]) -> TlsAcceptor {
        let mut config = self.0.as_ref().clone();
        config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

fn read(what: &'static str, path: &Path) -> Result<Vec<u8>, TlsError> {
    std::fs::read(path).map_err(|source| TlsError::Read { what, path: path.to_owned(), source })
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    const WHAT: &str = "certificate";
    let bytes = read(WHAT, path)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(TlsError::NoCertificate { path: path.to_owned() }),
        Ok(chain) => Ok(chain),
        Err(_) => Err(TlsError::Damaged { what: WHAT, path: path.to_owned() }),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    const WHAT: &str = "key";
    let bytes = read(WHAT, path)?;
    let says = |words: &[u8]| bytes.windows(words.len()).any(|window| window == words);
    if says(b"BEGIN ENCRYPTED PRIVATE KEY") || says(b"Proc-Type: 4,ENCRYPTED") {
        return Err(TlsError::Encrypted { path: path.to_owned() });
    }
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey { path: path.to_owned() },
        _ => TlsError::Damaged { what: WHAT, path: path.to_owned() },
    })
}

#[cfg(test)]
#[path = "tls_tests.rs"]
mod tests;
