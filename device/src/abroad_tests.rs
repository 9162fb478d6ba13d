use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::time::{Day, DayRule};
use kayoi_schemas::units::GridPoint;

use super::*;
use crate::night_work::NightWork;
use crate::nights::nights;
use crate::settled::Settled;
use crate::stays::stays;

const RULE: DayRule = DayRule::JAPAN;

/// Municipality, and a point in it.
type Place = (u32, f64, f64);

const KANSAI_AIRPORT: Place = (27213, 34.4357, 135.2440);
const OSAKA: Place = (27100, 34.694, 135.502);
const KYOTO: Place = (26100, 35.004, 135.769);
const TAKAYAMA: Place = (21203, 36.146, 137.252);
const SHINJUKU: Place = (13104, 35.694, 139.703);

/// Somebody seen every hour; where, by the day's number and the hour since 04:00.
fn is_guest(days: i32, place: impl Fn(i32, i32) -> Place) -> bool {
    let day = |text| Day::parse(text).unwrap();
    is_guest_within(days, place, (day("2026-01-01"), day("2026-12-31")))
}

/// The same, with data of some days.
fn is_guest_within(days: i32, place: impl Fn(i32, i32) -> Place, (begin, end): (Day, Day)) -> bool {
    let first = Day::parse("2026-03-02").unwrap();
    let fix = |hours: i32| {
        let (code, latitude, longitude) = place(hours / 24, hours % 24);
        Fix {
            device: DeviceId::from_hash(2),
            instant: RULE.instant(first, 4.0 + f64::from(hours)),
            point: GridPoint::from_degrees(latitude, longitude),
            accuracy_m: 20.0,
            attributes: kayoi_schemas::person::Attributes::default(),
            speed_m_s: None,
            municipality: MunicipalityCode::from_number(code),
        }
    };
    let fixes: Vec<Fix> = (0..days * 24).map(fix).collect();
    let thresholds = Definition::connected_2026().unwrap().thresholds;
    let period = Period::new(begin, end, Vec::new(), RULE);
    let tenure = Tenure::of(&fixes, RULE);
    let stays = stays(&fixes, &thresholds, RULE);
    let settled = Settled::new(fixes.clone(), stays);
    let apart = |a, b| if a == b { 0.0 } else { 50.0 };
    let nights = nights(&settled, &NightWork::default(), &thresholds, RULE, &apart);
    is_from_abroad(&tenure, &fixes, &nights, &PortsOfEntry::japan(), &thresholds, &period)
}

fn lands_and_sleeps(in_place: Place) -> impl Fn(i32, i32) -> Place {
    move |day, hour| if day == 0 && hour < 8 { KANSAI_AIRPORT } else { in_place }
}

#[test]
fn who_lands_stays_for_twelve_nights_and_is_gone_is_from_abroad() {
    assert!(is_guest(12, lands_and_sleeps(KYOTO)));
}

#[test]
fn who_is_first_seen_in_a_hotel_and_goes_from_town_to_town_is_from_abroad() {
    let tour = |day: i32, _| [OSAKA, KYOTO, TAKAYAMA, SHINJUKU][(day / 2) as usize % 4];
    assert!(is_guest(12, tour));
}

#[test]
fn a_new_phone_at_home_is_not_from_abroad_however_short_it_lives() {
    for days in [3, 12, 40] {
        assert!(!is_guest(days, |_, _| SHINJUKU), "{days}");
    }
    // Two trips of a night each.
    let trips = |day: i32, _| match day {
        5 => OSAKA,
        11 => KYOTO,
        _ => SHINJUKU,
    };
    assert!(!is_guest(20, trips));
}

#[test]
fn an_identifier_that_lives_longer_than_a_guest_stays_is_not_from_abroad() {
    assert!(!is_guest(61, lands_and_sleeps(KYOTO)));
    assert!(is_guest(60, lands_and_sleeps(KYOTO)));
}

#[test]
fn who_lives_beside_an_airport_does_not_come_from_abroad() {
    // The phone is new; its owner works in the terminal and sleeps in the same town.
    let staff =
        |_, hour: i32| if (4..13).contains(&hour) { KANSAI_AIRPORT } else { (27213, 34.4063, 135.327) };
    assert!(!is_guest(30, staff));
}

#[test]
fn who_is_seen_when_the_data_begin_or_end_has_neither_come_nor_left() {
    let first = Day::parse("2026-03-02").unwrap();
    let tour = |day: i32, _: i32| [KYOTO, TAKAYAMA, SHINJUKU, OSAKA][(day / 2) as usize % 4];
    let within = |begin: Day, end: Day| is_guest_within(12, tour, (begin, end));
    assert!(within(first.plus(-9), first.plus(40)));
    // Still here on the last day: the next bed may be home.
    assert!(!within(first.plus(-9), first.plus(12)));
    // Began with the data: where it came from nobody saw.
    let from_the_start = is_guest_within(12, lands_and_sleeps(KYOTO), (first, first.plus(40)));
    assert!(!from_the_start);
}
