//! The commit: rows and the positions of their streams, together or not at all.
//!
//! In: files that are already written, and for each stream the position this process started from and the one
//! it has reached. Out: one Delta version. Four things keep every record exactly once:
//!
//! 1. positions are `txn` actions of the same commit as the rows (a crash cannot part them);
//! 2. the position is compared with the very snapshot the commit is based on, and Delta refuses a commit whose
//!    `txn` another writer moved since (a process that woke up late cannot write twice);
//! 3. every commit carries an id of its own: after any error the log is read again, and if the id is there, the
//!    commit had landed, whatever the store said;
//! 4. what rewrites files (replace, compact, forget) carries one common `txn`, so that two of them cannot both
//!    win; Delta alone lets two compactions of the same files land.

use std::collections::BTreeSet;
use std::time::Duration;

use deltalake_core::DeltaTableError;
use deltalake_core::kernel::transaction::{
    CommitBuilder, CommitConflictError, CommitProperties, TransactionError,
};
use deltalake_core::kernel::{Action, Add, Transaction};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use kayoi_schemas::time::Clock;
use serde_json::{Value, json};

use crate::error::LakeError;
use crate::fault;
use crate::log::{MAINTENANCE, NOTE};
use crate::refusal::Refusal;
use crate::run_mark::RunMark;
use crate::table::{DataFile, DeltaTable};

/// How often a commit is tried when something that it does not depend on came in between.
const ATTEMPTS: u32 = 6;
/// Pause before the second attempt; the ones after it grow by as much.
const PAUSE: Duration = Duration::from_millis(200);

/// How far a source was consumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// `job/topic/partition`, or a file's content hash.
    pub source_id: String,
    /// Where the lake stood when this batch was begun; `None`: never seen.
    pub from: Option<i64>,
    /// The next record to read after this commit.
    pub next: i64,
}

/// A commit to be made.
#[derive(Debug)]
pub(crate) struct Proposal {
    pub actions: Vec<Action>,
    pub positions: Vec<Position>,
    /// The run that made the files. Where it stood before is nobody's business: a rewrite is fenced already.
    pub mark: Option<RunMark>,
    pub operation: DeltaOperation,
    /// What the commit says about itself, beside its id.
    pub note: Option<(String, Value)>,
}

/// What comes in the place of a table's files.
struct Swap<'a> {
    adds: Vec<Add>,
    /// Files that stay, by path below the lake's root.
    kept: &'a BTreeSet<String>,
    positions: &'a [Position],
    mark: Option<RunMark>,
}

impl DeltaTable {
    /// Appends files and moves positions. `note` stands in the commit's info.
    ///
    /// # Errors
    /// [`LakeError::Fenced`] when a source stands elsewhere than this process expects, [`LakeError::Delta`]
    /// when the log refuses; in both cases nothing of this batch is in the table.
    pub async fn append(
        &mut self,
        adds: Vec<Add>,
        positions: &[Position],
        note: Option<(String, Value)>,
    ) -> Result<(), LakeError> {
        if adds.is_empty() && positions.is_empty() && note.is_none() {
            return Ok(());
        }
        let operation = DeltaOperation::Write {
            mode: SaveMode::Append,
            partition_by: self.description.partition.map(|column| vec![column.to_owned()]),
            predicate: None,
        };
        let actions = adds.into_iter().map(Action::Add).collect();
        let positions = positions.to_vec();
        self.commit(Proposal { actions, positions, mark: None, operation, note }).await
    }

