//! [`KeptPing`] → [`PseudonymousPing`]: the partner's identifier becomes a [`DeviceId`], the only thing of
//! it that is ever stored.
//!
//! In: a ping that may be stored and the lake's secret key. Out: the same fix under 63 bits of BLAKE3 in keyed mode.
//! Without the key nobody can test whether a known advertising id is in the lake. Case and surrounding space
//! do not make another device. No id is stitched to another one: a reset id is a new device, which biases
//! repeat rates downward.

use std::io::{Read, Write};
use std::ops::Deref;
use std::path::{Path, PathBuf};

use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::spelling::trimmed;

use crate::sensitive::KeptPing;
use crate::validate::CheckedFix;

/// Bytes of an identifier that is written in lower case without an allocation.
const SHORT: usize = 64;

/// A key file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file holds something else.
    #[error("key file `{}` does not hold a key: it must hold 64 hexadecimal digits\nhint: let `kayoi ingest` make one, and keep a copy in a safe place", path.display())]
    NotAKey {
        /// Path of the file.
        path: PathBuf,
    },
    /// The system does not give the file, or does not let one be made.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// Path of the file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl KeyError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotAKey { .. } | Self::Read { .. } => ErrorCode::SecretFile,
        }
    }
}

/// A kept ping whose identifier is hidden. Only [`PseudonymKey::hide`] makes one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PseudonymousPing {
    device: DeviceId,
    fix: CheckedFix,
}

impl PseudonymousPing {
    /// Whose fix it is, by pseudonym.
    #[inline]
    pub fn device(&self) -> DeviceId {
        self.device
    }
}

impl Deref for PseudonymousPing {
    type Target = CheckedFix;

    #[inline]
    fn deref(&self) -> &CheckedFix {
        &self.fix
    }
}

/// A secret key. It has no `Debug` that shows it, and no way out but its fingerprint.
#[derive(Clone)]
pub struct PseudonymKey([u8; 32]);

impl std::fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PseudonymKey(hidden)")
    }
}

impl PseudonymKey {
    /// A key of given bytes, for tests and for keys that come from elsewhere.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Reads a key file (64 hexadecimal digits); makes one, readable by its owner only, when the file is not
    /// there.
    ///
    /// # Errors
    /// [`KeyError`] when the file does not hold a key, or cannot be used.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                parse(text.trim()).map(Self).ok_or_else(|| KeyError::NotAKey { path: path.to_owned() })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                create(path).map(Self).map_err(|source| KeyError::Read { path: path.to_owned(), source })
            }
            Err(source) => Err(KeyError::Read { path: path.to_owned(), source }),
        }
    }

    /// Eight hexadecimal digits that tell keys apart and say nothing about them.
    pub fn fingerprint(&self) -> String {
        let derived = blake3::derive_key("kayoi 2026 pseudonym key fingerprint", &self.0);
        derived[..4].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Hides who a ping is of.
    pub fn hide(&self, ping: &KeptPing<'_>) -> PseudonymousPing {
        PseudonymousPing { device: self.device(ping.device_id()), fix: ping.fix() }
    }

    /// The pseudonym of an identifier.
    pub fn device(&self, identifier: &str) -> DeviceId {
        let identifier = trimmed(identifier);
        // Advertising ids have 36 letters: one that fits costs no allocation to write in lower case.
        let mut short = [0; SHORT];
        let hash = match short.get_mut(..identifier.len()) {
            Some(lower) => {
                lower.copy_from_slice(identifier.as_bytes());
                lower.make_ascii_lowercase();
                blake3::keyed_hash(&self.0, lower)
            }
            None => blake3::keyed_hash(&self.0, identifier.to_ascii_lowercase().as_bytes()),
        };
        let mut first = [0; 8];
        first.copy_from_slice(&hash.as_bytes()[..8]);
        DeviceId::from_hash(u64::from_le_bytes(first))
    }
}

fn parse(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut key = [0; 32];
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(key)
}

fn create(path: &Path) -> std::io::Result<[u8; 32]> {
    let mut key = [0; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut key)?;
    let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_decides_the_pseudonym_and_case_does_not() {
        let (a, b) = (PseudonymKey::from_bytes([1; 32]), PseudonymKey::from_bytes([2; 32]));
        let id = "6D92078A-8246-4BA4-AE5B-76104861E7DC";
        assert_eq!(a.device(id), a.device(&format!(" {} ", id.to_lowercase())));
        assert_ne!(a.device(id), b.device(id));
        assert_ne!(a.fingerprint(), b.fingerprint());
        assert_eq!(format!("{a:?}"), "PseudonymKey(hidden)");
    }

    #[test]
    fn a_key_file_is_made_once_and_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/key");
        let made = PseudonymKey::load_or_create(&path).unwrap();
        let read = PseudonymKey::load_or_create(&path).unwrap();
        assert_eq!(made.fingerprint(), read.fingerprint());
        std::fs::write(&path, "secret").unwrap();
        let error = PseudonymKey::load_or_create(&path).unwrap_err().to_string();
        assert!(error.contains("64 hexadecimal digits") && !error.contains("secret"), "{error}");
    }
}
