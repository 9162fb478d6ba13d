//! The key to the release tables, for whoever makes them.
//!
//! In: a lake. Out: [`ReleaseWriter`], which reads exact counts month by month, keeps noised ones, replaces release
//! tables, and makes them visible by a manifest. It can open nothing else: a crate that is handed only this key
//! cannot read a ping.

use std::collections::BTreeSet;

use arrow::array::RecordBatch;
use bytes::Bytes;
use deltalake_core::kernel::{Action, Remove};
use deltalake_core::protocol::DeltaOperation;
use kayoi_schemas::tables::{InternalTable, ReleaseTable};
use kayoi_schemas::time::Month;

use crate::commit::Proposal;
use crate::error::LakeError;
use crate::lake::Lake;
use crate::manifest::{self, Manifest};
use crate::replace::Replacement;
use crate::run_mark::RunMark;
use crate::scan::stream_columns;
use crate::table::{DataFile, DeltaTable};

/// The file that says that a lake's real series has begun.
const SERIES: &str = "kayoi-release.json";

/// Reads the exact counts and writes release tables.
#[derive(Debug, Clone)]
pub struct ReleaseWriter(Lake);

impl Lake {
    /// The key for the release.
    pub fn release_writer(&self) -> ReleaseWriter {
        ReleaseWriter(self.clone())
    }

    /// The newest release; `None` before the first.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer, or its manifest cannot be read.
    pub fn newest_release(&self) -> Result<Option<Manifest>, LakeError> {
        self.block_on(manifest::newest(self.location()))
    }

    /// The months whose figures are final: their exact counts are not kept.
    ///
    /// # Errors
    /// As [`Lake::newest_release`].
    pub fn sealed_months(&self) -> Result<BTreeSet<Month>, LakeError> {
        Ok(self.newest_release()?.iter().flat_map(Manifest::sealed_months).collect())
    }
}

