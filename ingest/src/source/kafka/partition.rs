//! A partition of a topic, and how far the broker has it.
//!
//! In: what the client says of it. Out: the key of its position in the lake, and its [`Ends`].

/// A partition of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Partition {
    /// Name of the topic.
    pub(super) topic: String,
    /// Its number within the topic.
    pub(super) number: i32,
}

impl Partition {
    /// Key of its position in the lake.
    pub(super) fn source_id(&self, job: &str) -> String {
        format!("{job}/kafka/{}/{}", self.topic, self.number)
    }
}

/// How far a broker has a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ends {
    /// First offset that was not deleted yet.
    pub low: i64,
    /// Offset that the next record will get.
    pub high: i64,
}

impl From<(i64, i64)> for Ends {
    /// The client gives the two as a pair, in this order.
    fn from((low, high): (i64, i64)) -> Self {
        Self { low, high }
    }
}
