use std::borrow::Cow;

use kayoi_schemas::ping::{FixSource, RejectReason};
use proptest::prelude::*;

use super::*;
use crate::format::frame::{Frame, SchemaKind};
use crate::format::spec_encoder as encode;
use crate::format::value::spelling::TimestampUnit;

const FLAT: &str = r#"
    syntax = "proto3";
    package jp.partner;
    message Ping {
        string device_id = 1;
        int64 timestamp = 2;
        double latitude = 3;
        double longitude = 4;
        optional float horizontal_accuracy = 5;
        string source = 300;
        string os = 7;
    }"#;

fn with_unit(timestamp_unit: TimestampUnit) -> Mapping {
    let mut mapping = Mapping::default();
    mapping.spelling.unit = timestamp_unit;
    mapping
}

/// Decodes a message of one field with the number 1.
fn decode_field<'a>(field: &str, unit: TimestampUnit, body: &'a [u8]) -> Result<Ping<'a>, RejectReason> {
    let text = format!(
        "syntax = \"proto3\"; message P {{ {field} = 1; }} enum Fix {{ FIX_UNKNOWN = 0; FIX_GPS = 2; Wifi = 3; }}"
    );
    let program = ProtoProgram::compile(&text, None, &with_unit(unit)).unwrap();
    program.decode(body).map_err(|rejection| rejection.reason)
}

fn plain<'a>(field: &str, body: &'a [u8]) -> Result<Ping<'a>, RejectReason> {
    decode_field(field, TimestampUnit::Milliseconds, body)
}

fn message(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes);
    bytes
}

#[test]
fn texts_of_a_ping_are_borrowed_from_the_message() {
    let body = message(|bytes| encode::field_bytes(bytes, 1, b"a-b"));
    let program = ProtoProgram::compile(FLAT, None, &Mapping::default()).unwrap();
    assert!(matches!(program.decode(&body).unwrap().device_id, Some(Cow::Borrowed("a-b"))));
}

#[test]
fn what_is_not_written_is_missing_and_not_zero() {
    let program = ProtoProgram::compile(FLAT, None, &Mapping::default()).unwrap();
    assert_eq!(program.decode(&[]).unwrap(), Ping::default());
}

#[test]
fn unknown_numbers_of_every_wire_type_are_passed_over_and_counted() {
    let body = message(|bytes| {
        encode::field_integer(bytes, 100, u64::MAX);
        encode::field_double(bytes, 101, 1.0);
        encode::field_bytes(bytes, 102, b"\xff\xff");
        encode::tag(bytes, 103, 3);
        encode::field_integer(bytes, 1, 7);
        encode::tag(bytes, 9, 3);
        encode::tag(bytes, 9, 4);
        encode::tag(bytes, 103, 4);
        encode::tag(bytes, 104, 5);
        encode::float(bytes, 1.0);
        encode::field_bytes(bytes, 7, b"ios");
        encode::field_double(bytes, 3, 35.5);
    });
    let program = ProtoProgram::compile(FLAT, None, &Mapping::default()).unwrap();
    let ping = program.decode(&body).unwrap();
    assert_eq!((ping.latitude, ping.unknown_fields), (Some(35.5), 5));
}

#[test]
fn the_last_of_two_values_counts() {
    let body = message(|bytes| {
        encode::field_double(bytes, 1, 1.0);
        encode::field_double(bytes, 1, 2.0);
    });
    assert_eq!(plain("double latitude", &body).unwrap().latitude, Some(2.0));
}

