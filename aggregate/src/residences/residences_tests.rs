use kayoi_schemas::definition::Definition;

use super::*;

fn code(text: &str) -> MunicipalityCode {
    MunicipalityCode::parse(text).unwrap()
}

/// A year of nights from 2025-04-01, the place of each by its number; `None` is not known.
fn year(place: impl Fn(i32) -> Option<&'static str>) -> Vec<(Day, MunicipalityCode)> {
    let first = Day::parse("2025-04-01").unwrap();
    (0..365).filter_map(|n| Some((first.plus(n), code(place(n)?)))).collect()
}

fn lives(nights: &[(Day, MunicipalityCode)]) -> Vec<(String, Regime)> {
    let thresholds = Definition::connected_2026().unwrap().thresholds;
    let far = |_, _| 100.0;
    residences(nights, Month::parse("2026-03").unwrap(), &thresholds, &far)
        .iter()
        .map(|residence| (residence.municipality.to_string(), residence.regime))
        .collect()
}

const TOKYO: &str = "13101";
const KARUIZAWA: &str = "20321";

fn primary(code: &str) -> (String, Regime) {
    (code.to_owned(), Regime::Primary)
}

fn second(code: &str, regime: Regime) -> (String, Regime) {
    (code.to_owned(), regime)
}

#[test]
fn a_sixty_forty_person_has_two_residences() {
    let both = lives(&year(|n| Some(if n % 5 < 3 { TOKYO } else { KARUIZAWA })));
    assert_eq!(both, [primary(TOKYO), second(KARUIZAWA, Regime::Regular)]);
}

#[test]
fn weekly_alternate_and_monthly_regimes_have_two_residences() {
    for regime in [
        year(|n| Some(if n % 7 < 4 { TOKYO } else { KARUIZAWA })),
        year(|n| Some(if n % 14 < 8 { TOKYO } else { KARUIZAWA })),
        year(|n| Some(if n % 30 < 27 { TOKYO } else { KARUIZAWA })),
    ] {
        assert_eq!(lives(&regime), [primary(TOKYO), second(KARUIZAWA, Regime::Regular)]);
    }
}

#[test]
fn a_block_of_one_to_three_months_is_a_seasonal_residence() {
    let summer = year(|n| Some(if (100..160).contains(&n) { KARUIZAWA } else { TOKYO }));
    assert_eq!(lives(&summer), [primary(TOKYO), second(KARUIZAWA, Regime::Seasonal)]);
}

#[test]
fn moving_house_is_not_dual_residence() {
    let mover = year(|n| Some(if n < 200 { TOKYO } else { KARUIZAWA }));
    assert_eq!(lives(&mover), [primary(KARUIZAWA)]);
}

#[test]
fn silence_is_missing_not_absent() {
    // The same life, seen on one night of three: still two residences, and the estimate hardly moves.
    let sparse = year(|n| (n % 3 == 0).then_some(if n % 10 < 8 { TOKYO } else { KARUIZAWA }));
    assert_eq!(lives(&sparse), [primary(TOKYO), second(KARUIZAWA, Regime::Regular)]);
}

#[test]
fn a_few_nights_a_year_are_no_residence_and_few_nights_at_all_cannot_be_located() {
    assert_eq!(lives(&year(|n| Some(if n % 60 == 0 { KARUIZAWA } else { TOKYO }))), [primary(TOKYO)]);
    assert_eq!(lives(&year(|n| (n % 40 == 0).then_some(TOKYO))), []);
}

#[test]
fn a_near_second_home_is_daily_life() {
    let nights = year(|n| Some(if n % 5 < 3 { TOKYO } else { "13102" }));
    let thresholds = Definition::connected_2026().unwrap().thresholds;
    assert_eq!(residences(&nights, Month::parse("2026-03").unwrap(), &thresholds, &|_, _| 4.0).len(), 1);
}
