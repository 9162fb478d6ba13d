//! How much a question may take. In: nothing. Out: [`Limits`], with values for a server that a town can run.

use std::time::Duration;

/// How much a question may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rows of an answer.
    pub rows: usize,
    /// Bytes of an answer in memory.
    pub answer_bytes: usize,
    /// Time from the text to the last row.
    pub timeout: Duration,
    /// Bytes that all running queries together may use for sorting, grouping and joining.
    pub memory_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 1_000_000,
            answer_bytes: 512 << 20,
            timeout: Duration::from_secs(30),
            memory_bytes: 256 << 20,
        }
    }
}
