//! Topics, partitions and groups, by Kafka's own tools. In: a bootstrap address. Out: what the tools did or
//! told.

use super::jars::Jars;
use crate::parts::{PartError, program};

const TOPICS: &str = "org.apache.kafka.tools.TopicCommand";

/// A topic to create.
#[derive(Debug, Default)]
pub struct Topic<'a> {
    /// The name of the topic.
    pub name: &'a str,
    /// How many partitions it has.
    pub partitions: u32,
    /// On how many nodes each partition is kept; on all when it is not said.
    pub replication: Option<u32>,
    /// Settings, as K=V.
    pub settings: &'a [String],
}

/// Where a partition is.
#[derive(Debug, PartialEq, Eq)]
pub struct Leader {
    /// Number of the partition.
    pub partition: String,
    /// The node that leads it, or `none`.
    pub leader: String,
    /// The nodes that have all of it.
    pub in_sync: Vec<String>,
}

/// Creates a topic.
///
/// # Errors
/// When Kafka does not, with its reason.
pub fn create_topic(bootstrap: &str, topic: &Topic<'_>) -> Result<(), PartError> {
    let mut tool = Jars::install()?.tool(TOPICS);
    tool.args(["--bootstrap-server", bootstrap, "--create", "--topic", topic.name]);
    tool.args(["--partitions", &topic.partitions.to_string()]);
    if let Some(replication) = topic.replication {
        tool.args(["--replication-factor", &replication.to_string()]);
    }
    for setting in topic.settings {
        tool.args(["--config", setting]);
    }
    program::run(&format!("create topic `{}`", topic.name), &mut tool).map(drop)
}

/// Deletes a topic.
///
/// # Errors
/// When Kafka does not, with its reason.
pub fn delete_topic(bootstrap: &str, topic: &str) -> Result<(), PartError> {
    let mut tool = Jars::install()?.tool(TOPICS);
    tool.args(["--bootstrap-server", bootstrap, "--delete", "--topic", topic]);
    program::run(&format!("delete topic `{topic}`"), &mut tool).map(drop)
}

/// Gives user `kayoi` a right, in the words of Kafka's own tool, as `--operation Read --topic pings`.
///
/// # Errors
/// When Kafka does not, with its reason.
pub fn allow(bootstrap: &str, right: &[&str]) -> Result<(), PartError> {
    let mut tool = Jars::install()?.tool("org.apache.kafka.tools.AclCommand");
    tool.args(["--bootstrap-server", bootstrap, "--add", "--allow-principal", "User:kayoi"]).args(right);
    program::run("give a right", &mut tool).map(drop)
}

/// Raises the number of partitions.
///
/// # Errors
/// When Kafka does not, with its reason.
pub fn add_partitions(bootstrap: &str, topic: &str, partitions: u32) -> Result<(), PartError> {
    let mut tool = Jars::install()?.tool(TOPICS);
    tool.args(["--bootstrap-server", bootstrap, "--alter", "--topic", topic]);
    tool.args(["--partitions", &partitions.to_string()]);
    program::run(&format!("add partitions to `{topic}`"), &mut tool).map(drop)
}

/// Where the partitions of a topic are.
///
/// # Errors
/// When Kafka does not say.
pub fn leaders(bootstrap: &str, topic: &str) -> Result<Vec<Leader>, PartError> {
    let mut tool = Jars::install()?.tool(TOPICS);
    tool.args(["--bootstrap-server", bootstrap, "--describe", "--topic", topic]);
    let told = program::run(&format!("describe topic `{topic}`"), &mut tool)?;
    Ok(told.lines().filter_map(leader).collect())
}

/// A line of the tool's description of a partition, as `Topic: T Partition: 0 Leader: 1 Replicas: 1,2 Isr:
/// 1,2`.
fn leader(line: &str) -> Option<Leader> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let after = |name: &str| words.windows(2).find(|pair| pair[0] == name).map(|pair| pair[1].to_owned());
    let in_sync = after("Isr:").unwrap_or_default();
    Some(Leader {
        partition: after("Partition:")?,
        leader: after("Leader:").unwrap_or_default(),
        in_sync: in_sync.split(',').filter(|node| !node.is_empty()).map(str::to_owned).collect(),
    })
}

/// Drops the records of a partition before an offset.
///
/// # Errors
/// When Kafka does not, with its reason.
pub fn delete_records(bootstrap: &str, topic: &str, partition: i32, before: i64) -> Result<(), PartError> {
    let action = format!("delete the records before `{before}`");
    let asked = tempfile::NamedTempFile::new();
    let asked = asked.map_err(|source| PartError::Io { action: action.clone(), source })?;
    let text = format!(
        "{{\"version\":1,\"partitions\":\
         [{{\"topic\":\"{topic}\",\"partition\":{partition},\"offset\":{before}}}]}}"
    );
    std::fs::write(asked.path(), text).map_err(PartError::on("write", asked.path()))?;
    let mut tool = Jars::install()?.tool("org.apache.kafka.tools.DeleteRecordsCommand");
    tool.args(["--bootstrap-server", bootstrap, "--offset-json-file"]).arg(asked.path());
    let told = program::run(&action, &mut tool)?;
    // The tool ends with 0 whatever happened.
    if told.contains("low_watermark") {
        Ok(())
    } else {
        Err(PartError::Refused { action, said: told.trim().to_owned() })
    }
}

/// Offsets and lag of a consumer group, as Kafka's tool prints them.
///
/// # Errors
/// When Kafka does not say.
pub fn group(bootstrap: &str, group: &str) -> Result<String, PartError> {
    let action = format!("describe group `{group}`");
    let mut tool = Jars::install()?.tool("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand");
    tool.args(["--bootstrap-server", bootstrap, "--describe", "--group", group]);
    let told = program::run(&action, &mut tool)?;
    // This one ends with 0 whatever happened, too.
    match told.split_once("Error: ") {
        Some((_, reason)) => Err(PartError::Refused { action, said: reason.trim().to_owned() }),
        None => Ok(told),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_without_a_leader_is_told_as_such() {
        let line =
            "\tTopic: pings\tPartition: 2\tLeader: 3\tReplicas: 3,1,2\tIsr: 3,1\tElr: \tLastKnownElr: ";
        let in_sync = vec!["3".to_owned(), "1".to_owned()];
        assert_eq!(leader(line), Some(Leader { partition: "2".to_owned(), leader: "3".to_owned(), in_sync }));
        assert_eq!(
            leader("Topic: pings\tTopicId: x\tPartitionCount: 3\tReplicationFactor: 3\tConfigs: "),
            None
        );
        let lost = leader("\tTopic: pings\tPartition: 0\tLeader: none\tReplicas: 1\tIsr: ").unwrap();
        assert_eq!((lost.leader.as_str(), lost.in_sync.len()), ("none", 0));
    }
}
