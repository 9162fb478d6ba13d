// Sends binary records to a topic. In: a topic, `commit` or `abort`, and settings of Kafka's producer as K=V; on
// standard input one record per line: partition, timestamp in ms, key, value, with a tab between, key and value base64.
// Out: how many records Kafka acknowledged. It is one file on Kafka's own jars, so that what is ingested was not
// written by the library that reads it, and nothing has to be built first. `cargo xtask kafka produce-file` runs it.
//
// An empty key or value is null and `-` is zero bytes: Kafka tells the two apart. Reading works on bytes without making
// strings, because a benchmark sends tens of millions of lines.

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

public final class Produce {
    private final String topic;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    private Produce(String topic) {
        this.topic = topic;
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3 || !(arguments[1].equals("commit") || arguments[1].equals("abort"))) {
            System.err.println("usage: Produce TOPIC commit|abort bootstrap.servers=B [K=V]...");
            System.exit(2);
        }
        Properties settings = settings(Arrays.copyOfRange(arguments, 2, arguments.length));
        System.exit(new Produce(arguments[0]).run(settings, arguments[1].equals("commit")) ? 0 : 1);
    }

    private static Properties settings(String[] pairs) {
        Properties settings = new Properties();
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("linger.ms", "10");
        settings.put("batch.size", "262144");
        settings.put("buffer.memory", "67108864");
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                System.err.println("setting `" + pair + "` is not K=V");
                System.exit(2);
            }
            settings.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return settings;
    }

    /** Sends everything; false when a record was not acknowledged or a line could not be read. */
    private boolean run(Properties settings, boolean commit) throws IOException {
        boolean transactional = settings.containsKey("transactional.id");
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, bytes, bytes)) {
            if (transactional) {
                producer.initTransactions();
                producer.beginTransaction();
            }
            sendAll(producer, new Lines(System.in));
            // Aborting discards what is still under way; without this, fewer records than promised would be written.
            producer.flush();
            if (transactional && commit && failure.get() == null) {
                producer.commitTransaction();
            } else if (transactional) {
                producer.abortTransaction();
            }
        } catch (RuntimeException error) {
            failure.compareAndSet(null, error);
        }
        System.out.println(acknowledged.get());
        if (failure.get() != null) {
            System.err.println("Produce: " + failure.get());
        }
        return failure.get() == null;
    }

    private void sendAll(KafkaProducer<byte[], byte[]> producer, Lines lines) throws IOException {
        while (failure.get() == null && lines.next()) {
            ProducerRecord<byte[], byte[]> record;
            try {
                record = lines.record(topic);
            } catch (IllegalArgumentException error) {
                // Base64's own message shows a byte of the record, so it is left out.
                failure.compareAndSet(null, new IllegalArgumentException("line " + lines.number
                    + " is not: partition, timestamp in ms, key, value, with a tab between, in digits and base64"));
                return;
            }
            producer.send(record, (written, error) -> {
                if (error == null) {
                    acknowledged.incrementAndGet();
                } else {
                    failure.compareAndSet(null, error);
                }
            });
        }
    }

    /** Splits a stream into lines in one buffer, which grows to the longest line. */
    private static final class Lines {
        private static final byte[] NO_BYTES = {};
        private final InputStream input;
        private byte[] buffer = new byte[1 << 20];
        private int filled;
        private int lineStart;
        private int lineEnd = -1;
        private int fieldStart;
        long number;

        Lines(InputStream input) {
            this.input = input;
        }

        /** Moves to the next line; false at the end of the input. */
        boolean next() throws IOException {
            lineStart = lineEnd + 1;
            int position = lineStart;
            number++;
            while (true) {
                for (; position < filled; position++) {
                    if (buffer[position] == '\n') {
                        return lineEndsAt(position);
                    }
                }
                position -= makeRoom();
                int read = input.read(buffer, filled, buffer.length - filled);
                if (read < 0) {
                    return position > lineStart && lineEndsAt(position);
                }
                filled += read;
            }
        }

        private boolean lineEndsAt(int position) {
            lineEnd = position;
            fieldStart = lineStart;
            return true;
        }

        /** Moves the open line to the front, or doubles a buffer that is full of it; returns how far it moved. */
        private int makeRoom() {
            int moved = Math.min(lineStart, filled);
            System.arraycopy(buffer, moved, buffer, 0, filled - moved);
            filled -= moved;
            lineStart -= moved;
            if (filled == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * buffer.length);
            }
            return moved;
        }

        ProducerRecord<byte[], byte[]> record(String topic) {
            Long partition = whole(fieldEnd('\t'));
            Long timestamp = whole(fieldEnd('\t'));
            byte[] key = bytes(fieldEnd('\t'));
            byte[] value = bytes(lineEnd);
            Integer chosen = partition == null ? null : Math.toIntExact(partition);
            return new ProducerRecord<>(topic, chosen, timestamp, key, value);
        }

        private int fieldEnd(char separator) {
            for (int position = fieldStart; position < lineEnd; position++) {
                if (buffer[position] == separator) {
                    return position;
                }
            }
            throw new IllegalArgumentException("too few fields");
        }

        private Long whole(int end) {
            int start = fieldStart;
            fieldStart = end + 1;
            if (start == end) {
                return null;
            }
            if (end - start > 18) {
                throw new IllegalArgumentException("too many digits");
            }
            long value = 0;
            for (int position = start; position < end; position++) {
                int digit = buffer[position] - '0';
                if (digit < 0 || digit > 9) {
                    throw new IllegalArgumentException("not a digit");
                }
                value = 10 * value + digit;
            }
            return value;
        }

        private byte[] bytes(int end) {
            int start = fieldStart;
            fieldStart = end + 1;
            if (start == end) {
                return null;
            }
            if (end - start == 1 && buffer[start] == '-') {
                return NO_BYTES;
            }
            return Base64.getDecoder().decode(Arrays.copyOfRange(buffer, start, end));
        }
    }
}
