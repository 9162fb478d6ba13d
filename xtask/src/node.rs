//! A Kafka node for the time of a measurement. In: a folder and a port. Out: topics; the node stops when it
//! is dropped.

use std::path::{Path, PathBuf};

use kayoi_harness::parts::{PartError, Stop, kafka};

use crate::bench;

/// A running node.
pub(crate) struct Node {
    folder: PathBuf,
    bootstrap: String,
}

impl Node {
    /// Starts a new one. What is in the folder goes, also a node that still runs there: an interrupt ends a
    /// measurement before it can stop its own.
    pub(crate) fn start(folder: &Path, port: u16) -> Result<Self, PartError> {
        if folder.is_dir() {
            kafka::stop(folder, None, Stop::Kill)?;
        }
        bench::remove(folder)?;
        let cluster = kafka::Cluster::new(folder, port, port.saturating_add(1));
        let bootstrap = kafka::start(&cluster)?.plain;
        Ok(Self { folder: folder.to_path_buf(), bootstrap })
    }

    /// Creates a topic on it.
    pub(crate) fn create(&self, name: &str, partitions: u32) -> Result<(), PartError> {
        kafka::create_topic(&self.bootstrap, &kafka::Topic { name, partitions, ..kafka::Topic::default() })
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Err(error) = kafka::stop(&self.folder, None, Stop::InOrder) {
            eprintln!("cannot stop Kafka in {}: {error}", self.folder.display());
        }
    }
}
