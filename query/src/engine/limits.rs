//! How much a question may take. In: nothing. Out: [`Limits`], with values for a server that a town can run.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How much a question may take.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Limits {
    /// Rows of an answer.
    pub rows: usize,
    /// Bytes of an answer.
    pub answer_bytes: usize,
    /// Time from the text to the last row.
    pub timeout: Duration,
    /// Bytes of memory that all running questions together may hold.
    pub memory_bytes: usize,
    /// Bytes of all answers that wait on disk for slow readers.
    pub spool_bytes: u64,
    /// Whether those who have signed in say first what figures are for.
    pub asks_purpose: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 1_000_000,
            answer_bytes: 512 << 20,
            timeout: Duration::from_secs(30),
            memory_bytes: 256 << 20,
            spool_bytes: 4 << 30,
            asks_purpose: false,
        }
    }
}
