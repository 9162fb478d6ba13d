//! A path of the mapping leads to the same value in JSON, Avro and Protobuf, and two ways to one field are refused.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, StructArray};
use arrow::datatypes::{DataType, Field};
use kayoi_schemas::ping::RejectReason;

use super::avro::Program;
use super::columns::ColumnReader;
use super::json;
use super::mapping::Mapping;
use super::protobuf::ProtoProgram;
use super::schema_error::SchemaError;
use super::spec_encoder as encode;

const AVRO: &str = r#"{"type":"record","name":"P","fields":[
    {"name":"id","type":"string"},
    {"name":"at","type":["null",{"type":"record","name":"At","fields":[
        {"name":"note","type":"string"},
        {"name":"lat","type":"double"},
        {"name":"more","type":{"type":"array","items":"double"}}]}]},
    {"name":"after","type":"long"}]}"#;
const PROTO: &str = r#"
    syntax = "proto3";
    message P {
        string id = 1;
        At at = 2;
        int64 after = 3;
        message At { string note = 1; double lat = 2; More more = 3; }
        message More { double lon = 70; P inner = 2; }
    }"#;

fn mapping(maps: &[(&str, &str)]) -> Mapping {
    let mut mapping = Mapping::default();
    for (theirs, ours) in maps {
        mapping.add(theirs, ours).unwrap();
    }
    mapping
}

fn base(more: (&'static str, &'static str)) -> Mapping {
    mapping(&[("id", "device_id"), ("at.lat", "latitude"), more, ("after", "timestamp")])
}

fn avro_record(block_has_size: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode::text(&mut bytes, b"a");
    encode::long(&mut bytes, 1);
    encode::text(&mut bytes, b"note");
    encode::double(&mut bytes, 36.5);
    encode::long(&mut bytes, if block_has_size { -3 } else { 3 });
    if block_has_size {
        encode::long(&mut bytes, 24);
    }
    for number in [1.5, 138.5, 2.5] {
        encode::double(&mut bytes, number);
    }
    encode::long(&mut bytes, 0);
    encode::long(&mut bytes, 7);
    bytes
}

#[test]
fn a_path_leads_into_records_unions_and_lists_of_avro() {
    let program = Program::compile(AVRO, &base(("at.more.1", "longitude"))).unwrap();
    for block_has_size in [false, true] {
        let body = avro_record(block_has_size);
        let ping = program.decode(&body).unwrap();
        assert_eq!(ping.device_id.as_deref(), Some("a"));
        assert_eq!((ping.latitude, ping.longitude, ping.timestamp_ms), (Some(36.5), Some(138.5), Some(7)));
    }
    let mut absent = Vec::new();
    encode::text(&mut absent, b"a");
    encode::long(&mut absent, 0);
    encode::long(&mut absent, 7);
    let ping = program.decode(&absent).unwrap();
    assert_eq!((ping.latitude, ping.timestamp_ms), (None, Some(7)));
}

#[test]
fn a_path_leads_into_messages_of_protobuf() {
    let mapping = base(("at.more.lon", "longitude"));
    let program = ProtoProgram::compile(PROTO, None, &mapping).unwrap();
    let (mut more, mut at, mut body) = (Vec::new(), Vec::new(), Vec::new());
    encode::field_double(&mut more, 70, 138.5);
    encode::field_bytes(&mut at, 1, b"note");
    encode::field_double(&mut at, 2, 36.5);
    encode::field_bytes(&mut at, 3, &more);
    encode::field_bytes(&mut body, 1, b"a");
    encode::field_bytes(&mut body, 2, &at);
    encode::field_integer(&mut body, 3, 7);
    let ping = program.decode(&body).unwrap();
    assert_eq!(ping.device_id.as_deref(), Some("a"));
    assert_eq!((ping.latitude, ping.longitude, ping.timestamp_ms), (Some(36.5), Some(138.5), Some(7)));
    assert!(mapping.never_met().is_empty());
}

#[test]
fn a_path_leads_into_objects_and_lists_of_json() {
    let mapping = base(("at.more.1", "longitude"));
    let text = r#"{"id":"a","at":{"note":{"lat":1},"lat":36.5,"more":[1.5,138.5,[2.5]]},"after":7}"#;
    let ping = json::decode(text.as_bytes(), &mapping).unwrap();
    assert_eq!(ping.device_id.as_deref(), Some("a"));
    assert_eq!((ping.latitude, ping.longitude, ping.timestamp_ms), (Some(36.5), Some(138.5), Some(7)));
    for other in [
        r#"{"id":"a","at":7}"#,
        r#"{"id":"a","at":[1]}"#,
        r#"{"id":"a","at":null}"#,
        r#"{"id":"a","at":"\u00e9"}"#,
    ] {
        assert_eq!(json::decode(other.as_bytes(), &mapping).unwrap().latitude, None, "{other}");
    }
    // A name with a dot in it is the same path; both at once are two values.
    let dotted = json::decode(br#"{"at.lat":36.5}"#, &mapping).unwrap();
    assert_eq!(dotted.latitude, Some(36.5));
    let both = json::decode(br#"{"at.lat":36.5,"at":{"lat":36.5}}"#, &mapping).unwrap_err();
    assert_eq!(both.reason, RejectReason::RepeatedField);
}

#[test]
fn a_path_leads_into_groups_of_columns() {
    let mapping = mapping(&[("at.lat", "latitude"), ("at.lon", "longitude")]);
    let numbers = |number: f64| Arc::new(Float64Array::from(vec![number, number])) as ArrayRef;
    let field = |name: &str| Arc::new(Field::new(name, DataType::Float64, true));
    let parts = [(field("lat"), numbers(36.5)), (field("lon"), numbers(138.5))];
    let (fields, columns): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
    // The second row has no position at all, whatever its parts hold.
    let at = StructArray::new(fields.into(), columns, Some(vec![true, false].into()));
    let ids = Arc::new(StringArray::from(vec!["a", "b"])) as ArrayRef;
    let times = Arc::new(Int64Array::from(vec![7, 8])) as ArrayRef;
    let batch = RecordBatch::try_from_iter([
        ("device_id", ids),
        ("timestamp", times),
        ("at", Arc::new(at) as ArrayRef),
    ]);
    let batch = batch.unwrap();
    let reader = ColumnReader::new(&batch, &mapping).unwrap();
    let [first, second] = [0, 1].map(|row| reader.decode(row).unwrap());
    assert_eq!((first.latitude, first.longitude, first.timestamp_ms), (Some(36.5), Some(138.5), Some(7)));
    assert_eq!((second.latitude, second.longitude, second.timestamp_ms), (None, None, Some(8)));
}

#[test]
fn two_fields_of_a_schema_for_one_of_ours_are_refused_by_name() {
    let mapping = mapping(&[("id", "device_id"), ("at.lat", "latitude"), ("after", "latitude")]);
    let avro = Program::compile(AVRO, &mapping).unwrap_err();
    let protobuf = ProtoProgram::compile(PROTO, None, &mapping).unwrap_err();
    for error in [avro, protobuf] {
        assert!(matches!(error, SchemaError::TwoFields { field: "latitude", .. }), "{error}");
        assert!(error.to_string().contains("`at.lat`") && error.to_string().contains("`after`"), "{error}");
    }
}
