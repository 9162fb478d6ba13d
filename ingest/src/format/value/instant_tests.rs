use std::borrow::Cow;

use super::*;
use crate::format::value::spelling::TimestampUnit;
use crate::format::value::zone::Zone;

fn spelling(unit: TimestampUnit, zone: Option<&str>) -> Spelling {
    Spelling { unit, zone: zone.map(|name| Zone::parse(name).unwrap()), ..Spelling::default() }
}

fn iso(text: &str) -> Result<Option<i64>, Refusal> {
    let text = Value::Text(Cow::Borrowed(text));
    timestamp(&text, &spelling(TimestampUnit::Iso, None))
}

/// 2025-06-15T15:06:40Z.
const INSTANT_MS: i64 = 1_750_000_000_000;

#[test]
fn iso_8601_and_its_cousins_are_one_instant() {
    let texts = [
        "2025-06-15T15:06:40Z",
        "2025-06-15t15:06:40z",
        "2025-06-15 15:06:40Z",
        "20250615T150640Z",
        "20250615 150640 UTC",
        "2025-06-16T00:06:40+09:00",
        "2025-06-16T00:06:40+0900",
        "2025-06-16 00:06:40+09",
        "2025-06-16 00:06:40 JST",
        "2025-06-15 15:06:40+00",
        "2025-06-15 15:06:40.000000+00",
        "2025-06-15 15:06:40 UTC",
        "2025-06-15T15:06:40.000+0000",
        "2025-06-15T15:06:40,000Z",
        "2025-06-15T15:06:40.000000000Z",
        "2025-06-15T15:06:40-00:00",
        "2025-06-16T00:06:40+09:00[Asia/Tokyo]",
        "2025-06-15T10:36:40-04:30",
        "2025/06/15 15:06:40 UTC",
        "2025/6/16 0:06:40 +09:00",
        "  2025-06-15T15:06:40 GMT\u{3000}",
    ];
    for text in texts {
        assert_eq!(iso(text), Ok(Some(INSTANT_MS)), "{text}");
    }
    assert_eq!(iso("2025-06-15T15:06Z"), Ok(Some(INSTANT_MS - 40_000)));
    assert_eq!(iso("20250615T1506Z"), Ok(Some(INSTANT_MS - 40_000)));
    assert_eq!(iso("2025-06-15T15:06:40.123999999Z"), Ok(Some(INSTANT_MS + 123)));
    assert_eq!(iso("1969-12-31T23:59:59.9995Z"), Ok(Some(-1)));
}

#[test]
fn a_time_that_no_clock_shows_is_refused() {
    let texts = [
        "yesterday",
        "2025-06-15",
        "2025-06-15T15Z",
        "2025-06-15T15:06:60Z",
        "2025-06-15T24:00:00Z",
        "2025-02-29T00:00:00Z",
        "2025-02-30T00:00:00Z",
        "2025-13-01T00:00:00Z",
        "2025-00-01T00:00:00Z",
        "0000-00-00T00:00:00Z",
        "12025-06-15T15:06:40Z",
        "25-06-15T15:06:40Z",
        "2025-6-15T15:06:40Z",
        "2025-06-15T5:06:40Z",
        "2025-06-15T15:06:40.Z",
        "2025-06-15T15:06:40.0000000001Z",
        "2025-06-15T15:06:40+9",
        "2025-06-15T15:06:40+09:0",
        "2025-06-15T15:06:40+09:",
        "2025-06-15T15:06:40+15:00",
        "2025-06-15T15:06:40 CEST",
        "2025-06-15T15:06:40[Asia/Tokyo]",
        "2025-06-15T15:06:40Zulu",
        "2025-06-15  15:06:40Z",
        "15/06/2025 15:06:40Z",
        "2025年6月15日 15:06:40",
        "２０２５-06-15T15:06:40Z",
        "2025-06-15 03:06:40 PM",
        "2025-W24-7T15:06:40Z",
    ];
    for text in texts {
        assert_eq!(iso(text), Err(Refusal::Timestamp(TimestampUnit::Iso)), "{text}");
    }
}

#[test]
fn a_text_without_a_zone_is_at_the_partners_or_refused() {
    for text in ["2025-06-16 00:06:40", "2025-06-16T00:06:40.000", "20250616T000640", "2025/6/16 0:06:40"] {
        assert_eq!(iso(text), Err(Refusal::NoZone), "{text}");
        let value = Value::Text(Cow::Borrowed(text));
        let tokyo = spelling(TimestampUnit::Iso, Some("Asia/Tokyo"));
        assert_eq!(timestamp(&value, &tokyo), Ok(Some(INSTANT_MS)), "{text}");
    }
    let stated = Value::Text(Cow::Borrowed("2025-06-15T15:06:40Z"));
    assert_eq!(timestamp(&stated, &spelling(TimestampUnit::Iso, Some("+05:30"))), Ok(Some(INSTANT_MS)));
}

#[test]
fn a_type_without_a_zone_is_at_the_partners_or_refused_whatever_the_unit() {
    for unit in [TimestampUnit::Milliseconds, TimestampUnit::Seconds, TimestampUnit::Iso] {
        let local = Value::Local(INSTANT_MS + 9 * 3_600_000);
        assert_eq!(timestamp(&local, &spelling(unit, None)), Err(Refusal::NoZone));
        assert_eq!(timestamp(&local, &spelling(unit, Some("Asia/Tokyo"))), Ok(Some(INSTANT_MS)));
        assert_eq!(timestamp(&Value::Instant(5), &spelling(unit, None)), Ok(Some(5)));
    }
    let far = Value::Local(i64::MAX);
    assert!(timestamp(&far, &spelling(TimestampUnit::Iso, Some("UTC"))).is_err());
}

#[test]
fn a_number_and_its_texts_are_one_instant() {
    let of = |value: &Value<'_>| timestamp(value, &spelling(TimestampUnit::Milliseconds, None));
    for text in ["1750000000000", "1750000000000.0", "1.75E+12", "1.750000000000e12", " 1750000000000 "] {
        assert_eq!(of(&Value::Text(Cow::Borrowed(text))), Ok(Some(INSTANT_MS)), "{text}");
    }
    assert_eq!(of(&Value::Float(1.75e12)), Ok(Some(INSTANT_MS)));
    for text in ["", "NULL", "NaN", "\\N"] {
        assert_eq!(of(&Value::Text(Cow::Borrowed(text))), Ok(None), "{text}");
    }
    assert_eq!(of(&Value::Float(f64::NAN)), Ok(None));
    let refused = [
        Value::Single(1.75e12),
        Value::Float(1.5),
        Value::Text(Cow::Borrowed("1,750,000,000,000")),
        Value::Text(Cow::Borrowed("2025-06-15T15:06:40Z")),
        Value::Boolean(true),
    ];
    for value in refused {
        assert_eq!(of(&value), Err(Refusal::Timestamp(TimestampUnit::Milliseconds)), "{value:?}");
    }
}
