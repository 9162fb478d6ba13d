//! What can go wrong with a lake, each with what to do about it.

use std::path::PathBuf;

use crate::refusal::{hint, hint_line};

/// A lake that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The file system refused.
    #[error("cannot use `{}`\nhint: is the folder there, may this user write in it, and is there room on the disk?", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A bucket that cannot be used.
    #[error(
        "cannot use `{url}`: {reason}\nhint: a lake is a folder or s3://bucket/prefix, with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and, for another store than Amazon's, AWS_ENDPOINT"
    )]
    Place {
        /// What was typed.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// What a job did cannot be written down.
    #[error("cannot write down what the job did so far")]
    Note(#[source] serde_json::Error),
    /// The store refused.
    #[error("cannot {action} `{path}` in the store\nhint: {}", hint(&**source))]
    Store {
        /// What was tried.
        action: &'static str,
        /// The file, below the lake's root.
        path: String,
        /// The store's answer.
        source: Box<object_store::Error>,
    },
    /// A data file is not sorted as its table says.
    #[error(
        "a file of table `{table}` is not sorted\nhint: it was not written by Kayoi; it cannot be merged"
    )]
    Unsorted {
        /// The name of the table.
        table: String,
    },
    /// Rows were lost or doubled: a defect.
    #[error(transparent)]
    Broken(#[from] kayoi_schemas::invariant::Broken),
    /// Two maintenance jobs at once.
    #[error(
        "another maintenance job holds the lease until {until}: `{holder}`\nhint: wait for it; after a crash the lease ends by itself, or delete `{path}`"
    )]
    Leased {
        /// Who holds it.
        holder: String,
        /// When it ends, UTC.
        until: String,
        /// The lease file.
        path: String,
    },
    /// The lake was made by a newer Kayoi.
    #[error(
        "lake `{path}` has format {found}, this Kayoi reads up to {known}\nhint: use a newer Kayoi, or another --lake"
    )]
    NewerFormat {
        /// Where the lake is.
        path: String,
        /// Format in its marker file.
        found: u32,
        /// Newest format known here.
        known: u32,
    },
    /// The folder has a marker that Kayoi did not write.
    #[error(
        "`{path}` is not a lake: its kayoi-lake.json cannot be read\nhint: name another --lake, or restore the file"
    )]
    NoLake {
        /// Where the lake is.
        path: String,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// Another pseudonym key was used before.
    #[error(
        "the key `{given}` is not the key `{expected}` that this lake was filled with\nhint: give the first key with --key-file; a lake keeps one key, or devices would be counted twice"
    )]
    OtherKey {
        /// Fingerprint of the key that was given.
        given: String,
        /// Fingerprint in the lake.
        expected: String,
    },
    /// A table has another schema than this Kayoi writes.
    #[error(
        "table `{table}` has columns `{found}`, this Kayoi needs `{needed}`\nhint: another version of Kayoi wrote it; {}",
        remedy(table)
    )]
    OtherSchema {
        /// The name of the table.
        table: &'static str,
        /// Columns in the lake.
        found: String,
        /// Columns needed.
        needed: String,
    },
    /// The Delta library refused.
    #[error("cannot {action} table `{table}`{}", hint_line(&**source))]
    Delta {
        /// What was tried.
        action: &'static str,
        /// The name of the table.
        table: String,
        /// The library's answer.
        source: Box<deltalake_core::DeltaTableError>,
    },
    /// The marker names a number of buckets that there cannot be.
    #[error(
        "the lake has {found} buckets, which is no power of two up to 4096\nhint: `kayoi lake buckets 1` sets it right"
    )]
    Buckets {
        /// What the marker says.
        found: u32,
    },
    /// A run died between the commits of its tables.
    #[error(
        "table `{other}` was made by another run than `{first}`\nhint: `kayoi aggregate` goes on with the run that was stopped, or makes both anew"
    )]
    MixedRuns {
        /// The name of a table.
        first: &'static str,
        /// The name of one that another run made.
        other: &'static str,
    },
    /// A manifest that is none.
    #[error(
        "the manifest of release {revision} cannot be read\nhint: restore its file in `release/manifests` from a backup of the lake"
    )]
    Manifest {
        /// The number of the release.
        revision: u64,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A manifest of a newer Kayoi.
    #[error(
        "release {revision} has a manifest of format {found}; this Kayoi reads {known}\nhint: use the Kayoi that made it, or a newer one"
    )]
    NewerManifest {
        /// The number of the release.
        revision: u64,
        /// Its format.
        found: u64,
        /// The newest that is read.
        known: u32,
    },
    /// Release tables that no manifest names.
    #[error(
        "the figures of this lake belong to no release that is whole: a release was stopped, or an older Kayoi made them, whose figures are withheld\nhint: `kayoi aggregate` releases again"
    )]
    NoManifest,
    /// Another process has released under the same number.
    #[error("release {revision} was made by another process meanwhile\nhint: run it again")]
    ReleasedMeanwhile {
        /// The number of the release.
        revision: u64,
    },
    /// Somebody else consumed the same source meanwhile.
    #[error(
        "source `{source_id}` stands at {found:?}, this process expected {expected:?}\nhint: another process ingests the same source; stop one of them, then start again"
    )]
    Fenced {
        /// The id of the source.
        source_id: String,
        /// Position in the lake.
        found: Option<i64>,
        /// Position this process started from.
        expected: Option<i64>,
    },
    /// Columns cannot be read or written.
    #[error("cannot read or write Parquet of table `{table}`")]
    Parquet {
        /// The name of the table.
        table: String,
        /// The library's answer.
        source: parquet::errors::ParquetError,
    },
    /// Columns do not fit.
    #[error("columns of table `{table}` do not fit")]
    Arrow {
        /// The name of the table.
        table: String,
        /// The library's answer.
        source: arrow::error::ArrowError,
    },
}

