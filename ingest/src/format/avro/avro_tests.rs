use kayoi_schemas::ping::{FixSource, RejectReason};
use proptest::prelude::*;

use super::*;
use crate::format::avro::records::decoded;
use crate::format::spec_encoder as encode;
use crate::format::value::spelling::TimestampUnit;
use crate::format::value::zone::Zone;
use crate::rejection::Detail;

const FLAT: &str = r#"{"type":"record","name":"Ping","fields":[
    {"name":"device_id","type":"string"},{"name":"timestamp","type":"long"},
    {"name":"latitude","type":"double"},{"name":"longitude","type":"double"},
    {"name":"horizontal_accuracy","type":["null","float"]},
    {"name":"source","type":["null","string"]}]}"#;

fn compile(schema: &str) -> Program {
    Program::compile(schema, &Mapping::default()).unwrap()
}

/// A record with one field of a type, called as the test wants.
fn with_field(name: &str, kind: &str) -> String {
    format!(r#"{{"type":"record","name":"P","fields":[{{"name":"{name}","type":{kind}}}]}}"#)
}

fn decode_field<'a>(
    name: &str,
    kind: &str,
    unit: TimestampUnit,
    body: &'a [u8],
) -> Result<Ping<'a>, Rejection> {
    let mut mapping = Mapping::default();
    mapping.spelling.unit = unit;
    Program::compile(&with_field(name, kind), &mapping).unwrap().decode(body)
}

fn long(number: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::long(&mut bytes, number);
    bytes
}

fn flat(device: &str, timestamp: i64, point: (f64, f64), accuracy: Option<f32>, source: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::text(&mut bytes, device.as_bytes());
    encode::long(&mut bytes, timestamp);
    encode::double(&mut bytes, point.0);
    encode::double(&mut bytes, point.1);
    encode::long(&mut bytes, i64::from(accuracy.is_some()));
    if let Some(accuracy) = accuracy {
        encode::float(&mut bytes, accuracy);
    }
    encode::long(&mut bytes, 1);
    encode::text(&mut bytes, source.as_bytes());
    bytes
}

#[test]
fn texts_of_a_ping_are_borrowed_from_the_record() {
    let body = flat("a-b", 1, (35.0, 139.0), None, "gps");
    let ping = compile(FLAT).decode(&body).unwrap();
    assert!(matches!(ping.device_id, Some(Cow::Borrowed("a-b"))));
    assert_eq!(ping.source, Some(FixSource::Gps));
    assert_eq!(ping.accuracy_m, None);
}

#[test]
fn bytes_after_a_record_are_malformed_but_not_for_a_prefix() {
    let mut body = flat("a", 1, (35.0, 139.0), Some(5.0), "wifi");
    let length = body.len();
    body.push(0);
    let program = compile(FLAT);
    assert_eq!(program.decode(&body).unwrap_err().reason, RejectReason::Malformed);
    let (ping, read) = program.decode_prefix(&body).unwrap();
    assert_eq!((ping.accuracy_m, read), (Some(5.0), length));
}

