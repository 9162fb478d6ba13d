//! A release → whether it is whole, and by whom it was made.
//!
//! In: a lake's releases, and a public key. Out: [`Verified`], or what is wrong, file by file. It needs no secret.

use kayoi_lake::{Manifest, ReleaseWriter, manifest};

use crate::error::ReleaseError;
use crate::sign::{PublicKey, sha256};

/// What looking at a release found.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The release.
    pub manifest: Manifest,
    /// Whether its manifest was signed by the key; `None` when it has no signature.
    pub is_signed: Option<bool>,
    /// Whether a key was given to verify it with.
    pub has_key: bool,
    /// Whether the manifest has the number under which it is listed.
    pub is_in_its_place: bool,
    /// Files that were looked at.
    pub files: u64,
    /// Files that are gone, or not as the manifest says.
    pub damaged: Vec<String>,
}

impl Verified {
    /// Whether nothing is wrong. A trial need not be signed, unless somebody says by whom.
    pub fn is_right(&self) -> bool {
        let is_signed = match self.is_signed {
            Some(is_signed) => is_signed,
            None => self.manifest.series == "trial" && !self.has_key,
        };
        is_signed && self.is_in_its_place && self.damaged.is_empty()
    }
}

/// Looks at all of a release: its signature, and every file of it.
///
/// # Errors
/// [`ReleaseError::NoRelease`] when it is not listed, or [`ReleaseError::Lake`].
pub fn verify(
    lake: &ReleaseWriter,
    revision: u64,
    key: Option<&PublicKey>,
) -> Result<Verified, ReleaseError> {
    let (bytes, signature) = lake.signed(revision)?.ok_or(ReleaseError::NoRelease { revision })?;
    let manifest = manifest::parse(revision, &bytes)?;
    let is_signed = signature.map(|signature| {
        let signature = String::from_utf8_lossy(&signature);
        key.is_some_and(|key| key.verifies(&bytes, &signature))
    });
    let (mut files, mut damaged) = (0, Vec::new());
    for file in manifest.tables.values().flat_map(|table| &table.files) {
        files += 1;
        let found = lake.file(&file.path)?;
        if found.is_none_or(|bytes| sha256(&bytes) != file.sha256) {
            damaged.push(file.path.clone());
        }
    }
    let is_in_its_place = manifest.revision == revision;
    Ok(Verified { manifest, is_signed, has_key: key.is_some(), is_in_its_place, files, damaged })
}

/// Takes a release out of the list, with the files that no other release has. Returns how many.
///
/// # Errors
/// [`ReleaseError::Newest`] when readers see it, [`ReleaseError::NoRelease`] or [`ReleaseError::Lake`].
pub fn retire(lake: &ReleaseWriter, revision: u64) -> Result<u64, ReleaseError> {
    let revisions = lake.revisions()?;
    if revisions.last() == Some(&revision) {
        return Err(ReleaseError::Newest { revision });
    }
    if !revisions.contains(&revision) {
        return Err(ReleaseError::NoRelease { revision });
    }
    Ok(lake.retire(revision)?)
}