#[test]
fn every_type_of_number_is_read() {
    let integer = |number| message(|bytes| encode::field_integer(bytes, 1, number));
    let four = |bits: u32| {
        message(|bytes| {
            encode::tag(bytes, 1, 5);
            bytes.extend(bits.to_le_bytes());
        })
    };
    let eight = |bits: u64| {
        message(|bytes| {
            encode::tag(bytes, 1, 1);
            bytes.extend(bits.to_le_bytes());
        })
    };
    let read = |kind: &str, body: Vec<u8>| {
        plain(&format!("{kind} latitude"), &body).map(|ping| ping.latitude.unwrap())
    };
    assert_eq!(read("int32", integer(u64::MAX)), Ok(-1.0));
    assert_eq!(read("int64", integer(u64::MAX)), Ok(-1.0));
    assert_eq!(read("uint32", integer(7)), Ok(7.0));
    assert_eq!(read("uint64", integer(u64::MAX)), Ok(u64::MAX as f64));
    assert_eq!(read("sint32", integer(3)), Ok(-2.0));
    assert_eq!(read("sint64", integer(4)), Ok(2.0));
    assert_eq!(read("fixed32", four(u32::MAX)), Ok(f64::from(u32::MAX)));
    assert_eq!(read("sfixed32", four(u32::MAX)), Ok(-1.0));
    assert_eq!(read("fixed64", eight(9)), Ok(9.0));
    assert_eq!(read("sfixed64", eight(u64::MAX)), Ok(-1.0));
    assert_eq!(read("float", four(0.5f32.to_bits())), Ok(0.5));
    assert_eq!(read("double", eight(0.25f64.to_bits())), Ok(0.25));
}

#[test]
fn another_wire_type_than_the_schema_says_is_a_wrong_type() {
    let text = message(|bytes| encode::field_bytes(bytes, 1, b"35.5"));
    assert_eq!(plain("double latitude", &text), Err(RejectReason::WrongType));
    let number = message(|bytes| encode::field_integer(bytes, 1, 1));
    assert_eq!(plain("string device_id", &number), Err(RejectReason::WrongType));
    assert_eq!(plain("google.protobuf.DoubleValue latitude", &number), Err(RejectReason::WrongType));
    assert_eq!(plain("google.protobuf.Timestamp timestamp", &number), Err(RejectReason::WrongType));
    let group = message(|bytes| {
        encode::tag(bytes, 1, 3);
        encode::tag(bytes, 1, 4);
    });
    assert_eq!(plain("double latitude", &group), Err(RejectReason::WrongType));
}

#[test]
fn a_type_that_the_contract_does_not_allow_refuses_only_records_with_it() {
    let body = message(|bytes| encode::field_integer(bytes, 1, 1));
    for field in
        ["bool latitude", "repeated int64 timestamp", "Fix latitude", "Elsewhere latitude", "Fix consent"]
    {
        assert_eq!(plain(field, &body), Err(RejectReason::WrongType), "{field}");
        assert!(plain(field, &[]).is_ok(), "{field}");
    }
}

#[test]
fn a_timestamp_message_is_stronger_than_the_unit_of_the_mapping() {
    let read = |seconds: i64, nanoseconds: i32| {
        let inner = message(|bytes| {
            encode::field_integer(bytes, 1, seconds as u64);
            encode::field_integer(bytes, 2, nanoseconds as u64);
        });
        let body = message(|bytes| encode::field_bytes(bytes, 1, &inner));
        decode_field("google.protobuf.Timestamp timestamp", TimestampUnit::Iso, &body)
            .map(|ping| ping.timestamp_ms)
    };
    assert_eq!(read(1_700_000_000, 123_999_999), Ok(Some(1_700_000_000_123)));
    assert_eq!(read(-1, 999_999_999), Ok(Some(-1)));
    assert_eq!(read(1, -1), Err(RejectReason::WrongType));
    assert_eq!(read(i64::MAX, 0), Err(RejectReason::WrongType));
}

#[test]
fn a_plain_timestamp_has_the_unit_of_the_mapping() {
    let integer = message(|bytes| encode::field_integer(bytes, 1, 1_700_000_000));
    let read = |field: &str, unit, body: &[u8]| decode_field(field, unit, body).map(|ping| ping.timestamp_ms);
    assert_eq!(read("int64 timestamp", TimestampUnit::Seconds, &integer), Ok(Some(1_700_000_000_000)));
    assert_eq!(read("uint64 timestamp", TimestampUnit::Milliseconds, &integer), Ok(Some(1_700_000_000)));
    assert_eq!(read("int64 timestamp", TimestampUnit::Iso, &integer), Err(RejectReason::WrongType));
    let seconds = message(|bytes| encode::field_double(bytes, 1, 1.5));
    assert_eq!(read("double timestamp", TimestampUnit::Seconds, &seconds), Ok(Some(1_500)));
    let text = message(|bytes| encode::field_bytes(bytes, 1, b"2016-10-17T02:18:05Z"));
    assert_eq!(read("string timestamp", TimestampUnit::Iso, &text), Ok(Some(1_476_670_685_000)));
}

