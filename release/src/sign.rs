//! Signatures of releases: Ed25519, by `ring`.
//!
//! In: the bytes of a manifest. Out: a signature, or whether one is right. Who has the public key alone can tell
//! that a release is whole and by whom it was made.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::error::ReleaseError;
use crate::secret_file::{hexadecimal, write_new};

/// A key that signs.
#[derive(Clone)]
pub struct SigningKey(Arc<Ed25519KeyPair>);

/// A key that verifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

const NOT_A_KEY: &str = "`kayoi release keygen --out FILE` makes FILE and FILE.pub";

impl SigningKey {
    /// Makes a pair of keys: the signing key in a new file, the public one in another beside it, named `.pub`.
    ///
    /// # Errors
    /// [`ReleaseError::File`] when there is a file already, or it cannot be written.
    pub fn create(path: &Path) -> Result<PublicKey, ReleaseError> {
        let document =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| ReleaseError::NoRandom)?;
        write_new(path, format!("{}\n", STANDARD.encode(document.as_ref())).as_bytes())?;
        let public = Self::read(path)?.public_key();
        let mut beside = path.as_os_str().to_owned();
        beside.push(".pub");
        std::fs::write(&beside, format!("{public}\n"))
            .map_err(|source| ReleaseError::File { path: Path::new(&beside).to_owned(), source })?;
        Ok(public)
    }

    /// Reads a signing key.
    ///
    /// # Errors
    /// [`ReleaseError::File`] or [`ReleaseError::NotOne`].
    pub fn read(path: &Path) -> Result<Self, ReleaseError> {
        let text = text(path)?;
        let pair =
            STANDARD.decode(text.trim()).ok().and_then(|bytes| Ed25519KeyPair::from_pkcs8(&bytes).ok());
        let not_one =
            || ReleaseError::NotOne { path: path.to_owned(), what: "a signing key", hint: NOT_A_KEY };
        pair.map(Arc::new).map(Self).ok_or_else(not_one)
    }

    /// The key that verifies what this one signs.
    pub fn public_key(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }

    /// Signs bytes; the signature is base64.
    pub fn sign(&self, bytes: &[u8]) -> String {
        STANDARD.encode(self.0.sign(bytes).as_ref())
    }
}

impl PublicKey {
    /// Reads a public key from its file.
    ///
    /// # Errors
    /// [`ReleaseError::File`] or [`ReleaseError::NotOne`].
    pub fn read(path: &Path) -> Result<Self, ReleaseError> {
        let not_one =
            || ReleaseError::NotOne { path: path.to_owned(), what: "a public key", hint: NOT_A_KEY };
        Self::parse(&text(path)?).ok_or_else(not_one)
    }

    /// Reads a public key as it is printed; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        STANDARD.decode(text.trim()).ok()?.try_into().ok().map(Self)
    }

    /// Whether a signature of bytes is by this key's pair.
    pub fn verifies(&self, bytes: &[u8], signature: &str) -> bool {
        let Ok(signature) = STANDARD.decode(signature.trim()) else { return false };
        UnparsedPublicKey::new(&ED25519, &self.0).verify(bytes, &signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(of {})", self.public_key())
    }
}

/// SHA-256 of bytes, hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref())
}

/// SHA-256 of all that is read, hexadecimal, and its bytes. A file need not fit into memory.
///
/// # Errors
/// What the reader says.
pub fn sha256_of(mut from: impl std::io::Read) -> std::io::Result<(String, u64)> {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    let (mut piece, mut bytes) = (vec![0; 1 << 16], 0);
    loop {
        match from.read(&mut piece)? {
            0 => return Ok((hexadecimal(context.finish().as_ref()), bytes)),
            length => {
                context.update(&piece[..length]);
                bytes += length as u64;
            }
        }
    }
}

fn text(path: &Path) -> Result<String, ReleaseError> {
    std::fs::read_to_string(path).map_err(|source| ReleaseError::File { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_the_very_bytes_and_the_very_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("release.key");
        let public = SigningKey::create(&path).unwrap();
        assert_eq!(PublicKey::read(&folder.path().join("release.key.pub")).unwrap(), public);
        let signature = SigningKey::read(&path).unwrap().sign(b"release 1");
        assert!(public.verifies(b"release 1", &signature));
        assert!(!public.verifies(b"release 2", &signature));
        let other = SigningKey::create(&folder.path().join("other.key")).unwrap();
        assert!(!other.verifies(b"release 1", &signature));
        assert!(!public.verifies(b"release 1", "no signature"));
    }

    #[test]
    fn keys_are_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("release.key");
        SigningKey::create(&path).unwrap();
        assert!(matches!(SigningKey::create(&path), Err(ReleaseError::File { .. })));
    }
}
