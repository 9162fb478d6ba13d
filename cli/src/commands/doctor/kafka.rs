//! Kafka: do the brokers answer, are the topics there, and does what is left of them fit the lake?
//!
//! In: the configuration and the lake's positions. Out: findings. The question that matters most is the last
//! one: a topic that forgets records faster than they are read loses them for good.

use std::collections::BTreeMap;

use kayoi_ingest::config::{Config, OnLostOffset};
use kayoi_ingest::setup;
use kayoi_ingest::source::kafka::{ClusterReport, Ends, PartitionReport, TopicReport, inspect};

use super::finding::{Advice, Finding, State};
use crate::screen::count;

const HOUR_MS: i64 = 3_600_000;
/// Shortest retention that outlasts a weekend without somebody at hand.
const LEAST_RETENTION_MS: i64 = 72 * HOUR_MS;

/// Asks the brokers, and compares what they have with the lake.
pub(crate) fn check(config: &Config, positions: &BTreeMap<String, i64>) -> Vec<Finding> {
    if config.kafka.brokers.is_empty() {
        return vec![Finding::skipped("kafka", "no brokers are configured")];
    }
    // What is wrong with the settings was said of the configuration.
    let Ok(options) = setup::kafka_options(config, true) else {
        return vec![Finding::skipped("kafka", "not asked: the configuration has a problem")];
    };
    let report = match inspect(&options) {
        Ok(report) => report,
        Err(error) => return vec![Finding::of_error("kafka", &error, "nothing can be read")],
    };
    let skips_lost = config.kafka.on_lost_offset == OnLostOffset::Skip;
    let mut findings = vec![brokers(&config.kafka.brokers, &report), group(config)];
    for topic in &report.topics {
        findings.extend(self::topic(topic, report.brokers.len()));
        findings.extend(reach(topic, positions, skips_lost));
    }
    findings
}

fn brokers(given: &str, report: &ClusterReport) -> Finding {
    let (named, found) = (given.split(',').count(), report.brokers.len());
    let says = format!("{found} brokers: {}", report.brokers.join(", "));
    if named == 1 && found > 1 {
        return Finding::warning(
            "kafka",
            says,
            Advice {
                why: "kafka.brokers names one of them: while it is down, no ingest can start",
                hint: "name two or three",
            },
        );
    }
    Finding::ok("kafka", says)
}

/// What whoever gives rights at the brokers has to know; a group is made by its first member.
fn group(config: &Config) -> Finding {
    Finding::ok("group", format!("an ingest joins `{}`, and must be allowed to read it", config.group()))
}

/// What a topic is, whatever the lake holds of it.
fn topic(topic: &TopicReport, brokers: usize) -> Vec<Finding> {
    let name = &topic.name;
    if topic.is_missing {
        return vec![Finding::problem(
            "topic",
            format!("`{name}` does not exist"),
            Advice {
                why: "an ingest ends at its start without it",
                hint: "create it, or check its name in [[feed]] topics",
            },
        )];
    }
    if let Some(refused) = &topic.refused {
        return vec![Finding::problem(
            "topic",
            format!("`{name}` is refused: {refused}"),
            Advice {
                why: "nothing of it can be read",
                hint: "let this user read and describe the topic, and read the consumer group",
            },
        )];
    }
    let mut findings = Vec::new();
    let least = |of: fn(&PartitionReport) -> usize| topic.partitions.iter().map(of).min().unwrap_or_default();
    let headless = topic.partitions.iter().filter(|partition| !partition.has_leader).count();
    if headless > 0 {
        findings.push(Finding::problem(
            "topic",
            format!("`{name}`: {headless} partitions have no leader"),
            Advice {
                why: "they cannot be read until one of their brokers is back",
                hint: "start the brokers that hold them",
            },
        ));
    }
    let silent = topic.partitions.iter().filter(|partition| partition.has_leader && partition.ends.is_none());
    if silent.count() > 0 {
        findings.push(Finding::problem("topic", format!("`{name}`: a leader does not tell its offsets"), Advice {
            why: "an ingest asks for them before it reads",
            hint: "can this machine reach every broker under the address that the cluster gives (advertised.listeners)?",
        }));
    }
    let (replicas, in_sync) = (least(|partition| partition.replicas), least(|partition| partition.in_sync));
    if headless == 0 && in_sync < replicas {
        findings.push(Finding::warning(
            "topic",
            format!("`{name}`: {in_sync} of {replicas} copies are up to date"),
            Advice { why: "one more broker down may stop reading", hint: "look at the brokers' logs" },
        ));
    } else if replicas == 1 && brokers > 1 {
        findings.push(Finding::warning(
            "topic",
            format!("`{name}` has one copy"),
            Advice {
                why: "a broker that breaks takes with it what was not read",
                hint: "raise the topic's replication factor to 3",
            },
        ));
    }
    findings.extend(keeping(topic));
    if findings.iter().all(|finding| finding.state < State::Warning) {
        let says = format!("`{name}`: {} partitions, {replicas} copies", topic.partitions.len());
        findings.insert(0, Finding::ok("topic", says));
    }
    findings
}