#[test]
fn an_empty_wrapper_says_zero_and_an_absent_one_nothing() {
    let field = "google.protobuf.DoubleValue horizontal_accuracy";
    let empty = message(|bytes| encode::field_bytes(bytes, 1, &[]));
    assert_eq!(plain(field, &empty).unwrap().accuracy_m, Some(0.0));
    assert_eq!(plain(field, &[]).unwrap().accuracy_m, None);
    let inner = message(|bytes| encode::field_double(bytes, 1, 12.5));
    let full = message(|bytes| encode::field_bytes(bytes, 1, &inner));
    assert_eq!(plain(field, &full).unwrap().accuracy_m, Some(12.5));
    let inner = message(|bytes| encode::field_bytes(bytes, 1, b"v2"));
    let text = message(|bytes| encode::field_bytes(bytes, 1, &inner));
    assert_eq!(plain(".google.protobuf.StringValue consent", &text).unwrap().consent.as_deref(), Some("v2"));
}

#[test]
fn a_source_is_read_from_its_enum_with_or_without_a_prefix() {
    let read = |number| {
        let body = message(|bytes| encode::field_integer(bytes, 1, number));
        plain("Fix source", &body).unwrap().source
    };
    assert_eq!(read(2), Some(FixSource::Gps));
    assert_eq!(read(3), Some(FixSource::Wifi));
    assert_eq!(read(0), None);
    assert_eq!(read(u64::MAX), None);
}

#[test]
fn a_source_enum_of_an_imported_file_is_found_through_its_package() {
    let schema = r#"syntax = "proto3"; package jp.partner.v1; import "fix.proto";
        message Ping { shared.Fix source = 1; }"#;
    let imported = r#"syntax = "proto3"; package jp.shared; enum Fix { NONE = 0; GPS = 1; }"#.to_owned();
    let mapping = Mapping::default();
    let with = ProtoProgram::compile_with_references(schema, &[imported], None, &mapping).unwrap();
    assert_eq!(with.decode(&[8, 1]).unwrap().source, Some(FixSource::Gps));
    let without = ProtoProgram::compile(schema, None, &mapping).unwrap();
    assert_eq!(without.decode(&[8, 1]).unwrap_err().reason, RejectReason::WrongType);
}

#[test]
fn a_message_is_found_by_name_and_by_the_path_of_a_frame() {
    let text = r#"syntax = "proto3"; package jp;
        message Other { int64 a = 1; }
        message Outer { map<string, int64> m = 9; message First {} message Ping { double latitude = 2; } }"#;
    for name in ["Outer.Ping", "jp.Outer.Ping"] {
        let program = ProtoProgram::compile(text, Some(name), &Mapping::default()).unwrap();
        let body = message(|bytes| encode::field_double(bytes, 2, 35.5));
        assert_eq!(program.decode(&body).unwrap().latitude, Some(35.5));
    }
    let path = |indexes: &[u8]| {
        let bytes = [&[0, 0, 0, 0, 1][..], indexes].concat();
        message_at(text, &Frame::parse(&bytes, SchemaKind::Protobuf).unwrap().message)
    };
    assert_eq!(path(&[0]).unwrap(), "jp.Other");
    assert_eq!(path(&[4, 2, 2]).unwrap(), "jp.Outer.Ping");
    assert!(path(&[2, 8]).unwrap_err().to_string().contains("`jp.Outer.Ping`"));
    let missing = ProtoProgram::compile(text, Some("Pong"), &Mapping::default()).unwrap_err();
    assert!(missing.to_string().contains("`Pong`"), "{missing}");
}

#[test]
fn a_renamed_field_is_found_through_the_mapping() {
    let mut mapping = Mapping::default();
    mapping.add("lat", "latitude").unwrap();
    let program = ProtoProgram::compile(
        "syntax = \"proto2\"; message P { required double lat = 70000; }",
        None,
        &mapping,
    )
    .unwrap();
    let body = message(|bytes| encode::field_double(bytes, 70_000, 35.5));
    assert_eq!(program.decode(&body).unwrap().latitude, Some(35.5));
}

