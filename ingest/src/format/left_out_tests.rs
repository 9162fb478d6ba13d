//! Fields whose value is left out where it cannot be read: a speed, an age, a sex. They cost no record, in any format.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use kayoi_schemas::person::{AgeBand, Sex};

use super::agreement_tests::{Written, agreed, mapping, outcome, text, with};
use super::avro::Program;
use super::columns::ColumnReader;
use super::mapping::Mapping;
use super::protobuf::ProtoProgram;
use super::spec_encoder as encode;
use super::value::spelling::TimestampUnit;
use super::{delimited, json};

#[test]
fn what_is_no_speed_is_none_in_every_format_and_costs_no_record() {
    let mapping = mapping(TimestampUnit::Milliseconds, None);
    let numbers = [-1.0, -0.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 340.1, 1e300, -999.0];
    let texts = ["-1", "-1.0", "NaN", "inf", "fast", "12,5", "", "void", "1e999"];
    let values = numbers.into_iter().map(Written::Float).chain(texts.map(text));
    let others = [Written::Integer(-1), Written::Integer(i64::MAX), Written::Boolean(true), Written::Null];
    for value in values.chain(others) {
        let said = agreed(&with("speed", value.clone()), &mapping).unwrap();
        assert_eq!((said.speed_m_s, said.accuracy_m), (None, Some(12.5)), "{value:?}");
    }
}

#[test]
fn a_speed_is_stored_in_tenths_whatever_format_and_precision_it_came_in() {
    let mapping = mapping(TimestampUnit::Milliseconds, None);
    for (value, stored) in
        [(0.0, 0.0), (0.04, 0.0), (0.35, 0.3), (1.25, 1.3), (27.777_777, 27.8), (340.0, 340.0)]
    {
        let said = agreed(&with("speed", Written::Float(value)), &mapping).unwrap();
        assert_eq!(said.speed_m_s, Some(stored), "{value}");
        assert_eq!(agreed(&with("speed", text(&value.to_string())), &mapping).unwrap(), said);
        let single = value as f32;
        let column: ArrayRef = Arc::new(Float32Array::from(vec![single]));
        let batch = RecordBatch::try_from_iter([
            ("device_id", Arc::new(StringArray::from(vec!["d"])) as ArrayRef),
            ("timestamp", Arc::new(Int64Array::from(vec![1]))),
            ("latitude", Arc::new(Float64Array::from(vec![36.0]))),
            ("longitude", Arc::new(Float64Array::from(vec![138.0]))),
            ("speed", column),
        ]);
        let of_column = outcome(ColumnReader::new(&batch.unwrap(), &mapping).unwrap().decode(0)).unwrap();
        assert_eq!(of_column.speed_m_s, Some(stored), "{single} in a column");
        let schema = r#"{"type":"record","name":"P","fields":[{"name":"speed","type":"float"}]}"#;
        let mut body = Vec::new();
        encode::float(&mut body, single);
        let of_avro = outcome(Program::compile(schema, &mapping).unwrap().decode(&body)).unwrap();
        assert_eq!(of_avro.speed_m_s, Some(stored), "{single} in Avro");
    }
}