/// How long, and what, Kafka keeps.
fn keeping(topic: &TopicReport) -> Option<Finding> {
    let name = &topic.name;
    if topic.cleanup_policy.as_deref().is_some_and(|policy| policy.contains("compact")) {
        return Some(Finding::warning(
            "topic",
            format!("`{name}` is compacted by its keys"),
            Advice {
                why: "of records with one key Kafka keeps the last: pings are gone before they are read",
                hint: "set cleanup.policy=delete on the topic",
            },
        ));
    }
    match topic.retention_ms {
        Some(kept) if (0..LEAST_RETENTION_MS).contains(&kept) => Some(Finding::warning(
            "topic",
            format!("`{name}` keeps records for {} hours", kept / HOUR_MS),
            Advice {
                why: "an ingest that stands still for longer loses records for good",
                hint: "set retention.ms to a week or more",
            },
        )),
        Some(_) => None,
        None => Some(Finding::skipped(
            "topic",
            format!("`{name}`: the brokers do not say how long they keep records"),
        )),
    }
}

/// What the lake lacks, and whether Kafka still has it.
fn reach(topic: &TopicReport, positions: &BTreeMap<String, i64>, skips_lost: bool) -> Vec<Finding> {
    let name = &topic.name;
    let (mut findings, mut lag, mut unseen) = (Vec::new(), 0, 0);
    for partition in &topic.partitions {
        let Some(Ends { low, high }) = partition.ends else { continue };
        let number = partition.number;
        match positions.get(&partition.source_id) {
            Some(stored) if *stored < low => {
                let gone = count(low.abs_diff(*stored));
                let says = format!(
                    "`{name}` partition {number}: {gone} records are gone, from offset {stored} to {low}"
                );
                findings.push(lost(says, skips_lost));
                lag += high - low;
            }
            Some(stored) if *stored > high => findings.push(Finding::problem(
                "position",
                format!("`{name}` partition {number} ends at {high}, the lake is at {stored}"),
                Advice {
                    why: "the topic was made anew, or the brokers are others: offsets mean other records now",
                    hint: "read it under another job",
                },
            )),
            Some(stored) => lag += high - stored,
            None => {
                unseen += 1;
                lag += high - low;
            }
        }
    }
    if findings.is_empty() && !topic.partitions.is_empty() {
        let new = if unseen > 0 { format!(", {unseen} partitions were never read") } else { String::new() };
        let says = format!("`{name}`: {} records wait{new}", count(lag.unsigned_abs()));
        findings.push(Finding::ok("position", says));
    }
    findings
}

fn lost(says: String, skips_lost: bool) -> Finding {
    const WHY: &str = "Kafka deleted them before they were read; nobody can bring them back from there";
    if skips_lost {
        let hint = "the next ingest counts and skips them; ask the partner to send them again";
        return Finding::warning("position", says, Advice { why: WHY, hint });
    }
    let hint = "raise the topic's retention; to go on without them, set kafka.on_lost_offset = \"skip\"";
    Finding::problem("position", says, Advice { why: WHY, hint })
}

#[cfg(test)]
#[path = "kafka_tests.rs"]
mod tests;
