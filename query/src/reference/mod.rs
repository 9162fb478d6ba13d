//! Tables of facts that belong to nobody: which municipalities there are, which lie side by side, what each date is, and
//! how far phones show what is true.
//!
//! In: the register, the neighbours and the calendar that figures are made with, and what simulated worlds say of them. Out: tables beside those of a release, so
//! that a question can join what it knows of a place or a date and needs no file of its own. They are the same in every
//! release and for whoever asks, whatever areas she may see.

use std::sync::{Arc, LazyLock};

use datafusion::arrow::array::RecordBatch;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::Result;

use crate::beside::Described;

mod calendar;
mod class_errors;
mod municipalities;
mod neighbours;

/// Their words, in the order in which they are listed.
pub(crate) static TABLES: [&Described; 4] =
    [&municipalities::TABLE, &neighbours::TABLE, &calendar::TABLE, &class_errors::TABLE];

/// The tables, each made when it is first listed.
static PROVIDERS: LazyLock<Result<Vec<Arc<dyn TableProvider>>>> = LazyLock::new(|| {
    let made = [municipalities::rows(), neighbours::rows(), calendar::rows(), class_errors::rows()];
    made.into_iter().map(|rows| provider(rows?)).collect()
});

fn provider(rows: RecordBatch) -> Result<Arc<dyn TableProvider>> {
    Ok(Arc::new(MemTable::try_new(rows.schema(), vec![vec![rows]])?))
}

/// What there is to read, with its name. There is nothing should a column not fit its type, which a test rules out.
pub(crate) fn tables() -> Vec<(&'static str, Arc<dyn TableProvider>)> {
    let providers = PROVIDERS.as_ref().map(Vec::as_slice).unwrap_or_default();
    TABLES.iter().map(|table| table.name).zip(providers.iter().cloned()).collect()
}

#[cfg(test)]
#[path = "reference_tests.rs"]
mod tests;
