//! Which run made a table, and of which pings.
//!
//! In: a run. Out: its mark, which every commit of its tables carries. It stands in the commit's info, for
//! people, and as positions, which stay when old entries of the log are deleted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::log::{PINGS_VERSION, RUN};

/// The name of a run: random, 63 bits, so that a log's position can hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RunId(pub(crate) i64);

impl RunId {
    /// A new one.
    pub fn new() -> Self {
        let (high, _) = uuid::Uuid::new_v4().as_u64_pair();
        Self((high >> 1) as i64)
    }
}

impl Default for RunId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for RunId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        i64::from_str_radix(text, 16).map(Self)
    }
}

impl From<RunId> for String {
    fn from(run: RunId) -> Self {
        run.to_string()
    }
}

impl TryFrom<String> for RunId {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// Says which run made a table, and the version of `pings` that it was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunMark {
    /// The run.
    pub run: RunId,
    /// What it read.
    pub pings_version: u64,
}

impl RunMark {
    /// The positions by which a commit carries it.
    pub(crate) fn positions(self) -> [(&'static str, i64); 2] {
        [(RUN, self.run.0), (PINGS_VERSION, self.pings_version as i64)]
    }

    pub(crate) fn note(self) -> (String, Value) {
        ("run".to_owned(), json!({ "id": self.run.to_string(), "pings_version": self.pings_version }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_named_by_sixteen_digits_that_give_it_back() {
        for _ in 0..100 {
            let run = RunId::new();
            let text = run.to_string();
            assert_eq!((text.len(), text.parse()), (16, Ok(run)));
        }
    }
}
