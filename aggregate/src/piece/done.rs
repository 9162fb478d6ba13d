//! What a piece leaves. In: its records, written and counted. Out: [`Done`], which a note keeps.

use crate::count::Counts;
use crate::summary::AggregateSummary;

/// What one piece gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Done {
    /// Its files, a note for each derived table.
    pub files: Vec<String>,
    /// Its counts.
    pub counts: Counts,
    /// Its share of the summary.
    pub summary: AggregateSummary,
}