    /// Puts files in the place of all that are there but those `kept`, marked by the run that made them. A file that is there
    /// already stays: when a run goes on that died between two commits, its first tables are as they should
    /// be.
    ///
    /// # Errors
    /// [`LakeError::Delta`] when the log refuses, [`LakeError::Fenced`] when the table was rewritten
    /// meanwhile; the old files then stay.
    pub async fn replace(
        &mut self,
        adds: Vec<Add>,
        kept: &BTreeSet<String>,
        mark: Option<RunMark>,
    ) -> Result<(), LakeError> {
        self.refresh().await?;
        let live = self.files().await?;
        // Of two runs no file has the same name.
        let is_done = !adds.is_empty() && live.len() == adds.len() && self.new_files(&live, &adds).is_empty();
        if is_done {
            Ok(())
        } else {
            self.replace_all(&live, Swap { adds, kept, positions: &[], mark }).await
        }
    }

    /// The files that are not there yet.
    fn new_files<'a>(&self, live: &[DataFile], adds: &'a [Add]) -> Vec<&'a Add> {
        let live: BTreeSet<&str> = live.iter().map(|file| file.path.as_str()).collect();
        adds.iter().filter(|add| !live.contains(self.below_root(add).as_str())).collect()
    }

    fn below_root(&self, add: &Add) -> String {
        format!("{}/{}", self.description.path, add.path)
    }

    /// Puts files in the place of all that are there, and moves positions in the same commit.
    ///
    /// # Errors
    /// As [`DeltaTable::replace`]; [`LakeError::Fenced`] also when a source stands elsewhere than expected.
    pub async fn replace_with(&mut self, adds: Vec<Add>, positions: &[Position]) -> Result<(), LakeError> {
        self.refresh().await?;
        let live = self.files().await?;
        self.replace_all(&live, Swap { adds, kept: &BTreeSet::new(), positions, mark: None }).await
    }

    async fn replace_all(&mut self, live: &[DataFile], swap: Swap<'_>) -> Result<(), LakeError> {
        let Swap { adds, kept, positions, mark } = swap;
        let position = self.maintenance_position().await?;
        // No path is taken away and put in by one commit: readers would be free to see either.
        let new = self.new_files(live, &adds).into_iter().cloned().map(Action::Add);
        let staying: BTreeSet<String> = adds.iter().map(|add| self.below_root(add)).collect();
        let stays = |file: &&DataFile| staying.contains(&file.path) || kept.contains(&file.path);
        let gone = live.iter().filter(|file| !stays(file)).map(|file| Action::Remove(file.remove.clone()));
        let mut actions: Vec<Action> = gone.collect();
        actions.extend(self.new_columns()?);
        actions.extend(new);
        let operation = DeltaOperation::Write {
            mode: SaveMode::Overwrite,
            partition_by: self.description.partition.map(|column| vec![column.to_owned()]),
            predicate: None,
        };
        let positions = std::iter::once(position).chain(positions.iter().cloned()).collect();
        let note = mark.map(RunMark::note);
        self.commit(Proposal { actions, positions, mark, operation, note }).await
    }

    /// The position that lets a rewrite planned on this snapshot win only when no other rewrite came before
    /// it.
    pub(crate) async fn maintenance_position(&mut self) -> Result<Position, LakeError> {
        let from = self.position(MAINTENANCE).await?;
        Ok(Position { source_id: MAINTENANCE.to_owned(), from, next: from.unwrap_or(0) + 1 })
    }

    /// Makes a commit, and finds out what became of it when the store does not say.
    pub(crate) async fn commit(&mut self, proposal: Proposal) -> Result<(), LakeError> {
        let id = uuid::Uuid::new_v4().to_string();
        for attempt in 1.. {
            self.refresh().await?;
            self.require(&proposal.positions).await?;
            let base = self.version();
            let mut result = self.try_commit(&proposal, &id).await;
            if result.is_ok() {
                result = fault::point("commit-landed");
            }
            let Err(error) = result else { return self.refresh().await };
            self.refresh().await?;
            if self.has_commit(base, &id).await? {
                return Ok(());
            }
            self.require(&proposal.positions).await?;
            if attempt >= ATTEMPTS || !is_worth_another_attempt(&error) {
                return Err(error);
            }
            tokio::time::sleep(PAUSE * attempt).await;
        }
        Ok(())
    }

    /// Refuses when a source stands elsewhere than expected.
    async fn require(&mut self, positions: &[Position]) -> Result<(), LakeError> {
        for position in positions {
            let found = self.position(&position.source_id).await?;
            if found != position.from {
                let (source_id, expected) = (position.source_id.clone(), position.from);
                return Err(LakeError::Fenced { source_id, found, expected });
            }
        }
        Ok(())
    }

    async fn try_commit(&self, proposal: &Proposal, id: &str) -> Result<(), LakeError> {
        let now = Some(Clock::System.now().0);
        let transaction = |id: &str, next: i64| Transaction::new_with_last_update(id, next, now);
        let transactions = proposal.positions.iter().map(|p| transaction(&p.source_id, p.next));
        let marks = proposal.mark.into_iter().flat_map(RunMark::positions);
        let transactions = transactions.chain(marks.map(|(id, next)| transaction(id, next)));
        let mut note = json!({ "commit": id });
        if let (Some((name, value)), Some(map)) = (&proposal.note, note.as_object_mut()) {
            map.insert(name.clone(), value.clone());
        }
        let properties = CommitProperties::default()
            .with_application_transactions(transactions.collect())
            .with_metadata([(NOTE.to_owned(), note)])
            .with_create_checkpoint(true)
            .with_cleanup_expired_logs(Some(false));
        let mut actions = proposal.actions.clone();
        // Asked of each try's own snapshot: of two processes that add a column one is first, and one of a later
        // version may have added a column that this one would take away.
        if has_new_files(&actions) && !has_columns(&actions) {
            self.check_schema()?;
            actions.extend(self.new_columns()?);
        }
        CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(self.state()?), self.inner.log_store(), proposal.operation.clone())
            .await
            .map(|_| ())
            .map_err(LakeError::delta("commit to", self.description.name))
    }
}

