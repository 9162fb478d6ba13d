"""Raw consumption: librdkafka reads the topic to its end and nothing is done with the records.

In: a topic. Out: one line of JSON. Through confluent-kafka, 100,000 messages a call: making one Python object a
record is all that is added to librdkafka, and the clock ends with the last record. The same settings as Kayoi's.
"""

import argparse
import json
import resource
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

SETTINGS = {
    "group.id": "bench-raw", "enable.auto.commit": False, "enable.auto.offset.store": False,
    "enable.partition.eof": False, "fetch.min.bytes": 1_048_576, "fetch.wait.max.ms": 100,
    "fetch.message.max.bytes": 8_388_608, "fetch.max.bytes": 67_108_864, "receive.message.max.bytes": 134_217_728,
    "queued.min.messages": 1_000_000, "queued.max.messages.kbytes": 262_144, "fetch.queue.backoff.ms": 0,
    "check.crcs": False,
}
MESSAGES = 100_000
SILENCE_S = 30


def consume(brokers, topic, take):
    """Reads what the topic holds now, hands each batch to `take`, and returns the number of records."""
    consumer = Consumer({"bootstrap.servers": brokers, **SETTINGS})
    partitions = consumer.list_topics(topic, 10).topics[topic].partitions
    ends = [consumer.get_watermark_offsets(TopicPartition(topic, number), 10) for number in partitions]
    records = sum(end - start for start, end in ends)
    consumer.assign([TopicPartition(topic, number, OFFSET_BEGINNING) for number in partitions])
    read, heard = 0, time.perf_counter()
    while read < records:
        messages = consumer.consume(MESSAGES, 0.1)
        if messages:
            heard = time.perf_counter()
        elif time.perf_counter() - heard > SILENCE_S:
            raise SystemExit(f"silent for {SILENCE_S} s after {read} of {records} records")
        for message in messages:
            if message.error():
                raise SystemExit(f"librdkafka: {message.error().name()}")
        take(messages)
        read += len(messages)
    return read


def own_processor_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", required=True)
    parser.add_argument("--topic", required=True)
    options = parser.parse_args()
    before, started = own_processor_seconds(), time.perf_counter()
    read = consume(options.kafka, options.topic, lambda messages: None)
    print(json.dumps({"read": read, "seconds": time.perf_counter() - started,
                      "processor_s": own_processor_seconds() - before}))


if __name__ == "__main__":
    main()
