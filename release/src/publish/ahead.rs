//! Exact counts, read ahead.
//!
//! In: the months that will be drawn, in order. Out: the counts of each, when it is its turn. They are read by a thread of
//! their own while the rows of the month before are made, since reading takes about as long as drawing and making; so
//! memory holds the exact counts of two months, and the third is not begun before the first is taken.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use kayoi_lake::ReleaseWriter;
use kayoi_schemas::time::Month;

use crate::draw::MonthCounts;
use crate::error::ReleaseError;
use crate::month::counts;
use crate::options::ReleaseOptions;

/// Counts of the months that will be drawn, as they come.
pub(super) struct Ahead<'a> {
    receiver: Receiver<Result<MonthCounts, ReleaseError>>,
    lake: &'a ReleaseWriter,
    options: ReleaseOptions,
}

impl<'scope> Ahead<'scope> {
    /// Begins to read the counts of these months.
    pub(super) fn read(
        scope: &'scope Scope<'scope, '_>,
        lake: &'scope ReleaseWriter,
        options: ReleaseOptions,
        months: Vec<Month>,
    ) -> Self {
        // Of no capacity: who reads waits with one month in hand.
        let (sender, receiver) = sync_channel(0);
        let of_thread = options.clone();
        scope.spawn(move || {
            for month in months {
                // Nobody receives after another step has failed, which then says why.
                if sender.send(counts(lake, month, &of_thread)).is_err() {
                    break;
                }
            }
        });
        Self { receiver, lake, options }
    }

    /// The counts of a month, which are read now if they were not read ahead.
    ///
    /// # Errors
    /// [`ReleaseError`] as reading gave it.
    pub(super) fn take(&self, month: Month) -> Result<MonthCounts, ReleaseError> {
        let is_due = |read: &Result<MonthCounts, _>| read.as_ref().map_or(true, |read| read.month() == month);
        self.receiver.iter().find(is_due).unwrap_or_else(|| counts(self.lake, month, &self.options))
    }
}