#[test]
fn a_wrong_type_refuses_the_record_and_names_the_field() {
    let Rejection { reason, detail } =
        decode_field("latitude", r#""string""#, TimestampUnit::Milliseconds, b"\x063x5").unwrap_err();
    assert_eq!(reason, RejectReason::WrongType);
    let detail = detail.to_string();
    assert!(detail.contains("`latitude`") && !detail.contains("3x5"), "{detail}");
}

#[test]
fn a_refused_branch_of_a_union_costs_only_records_that_use_it() {
    let kind = r#"["string","null","double",{"type":"array","items":"double"}]"#;
    let field = |body| decode_field("latitude", kind, TimestampUnit::Milliseconds, body);
    let mut number = long(2);
    encode::double(&mut number, 35.5);
    assert_eq!(field(&number).unwrap().latitude, Some(35.5));
    assert_eq!(field(&[2]).unwrap().latitude, None);
    assert_eq!(field(&[0, 2, b'x']).unwrap_err().reason, RejectReason::WrongType);
    assert_eq!(field(&[6, 0]).unwrap_err().reason, RejectReason::WrongType);
    assert_eq!(field(&[8]).unwrap_err().reason, RejectReason::Malformed);
    assert_eq!(field(&[1]).unwrap_err().reason, RejectReason::Malformed);
}

#[test]
fn a_text_that_is_no_utf8_is_refused_without_its_bytes() {
    let rejected =
        decode_field("device_id", r#""bytes""#, TimestampUnit::Milliseconds, &[2, 0xff]).unwrap_err();
    let detail = Detail::of_field("device_id").and(" is not UTF-8");
    assert_eq!(rejected, Rejection::new(RejectReason::InvalidUtf8, detail));
}

#[test]
fn a_malformed_end_outweighs_a_wrong_type() {
    let schema = r#"{"type":"record","name":"P","fields":[
        {"name":"latitude","type":"boolean"},{"name":"longitude","type":"double"}]}"#;
    assert_eq!(compile(schema).decode(&[1, 0]).unwrap_err().reason, RejectReason::Malformed);
}

