//! The store of seeds: what the noise of the next eleven months is made of.
//!
//! In: the seed and digest of each month that is published. Out: the same, in a folder apart from the lake that can
//! be backed up. Seeds that no month to come needs are destroyed, and with them the last way to lift the
//! noise off figures of that age, but by the secret and the exact counts, which are gone too.

use std::fs::DirBuilder;
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use kayoi_schemas::disclosure::AR_TERMS;
use kayoi_schemas::time::Month;
use serde::{Deserialize, Serialize};

use crate::draw::{Edition, Secret, Seed};
use crate::error::ReleaseError;
use crate::secret_file::{hexadecimal, parse, write_new};

/// The file that says of which secret the seeds are.
const MARK: &str = "kayoi-seeds";

/// A folder of seeds.
#[derive(Debug, Clone)]
pub(crate) struct SeedStore {
    folder: PathBuf,
    /// Of the secret that the seeds are of.
    fingerprint: String,
}

/// What is kept of a month.
#[derive(Serialize, Deserialize)]
struct Kept {
    month: String,
    edition: String,
    seed: String,
    digest: String,
}

impl SeedStore {
    /// Opens a store, and makes none: a folder that is not mounted must not look like one without seeds.
    ///
    /// # Errors
    /// [`ReleaseError::NotOne`] when it holds the seeds of another secret, or [`ReleaseError::File`].
    pub(crate) fn open(folder: &Path, secret: &Secret) -> Result<Self, ReleaseError> {
        let store = Self { folder: folder.to_owned(), fingerprint: secret.fingerprint() };
        match std::fs::read_to_string(folder.join(MARK)) {
            Ok(mark) if mark.trim() != store.fingerprint => Err(ReleaseError::NotOne {
                path: folder.to_owned(),
                what: "the folder of this secret's seeds",
                hint: "name the right folder with --seeds",
            }),
            Ok(_) => Ok(store),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(store),
            Err(source) => Err(ReleaseError::File { path: folder.to_owned(), source }),
        }
    }

    /// Makes the folder where there is none, with the mark of its secret.
    ///
    /// # Errors
    /// [`ReleaseError::File`].
    pub(crate) fn make(&self) -> Result<(), ReleaseError> {
        let file = |source| ReleaseError::File { path: self.folder.clone(), source };
        // For its owner alone: whoever reads seeds can take the noise off the newest figures.
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folder).map_err(file)?;
        let mark = self.folder.join(MARK);
        if mark.exists() { Ok(()) } else { write_new(&mark, self.fingerprint.as_bytes()) }
    }

    /// Where it is.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, edition: Edition, month: Month) -> PathBuf {
        self.folder.join(format!("{month}-{}.json", name(edition)))
    }

    /// The seed of a month; `None` when it is not kept.
    ///
    /// # Errors
    /// [`ReleaseError`] when it cannot be read.
    pub(crate) fn get(&self, edition: Edition, month: Month) -> Result<Option<Seed>, ReleaseError> {
        let path = self.path(edition, month);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(ReleaseError::File { path, source }),
        };
        let kept = serde_json::from_str::<Kept>(&text).ok().and_then(|kept| parse(&kept.seed));
        let damaged =
            || ReleaseError::NotOne { path, what: "a seed", hint: "restore the folder from its backup" };
        kept.map(Seed::from_bytes).map(Some).ok_or_else(damaged)
    }

    /// Keeps the seed of a month that is about to be published, and the digest that it was made of. One of a
    /// release that was never finished is replaced. The store is made where there is none.
    ///
    /// # Errors
    /// [`ReleaseError::File`].
    pub(crate) fn put(
        &self,
        edition: Edition,
        month: Month,
        seed: &Seed,
        digest: &[u8; 32],
    ) -> Result<(), ReleaseError> {
        self.make()?;
        let path = self.path(edition, month);
        let kept = Kept {
            month: month.to_string(),
            edition: name(edition),
            seed: hexadecimal(seed.bytes()),
            digest: hexadecimal(digest),
        };
        let text = serde_json::to_string(&kept).map_err(ReleaseError::Record)?;
        let new = path.with_extension("new");
        // Left by a run that died here.
        let _ = std::fs::remove_file(&new);
        write_new(&new, text.as_bytes())?;
        std::fs::rename(&new, &path).map_err(|source| ReleaseError::File { path, source })
    }

    /// Destroys the seeds that no month after `newest` needs. Returns how many.
    ///
    /// # Errors
    /// [`ReleaseError::File`].
    pub(crate) fn destroy_before(&self, newest: Month) -> Result<usize, ReleaseError> {
        let file = |source| ReleaseError::File { path: self.folder.clone(), source };
        let first = newest.plus(2 - AR_TERMS as i32);
        let mut destroyed = 0;
        let entries = match std::fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            // A run that drew nothing has made none.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            Err(source) => return Err(file(source)),
        };
        for entry in entries {
            let entry = entry.map_err(file)?;
            let name = entry.file_name();
            let month = name.to_str().and_then(|name| Month::parse(name.get(..7)?));
            if month.is_some_and(|month| month < first) {
                // Its bytes first: the name alone would leave them on the disk until something else needs the room.
                let length = entry.metadata().map_err(file)?.len() as usize;
                std::fs::write(entry.path(), vec![0; length]).map_err(file)?;
                std::fs::remove_file(entry.path()).map_err(file)?;
                destroyed += 1;
            }
        }
        Ok(destroyed)
    }
}

fn name(edition: Edition) -> String {
    match edition {
        Edition::Provisional(number) => format!("provisional-{number}"),
        Edition::Final(number) => format!("final-{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_kept_for_the_months_that_need_them_and_then_destroyed() {
        let folder = tempfile::tempdir().unwrap();
        let secret = Secret::new([7; 32]);
        let store = SeedStore::open(folder.path(), &secret).unwrap();
        let first = Month::parse("2026-01").unwrap();
        let edition = Edition::Final(1);
        for back in 0..14 {
            let month = first.plus(back);
            store.put(edition, month, &secret.seed(edition, month, &[1; 32]), &[1; 32]).unwrap();
        }
        let newest = first.plus(13);
        assert_eq!(store.destroy_before(newest).unwrap(), 3);
        // The month after the newest needs its own and eleven before it.
        for back in 0..11 {
            assert!(store.get(edition, newest.plus(-back)).unwrap().is_some(), "{back}");
        }
        assert!(store.get(edition, newest.plus(-11)).unwrap().is_none());
        assert!(store.get(Edition::Provisional(1), newest).unwrap().is_none());
    }

    #[test]
    fn the_folder_of_another_secret_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        SeedStore::open(folder.path(), &Secret::new([1; 32])).unwrap().make().unwrap();
        let error = SeedStore::open(folder.path(), &Secret::new([2; 32])).unwrap_err().to_string();
        assert!(error.contains("--seeds"), "{error}");
    }

    #[test]
    fn a_folder_that_is_not_there_is_made_with_its_first_seed() {
        let folder = tempfile::tempdir().unwrap();
        let (place, secret) = (folder.path().join("seeds"), Secret::new([7; 32]));
        let store = SeedStore::open(&place, &secret).unwrap();
        let (edition, month) = (Edition::Final(1), Month::parse("2026-01").unwrap());
        assert!(store.get(edition, month).unwrap().is_none());
        assert_eq!(store.destroy_before(month).unwrap(), 0);
        assert!(!place.exists());
        store.put(edition, month, &secret.seed(edition, month, &[1; 32]), &[1; 32]).unwrap();
        assert!(place.join(MARK).exists() && store.get(edition, month).unwrap().is_some());
    }
}
