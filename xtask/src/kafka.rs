//! `cargo xtask kafka`: real Kafka for trials. In: a command. Out: what it printed; a node lives on when it
//! has ended.

use std::path::PathBuf;
use std::process::ExitCode;

use kayoi_harness::parts::kafka::{self, Cluster, Jars, Topic, Transaction};
use kayoi_harness::parts::{PartError, Stop};

use crate::options::Options;
use crate::task::{self, Task};

pub(crate) const TASK: Task =
    Task { name: "kafka", meaning: "one node or three of a real Kafka, its topics and records", run };

const GREATEST: u32 = 100_000;

fn usage() -> Result<String, PartError> {
    Ok(include_str!("../usage/kafka.txt").trim_end().replace("{version}", &kafka::version()?))
}

fn run(words: Vec<String>) -> Result<ExitCode, PartError> {
    let (command, words) = task::command(words);
    let read = |names: &[&str], flags: &[&str]| Options::read(words.clone(), names, flags);
    match command.as_str() {
        "install" => read(&[], &[]).and_then(|_| Jars::install()).map(drop)?,
        "start" => start(&read(&["dir", "port", "controller-port", "nodes", "password"], &["sasl", "tls"])?)?,
        "stop" => stop(&read(&["dir", "node"], &["kill"])?)?,
        "start-node" => {
            let (folder, node) = one_node(&read(&["dir", "node"], &[])?)?;
            task::print(kafka::start_node(&folder, node)?);
        }
        "pause" => {
            one_node(&read(&["dir", "node"], &[])?).and_then(|(folder, node)| kafka::pause(&folder, node))?
        }
        "resume" => {
            one_node(&read(&["dir", "node"], &[])?).and_then(|(folder, node)| kafka::resume(&folder, node))?
        }
        "topic" => topic(&read(&["bootstrap", "create", "partitions", "replication", "config"], &[])?)?,
        "add-partitions" => {
            let options = read(&["bootstrap", "topic", "partitions"], &[])?;
            let (bootstrap, topic) = of_topic(&options)?;
            kafka::add_partitions(bootstrap, topic, options.number("partitions", 1..=GREATEST)?)?;
        }
        "leaders" => leaders(&read(&["bootstrap", "topic"], &[])?)?,
        "delete-records" => {
            let options = read(&["bootstrap", "topic", "partition", "before"], &[])?;
            let (bootstrap, topic) = of_topic(&options)?;
            let partition = options.number("partition", 0..=GREATEST as i32)?;
            kafka::delete_records(bootstrap, topic, partition, options.number("before", 0..=i64::MAX)?)?;
        }
        "group" => {
            let options = read(&["bootstrap", "group"], &[])?;
            task::print(kafka::group(options.need("bootstrap")?, options.need("group")?)?.trim_end());
        }
        "produce" => {
            let options = read(&["bootstrap", "topic", "property"], &[])?;
            let (bootstrap, topic) = of_topic(&options)?;
            // The console producer greets every line with a prompt.
            let mut producer = kafka::produce(bootstrap, topic, &options.all("property"))?;
            return task::hand_over(producer.stdout(std::process::Stdio::null()));
        }
        "produce-file" => {
            return produce_file(&read(&["bootstrap", "topic", "property", "transactional-id"], &["abort"])?);
        }
        "consume-count" => {
            let options = read(&["bootstrap", "topic"], &[])?;
            let (bootstrap, topic) = of_topic(&options)?;
            task::print(kafka::consume_count(bootstrap, topic)?);
        }
        "perf-consume" => {
            let options = read(&["bootstrap", "topic", "messages"], &[])?;
            let (bootstrap, topic) = of_topic(&options)?;
            let messages = options.number("messages", 1..=u64::MAX)?;
            return task::hand_over(&mut kafka::perf_consume(bootstrap, topic, messages)?);
        }
        "help" => task::print(usage()?),
        _ => return Err(task::unknown(&command)),
    }
    Ok(ExitCode::SUCCESS)
}

fn of_topic(options: &Options) -> Result<(&str, &str), PartError> {
    Ok((options.need("bootstrap")?, options.need("topic")?))
}

fn one_node(options: &Options) -> Result<(PathBuf, u32), PartError> {
    Ok((options.folder("dir")?, options.number("node", 1..=3)?))
}

fn start(options: &Options) -> Result<(), PartError> {
    let port = options.port("port")?;
    // The highest port has none behind it; which are allowed, the cluster says.
    let controller_port = options.find_port("controller-port")?.unwrap_or(port.saturating_add(1));
    let mut cluster = Cluster::new(&options.folder("dir")?, port, controller_port);
    cluster.nodes = options.find_number("nodes", 1..=3)?.unwrap_or(1);
    cluster.has_tls = options.has("tls");
    if options.has("sasl") {
        cluster.password = Some(options.need("password")?.to_owned());
    }
    task::print(kafka::start(&cluster)?);
    Ok(())
}

fn stop(options: &Options) -> Result<(), PartError> {
    let how = if options.has("kill") { Stop::Kill } else { Stop::InOrder };
    kafka::stop(&options.folder("dir")?, options.find_number("node", 1..=3)?, how)
}

fn topic(options: &Options) -> Result<(), PartError> {
    let topic = Topic {
        name: options.need("create")?,
        partitions: options.find_number("partitions", 1..=GREATEST)?.unwrap_or(1),
        replication: options.find_number("replication", 1..=3)?,
        settings: &options.all("config"),
    };
    kafka::create_topic(options.need("bootstrap")?, &topic)
}

fn leaders(options: &Options) -> Result<(), PartError> {
    let (bootstrap, topic) = of_topic(options)?;
    for leader in kafka::leaders(bootstrap, topic)? {
        let in_sync = leader.in_sync.join(",");
        task::print(format_args!("{}\t{}\t{in_sync}", leader.partition, leader.leader));
    }
    Ok(())
}

fn produce_file(options: &Options) -> Result<ExitCode, PartError> {
    let (bootstrap, topic) = of_topic(options)?;
    let is_aborted = options.has("abort");
    if is_aborted {
        options.need("transactional-id")?;
    }
    let transaction = options.find("transactional-id").map(|id| Transaction { id, is_aborted });
    let properties = options.all("property");
    task::hand_over(&mut kafka::produce_file(bootstrap, topic, &properties, transaction.as_ref())?)
}