impl ReleaseWriter {
    /// The months that have exact counts.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn counted_months(&self) -> Result<BTreeSet<Month>, LakeError> {
        months(&self.0.files(InternalTable::Indicators)?)
    }

    /// The months that have noised counts.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn noised_months(&self) -> Result<BTreeSet<Month>, LakeError> {
        months(&self.0.files(InternalTable::Noised)?)
    }

    /// Columns of the exact counts of a month, as they are named, handed over batch by batch.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn exact_counts(
        &self,
        month: Month,
        columns: &[&str],
    ) -> Result<impl Iterator<Item = Result<RecordBatch, LakeError>>, LakeError> {
        self.rows_of(InternalTable::Indicators, month, columns)
    }

    /// Columns of the noised counts of a month.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be read.
    pub fn noised_counts(
        &self,
        month: Month,
        columns: &[&str],
    ) -> Result<impl Iterator<Item = Result<RecordBatch, LakeError>>, LakeError> {
        self.rows_of(InternalTable::Noised, month, columns)
    }

    fn rows_of(
        &self,
        table: InternalTable,
        month: Month,
        columns: &[&str],
    ) -> Result<impl Iterator<Item = Result<RecordBatch, LakeError>>, LakeError> {
        let month = month.to_string();
        let files = self.0.files(table)?.into_iter();
        let of_month = files.filter(move |file| file.partition_value.as_ref() == Some(&month));
        let columns: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
        Ok(of_month.flat_map(move |file| {
            let names: Vec<&str> = columns.iter().map(String::as_str).collect();
            stream_columns(table.table(), &file, &names)
        }))
    }

    /// Starts to replace the noised counts.
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be opened.
    pub fn replace_noised(&self) -> Result<Replacement, LakeError> {
        self.0.replace(InternalTable::Noised)
    }

    /// Deletes the exact counts of months, in the table and in all of its versions before, and the notes of
    /// runs, which hold them too. Returns the number of files.
    ///
    /// # Errors
    /// [`LakeError`] when the log or the store refuses; what is left goes the next time.
    pub fn delete_exact_counts(&self, months: &BTreeSet<Month>) -> Result<u64, LakeError> {
        if months.is_empty() {
            return Ok(0);
        }
        let is_meant =
            |value: Option<&str>| value.and_then(Month::parse).is_some_and(|month| months.contains(&month));
        let description = InternalTable::Indicators.table();
        let opened = self.0.block_on(DeltaTable::open_as_it_is(description, self.0.location()))?;
        if let Some(mut table) = opened {
            let files = self.0.block_on(table.files())?;
            let gone = files.into_iter().filter(|file| is_meant(file.partition_value.as_deref()));
            let actions: Vec<Action> =
                gone.map(|file| Action::Remove(Remove { data_change: true, ..file.remove })).collect();
            if !actions.is_empty() {
                let position = self.0.block_on(table.maintenance_position())?;
                let operation = DeltaOperation::Delete { predicate: None };
                let proposal =
                    Proposal { actions, positions: vec![position], mark: None, operation, note: None };
                self.0.block_on(table.commit(proposal))?;
            }
        }
        self.0.clear_journal()?;
        let mut deleted = 0;
        let root = format!("{}/", description.path);
        for file in self.0.block_on(self.0.location().list(description.path))? {
            let folder = file.path.strip_prefix(&root).and_then(|below| below.split_once('/'));
            let is_gone = match folder {
                Some((folder, _)) => is_meant(folder.strip_prefix("month=")),
                // An older Kayoi did not split the table: such files hold every month.
                None => file.path.ends_with(".parquet"),
            };
            if is_gone {
                self.0.block_on(self.0.location().delete(&file.path))?;
                deleted += 1;
            }
        }
        Ok(deleted)
    }

    /// The run that made the exact counts and the tables beside them.
    ///
    /// # Errors
    /// [`LakeError::MixedRuns`] when they are of several.
    pub fn run(&self) -> Result<Option<RunMark>, LakeError> {
        self.0.one_run()
    }

    /// The newest release; `None` before the first.
    ///
    /// # Errors
    /// As [`Lake::newest_release`].
    pub fn newest(&self) -> Result<Option<Manifest>, LakeError> {
        self.0.newest_release()
    }

    /// The numbers of all releases that are listed, the oldest first.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn revisions(&self) -> Result<Vec<u64>, LakeError> {
        self.0.block_on(manifest::revisions(self.0.location()))
    }

    /// The manifest of a release as it was written, and its signature; `None` when it is not listed.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn signed(&self, revision: u64) -> Result<Option<(Bytes, Option<Bytes>)>, LakeError> {
        let location = self.0.location();
        self.0.block_on(async {
            let Some(bytes) = manifest::bytes(location, revision).await? else { return Ok(None) };
            Ok(Some((bytes, location.read(&manifest::signature_path(revision)).await?)))
        })
    }

    /// What the lake remembers of its real series; `None` while it is in trial.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn series_record(&self) -> Result<Option<Bytes>, LakeError> {
        self.0.block_on(self.0.location().read(SERIES))
    }

    /// Writes that record where there is none; false when there is one.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn begin_series(&self, record: Bytes) -> Result<bool, LakeError> {
        self.0.block_on(self.0.location().create(SERIES, record))
    }

    /// Replaces that record.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn change_series(&self, record: Bytes) -> Result<(), LakeError> {
        self.0.block_on(self.0.location().overwrite(SERIES, record))
    }

    /// Starts to replace a release table. Nobody sees it before [`ReleaseWriter::publish`].
    ///
    /// # Errors
    /// [`LakeError`] when the table cannot be opened.
    pub fn replace(&self, table: ReleaseTable) -> Result<Replacement, LakeError> {
        self.0.replace_release(table)
    }

    /// The bytes of a file of a release; `None` when it is gone.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn file(&self, path: &str) -> Result<Option<Bytes>, LakeError> {
        self.0.block_on(self.0.location().read(path))
    }

    /// Makes a release visible: its signature first, then its manifest, in the words that were signed.
    ///
    /// # Errors
    /// [`LakeError::ReleasedMeanwhile`] when another process has released under the same number.
    pub fn publish(&self, revision: u64, manifest: Bytes, signature: Option<Bytes>) -> Result<(), LakeError> {
        let location = self.0.location();
        self.0.block_on(async {
            let is_new = match signature {
                // What a run left that died right here was signed by nobody's release.
                Some(signature) => {
                    let listed = manifest::bytes(location, revision).await?.is_some();
                    if !listed {
                        location.overwrite(&manifest::signature_path(revision), signature).await?;
                    }
                    !listed
                }
                None => true,
            };
            if is_new && location.create(&manifest::path(revision), manifest).await? {
                return Ok(());
            }
            Err(LakeError::ReleasedMeanwhile { revision })
        })
    }

    /// Takes a release out of the list; its files go with the next vacuum.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn unlist(&self, revision: u64) -> Result<(), LakeError> {
        let location = self.0.location();
        self.0.block_on(location.delete(&manifest::path(revision)))?;
        self.0.block_on(location.delete(&manifest::signature_path(revision)))
    }

    /// Takes a release out of the list and deletes the files that no other release has. Returns how many.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer; it is then out of the list, and its files may be left.
    pub fn retire(&self, revision: u64) -> Result<u64, LakeError> {
        let Some((bytes, _)) = self.signed(revision)? else { return Ok(0) };
        let gone = manifest::parse(revision, &bytes)?;
        self.unlist(revision)?;
        let location = self.0.location();
        let kept = self.named_files()?;
        let mut deleted = 0;
        let files = gone.tables.values().flat_map(|table| &table.files).map(|file| &file.path);
        for path in files.filter(|path| !kept.contains(*path)) {
            self.0.block_on(location.delete(path))?;
            deleted += 1;
        }
        Ok(deleted)
    }

    /// The files that any listed release names.
    ///
    /// # Errors
    /// [`LakeError`] when a manifest cannot be read.
    pub fn named_files(&self) -> Result<BTreeSet<String>, LakeError> {
        let mut named = BTreeSet::new();
        for revision in self.revisions()? {
            if let Some((bytes, _)) = self.signed(revision)? {
                let manifest = manifest::parse(revision, &bytes)?;
                named.extend(manifest.tables.into_values().flat_map(|t| t.files).map(|file| file.path));
            }
        }
        Ok(named)
    }

    /// Deletes files of release tables that no listed release names and that are older than `hours`.
    ///
    /// # Errors
    /// [`LakeError`] when the store does not answer.
    pub fn vacuum(&self, table: ReleaseTable, hours: u32, is_dry_run: bool) -> Result<u64, LakeError> {
        let named = self.named_files()?;
        let before = kayoi_schemas::time::Clock::System.now().0 - i64::from(hours) * 3_600_000;
        let location = self.0.location();
        let mut deleted = 0;
        for file in self.0.block_on(location.list(table.table().path))? {
            let is_data = file.path.ends_with(".parquet") && !file.path.contains("/_delta_log/");
            if is_data && file.modified.0 < before && !named.contains(&file.path) {
                if !is_dry_run {
                    self.0.block_on(location.delete(&file.path))?;
                }
                deleted += 1;
            }
        }
        Ok(deleted)
    }
}

fn months(files: &[DataFile]) -> Result<BTreeSet<Month>, LakeError> {
    Ok(files.iter().filter_map(|file| Month::parse(file.partition_value.as_deref()?)).collect())
}
