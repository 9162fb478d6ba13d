//! Real Kafka: one KRaft node or three, no ZooKeeper, no container, Java 17.
//!
//! In: the jars of Maven Central that `tests/parts/kafka/pom.xml` names. Out: brokers on 127.0.0.1 whose
//! state is one folder. Records are sent by Kafka's own clients, so that what is ingested was not written by
//! the library that reads it.

mod jars;
mod metadata;
mod certificates;
mod settings;
mod cluster;
mod topics;
mod records;

pub use cluster::{pause, resume, start, start_node, stop};
pub use jars::{Jars, home, version};
pub use records::{Transaction, consume_count, perf_consume, produce, produce_file};
pub use settings::{Addresses, Cluster, SASL_PLAINTEXT, SASL_SSL, SSL};
pub use topics::{
    Leader, Topic, add_partitions, allow, create_topic, delete_records, delete_topic, group, leaders,
};
