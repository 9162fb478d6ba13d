//! Records in and out, by Kafka's own clients. In: a topic. Out: commands that read standard input, and
//! counts.

use std::process::Command;

use super::jars::Jars;
use super::settings::MAX_MESSAGE_BYTES;
use crate::parts::{PartError, program};

/// How all lines of a file are one transaction.
#[derive(Debug)]
pub struct Transaction<'a> {
    /// The `transactional.id` of the producer.
    pub id: &'a str,
    /// Whether it is aborted at the end, so that no reader may see it.
    pub is_aborted: bool,
}

/// A producer that sends each line of its standard input as a record, with settings of its reader as K=V. It
/// decodes its input as UTF-8 and puts U+FFFD for what is not: for other bytes there is [`produce_file`].
///
/// # Errors
/// When Kafka's jars cannot be had.
pub fn produce(bootstrap: &str, topic: &str, properties: &[String]) -> Result<Command, PartError> {
    let mut tool = Jars::install()?.tool("org.apache.kafka.tools.ConsoleProducer");
    tool.args(["--bootstrap-server", bootstrap, "--topic", topic]);
    tool.args(["--command-property", &format!("max.request.size={MAX_MESSAGE_BYTES}")]);
    tool.args(["--command-property", "linger.ms=20"]);
    for property in properties {
        tool.args(["--reader-property", property]);
    }
    Ok(tool)
}

/// A producer that reads lines of partition, timestamp in ms, key, value from its standard input (see
/// [`crate::records`]), with settings of Kafka's producer as K=V, and prints how many were acknowledged.
///
/// # Errors
/// When Kafka's jars cannot be had, or this Java has no compiler.
pub fn produce_file(
    bootstrap: &str,
    topic: &str,
    properties: &[String],
    transaction: Option<&Transaction<'_>>,
) -> Result<Command, PartError> {
    let jars = Jars::install()?;
    let mut list = Command::new("java");
    let modules = program::run("list the modules of Java", list.arg("--list-modules"))?;
    if !modules.lines().any(|module| module.starts_with("jdk.compiler@")) {
        let told = "this Java cannot compile tests/parts/kafka/Produce.java\n\
                    hint: install a JDK, version 17 or newer, instead of a JRE";
        return Err(PartError::WrongUse(told.to_owned()));
    }
    let end = if transaction.is_some_and(|transaction| transaction.is_aborted) { "abort" } else { "commit" };
    let mut producer = jars.producer();
    producer.args([topic, end, &format!("bootstrap.servers={bootstrap}")]);
    producer.arg(format!("max.request.size={MAX_MESSAGE_BYTES}"));
    producer.args(transaction.map(|transaction| format!("transactional.id={}", transaction.id)));
    producer.args(properties);
    Ok(producer)
}

/// Reads every record of a topic back and counts them.
///
/// # Errors
/// When a partition does not answer, or fewer records come than the offsets promise.
pub fn consume_count(bootstrap: &str, topic: &str) -> Result<u64, PartError> {
    let jars = Jars::install()?;
    let mut offsets = jars.tool("org.apache.kafka.tools.GetOffsetShell");
    offsets.args(["--bootstrap-server", bootstrap, "--topic", topic]);
    let action = format!("read the offsets of `{topic}`");
    let output = program::output(&mut offsets)?;
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    // A partition without a leader would count as empty.
    if !output.status.success() || told.contains("Skip getting offsets") {
        return Err(PartError::Refused { action, said: program::last_lines(&told) });
    }
    let promised: u64 = told.lines().filter_map(end_offset).sum();
    if promised == 0 {
        return Ok(0);
    }
    let mut consumer = jars.tool("org.apache.kafka.tools.consumer.ConsoleConsumer");
    consumer.args(["--bootstrap-server", bootstrap, "--topic", topic, "--from-beginning"]);
    consumer.args(["--max-messages", &promised.to_string(), "--timeout-ms", "10000"]);
    // The records themselves are not kept: a topic may be larger than the memory.
    let output = program::output(consumer.stdout(std::process::Stdio::null()))?;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let read = told
        .lines()
        .find_map(|line| line.strip_prefix("Processed a total of ")?.split(' ').next()?.parse().ok());
    let read = read.unwrap_or(0);
    if read == promised {
        return Ok(read);
    }
    let said = format!("read `{read}` records where the offsets promise `{promised}`");
    Err(PartError::Refused { action: format!("read `{topic}` back"), said })
}

/// The offset of a line `topic:partition:offset`; `None` for a line of the log.
fn end_offset(line: &str) -> Option<u64> {
    let (topic, rest) = line.split_once(':')?;
    let (partition, offset) = rest.split_once(':')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    (!topic.contains(' ') && is_number(partition) && is_number(offset)).then(|| offset.parse().ok())?
}

/// A consumer that reads a given number of records and prints what Kafka's own measuring tool prints.
///
/// # Errors
/// When Kafka's jars cannot be had.
pub fn perf_consume(bootstrap: &str, topic: &str, messages: u64) -> Result<Command, PartError> {
    let mut tool = Jars::install()?.measuring_tool("org.apache.kafka.tools.ConsumerPerformance");
    tool.args(["--bootstrap-server", bootstrap, "--topic", topic, "--num-records", &messages.to_string()]);
    Ok(tool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_told_from_lines_of_the_log() {
        assert_eq!(end_offset("pings:2:1700"), Some(1700));
        for line in ["12:00:01.000 WARN a: b", "pings:2:", "pings:x:1", "a word:1:2", ""] {
            assert_eq!(end_offset(line), None, "{line}");
        }
    }
}
