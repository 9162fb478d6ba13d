//! The commit: rows and the positions of their sources, together or not at all.
//!
//! In: files that are already written, and for each source the position this process started from and the one
//! it has reached. Out: one Delta version. Three things keep every record exactly once:
//!
//! 1. positions are `txn` actions of the same commit as the rows (a crash cannot part them);
//! 2. the position is compared with the very snapshot the commit is based on, and Delta refuses a commit whose
//!    `txn` another writer moved since (a process that woke up late cannot write twice);
//! 3. after any error the position is read again: if it is the one we wanted, the commit had landed.

use deltalake_core::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake_core::kernel::{Action, Add, Transaction};
use deltalake_core::protocol::{DeltaOperation, SaveMode};
use futures::TryStreamExt;
use kayoi_schemas::time::Clock;

use crate::error::LakeError;
use crate::table::DeltaTable;

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

/// What the facts after a failed commit mean.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Landed,
    Failed,
}

impl DeltaTable {
    /// Commits files and positions. With `replace`, the files of the snapshot go away in the same commit.
    ///
    /// # Errors
    /// [`LakeError::Fenced`] when a source stands elsewhere than this process expects, [`LakeError::Delta`] when
    /// the log refuses; in both cases nothing of this batch is in the table.
    pub async fn commit(
        &mut self,
        adds: Vec<Add>,
        positions: &[Position],
        replace: bool,
    ) -> Result<(), LakeError> {
        self.refresh().await?;
        for position in positions {
            let found = self.position(&position.source_id).await?;
            if found != position.from {
                let (source_id, expected) = (position.source_id.clone(), position.from);
                return Err(LakeError::Fenced { source_id, found, expected });
            }
        }
        let mut actions: Vec<Action> = Vec::new();
        if replace {
            let log_store = self.inner.log_store();
            let views = self.state()?.snapshot().file_views(log_store.as_ref(), None);
            let views: Vec<_> =
                views.try_collect().await.map_err(LakeError::delta("list", self.description.name))?;
            actions.extend(views.iter().map(|view| Action::Remove(view.remove_action(true))));
        }
        actions.extend(adds.into_iter().map(Action::Add));
        if actions.is_empty() && positions.is_empty() {
            return Ok(());
        }
        match self.try_commit(actions, positions, replace).await {
            Ok(()) => self.refresh().await,
            Err(error) => match self.outcome(positions).await? {
                Outcome::Landed => Ok(()),
                Outcome::Failed => Err(error),
            },
        }
    }

    async fn try_commit(
        &self,
        actions: Vec<Action>,
        positions: &[Position],
        replace: bool,
    ) -> Result<(), LakeError> {
        let now = Some(Clock::System.now().0);
        let transactions =
            positions.iter().map(|p| Transaction::new_with_last_update(&p.source_id, p.next, now));
        let properties = CommitProperties::default()
            .with_application_transactions(transactions.collect())
            .with_create_checkpoint(true)
            .with_cleanup_expired_logs(Some(false));
        let operation = DeltaOperation::Write {
            mode: if replace { SaveMode::Overwrite } else { SaveMode::Append },
            partition_by: self.description.partition.map(|column| vec![column.to_owned()]),
            predicate: None,
        };
        CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(self.state()?), self.inner.log_store(), operation)
            .await
            .map(|_| ())
            .map_err(LakeError::delta("commit to", self.description.name))
    }

    /// Reads the log again after an error: a store may report a failure for a commit that landed.
    async fn outcome(&mut self, positions: &[Position]) -> Result<Outcome, LakeError> {
        self.refresh().await?;
        let mut landed = !positions.is_empty();
        for position in positions {
            landed &= self.position(&position.source_id).await? == Some(position.next);
        }
        Ok(if landed { Outcome::Landed } else { Outcome::Failed })
    }
}
