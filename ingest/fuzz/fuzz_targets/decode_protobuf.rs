//! Any bytes as a Protobuf message, frame and .proto file: never a panic; a ping that is written again with
//! the contract's numbers is the same ping.
//!
//! The first byte chooses the writer's file: the contract, one with every type, or one that the input brings
//! along.
#![no_main]
#![allow(clippy::expect_used, reason = "a fuzz target fails by panicking")]

#[path = "../../src/format/spec_encoder.rs"]
#[allow(dead_code, reason = "the other format's half")]
mod spec_encoder;

use kayoi_ingest::format::frame::{Frame, SchemaKind};
use kayoi_ingest::format::mapping::Mapping;
use kayoi_ingest::format::protobuf::{ProtoProgram, message_at};
use kayoi_schemas::ping::Ping;
use libfuzzer_sys::fuzz_target;

const CONTRACT: &str = include_str!("../../../schemas/contracts/ping.proto");
const EVERY_TYPE: &str = r#"syntax = "proto3";
    message P {
        google.protobuf.Timestamp timestamp = 1;
        google.protobuf.DoubleValue latitude = 2;
        sint64 longitude = 3;
        google.protobuf.StringValue device_id = 4;
        fixed32 horizontal_accuracy = 500;
        enum Fix { NONE = 0; FIX_GPS = 1; }
        Fix source = 6;
        bytes consent = 7;
        map<string, P> more = 8;
    }"#;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, rest)) = bytes.split_first() else { return };
    match choice {
        0 => read(CONTRACT, rest),
        1 => read(EVERY_TYPE, rest),
        _ => {
            // A file up to the first zero byte, then a message in a frame.
            let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
            let (file, message) = rest.split_at(end);
            let Ok(file) = std::str::from_utf8(file) else { return };
            if let Ok(frame) = Frame::parse(message, SchemaKind::Protobuf) {
                if let Ok(name) = message_at(file, &frame.message) {
                    assert!(ProtoProgram::compile(file, Some(&name), &Mapping::default()).is_ok());
                }
                read(file, frame.body);
            }
        }
    }
});

fn read(file: &str, message: &[u8]) {
    let mapping = Mapping::default();
    let Ok(program) = ProtoProgram::compile(file, None, &mapping) else { return };
    let Ok(mut ping) = program.decode(message) else { return };
    ping.unknown_fields = 0;
    let bytes = write(&ping);
    let contract = ProtoProgram::compile(CONTRACT, None, &mapping).expect("the contract compiles");
    let again = contract.decode(&bytes).expect("a written ping is read");
    // NaN is not equal to itself, so numbers are compared as bits.
    let numbers = |ping: &Ping<'_>| [ping.latitude, ping.longitude, ping.accuracy_m, ping.speed_m_s];
    let bits = |ping: &Ping<'_>| numbers(ping).map(|number| number.map(f64::to_bits));
    assert_eq!(bits(&again), bits(&ping));
    assert_eq!((again.age, again.sex), (ping.age, ping.sex));
    assert_eq!(
        (again.device_id, again.timestamp_ms, again.source, again.consent, again.unknown_fields),
        (ping.device_id, ping.timestamp_ms, ping.source, ping.consent, 0)
    );
}

/// Writes every field that is there, also where proto3 would leave out a 0.
fn write(ping: &Ping<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(id) = &ping.device_id {
        spec_encoder::field_bytes(&mut bytes, 1, id.as_bytes());
    }
    if let Some(milliseconds) = ping.timestamp_ms {
        spec_encoder::field_integer(&mut bytes, 2, milliseconds as u64);
    }
    let numbers = [(3, ping.latitude), (4, ping.longitude), (5, ping.accuracy_m), (6, ping.speed_m_s)];
    for (number, value) in numbers {
        if let Some(value) = value {
            spec_encoder::field_double(&mut bytes, number, value);
        }
    }
    if let Some(source) = ping.source {
        spec_encoder::field_bytes(&mut bytes, 7, source.as_str().as_bytes());
    }
    if let Some(consent) = &ping.consent {
        spec_encoder::field_bytes(&mut bytes, 9, consent.as_bytes());
    }
    if let Some(age) = ping.age {
        spec_encoder::field_bytes(&mut bytes, 10, age.to_string().as_bytes());
    }
    if let Some(sex) = ping.sex {
        spec_encoder::field_bytes(&mut bytes, 11, sex.as_str().as_bytes());
    }
    bytes
}
