//! What an ingest reads, as it was asked for.
//!
//! In: the command line and its configuration. Out: the open source. It is opened by the pipeline and not by
//! whoever asks for it, because only after the lake was found fit to take rows may a group be joined.

use std::path::PathBuf;
use std::sync::Arc;

use kayoi_lake::Lake;

use super::error::SourceError;
use super::file::{FileOptions, FileSource};
use super::kafka::{KafkaOptions, KafkaSource};
use super::polled::Source;
use crate::feed::Feed;

/// What an ingest reads.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "a process has one")]
pub enum Input {
    /// A file, a folder with all below it, or `-` for standard input.
    Files(PathBuf, FileOptions),
    /// Topics, as a member of a group.
    Topics(KafkaOptions),
}

impl Input {
    /// The feeds that it brings records of.
    pub(crate) fn feeds(&self) -> Vec<Arc<Feed>> {
        match self {
            Self::Files(_, options) => vec![Arc::clone(&options.feed)],
            Self::Topics(options) => options.topics.values().map(Arc::clone).collect(),
        }
    }

    /// Opens it.
    ///
    /// # Errors
    /// [`SourceError`] when there is nothing to read, or no broker answers.
    pub(crate) fn open(self, lake: &Lake) -> Result<Box<dyn Source>, SourceError> {
        Ok(match self {
            Self::Files(path, options) => Box::new(FileSource::open(&path, options)?),
            Self::Topics(options) => Box::new(KafkaSource::open(options, lake)?),
        })
    }
}