#[test]
fn a_logical_type_is_stronger_than_the_unit_of_the_mapping() {
    let read = |logical: &str, unit, number| {
        let kind = format!(r#"{{"type":"long","logicalType":"{logical}"}}"#);
        decode_field("timestamp", &kind, unit, &long(number)).map(|ping| ping.timestamp_ms)
    };
    for unit in [TimestampUnit::Milliseconds, TimestampUnit::Seconds, TimestampUnit::Iso] {
        assert_eq!(read("timestamp-millis", unit, 1_700_000_000_123), Ok(Some(1_700_000_000_123)));
        assert_eq!(read("timestamp-micros", unit, 1_700_000_000_123_999), Ok(Some(1_700_000_000_123)));
        assert_eq!(read("timestamp-micros", unit, -1), Ok(Some(-1)));
        assert_eq!(read("timestamp-nanos", unit, 1_999_999), Ok(Some(1)));
    }
    assert_eq!(read("unheard-of", TimestampUnit::Seconds, 7), Ok(Some(7_000)));
}

#[test]
fn a_local_logical_type_needs_the_zone_of_the_partner() {
    let kinds = [
        r#"{"type":"long","logicalType":"local-timestamp-micros"}"#,
        r#"["null",{"type":"long","logicalType":"local-timestamp-micros"}]"#,
    ];
    let mut mapping = Mapping::default();
    for (kind, branch) in kinds.into_iter().zip([&[][..], &[2]]) {
        mapping.spelling.zone = None;
        let schema = with_field("timestamp", kind);
        let refused = Program::compile(&schema, &mapping).unwrap_err().to_string();
        assert!(refused.contains("--timestamp-zone"), "{refused}");
        mapping.spelling.zone = Some(Zone::parse("Asia/Tokyo").unwrap());
        let body = [branch, &long(1_750_032_400_000_999)].concat();
        let program = Program::compile(&schema, &mapping).unwrap();
        assert_eq!(program.decode(&body).unwrap().timestamp_ms, Some(1_750_000_000_000));
    }
}

#[test]
fn a_plain_timestamp_has_the_unit_of_the_mapping() {
    let read = |kind: &str, unit, body: &[u8]| {
        decode_field("timestamp", kind, unit, body)
            .map(|ping| ping.timestamp_ms)
            .map_err(|rejection| rejection.reason)
    };
    let mut seconds = Vec::new();
    encode::double(&mut seconds, 1_700_000_000.25);
    let iso = b"\x282016-10-17T02:18:05Z";
    assert_eq!(read(r#""int""#, TimestampUnit::Seconds, &long(1_700_000_000)), Ok(Some(1_700_000_000_000)));
    assert_eq!(read(r#""double""#, TimestampUnit::Seconds, &seconds), Ok(Some(1_700_000_000_250)));
    assert_eq!(read(r#""double""#, TimestampUnit::Milliseconds, &seconds), Err(RejectReason::WrongType));
    assert_eq!(read(r#""string""#, TimestampUnit::Iso, iso), Ok(Some(1_476_670_685_000)));
    assert_eq!(read(r#""string""#, TimestampUnit::Milliseconds, iso), Err(RejectReason::WrongType));
    assert_eq!(read(r#""long""#, TimestampUnit::Iso, &long(1)), Err(RejectReason::WrongType));
    assert_eq!(read(r#""long""#, TimestampUnit::Seconds, &long(i64::MAX)), Err(RejectReason::WrongType));
}

#[test]
fn an_int_of_more_than_32_bits_is_malformed() {
    let number = long(i64::from(i32::MAX) + 1);
    let read = decode_field("latitude", r#""int""#, TimestampUnit::Milliseconds, &number);
    assert_eq!(read.unwrap_err().reason, RejectReason::Malformed);
}

#[test]
fn values_of_every_type_are_passed_over() {
    let schema = r#"{"type":"record","name":"P","fields":[
        {"name":"n","type":"null"},{"name":"b","type":"boolean"},{"name":"i","type":"int"},
        {"name":"l","type":"long"},{"name":"f","type":"float"},{"name":"d","type":"double"},
        {"name":"y","type":"bytes"},{"name":"s","type":"string"},
        {"name":"x","type":{"type":"fixed","name":"Three","size":3}},
        {"name":"e","type":{"type":"enum","name":"Os","symbols":["ios","android"]}},
        {"name":"a","type":{"type":"array","items":"long"}},
        {"name":"sized","type":{"type":"array","items":"long"}},
        {"name":"m","type":{"type":"map","values":["null","Three"]}},
        {"name":"tree","type":{"type":"record","name":"Tree","fields":[
            {"name":"left","type":["null","Tree"]},{"name":"right","type":["null","Tree"]}]}},
        {"name":"latitude","type":"float"}]}"#;
    let mut body = vec![1, 4, 6];
    encode::float(&mut body, 1.0);
    encode::double(&mut body, 1.0);
    encode::text(&mut body, b"\xff");
    encode::text(&mut body, b"text");
    body.extend([1, 2, 3]);
    body.push(2);
    body.extend([4, 1, 1, 2, 5, 0]);
    body.extend([3, 6, 9, 9, 9, 0]);
    body.extend([4, 2, b'k', 0, 2, b'l', 2, 7, 7, 7, 0]);
    body.extend([2, 0, 2, 0, 0, 0]);
    encode::float(&mut body, 35.5);
    let program = compile(schema);
    let ping = program.decode(&body).unwrap();
    assert_eq!((ping.latitude, ping.unknown_fields), (Some(35.5), 14));
    for cut in 0..body.len() {
        assert_eq!(program.decode(&body[..cut]).unwrap_err().reason, RejectReason::Malformed, "{cut}");
    }
}

#[test]
fn a_count_without_bytes_behind_it_costs_no_time() {
    let nulls = with_field("a", r#"{"type":"array","items":"null"}"#);
    let mut body = long(i64::MAX);
    body.push(0);
    assert!(compile(&nulls).decode(&body).is_ok());
    let pairs =
        r#"{"type":"array","items":{"type":"record","name":"E","fields":[{"name":"n","type":"null"}]}}"#;
    assert!(compile(&with_field("a", pairs)).decode(&body).is_ok());
}

#[test]
fn nested_types_that_double_without_bytes_cost_no_time() {
    let mut fields = r#"{"name":"e0","type":{"type":"record","name":"R0","fields":[]}}"#.to_owned();
    for level in 1..60 {
        let below = level - 1;
        fields += &format!(
            r#",{{"name":"e{level}","type":{{"type":"record","name":"R{level}","fields":[
                {{"name":"a","type":"R{below}"}},{{"name":"b","type":"R{below}"}}]}}}}"#
        );
    }
    let schema = format!(r#"{{"type":"record","name":"P","fields":[{fields}]}}"#);
    assert!(compile(&schema).decode(&[]).is_ok());
}

#[test]
fn nesting_without_end_is_malformed() {
    let endless = with_field("a", r#""P""#);
    assert_eq!(compile(&endless).decode(&[]).unwrap_err().reason, RejectReason::Malformed);
    let list = with_field("a", r#"["null","P"]"#);
    let body = [2; 1000];
    assert_eq!(compile(&list).decode(&body).unwrap_err().reason, RejectReason::Malformed);
}

#[test]
fn a_length_beyond_the_record_is_malformed() {
    for length in [i64::MAX, i64::MIN, -1, 2] {
        let read =
            decode_field("device_id", r#""string""#, TimestampUnit::Milliseconds, &long(length)).map(|_| ());
        assert_eq!(read.unwrap_err().reason, RejectReason::Malformed, "{length}");
    }
    let negative_block = [1, 1];
    let skipped = with_field("a", r#"{"type":"array","items":"long"}"#);
    assert_eq!(compile(&skipped).decode(&negative_block).unwrap_err().reason, RejectReason::Malformed);
}

#[test]
fn a_refused_record_of_a_block_costs_only_itself() {
    let program = compile(&with_field("device_id", r#""string""#));
    let records = decoded(&program, &[2, b'a', 2, 0xff, 2, b'c'], 3);
    let reasons: Vec<_> =
        records.iter().map(|r| r.as_ref().err().map(|rejection| rejection.reason)).collect();
    assert_eq!(reasons, [None, Some(RejectReason::InvalidUtf8), None]);
}

#[test]
fn a_block_gives_as_many_results_as_it_has_records() {
    let program = compile(&with_field("device_id", r#""string""#));
    let bad =
        |bytes: &[u8], count| decoded(&program, bytes, count).iter().filter(|record| record.is_err()).count();
    assert_eq!(bad(&[2, b'a', 4, b'b'], 3), 2);
    assert_eq!(bad(&[2, b'a', 2, b'b', 0], 2), 1);
    assert_eq!(decoded(&program, &[1, 0, 0], 3).len(), 3);
}

proptest! {
    #[test]
    fn a_written_ping_is_read_as_it_was(
        device in ".{0,40}", timestamp: i64, latitude: f64, longitude: f64, accuracy: Option<f32>, word in "gps|WIFI|fused|other",
    ) {
        let body = flat(&device, timestamp, (latitude, longitude), accuracy, &word);
        let program = compile(FLAT);
        let ping = program.decode(&body).unwrap();
        prop_assert_eq!(ping.device_id.as_deref(), Some(device.as_str()));
        prop_assert_eq!(ping.timestamp_ms, Some(timestamp));
        prop_assert_eq!(ping.latitude.map(f64::to_bits), Some(latitude.to_bits()));
        prop_assert_eq!(ping.longitude.map(f64::to_bits), Some(longitude.to_bits()));
        prop_assert_eq!(ping.accuracy_m.map(f64::to_bits), accuracy.map(|a| f64::from(a).to_bits()));
        prop_assert_eq!(ping.source, FixSource::parse(&word));
        for cut in 0..body.len() {
            prop_assert_eq!(program.decode(&body[..cut]).unwrap_err().reason, RejectReason::Malformed);
        }
    }

    #[test]
    fn random_bytes_never_panic_and_never_read_beyond(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let schema = r#"{"type":"record","name":"P","fields":[
            {"name":"a","type":{"type":"array","items":{"type":"map","values":["null","P","string"]}}},
            {"name":"device_id","type":["string","null","bytes",{"type":"enum","name":"E","symbols":["a","b"]}]},
            {"name":"timestamp","type":["double","long","string"]},
            {"name":"latitude","type":["null","int","float"]}]}"#;
        for schema in [FLAT, schema] {
            let program = compile(schema);
            if let Ok((_, length)) = program.decode_prefix(&bytes) {
                prop_assert!(length <= bytes.len());
                prop_assert!(program.decode(&bytes[..length]).is_ok());
            }
        }
    }

    #[test]
    fn random_text_is_no_schema_or_compiles(text in "[\\[\\]{}\",:a-z0-9 ]{0,60}") {
        let _ = Program::compile(&text, &Mapping::default());
    }
}