#[test]
fn of_two_speeds_of_a_record_none_counts_and_one_beside_a_null_does() {
    let mapping = mapping(TimestampUnit::Milliseconds, None);
    let speed = |record: &str| outcome(json::decode(record.as_bytes(), &mapping)).unwrap().speed_m_s;
    assert_eq!(speed(r#"{"device_id":"d","speed":1.5,"speed":2.5}"#), None);
    assert_eq!(speed(r#"{"device_id":"d","speed":null,"speed":2.5}"#), Some(2.5));
    assert_eq!(speed(r#"{"device_id":"d","speed":2.5,"speed":null}"#), Some(2.5));
    // What stands in its place is passed over, as before it was kept.
    assert_eq!(speed(r#"{"device_id":"d","speed":{"value":2.5,"unit":"m/s"}}"#), None);
    let row = csv::ByteRecord::from(vec!["d", "1.5", "2.5"]);
    let fields = [Some("device_id"), Some("speed"), Some("speed")];
    assert_eq!(outcome(delimited::decode(&row, &fields, &mapping)).unwrap().speed_m_s, None);
}

#[test]
fn what_says_nothing_of_a_person_is_none_in_every_format_and_costs_no_record() {
    let mapping = mapping(TimestampUnit::Milliseconds, None);
    let numbers = [-1.0, 0.5, f64::NAN, f64::INFINITY, 131.0, 1e300, -999.0].map(Written::Float);
    let texts = ["", "void", "-999", "unknown", "不明", "45代", "other", "Ｘ", "{}"].map(text);
    let others = [Written::Integer(i64::MAX), Written::Integer(-1), Written::Boolean(true), Written::Null];
    for value in numbers.into_iter().chain(texts).chain(others) {
        let said = agreed(&with("age_band", value.clone()), &mapping).unwrap();
        assert_eq!((said.age, said.sex), (None, Some(Sex::Female)), "{value:?}");
        let said = agreed(&with("sex", value.clone()), &mapping).unwrap();
        assert_eq!((said.age, said.sex), (AgeBand::new(65, None), None), "{value:?}");
    }
}

#[test]
fn of_two_ages_or_sexes_of_a_record_none_counts_and_one_beside_a_null_does() {
    let mut mapping = mapping(TimestampUnit::Milliseconds, None);
    mapping.add("theirs", "age_band").unwrap();
    mapping.add("also", "age_band").unwrap();
    let of = |record: &str| {
        let said = outcome(json::decode(record.as_bytes(), &mapping)).unwrap();
        (said.age.map(|age| age.to_string()), said.sex)
    };
    let forties = Some("40-49".to_owned());
    assert_eq!(of(r#"{"device_id":"d","theirs":"40代","also":"50代","sex":"f","sex":"m"}"#), (None, None));
    assert_eq!(
        of(r#"{"device_id":"d","theirs":"40代","also":null,"sex":1}"#),
        (forties.clone(), Some(Sex::Male))
    );
    assert_eq!(of(r#"{"device_id":"d","theirs":null,"also":"40代","sex":["f"]}"#), (forties, None));
    let row = csv::ByteRecord::from(vec!["d", "40s", "50s", "f", ""]);
    let fields = ["device_id", "age_band", "age_band", "sex", "sex"].map(Some);
    let said = outcome(delimited::decode(&row, &fields, &mapping)).unwrap();
    // An empty cell is a value too: a file with two columns for one field is nothing to guess about.
    assert_eq!((said.age, said.sex), (None, None));
}

#[test]
fn a_sex_and_an_age_may_be_enums() {
    let mapping = Mapping::default();
    let proto = r#"syntax = "proto3"; message P {
        enum AgeBand { AGE_BAND_UNKNOWN = 0; AGE_BAND_30_39 = 1; AGE_BAND_40S = 2; }
        enum Sex { NONE = 0; MALE = 1; FEMALE = 2; }
        AgeBand age_band = 1;
        Sex sex = 2;
    }"#;
    let program = ProtoProgram::compile(proto, None, &mapping).unwrap();
    for (age, sex, expected) in [
        (0, 0, (None, None)),
        (1, 1, (Some("30-39"), Some(Sex::Male))),
        (2, 2, (Some("40-49"), Some(Sex::Female))),
        (7, 7, (None, None)),
    ] {
        let mut body = Vec::new();
        encode::field_integer(&mut body, 1, age);
        encode::field_integer(&mut body, 2, sex);
        let said = outcome(program.decode(&body)).unwrap();
        assert_eq!((said.age.map(|age| age.to_string()).as_deref(), said.sex), expected);
    }
    let avro = r#"{"type":"record","name":"P","fields":[{"name":"sex","type":
        {"type":"enum","name":"S","symbols":["UNKNOWN","FEMALE"]}}]}"#;
    let program = Program::compile(avro, &mapping).unwrap();
    for (symbol, expected) in [(0, None), (1, Some(Sex::Female))] {
        let mut body = Vec::new();
        encode::long(&mut body, symbol);
        assert_eq!(outcome(program.decode(&body)).unwrap().sex, expected);
    }
}
