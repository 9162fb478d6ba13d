//! What is left of a bucket, or of a piece of one, when it is measured. In: its records, written and counted.
//! Out: [`Done`], which a note keeps.

use crate::count::Counts;
use crate::summary::AggregateSummary;

/// What it adds to the tables, the counts and the summary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    /// The names of its files, as one text for each derived table.
    pub files: Vec<String>,
    /// What its devices add to the exact counts.
    pub counts: Counts,
    /// What its devices add to the summary.
    pub summary: AggregateSummary,
}
