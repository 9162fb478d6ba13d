use proptest::prelude::*;

use super::*;
use crate::format::json::decode_any;

/// What both readers say of a record; `None` when only the parser reads it.
fn both(text: &str, mapping: &Mapping) -> Option<[String; 2]> {
    let mut flat = Draft::default();
    read(text, mapping, &mut flat).filter(|()| !flat.is_empty())?;
    Some([flat.finish(), decode_any(text, mapping)].map(|ping| format!("{ping:?}")))
}

fn is_flat(text: &str) -> bool {
    both(text, &Mapping::default()).is_some_and(|[flat, parsed]| flat == parsed)
}

#[test]
fn a_record_as_nearly_all_are_is_read_without_the_parser() {
    for text in [
        r#"{"device_id":"a1","timestamp":1750000000000,"latitude":35.1234567,"longitude":139.7654321}"#,
        "{ \"device_id\" : \"東京\",\n\"timestamp\" : -1 , \"consent\" : true, \"os\": null }\r\n",
        r#"{"latitude":-0.0,"longitude":0.00000000000001,"source":"gps","speed":0,"theirs":false}"#,
        r#"{"age_band":"40代","sex":2,"age_band":43,"latitude":35.1}"#,
        r#"{"device_id":"a","device_id":"b"}"#,
        r#"{"timestamp":999999999999999,"latitude":"35.1","horizontal_accuracy":"NaN"}"#,
    ] {
        assert!(is_flat(text), "{text}");
    }
}

#[test]
fn what_is_not_flat_json_is_left_to_the_parser() {
    for text in [
        "",
        "{}",
        "{\"os\":1}",
        "{\"age_band\":43,\"sex\":1,\"speed\":1}",
        "[1]",
        r#"{"device_id":"a"} {"#,
        r#"{"device_id":"a",}"#,
        r#"{"device_id":"a\n"}"#,
        "{\"device_id\":\"a\tb\"}",
        r#"{"device_id":"a"#,
        r#"{"device_id":{"id":1}}"#,
        r#"{"timestamp":1e3}"#,
        r#"{"timestamp":-0}"#,
        r#"{"timestamp":01}"#,
        r#"{"timestamp":1.}"#,
        r#"{"timestamp":.5}"#,
        r#"{"timestamp":-}"#,
        r#"{"timestamp":1.5.2}"#,
        r#"{"timestamp":1234567890123456}"#,
        r#"{"latitude":35.12345678901234567}"#,
        r#"{"latitude":0.000000000000001}"#,
        r#"{"consent":nul}"#,
        r#"{"consent":null0}"#,
    ] {
        assert!(both(text, &Mapping::default()).is_none(), "{text}");
    }
}

#[test]
fn a_path_of_the_partner_is_gone_into_by_the_parser() {
    let mut mapping = Mapping::default();
    mapping.add("place.lat", "latitude").unwrap();
    mapping.add("id", "device_id").unwrap();
    assert!(both(r#"{"id":"a","place":1}"#, &mapping).is_none());
    let [flat, parsed] = both(r#"{"id":"a","device_id":"b","places":1}"#, &mapping).unwrap();
    assert_eq!(flat, parsed);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Records of pieces that are nearly JSON.
    #[test]
    fn flat_records_are_what_the_parser_makes_of_them(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "\"device_id\":", "\"timestamp\":", "\"latitude\":", "\"consent\":", "\"age_band\":", "\"sex\":", "\"theirs\":", "\"x.y\":",
            "\"a\"", "\"gps\"", "\"40代\"", "\"f\"", "43", "\"\\u0041\"", "\"\"", "\"全角\"", "1750000000000", "-12", "-0", "0", "00", "35.1234567",
            "0.1", "1e5", "123456789012345", "1234567890123456", "9.00719925474099", "true", "null", "false",
            "{", "}", "[", "]", ",", ",", ",", " ", "\n", ".", "-",
        ]), 0..12),
        is_closed: bool,
    ) {
        let inner = pieces.concat();
        let text = if is_closed { format!("{{{inner}}}") } else { inner };
        if let Some([flat, parsed]) = both(&text, &Mapping::default()) {
            prop_assert_eq!(flat, parsed);
        }
    }

    /// Fields and values in turn: nearly all of these are flat.
    #[test]
    fn numbers_and_texts_are_what_the_parser_makes_of_them(
        whole in 0_u64..200_000_000_000_000, decimals in 0_usize..10, is_negative: bool,
        id in "[ -~]{0,40}", unknown in "\\PC{0,12}",
    ) {
        let digits = format!("{whole:0>width$}", width = decimals + 1);
        let (front, behind) = digits.split_at(digits.len() - decimals);
        let point = if decimals > 0 { "." } else { "" };
        let sign = if is_negative { "-" } else { "" };
        let text = format!(
            "{{\"device_id\":\"{id}\",\"latitude\":{sign}{front}{point}{behind},\"timestamp\":{sign}{whole},\"{unknown}\":0}}"
        );
        if let Some([flat, parsed]) = both(&text, &Mapping::default()) {
            prop_assert_eq!(flat, parsed);
        }
    }
}
