//! Files of 32 secret bytes.
//!
//! In: a path. Out: the bytes. A new file is random and readable by its owner only; one that is there is never
//! overwritten.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use ring::rand::{SecureRandom, SystemRandom};

use crate::error::ReleaseError;

/// Reads a secret of 64 hexadecimal digits.
///
/// # Errors
/// [`ReleaseError::File`] or [`ReleaseError::NotOne`].
pub(crate) fn read(path: &Path) -> Result<[u8; 32], ReleaseError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ReleaseError::File { path: path.to_owned(), source })?;
    parse(text.trim()).ok_or_else(|| ReleaseError::NotOne {
        path: path.to_owned(),
        what: "a secret of 64 hexadecimal digits",
        hint: "`kayoi release begin --secret FILE` makes a new file",
    })
}

/// Makes a new secret.
///
/// # Errors
/// [`ReleaseError::File`] when there is a file already, or it cannot be written.
pub fn create(path: &Path) -> Result<(), ReleaseError> {
    write_new(path, format!("{}\n", hexadecimal(&random()?)).as_bytes())
}

/// Random bytes of the machine.
///
/// # Errors
/// [`ReleaseError::NoRandom`] when it gives none.
pub(crate) fn random() -> Result<[u8; 32], ReleaseError> {
    let mut bytes = [0_u8; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| ReleaseError::NoRandom)?;
    Ok(bytes)
}

/// Writes a file that only its owner reads, where there is none.
///
/// # Errors
/// [`ReleaseError::File`].
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), ReleaseError> {
    let written = || {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    written().map_err(|source| ReleaseError::File { path: path.to_owned(), source })
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 32 bytes from their digits.
pub(crate) fn parse(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}
