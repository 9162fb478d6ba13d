use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::MunicipalityCode;

use super::*;

const RULE: DayRule = DayRule::JAPAN;

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

fn stay(date: &str, from_hour: f64, to_hour: f64, code: Option<&str>) -> Stay {
    let day = Day::parse(date).unwrap();
    Stay {
        arrival: RULE.instant(day, from_hour),
        departure: RULE.instant(day, to_hour),
        latitude: 36.0,
        longitude: 138.0,
        municipality: code.map(|code| MunicipalityCode::parse(code).unwrap()),
        ping_count: 2,
        observed_minutes: 0.0,
        inferred_minutes: 0.0,
    }
}

fn slept(stays: &[Stay]) -> Vec<(String, Slept)> {
    nights(stays, &[], &thresholds(), RULE)
        .iter()
        .map(|night| (night.night.to_string(), night.slept))
        .collect()
}

fn town(code: &str) -> Slept {
    Slept::In(MunicipalityCode::parse(code).unwrap())
}

#[test]
fn one_night_in_two_stays_around_midnight_is_one_night() {
    let stays =
        [stay("2026-03-02", 22.0, 23.8, Some("20321")), stay("2026-03-02", 24.2, 31.0, Some("20321"))];
    assert_eq!(slept(&stays), [("2026-03-02".to_owned(), town("20321"))]);
}

#[test]
fn a_night_from_ten_to_ten_to_five_is_a_night_of_the_evening() {
    // 22:00 to 04:50: no night for rules that cut at midnight or ask for presence from 0 to 5.
    assert_eq!(
        slept(&[stay("2025-12-31", 22.0, 28.83, Some("13101"))]),
        [("2025-12-31".to_owned(), town("13101"))]
    );
}

#[test]
fn the_core_hours_decide_between_two_places() {
    // 2.4 h at a party before midnight, 2 h at home within the core hours.
    let stays =
        [stay("2026-03-02", 22.0, 24.4, Some("13101")), stay("2026-03-02", 25.5, 27.5, Some("13102"))];
    assert_eq!(slept(&stays), [("2026-03-02".to_owned(), town("13102"))]);
}

#[test]
fn under_an_hour_and_on_the_move_are_not_known() {
    assert_eq!(
        slept(&[stay("2026-03-02", 22.0, 22.9, Some("13101"))]),
        [("2026-03-02".to_owned(), Slept::TooShort)]
    );
    assert_eq!(slept(&[stay("2026-03-02", 22.0, 30.0, None)]), [("2026-03-02".to_owned(), Slept::Outside)]);
    let fix = Fix {
        device: kayoi_schemas::ids::DeviceId::from_hash(2),
        instant: RULE.instant(Day::parse("2026-03-02").unwrap(), 26.0),
        point: kayoi_schemas::units::GridPoint::from_degrees(36.0, 138.0),
        accuracy_m: 10.0,
        municipality: None,
    };
    let moving = nights(&[], &[fix], &thresholds(), RULE);
    assert_eq!(
        (moving.len(), moving[0].slept, moving[0].night.to_string().as_str()),
        (1, Slept::InTransit, "2026-03-02")
    );
}

#[test]
fn a_stay_of_days_gives_each_of_its_nights() {
    let nights = slept(&[stay("2026-02-27", 12.0, 24.0 * 3.0 + 12.0, Some("20321"))]);
    let dates: Vec<_> = nights.iter().map(|(date, _)| date.as_str()).collect();
    assert_eq!(dates, ["2026-02-27", "2026-02-28", "2026-03-01"]);
}
