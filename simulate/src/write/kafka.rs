//! The feed as a Kafka topic.
//!
//! In: the records of each delivery day. Out: JSON messages, keyed by device id, in order of arrival. When
//! the producer's queue is full the simulation waits for it, so memory stays bounded; a message that was not
//! acknowledged makes the whole run an error.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kayoi_geography::Geography;
use rdkafka::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::message::DeliveryResult;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer, ProducerContext};
use rdkafka::types::RDKafkaErrorCode;

use super::fields::Senders;
use super::{json, write_truth};
use crate::deliver::{Delivery, Record};
use crate::error::SimulateError;
use crate::format::Format;
use crate::ground::Ground;
use crate::land::Land;
use crate::people::people;
use crate::stream::stream;
use crate::world::{Progress, World, Written};

const FLUSH: Duration = Duration::from_secs(120);
const WAIT_FOR_QUEUE: Duration = Duration::from_millis(50);
/// Messages after which acknowledgements are fetched.
const POLL_EVERY: usize = 4_096;

/// Counts messages that the brokers did not acknowledge.
#[derive(Default)]
struct Acknowledgements {
    failed: AtomicU64,
}

impl ClientContext for Acknowledgements {}

impl ProducerContext for Acknowledgements {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if result.is_err() {
            self.failed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Sends the feed to a topic, which must exist or be created by the brokers. The truth goes to `truth_dir`.
///
/// # Errors
/// [`SimulateError`] for an impossible world, when the brokers refuse, or when messages were not
/// acknowledged.
pub fn send_world(
    world: &World,
    geography: &Geography,
    brokers: &str,
    topic: &str,
    truth_dir: Option<&Path>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Written, SimulateError> {
    send_on(world, geography, (brokers, topic), truth_dir, progress)
}

/// [`send_world`] on any ground.
pub(crate) fn send_on(
    world: &World,
    ground: &dyn Ground,
    (brokers, topic): (&str, &str),
    truth_dir: Option<&Path>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Written, SimulateError> {
    world.check()?;
    let land = Land::new(world, ground)?;
    let people = people(world, &land)?;
    let senders = Senders::new(world, &people);
    let refused =
        |source| SimulateError::Kafka { brokers: brokers.to_owned(), topic: topic.to_owned(), source };
    let producer = producer(brokers).map_err(refused)?;
    let delivery = Delivery::new(world.preset, Format::Ndjson);
    let mut message = Vec::with_capacity(512);
    let mut sink = |_, records: Vec<Record>| {
        for (number, record) in records.iter().enumerate() {
            message.clear();
            json::append(&mut message, record, &senders);
            send(&producer, topic, senders.text(record), &message).map_err(refused)?;
            if number % POLL_EVERY == 0 {
                producer.poll(Duration::ZERO);
            }
        }
        Ok(())
    };
    let written = stream(world, &land, &people, &delivery, &mut sink, progress)?;
    producer.flush(FLUSH).map_err(refused)?;
    match producer.context().failed.load(Ordering::Relaxed) {
        0 => {}
        failed => return Err(SimulateError::Unacknowledged { topic: topic.to_owned(), failed }),
    }
    if let Some(folder) = truth_dir {
        write_truth(world, &land, &people, folder, &written)?;
    }
    Ok(written)
}

fn producer(brokers: &str) -> Result<BaseProducer<Acknowledgements>, KafkaError> {
    ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("compression.type", "zstd")
        .set("linger.ms", "50")
        .set("batch.num.messages", "10000")
        .set("queue.buffering.max.messages", "500000")
        // Retries may neither reorder nor repeat: the summary counts every message once.
        .set("enable.idempotence", "true")
        // The partitioner of Java clients.
        .set("partitioner", "murmur2_random")
        .create_with_context(Acknowledgements::default())
}

fn send(
    producer: &BaseProducer<Acknowledgements>,
    topic: &str,
    key: &str,
    message: &[u8],
) -> Result<(), KafkaError> {
    let mut record = BaseRecord::to(topic).key(key).payload(message);
    loop {
        match producer.send(record) {
            Ok(()) => return Ok(()),
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), returned)) => {
                record = returned;
                producer.poll(WAIT_FOR_QUEUE);
            }
            Err((error, _)) => return Err(error),
        }
    }
}

#[cfg(test)]
#[path = "kafka_tests.rs"]
mod tests;