impl LakeError {
    /// Whether a file that the lake's log names is not there.
    pub fn is_missing_file(&self) -> bool {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(self);
        while let Some(error) = cause {
            let of_system = error.downcast_ref::<std::io::Error>();
            let of_store = error.downcast_ref::<object_store::Error>();
            let of_store =
                of_store.or_else(|| error.downcast_ref::<Box<object_store::Error>>().map(AsRef::as_ref));
            if of_system.is_some_and(|error| error.kind() == std::io::ErrorKind::NotFound)
                || of_store.is_some_and(|error| matches!(error, object_store::Error::NotFound { .. }))
            {
                return true;
            }
            cause = error.source();
        }
        false
    }

    pub(crate) fn delta(
        action: &'static str,
        table: &str,
    ) -> impl FnOnce(deltalake_core::DeltaTableError) -> Self + use<> {
        let table = table.to_owned();
        move |source| Self::Delta { action, table, source: Box::new(source) }
    }

    pub(crate) fn store(
        action: &'static str,
        path: &str,
    ) -> impl FnOnce(object_store::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Store { action, path, source: Box::new(source) }
    }

    pub(crate) fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn parquet(table: &str) -> impl Fn(parquet::errors::ParquetError) -> Self + use<> {
        let table = table.to_owned();
        move |source| Self::Parquet { table: table.clone(), source }
    }

    pub(crate) fn arrow(table: &str) -> impl Fn(arrow::error::ArrowError) -> Self + use<> {
        let table = table.to_owned();
        move |source| Self::Arrow { table: table.clone(), source }
    }
}

/// What to do about a table of another version: what was made of the pings can be made again.
fn remedy(table: &str) -> &'static str {
    match table {
        "pings" | "late_pings" | "rejects" | "quality" => "use another --lake folder",
        _ => "`kayoi aggregate` makes it anew from the pings",
    }
}
