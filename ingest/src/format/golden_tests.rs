//! The contract's files, and records that other libraries encoded with them
//! (`schemas/contracts/golden/make.py`).

use std::borrow::Cow;

use kayoi_schemas::person::{AgeBand, Sex};
use kayoi_schemas::ping::{CONTRACT, FixSource, Ping};
use serde_json::Value;

use super::avro::Program;
use super::avro::container::Container;
use super::avro::records::decoded;
use super::json;
use super::mapping::Mapping;
use super::protobuf::ProtoProgram;

const AVRO: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/contracts/ping.avsc"));
const PROTO: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/contracts/ping.proto"));
const JSON: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/contracts/ping.schema.json"));
const GOLDEN: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/contracts/golden/pings.json"));

fn golden() -> Value {
    serde_json::from_str(GOLDEN).unwrap()
}

fn bytes_of(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// What a record says, read without any decoder of ours.
fn expected(record: &Value) -> Ping<'_> {
    let text = |name: &str| record.get(name).and_then(Value::as_str);
    let number = |name: &str| record.get(name).and_then(Value::as_f64);
    Ping {
        device_id: text("device_id").map(Cow::Borrowed),
        timestamp_ms: record.get("timestamp").and_then(Value::as_i64),
        latitude: number("latitude"),
        longitude: number("longitude"),
        accuracy_m: number("horizontal_accuracy"),
        speed_m_s: number("speed"),
        source: text("source").and_then(FixSource::parse),
        age: text("age_band").and_then(AgeBand::parse),
        sex: text("sex").and_then(Sex::of_person),
        consent: text("consent").map(Cow::Borrowed),
        unknown_fields: 0,
    }
}

#[test]
fn a_golden_record_is_the_same_ping_in_every_format() {
    let mapping = Mapping::default();
    let avro = Program::compile(AVRO, &mapping).unwrap();
    let protobuf = ProtoProgram::compile(PROTO, Some("kayoi.v1.Ping"), &mapping).unwrap();
    let golden = golden();
    for row in golden["records"].as_array().unwrap() {
        let (name, ping) = (&row["name"], expected(&row["record"]));
        assert_eq!(avro.decode(&bytes_of(&row["avro"])).unwrap(), ping, "Avro: {name}");
        assert_eq!(protobuf.decode(&bytes_of(&row["protobuf"])).unwrap(), ping, "Protobuf: {name}");
        assert_eq!(ping.age.is_some(), row["record"].get("age_band").is_some(), "{name}");
        let text = row["record"].to_string();
        assert_eq!(json::decode(text.as_bytes(), &mapping).unwrap(), ping, "JSON: {name}");
    }
}

#[test]
fn a_golden_container_holds_the_golden_records_with_every_codec() {
    let golden = golden();
    let rows = golden["records"].as_array().unwrap();
    for (codec, hex) in golden["containers"].as_object().unwrap() {
        let file = bytes_of(hex);
        let container = Container::open(file.as_slice()).unwrap();
        assert_eq!(container.codec(), codec);
        let program = Program::compile(container.schema(), &Mapping::default()).unwrap();
        let blocks: Vec<_> = container.collect::<Result<_, _>>().unwrap();
        assert_eq!(blocks.len(), rows.len(), "{codec}");
        let pings = blocks.iter().flat_map(|block| decoded(&program, &block.bytes, block.records));
        let pings: Vec<_> = pings.collect::<Result<_, _>>().unwrap();
        let wanted: Vec<_> = rows.iter().map(|row| expected(&row["record"])).collect();
        assert_eq!(pings, wanted, "{codec}");
    }
}

#[test]
fn the_avro_contract_has_the_fields_of_the_contract() {
    let schema: Value = serde_json::from_str(AVRO).unwrap();
    let fields = schema["fields"].as_array().unwrap();
    assert_eq!(fields.len(), CONTRACT.len());
    for (found, field) in fields.iter().zip(CONTRACT) {
        assert_eq!((&found["name"], &found["doc"]), (&field.name.into(), &field.doc.into()));
        assert_eq!(found["type"].is_array(), !field.required, "{}", field.name);
        assert_eq!(found.get("default"), (!field.required).then_some(&Value::Null), "{}", field.name);
    }
}

#[test]
fn the_json_contract_has_the_fields_of_the_contract() {
    let schema: Value = serde_json::from_str(JSON).unwrap();
    let required: Vec<_> = CONTRACT.iter().filter(|field| field.required).map(|field| field.name).collect();
    assert_eq!(schema["required"], Value::from(required));
    assert_eq!(schema["properties"].as_object().unwrap().len(), CONTRACT.len());
    for field in CONTRACT {
        let found = &schema["properties"][field.name];
        assert_eq!(found["description"], field.doc, "{}", field.name);
        assert_eq!(found["type"].is_array(), !field.required, "{}", field.name);
    }
}

#[test]
fn the_protobuf_contract_has_the_fields_of_the_contract() {
    let file = protox_parse::parse("ping.proto", PROTO).unwrap();
    assert_eq!(file.package(), "kayoi.v1");
    let fields = &file.message_type[0].field;
    assert_eq!(fields.len(), CONTRACT.len());
    for (number, (found, field)) in (1..).zip(fields.iter().zip(CONTRACT)) {
        assert_eq!((found.name(), found.number()), (field.name, number));
        assert_eq!(found.proto3_optional(), !field.required, "{}", field.name);
        assert!(PROTO.contains(&format!("// {}\n", field.doc)), "{}", field.name);
    }
}