fn has_new_files(actions: &[Action]) -> bool {
    actions.iter().any(|action| matches!(action, Action::Add(_)))
}

fn has_columns(actions: &[Action]) -> bool {
    actions.iter().any(|action| matches!(action, Action::Metadata(_)))
}

/// A rewrite of files that a mere append does not read, a column that another process was first to add, or a store
/// that did not answer: as the commit did not land and every position still stands where it did, the same commit is
/// right once more. Should the first try land after all, the second one meets its `txn`.
fn is_worth_another_attempt(error: &LakeError) -> bool {
    let LakeError::Delta { source, .. } = error else { return false };
    match source.as_ref() {
        // What the store said in a transaction comes as it is.
        DeltaTableError::ObjectStore { source } => !Refusal::of(source).is_some_and(Refusal::is_final),
        DeltaTableError::VersionAlreadyExists(_) => true,
        DeltaTableError::Transaction { source } => matches!(
            source,
            TransactionError::CommitConflict(
                CommitConflictError::ConcurrentDeleteRead
                    | CommitConflictError::ConcurrentTransaction
                    | CommitConflictError::MetadataChanged
            ) | TransactionError::MaxCommitAttempts(_)
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_store_failed_with_in_a_commit_is_tried_again_and_what_delta_refused_is_not() {
        let commit = |source: TransactionError| LakeError::delta("commit to", "pings")(source.into());
        let reset = || object_store::Error::Generic { store: "S3", source: "connection reset".into() };
        for again in [
            TransactionError::ObjectStore { source: reset() },
            TransactionError::VersionAlreadyExists(7),
            TransactionError::MaxCommitAttempts(15),
            TransactionError::CommitConflict(CommitConflictError::ConcurrentTransaction),
        ] {
            let error = commit(again);
            assert!(is_worth_another_attempt(&error), "{error:?}");
        }
        let refused = commit(TransactionError::DeltaTableAppendOnly);
        assert!(!is_worth_another_attempt(&refused), "{refused:?}");
    }
}