#[test]
fn what_is_no_message_is_malformed() {
    let mut endless = Vec::new();
    for _ in 0..1000 {
        encode::tag(&mut endless, 9, 3);
    }
    let cases: [&[u8]; 8] = [&[0], &[0x80], &[8], &[9, 1, 2], &[10, 5, 1], &[12], &[14], &endless];
    for body in cases {
        assert_eq!(plain("double latitude", body), Err(RejectReason::Malformed), "{body:?}");
    }
    let other_end = message(|bytes| {
        encode::tag(bytes, 9, 3);
        encode::tag(bytes, 8, 4);
    });
    assert_eq!(plain("double latitude", &other_end), Err(RejectReason::Malformed));
    let inner = [10, 2, 8, 0x80];
    assert_eq!(plain("google.protobuf.Timestamp timestamp", &inner), Err(RejectReason::Malformed));
}

#[test]
fn a_text_that_is_no_utf8_is_refused() {
    let body = message(|bytes| encode::field_bytes(bytes, 1, &[0xff]));
    assert_eq!(plain("string device_id", &body), Err(RejectReason::InvalidUtf8));
    assert_eq!(plain("string source", &body), Err(RejectReason::InvalidUtf8));
}

#[test]
fn a_file_that_is_no_proto_is_an_error_and_deep_nesting_too() {
    let compile = |text: &str| ProtoProgram::compile(text, None, &Mapping::default());
    assert!(matches!(compile("message {"), Err(SchemaError::NotProto { .. })));
    assert!(matches!(compile("syntax = \"proto3\";"), Err(SchemaError::NoMessage { .. })));
    let deep = "message A {".repeat(100_000);
    assert!(matches!(compile(&deep), Err(SchemaError::TooDeep { .. })));
    assert!(compile("syntax = \"proto3\"; message A { double latitude = 0; }").is_err());
}

proptest! {
    #[test]
    fn a_written_ping_is_read_as_it_was(
        device in ".{0,40}", timestamp: i64, latitude: f64, longitude: f64, accuracy: Option<f32>,
    ) {
        let body = message(|bytes| {
            encode::field_double(bytes, 4, longitude);
            encode::field_bytes(bytes, 1, device.as_bytes());
            encode::field_integer(bytes, 2, timestamp as u64);
            encode::field_bytes(bytes, 300, b"gps");
            encode::field_double(bytes, 3, latitude);
            if let Some(accuracy) = accuracy {
                encode::tag(bytes, 5, 5);
                encode::float(bytes, accuracy);
            }
        });
        let program = ProtoProgram::compile(FLAT, None, &Mapping::default()).unwrap();
        let ping = program.decode(&body).unwrap();
        prop_assert_eq!(ping.device_id.as_deref(), Some(device.as_str()));
        prop_assert_eq!(ping.timestamp_ms, Some(timestamp));
        prop_assert_eq!(ping.latitude.map(f64::to_bits), Some(latitude.to_bits()));
        prop_assert_eq!(ping.longitude.map(f64::to_bits), Some(longitude.to_bits()));
        prop_assert_eq!(ping.accuracy_m.map(f64::to_bits), accuracy.map(|a| f64::from(a).to_bits()));
        prop_assert_eq!(ping.source, Some(FixSource::Gps));
        for cut in 0..body.len() {
            // A message that is cut between two fields is a shorter message.
            match program.decode(&body[..cut]) {
                Ok(shorter) => prop_assert!(shorter != ping),
                Err(rejection) => prop_assert_eq!(rejection.reason, RejectReason::Malformed),
            }
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = r#"syntax = "proto3"; message P { google.protobuf.Timestamp timestamp = 1;
            google.protobuf.DoubleValue latitude = 2; string device_id = 3; sint64 longitude = 4; Fix source = 5;
            enum Fix { NO = 0; GPS = 1; } }"#;
        for text in [FLAT, text] {
            let _ = ProtoProgram::compile(text, None, &Mapping::default()).unwrap().decode(&bytes);
        }
    }
}
