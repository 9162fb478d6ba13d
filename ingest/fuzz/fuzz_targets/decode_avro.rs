//! Any bytes as an Avro record, block, container, frame and schema: never a panic; a ping that is written
//! again with the contract's schema is the same ping.
//!
//! The first byte chooses the writer's schema: the contract, one with every type, or one that the input
//! brings along.
#![no_main]
#![allow(clippy::expect_used, reason = "a fuzz target fails by panicking")]

#[path = "../../src/format/spec_encoder.rs"]
#[allow(dead_code, reason = "the other format's half")]
mod spec_encoder;

use kayoi_ingest::format::avro::Program;
use kayoi_ingest::format::avro::container::Container;
use kayoi_ingest::format::frame::{Frame, SchemaKind};
use kayoi_ingest::format::mapping::Mapping;
use kayoi_schemas::ping::Ping;
use libfuzzer_sys::fuzz_target;

const CONTRACT: &str = include_str!("../../../schemas/contracts/ping.avsc");
const EVERY_TYPE: &str = r#"{"type":"record","name":"P","fields":[
    {"name":"tree","type":["null","P",{"type":"array","items":{"type":"map","values":["P","null","bytes"]}}]},
    {"name":"id","type":{"type":"fixed","name":"F","size":3}},
    {"name":"device_id","type":["string","null","boolean","bytes"]},
    {"name":"timestamp","type":["double","null","float","int",{"type":"long","logicalType":"timestamp-micros"}]},
    {"name":"latitude","type":["int","float","null","double"]},
    {"name":"longitude","type":"long"},
    {"name":"source","type":{"type":"enum","name":"E","symbols":["none","GPS","wifi"]}},
    {"name":"consent","type":["null","E","string"]}]}"#;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    let mapping = Mapping::default();
    match choice {
        0 => read(CONTRACT, rest, &mapping),
        1 => read(EVERY_TYPE, rest, &mapping),
        2 => {
            // A schema up to the first zero byte, then a record.
            let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
            let (schema, record) = rest.split_at(end);
            if let Ok(schema) = std::str::from_utf8(schema) {
                read(schema, record.get(1..).unwrap_or_default(), &mapping);
            }
        }
        _ => {
            if let Ok(container) = Container::open(rest) {
                let program = Program::compile(container.schema(), &mapping);
                for block in container.map_while(Result::ok) {
                    if let Ok(program) = &program {
                        let ends = program.record_ends(&block.bytes, block.records);
                        assert_eq!(ends.len() as u64, block.records);
                        assert!(ends.is_sorted() && ends.last().is_none_or(|end| *end == block.bytes.len()));
                    }
                }
            }
        }
    }
    if let Ok(frame) = Frame::parse(bytes, SchemaKind::Avro) {
        assert_eq!(frame.body.len() + 5, bytes.len());
    }
});

fn read(schema: &str, record: &[u8], mapping: &Mapping) {
    let Ok(program) = Program::compile(schema, mapping) else { return };
    if let Ok((_, length)) = program.decode_prefix(record) {
        assert!(program.decode(&record[..length]).is_ok());
    }
    let Ok(mut ping) = program.decode(record) else { return };
    ping.unknown_fields = 0;
    let bytes = write(&ping);
    let again = Program::compile(CONTRACT, mapping).expect("the contract compiles").decode(&bytes);
    assert_same(&again.expect("a written ping is read"), &with_required(ping));
}

/// The contract has no null for what is required.
fn with_required(mut ping: Ping<'_>) -> Ping<'_> {
    ping.device_id.get_or_insert_default();
    ping.timestamp_ms.get_or_insert_default();
    ping.latitude.get_or_insert_default();
    ping.longitude.get_or_insert_default();
    ping
}

/// Equal, also when a number is NaN.
fn assert_same(one: &Ping<'_>, other: &Ping<'_>) {
    let numbers = |ping: &Ping<'_>| [ping.latitude, ping.longitude, ping.accuracy_m, ping.speed_m_s];
    let bits = |ping: &Ping<'_>| numbers(ping).map(|number| number.map(f64::to_bits));
    assert_eq!(bits(one), bits(other));
    assert_eq!((one.age, one.sex), (other.age, other.sex));
    assert_eq!(
        (&one.device_id, one.timestamp_ms, one.source, &one.consent, one.unknown_fields),
        (&other.device_id, other.timestamp_ms, other.source, &other.consent, other.unknown_fields)
    );
}

fn write(ping: &Ping<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    spec_encoder::text(&mut bytes, ping.device_id.as_deref().unwrap_or_default().as_bytes());
    spec_encoder::long(&mut bytes, ping.timestamp_ms.unwrap_or_default());
    spec_encoder::double(&mut bytes, ping.latitude.unwrap_or_default());
    spec_encoder::double(&mut bytes, ping.longitude.unwrap_or_default());
    for number in [ping.accuracy_m, ping.speed_m_s] {
        spec_encoder::long(&mut bytes, i64::from(number.is_some()));
        if let Some(number) = number {
            spec_encoder::double(&mut bytes, number);
        }
    }
    text_or_null(&mut bytes, ping.source.map(|source| source.as_str()));
    spec_encoder::long(&mut bytes, 0);
    text_or_null(&mut bytes, ping.consent.as_deref());
    text_or_null(&mut bytes, ping.age.map(|age| age.to_string()).as_deref());
    text_or_null(&mut bytes, ping.sex.map(|sex| sex.as_str()));
    bytes
}

fn text_or_null(bytes: &mut Vec<u8>, text: Option<&str>) {
    spec_encoder::long(bytes, i64::from(text.is_some()));
    if let Some(text) = text {
        spec_encoder::text(bytes, text.as_bytes());
    }
}
