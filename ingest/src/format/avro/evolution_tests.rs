//! What happens to the same ping when the writer changes its schema.

use kayoi_schemas::ping::FixSource;

use super::*;
use crate::format::spec_encoder as encode;

fn decode<'a>(fields: &str, mapping: &Mapping, body: &'a [u8]) -> Ping<'a> {
    let schema = format!(r#"{{"type":"record","name":"Ping","namespace":"jp.partner","fields":[{fields}]}}"#);
    Program::compile(&schema, mapping).unwrap().decode(body).unwrap()
}

fn base() -> Vec<u8> {
    let mut body = Vec::new();
    encode::text(&mut body, b"device");
    encode::double(&mut body, 35.5);
    body
}

const BASE: &str = r#"{"name":"device_id","type":"string"},{"name":"latitude","type":"double"}"#;

#[test]
fn an_added_field_is_counted_and_the_rest_is_read() {
    let mut body = base();
    encode::text(&mut body, b"new");
    let fields = format!(r#"{BASE},{{"name":"carrier","type":"string","default":""}}"#);
    let ping = decode(&fields, &Mapping::default(), &body);
    assert_eq!((ping.latitude, ping.unknown_fields), (Some(35.5), 1));
}

#[test]
fn a_read_but_not_stored_field_is_not_counted() {
    let mut body = base();
    encode::text(&mut body, b"ios");
    let ping = decode(&format!(r#"{BASE},{{"name":"os","type":"string"}}"#), &Mapping::default(), &body);
    assert_eq!(ping.unknown_fields, 0);
}

#[test]
fn a_removed_field_is_missing() {
    let ping = decode(r#"{"name":"device_id","type":"string"}"#, &Mapping::default(), b"\x02a");
    assert_eq!(ping.latitude, None);
}

#[test]
fn reordered_fields_are_read_in_the_order_of_the_writer() {
    let mut body = Vec::new();
    encode::double(&mut body, 35.5);
    encode::text(&mut body, b"device");
    let reordered = r#"{"name":"latitude","type":"double"},{"name":"device_id","type":"string"}"#;
    assert_eq!(decode(reordered, &Mapping::default(), &body), decode(BASE, &Mapping::default(), &base()));
}

#[test]
fn a_renamed_field_is_found_through_the_mapping_and_only_there() {
    let mut mapping = Mapping::default();
    mapping.add("lat", "latitude").unwrap();
    let body = base();
    let renamed = r#"{"name":"device_id","type":"string"},{"name":"lat","type":"double"}"#;
    assert_eq!(decode(renamed, &mapping, &body).latitude, Some(35.5));
    let ping = decode(BASE, &mapping, &body);
    assert_eq!((ping.latitude, ping.unknown_fields), (None, 1));
}

#[test]
fn a_field_made_nullable_is_read_with_null_before_or_after() {
    for (kind, null, value) in [(r#"["null","double"]"#, 0, 1), (r#"["double","null"]"#, 1, 0)] {
        let field = format!(r#"{{"name":"latitude","type":{kind}}}"#);
        let mut body = Vec::new();
        encode::long(&mut body, null);
        assert_eq!(decode(&field, &Mapping::default(), &body).latitude, None);
        body.clear();
        encode::long(&mut body, value);
        encode::double(&mut body, 35.5);
        assert_eq!(decode(&field, &Mapping::default(), &body).latitude, Some(35.5));
    }
}

#[test]
fn every_type_of_number_is_promoted() {
    let mut float = Vec::new();
    encode::float(&mut float, 12.25);
    let read = |kind: &str, body: &[u8]| {
        decode(&format!(r#"{{"name":"horizontal_accuracy","type":"{kind}"}}"#), &Mapping::default(), body)
            .accuracy_m
    };
    assert_eq!(read("int", &[24]), Some(12.0));
    assert_eq!(read("long", &[24]), Some(12.0));
    assert_eq!(read("float", &float), Some(12.25));
}

#[test]
fn a_source_made_an_enum_is_read_by_its_symbol() {
    let field = r#"{"name":"source","type":{"type":"enum","name":"Fix","symbols":["UNKNOWN","GPS","wifi"]}}"#;
    let read = |body: &[u8]| decode(field, &Mapping::default(), body).source;
    assert_eq!(read(&[0]), None);
    assert_eq!(read(&[2]), Some(FixSource::Gps));
    assert_eq!(read(&[4]), Some(FixSource::Wifi));
}

#[test]
fn a_consent_made_an_enum_is_read_as_text() {
    let field = r#"{"name":"consent","type":{"type":"enum","name":"Consent","symbols":["v1","v2"]}}"#;
    assert_eq!(decode(field, &Mapping::default(), &[2]).consent.as_deref(), Some("v2"));
}
