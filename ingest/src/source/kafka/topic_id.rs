//! Which topic it is, beyond its name: brokers give every topic an id when it is made.
//!
//! In: a client and the name of a topic. Out: a number made of its id; `None` when the brokers do not say
//! (before Kafka 2.8, or when this user may not describe the topic). An offset says nothing of a topic that
//! was deleted and made anew under the same name, however many records it has. The client library offers
//! the question only in its C form, so it is asked here, and nowhere else, in unsafe code.

use std::ffi::CString;
use std::time::Duration;

use rdkafka::bindings as c;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::types::{RDKafka, RDKafkaRespErr};

/// The id of a topic as a number of 63 bits, as a position has.
pub(super) fn of<C: ConsumerContext>(consumer: &BaseConsumer<C>, topic: &str, wait: Duration) -> Option<i64> {
    let id = ask(consumer.client().native_ptr(), topic, wait);
    if id.is_none() {
        tracing::debug!(topic, "the brokers say no topic id");
    }
    id
}

#[expect(unsafe_code, reason = "the safe layer of the client library has no such question")]
fn ask(client: *mut RDKafka, topic: &str, wait: Duration) -> Option<i64> {
    let name = CString::new(topic).ok()?;
    let wait_ms = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
    let mut names = [name.as_ptr()];
    // SAFETY: `client` is alive, as the caller borrows it. What is made here is destroyed here, after its
    // last use; the names are copied by the library.
    unsafe {
        let topics = c::rd_kafka_TopicCollection_of_topic_names(names.as_mut_ptr(), names.len());
        let operation = c::rd_kafka_admin_op_t::RD_KAFKA_ADMIN_OP_DESCRIBETOPICS;
        let options = c::rd_kafka_AdminOptions_new(client, operation);
        c::rd_kafka_AdminOptions_set_request_timeout(options, wait_ms, std::ptr::null_mut(), 0);
        let queue = c::rd_kafka_queue_new(client);
        c::rd_kafka_DescribeTopics(client, topics, options, queue);
        let event = c::rd_kafka_queue_poll(queue, wait_ms);
        let id = if event.is_null() { None } else { id_in(event) };
        if !event.is_null() {
            c::rd_kafka_event_destroy(event);
        }
        c::rd_kafka_queue_destroy(queue);
        c::rd_kafka_AdminOptions_destroy(options);
        c::rd_kafka_TopicCollection_destroy(topics);
        id
    }
}

/// The id in an answer.
///
/// # Safety
/// `event` is an event of the library that was not destroyed.
#[expect(unsafe_code, reason = "the answer exists in its C form only")]
unsafe fn id_in(event: *mut c::rd_kafka_event_t) -> Option<i64> {
    // SAFETY: all pointers belong to the event, which outlives this call; each is checked before it is used.
    unsafe {
        if c::rd_kafka_event_error(event) != RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR {
            return None;
        }
        let result = c::rd_kafka_event_DescribeTopics_result(event);
        if result.is_null() {
            return None;
        }
        let mut count = 0;
        let found = c::rd_kafka_DescribeTopics_result_topics(result, &raw mut count);
        if found.is_null() || count == 0 {
            return None;
        }
        let topic = *found;
        let error = c::rd_kafka_TopicDescription_error(topic);
        if !error.is_null() && c::rd_kafka_error_code(error) != RDKafkaRespErr::RD_KAFKA_RESP_ERR_NO_ERROR {
            return None;
        }
        let id = c::rd_kafka_TopicDescription_topic_id(topic);
        if id.is_null() {
            return None;
        }
        let halves =
            (c::rd_kafka_Uuid_most_significant_bits(id), c::rd_kafka_Uuid_least_significant_bits(id));
        number(halves)
    }
}

/// Both halves of an id in one number; brokers that know no ids answer with zeros.
fn number((high, low): (i64, i64)) -> Option<i64> {
    if (high, low) == (0, 0) {
        return None;
    }
    let hash = blake3::hash(&[high.to_be_bytes(), low.to_be_bytes()].concat());
    let first = hash.as_bytes().first_chunk::<8>()?;
    Some(i64::from_be_bytes(*first) & i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn ids_that_differ_anywhere_are_different_numbers_and_zeros_are_none() {
        assert_eq!(number((0, 0)), None);
        let ids = [(1, 2), (2, 1), (1, 3), (i64::MIN, 0)].map(|id| number(id).unwrap());
        assert!(ids.iter().all(|id| *id >= 0));
        assert_eq!(std::collections::BTreeSet::from(ids).len(), ids.len());
    }
}
