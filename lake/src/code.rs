//! The code of each error of a lake.
//!
//! In: a [`LakeError`]. Out: its [`ErrorCode`]. Where the error only says that a store or the Delta library refused, what
//! lies below it decides (`refusal.rs`): a login that is refused is mended elsewhere than a file that is gone.

use std::error::Error;
use std::io;

use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::TransactionError;
use kayoi_schemas::error_code::ErrorCode;

use crate::error::LakeError;
use crate::log::MAINTENANCE;
use crate::refusal::Refusal;

impl LakeError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Io { .. } => ErrorCode::LakeFolder,
            Self::Place { .. } => ErrorCode::StoreAddress,
            Self::Store { .. } => below(self).unwrap_or(ErrorCode::StoreUnreachable),
            Self::Delta { source, .. } if is_lost_race(source) => ErrorCode::Raced,
            Self::Delta { .. } | Self::Parquet { .. } => below(self).unwrap_or(ErrorCode::Damaged),
            Self::NoLake { .. } => ErrorCode::NoLake,
            Self::NewerFormat { .. } | Self::NewerManifest { .. } | Self::OtherSchema { .. } => {
                ErrorCode::OtherVersion
            }
            Self::Unsorted { .. } | Self::Buckets { .. } | Self::Manifest { .. } | Self::Arrow { .. } => {
                ErrorCode::Damaged
            }
            Self::Leased { .. } => ErrorCode::Leased,
            Self::ReleasedMeanwhile { .. } => ErrorCode::Raced,
            Self::Fenced { source_id, .. } if source_id == MAINTENANCE => ErrorCode::Raced,
            Self::Fenced { .. } => ErrorCode::TwoReaders,
            Self::MixedRuns { .. } | Self::NoManifest => ErrorCode::NotWhole,
            Self::OtherKey { .. } => ErrorCode::OtherKey,
            Self::Note(_) | Self::Broken(_) => ErrorCode::Defect,
        }
    }
}

/// A commit that another process was first to make, more often than one tries again.
fn is_lost_race(error: &DeltaTableError) -> bool {
    match error {
        DeltaTableError::Transaction { source } => matches!(
            source,
            TransactionError::CommitConflict(_)
                | TransactionError::MaxCommitAttempts(_)
                | TransactionError::VersionAlreadyExists(_)
        ),
        other => matches!(other, DeltaTableError::VersionAlreadyExists(_)),
    }
}

/// What the store or the disk said, where one of them is a cause.
fn below(error: &LakeError) -> Option<ErrorCode> {
    if let Some(refusal) = Refusal::of(error) {
        return Some(refusal.code());
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.downcast_ref::<object_store::Error>();
        let said = said.or_else(|| error.downcast_ref::<Box<object_store::Error>>().map(AsRef::as_ref));
        if let Some(code) = said.and_then(of_store) {
            return Some(code);
        }
        if error.is::<io::Error>() {
            return Some(ErrorCode::LakeFolder);
        }
        cause = error.source();
    }
    None
}

/// `None` where a folder refused, whose own cause says why.
fn of_store(error: &object_store::Error) -> Option<ErrorCode> {
    use object_store::Error as Said;
    match error {
        Said::NotFound { .. } => Some(ErrorCode::Damaged),
        Said::PermissionDenied { .. } | Said::Unauthenticated { .. } => Some(ErrorCode::StoreDenied),
        Said::AlreadyExists { .. } | Said::Precondition { .. } => Some(ErrorCode::Raced),
        Said::Generic { store: "S3", .. } => Some(ErrorCode::StoreUnreachable),
        // The list of the library is open: what it may say besides is no answer of a store.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn refused(source: object_store::Error) -> ErrorCode {
        LakeError::store("read", "pings/a.parquet")(source).code()
    }

    fn words(words: &str) -> Box<dyn Error + Send + Sync> {
        words.to_owned().into()
    }

    #[test]
    fn what_a_store_said_decides() {
        use object_store::Error as Said;
        let path = || "pings/a.parquet".to_owned();
        let denied = Said::PermissionDenied { path: path(), source: words("403") };
        assert_eq!(refused(denied), ErrorCode::StoreDenied);
        let gone = Said::NotFound { path: path(), source: words("<Code>NoSuchKey</Code>") };
        assert_eq!(refused(gone), ErrorCode::Damaged);
        // The answer to a list has no status that the client passes on.
        let listed = Said::Generic { store: "S3", source: words("403: <Code>AccessDenied</Code>") };
        assert_eq!(refused(listed), ErrorCode::StoreDenied);
        let no_bucket = Said::NotFound { path: path(), source: words("<Code>NoSuchBucket</Code>") };
        assert_eq!(refused(no_bucket), ErrorCode::StoreAddress);
        let refused_connection = io::Error::from(io::ErrorKind::ConnectionRefused);
        let silent = Said::Generic { store: "S3", source: Box::new(refused_connection) };
        assert_eq!(refused(silent), ErrorCode::StoreUnreachable);
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert_eq!(refused(Said::Generic { store: "folder", source: Box::new(full) }), ErrorCode::LakeFolder);
    }

    #[test]
    fn a_commit_that_came_too_late_lost_a_race_and_a_log_that_cannot_be_read_is_damaged() {
        let of = |error| LakeError::delta("write", "pings")(error).code();
        assert_eq!(of(DeltaTableError::VersionAlreadyExists(7)), ErrorCode::Raced);
        let attempts = TransactionError::MaxCommitAttempts(15);
        assert_eq!(of(DeltaTableError::Transaction { source: attempts }), ErrorCode::Raced);
        assert_eq!(of(DeltaTableError::NotATable("pings".to_owned())), ErrorCode::Damaged);
        let denied = LakeError::io(Path::new("lake"))(io::ErrorKind::PermissionDenied.into());
        assert_eq!(denied.code(), ErrorCode::LakeFolder);
    }

    #[test]
    fn two_jobs_of_upkeep_race_and_two_ingests_read_the_same() {
        let fenced = |source_id: &str| LakeError::Fenced {
            source_id: source_id.to_owned(),
            found: Some(2),
            expected: Some(1),
        };
        assert_eq!(fenced(MAINTENANCE).code(), ErrorCode::Raced);
        assert_eq!(fenced("file/a.csv").code(), ErrorCode::TwoReaders);
    }
}
