use std::borrow::Cow;

use proptest::prelude::*;

use super::*;

const NOW: UtcMillis = UtcMillis(1_790_000_000_000);

fn good() -> Ping<'static> {
    Ping {
        device_id: Some(Cow::Borrowed("6d92078a-8246-4ba4-ae5b-76104861e7dc")),
        timestamp_ms: Some(1_780_000_000_000),
        latitude: Some(36.348_612),
        longitude: Some(138.597_034),
        accuracy_m: Some(12.5),
        speed_m_s: Some(1.25),
        source: Some(FixSource::Gps),
        age: AgeBand::new(40, Some(49)),
        sex: Some(Sex::Female),
        consent: None,
        unknown_fields: 0,
    }
}

fn reason(change: impl FnOnce(&mut Ping<'static>)) -> Rejection {
    let mut ping = good();
    change(&mut ping);
    validate(&ping, &Rules::default(), NOW).unwrap_err()
}

#[test]
fn a_good_ping_passes_unchanged() {
    let ping = good();
    let valid = validate(&ping, &Rules::default(), NOW).unwrap();
    assert_eq!(valid.device_id, "6d92078a-8246-4ba4-ae5b-76104861e7dc");
    let fix = valid.fix;
    assert_eq!(fix.point, GridPoint { latitude_e7: 363_486_120, longitude_e7: 1_385_970_340 });
    assert_eq!(
        (fix.instant.0, fix.accuracy_m, fix.source),
        (1_780_000_000_000, Some(12.5), Some(FixSource::Gps))
    );
    assert_eq!(fix.speed.map(GroundSpeed::m_s), Some(1.3));
    assert_eq!((fix.age(), fix.sex()), (AgeBand::new(40, Some(49)), Some(Sex::Female)));
}

/// Millions of them lie in memory while they are sorted.
#[test]
fn a_fix_takes_half_a_cache_line() {
    assert_eq!(size_of::<CheckedFix>(), 32);
}

#[test]
fn no_speed_costs_a_record() {
    for speed_m_s in [None, Some(-1.0), Some(340.1), Some(f64::NAN), Some(f64::INFINITY)] {
        let ping = Ping { speed_m_s, ..good() };
        assert_eq!(validate(&ping, &Rules::default(), NOW).unwrap().fix.speed, None, "{speed_m_s:?}");
    }
}

#[test]
fn the_partners_identifier_does_not_print() {
    let ping = good();
    let valid = validate(&ping, &Rules::default(), NOW).unwrap();
    assert!(!format!("{valid:?}").contains("6d92078a"));
}

#[test]
fn each_defect_has_its_reason() {
    use RejectReason::*;
    assert_eq!(reason(|p| p.latitude = None).reason, MissingField);
    assert_eq!(reason(|p| p.device_id = Some("  ".into())).reason, EmptyDeviceId);
    assert_eq!(
        reason(|p| p.device_id = Some("00000000-0000-0000-0000-000000000000".into())).reason,
        NilDeviceId
    );
    assert_eq!(reason(|p| p.timestamp_ms = Some(1_780_000_000)).reason, TimestampUnit);
    assert_eq!(reason(|p| p.timestamp_ms = Some(1_780_000_000_000_000)).reason, TimestampUnit);
    assert_eq!(reason(|p| p.timestamp_ms = Some(86_400_000)).reason, TooOld);
    assert_eq!(reason(|p| p.timestamp_ms = Some(4_102_444_800_000)).reason, InFuture);
    assert_eq!(reason(|p| p.latitude = Some(f64::NAN)).reason, NotFinite);
    assert_eq!(reason(|p| p.latitude = Some(95.0)).reason, OutOfRange);
    assert_eq!(
        reason(|p| (p.latitude, p.longitude) = (Some(138.597), Some(36.349))).reason,
        SwappedCoordinates
    );
    assert_eq!(reason(|p| (p.latitude, p.longitude) = (Some(0.0), Some(0.0))).reason, NullIsland);
    assert_eq!(reason(|p| p.longitude = Some(2.35)).reason, OutsideJapan);
    assert_eq!(
        reason(|p| (p.latitude, p.longitude) = (Some(36.349), Some(138.597))).reason,
        CoarseCoordinate
    );
    assert_eq!(reason(|p| p.accuracy_m = Some(-1.0)).reason, InvalidAccuracy);
    assert_eq!(reason(|p| p.accuracy_m = Some(5000.0)).reason, LowAccuracy);
}

#[test]
fn a_detail_names_what_is_allowed() {
    let detail = |change: fn(&mut Ping<'static>)| reason(change).detail.to_string();
    assert_eq!(detail(|p| p.latitude = Some(95.2)), "latitude is not in -90..=90 degrees");
    assert_eq!(detail(|p| p.accuracy_m = Some(5000.0)), "accuracy is worse than 200 m");
    assert_eq!(detail(|p| p.longitude = Some(2.35)), "the point is outside 20.4..=45.6 N, 122.9..=154 E");
    assert_eq!(detail(|p| p.timestamp_ms = Some(9)), "field `timestamp` is before `946684800000`");
}

#[test]
fn consent_is_asked_for_when_the_partner_needs_it() {
    let strict = Rules { require_consent: true, ..Rules::default() };
    assert_eq!(validate(&good(), &strict, NOW).unwrap_err().reason, RejectReason::NoConsent);
    let given = Ping { consent: Some("2026-01".into()), ..good() };
    assert!(validate(&given, &strict, NOW).is_ok());
}

proptest! {
    #[test]
    fn whatever_passes_is_in_japan_in_time_and_precise_enough(
        latitude in prop::num::f64::ANY, longitude in prop::num::f64::ANY,
        near in any::<bool>(), timestamp in any::<i64>(), accuracy in prop::num::f64::ANY,
    ) {
        let ping = Ping {
            latitude: Some(if near { 20.0 + latitude.abs() % 30.0 } else { latitude }),
            longitude: Some(if near { 120.0 + longitude.abs() % 40.0 } else { longitude }),
            timestamp_ms: Some(if near { 1_700_000_000_000 + timestamp % 100_000_000_000 } else { timestamp }),
            accuracy_m: Some(if near { accuracy.abs() % 300.0 } else { accuracy }),
            ..good()
        };
        if let Ok(ValidPing { fix, .. }) = validate(&ping, &Rules::default(), NOW) {
            prop_assert!((20.4..=45.6).contains(&fix.point.latitude()) && (122.9..=154.0).contains(&fix.point.longitude()));
            let rules = Rules::default();
            prop_assert!((rules.earliest.0..=NOW.0 + rules.ahead_ms).contains(&fix.instant.0));
            prop_assert!(fix.accuracy_m.is_none_or(|metres| (0.0..=200.0).contains(&metres)));
        }
    }

    #[test]
    fn no_detail_holds_a_value(latitude in -200.0f64..200.0, timestamp in any::<i64>(), accuracy in -10.0f64..10_000.0) {
        let ping = Ping { latitude: Some(latitude), timestamp_ms: Some(timestamp), accuracy_m: Some(accuracy), ..good() };
        if let Err(Rejection { detail, .. }) = validate(&ping, &Rules::default(), NOW) {
            let detail = detail.to_string();
            prop_assert!(!detail.contains("6d92078a"));
            let values = [format!("{latitude}"), format!("{accuracy}"), timestamp.to_string()];
            prop_assert!(values.iter().all(|value| value.len() < 5 || !detail.contains(value)), "{detail}");
        }
    }
}

#[test]
fn the_clock_at_arrival_decides_what_is_in_the_future_and_what_is_late() {
    let mut ping = good();
    ping.timestamp_ms = Some(NOW.0 + DAY_MS + 1);
    assert_eq!(validate(&ping, &Rules::default(), NOW).unwrap_err().reason, RejectReason::InFuture);
    // A process that runs for days must not go by the clock of its start.
    assert!(validate(&ping, &Rules::default(), UtcMillis(NOW.0 + 2)).is_ok());

    let rules = Rules { allowed_lateness_ms: Some(DAY_MS), ..Rules::default() };
    assert!(
        !rules.is_late(UtcMillis(NOW.0 - DAY_MS), NOW) && rules.is_late(UtcMillis(NOW.0 - DAY_MS - 1), NOW)
    );
    assert!(!Rules::default().is_late(UtcMillis(0), NOW));
}
