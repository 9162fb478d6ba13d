//! What a long job has done so far, so that the next run goes on and does not start over.
//!
//! In: notes by name, each written once when its part is done. Out: the same notes after a crash. They lie
//! below `journal/` in the lake, in a folder named by everything the job depends on: a job over other data
//! finds none. Notes speak of files that no table names yet, so they are only good until upkeep deletes such
//! files; a note whose files are gone counts as not written.

use bytes::Bytes;
use deltalake_core::kernel::Add;

use crate::error::LakeError;
use crate::lake::Lake;
use crate::location::Location;
use crate::replace::Replacement;

const FOLDER: &str = "journal";
/// The folder, in the place of a job's, of the note that leads the processes of one run to its other notes.
pub const OPEN_RUN: &str = "open";

/// The notes of one job.
#[derive(Debug)]
pub struct Journal {
    location: Location,
    folder: String,
}

impl Lake {
    /// The journal of a job; `job` names all that its result depends on, in letters and digits.
    pub fn journal(&self, job: &str) -> Journal {
        Journal { location: self.location().clone(), folder: format!("{FOLDER}/{job}") }
    }

    /// Deletes the notes of all jobs. What a job under way has measured by then is worth nothing: it finds its
    /// notes gone and ends.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn clear_journal(&self) -> Result<(), LakeError> {
        self.block_on(async {
            let mut notes = self.location().list(FOLDER).await?;
            // Who is stopped midway leaves notes that nobody is led to, and no way to notes that are gone.
            notes.sort_by_key(|note| !note.path.starts_with(&format!("{FOLDER}/{OPEN_RUN}/")));
            for note in notes {
                self.location().delete(&note.path).await?;
            }
            Ok(())
        })
    }
}

impl Journal {
    /// A note; `None` when it was not written.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn read(&self, lake: &Lake, name: &str) -> Result<Option<String>, LakeError> {
        let bytes = lake.block_on(self.location.read(&format!("{}/{name}", self.folder)))?;
        Ok(bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()))
    }

    /// The names of the notes that are there, by one request to the store and without reading any.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub async fn names(&self) -> Result<Vec<String>, LakeError> {
        let found = self.location.list(&self.folder).await?;
        Ok(found.iter().filter_map(|note| note.path.rsplit('/').next()).map(str::to_owned).collect())
    }

    /// Writes a note unless it is there. Returns whether it was written.
    ///
    /// # Errors
    /// [`LakeError`] when it cannot be written.
    pub fn write(&self, lake: &Lake, name: &str, text: String) -> Result<bool, LakeError> {
        let path = format!("{}/{name}", self.folder);
        lake.block_on(self.location.create(&path, Bytes::from(text)))
    }

    /// Deletes a note; one that is not there counts as deleted.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn delete(&self, lake: &Lake, name: &str) -> Result<(), LakeError> {
        lake.block_on(self.location.delete(&format!("{}/{name}", self.folder)))
    }
}

impl Replacement {
    /// Complete files so far.
    pub fn file_count(&self) -> usize {
        self.adds.len()
    }

    /// The files completed after the first `count`, for a note.
    ///
    /// # Errors
    /// [`LakeError::Note`] when they cannot be written down.
    pub fn files_since(&self, count: usize) -> Result<String, LakeError> {
        serde_json::to_string(&self.adds[count..]).map_err(LakeError::Note)
    }

    /// Forgets the files after the first `count`, which then belong to no table.
    pub fn truncate(&mut self, count: usize) {
        self.adds.truncate(count);
    }

    /// Takes files of a note up again. Returns false, and takes none, when one of them is gone or cut, or
    /// the note cannot be read.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer: that says nothing of a file, and hours of work would be lost.
    pub fn restore(&mut self, lake: &Lake, note: &str) -> Result<bool, LakeError> {
        let Ok(adds) = serde_json::from_str::<Vec<Add>>(note) else { return Ok(false) };
        let folder = self.table.description.path;
        for add in &adds {
            let size = lake.block_on(lake.location().size_bytes(&format!("{folder}/{}", add.path)))?;
            if size != Some(add.size.max(0) as u64) {
                return Ok(false);
            }
        }
        self.adds.extend(adds);
        Ok(true)
    }
}
