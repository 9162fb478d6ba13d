use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::units::GridPoint;
use kayoi_schemas::units::near::METRES_PER_DEGREE;

use super::*;
use crate::motion::motions;
use crate::stays::stays;

const RULE: DayRule = DayRule::JAPAN;

fn monday() -> Day {
    Day::parse("2026-03-02").unwrap()
}

/// A fix at a local hour of Monday, kilometres north of a house.
fn fix(hour: f64, north_km: f64) -> Fix {
    Fix {
        device: DeviceId::from_hash(2),
        instant: RULE.instant(monday(), hour),
        point: GridPoint::from_degrees(35.3 + 1000.0 * north_km / METRES_PER_DEGREE, 139.5),
        accuracy_m: 20.0,
        attributes: kayoi_schemas::person::Attributes::default(),
        speed_m_s: None,
        municipality: MunicipalityCode::from_number(13_101),
    }
}

/// Kilometres of a day of fixes; the first is in the house.
fn km(fixes: &[Fix]) -> Option<f64> {
    let thresholds = Definition::connected_2026().unwrap().thresholds;
    let (spots, _) = Spots::of(fixes, &motions(fixes), &stays(fixes, &thresholds, RULE), RULE);
    let bed = spots.of_fix.iter().flatten().next().copied().unwrap();
    Track::of(fixes, &spots, RULE).km(monday(), bed, &spots)
}

/// A fix every three quarters of an hour from six to midnight: as many as a day needs.
fn seen_at(north_km: impl Fn(f64) -> f64) -> Vec<Fix> {
    let fixes: Vec<Fix> =
        (8..32).map(|number| 0.75 * f64::from(number)).map(|hour| fix(hour, north_km(hour))).collect();
    assert_eq!(fixes.len(), LEAST_FIXES as usize);
    fixes
}

fn office_day(hour: f64) -> f64 {
    if (9.0..18.0).contains(&hour) { 12.0 } else { 0.0 }
}

#[track_caller]
fn assert_near(km: Option<f64>, expected: f64) {
    assert!(km.is_some_and(|km| (km - expected).abs() < 0.1), "{km:?} instead of {expected}");
}

#[test]
fn a_day_at_work_is_the_way_there_and_back_and_a_day_at_home_is_nothing() {
    assert_near(km(&seen_at(office_day)), 24.0);
    assert_near(km(&seen_at(|_| 0.0)), 0.0);
}

#[test]
fn an_errand_is_gone_to_and_come_back_from_seen_for_a_moment_or_an_hour() {
    assert_near(km(&seen_at(|hour| if hour == 15.0 { 3.0 } else { 0.0 })), 6.0);
    assert_near(km(&seen_at(|hour| if (15.0..16.5).contains(&hour) { 3.0 } else { 0.0 })), 6.0);
    // On the way home from work, and beyond it.
    assert_near(km(&seen_at(|hour| if hour == 18.0 { 15.0 } else { office_day(hour) })), 30.0);
}

#[test]
fn who_is_seen_first_at_work_came_from_bed() {
    let fixes = seen_at(|hour| if hour > 6.5 { 12.0 } else { 0.0 });
    assert_near(km(&fixes), 24.0);
}

#[test]
fn what_is_seen_on_the_way_is_the_way() {
    // Three fixes beside the road, half a kilometre off to the east.
    let mut fixes = seen_at(office_day);
    for (hour, north_km) in [(8.6, 3.0), (8.7, 6.0), (8.8, 9.0)] {
        let beside = GridPoint::from_degrees(35.3 + 1000.0 * north_km / METRES_PER_DEGREE, 139.5055);
        fixes.push(Fix { point: beside, ..fix(hour, north_km) });
    }
    fixes.sort_by_key(|fix| fix.instant);
    assert_near(km(&fixes), 24.0);
}

#[test]
fn what_rooms_scatter_is_no_way() {
    assert_near(km(&seen_at(|hour| if hour > 6.0 && hour % 3.0 == 0.0 { 0.4 } else { 0.0 })), 0.0);
}

#[test]
fn a_day_of_few_fixes_says_nothing() {
    let few: Vec<Fix> = seen_at(office_day).into_iter().take(LEAST_FIXES as usize - 1).collect();
    assert_eq!(km(&few), None);
    // A burst of many says no more than one.
    let burst = (0..20).map(|number| fix(12.1 + f64::from(number) / 100.0, office_day(12.1)));
    let mut with_burst: Vec<Fix> = few.into_iter().chain(burst).collect();
    with_burst.sort_by_key(|fix| fix.instant);
    assert!(with_burst.len() > LEAST_FIXES as usize);
    assert_eq!(km(&with_burst), None);
}

#[test]
fn five_days_of_each_kind_are_a_share_and_four_are_none() {
    let of = |days: u32| {
        let month = DayWays {
            work_days: 6,
            work_km: 6.0 * 25.0,
            telework_days: days,
            telework_km: f64::from(days) * 7.0,
            way_km: f64::from(days) * 12.0,
        };
        month.with(DayWays::default()).share()
    };
    assert_eq!(of(LEAST_DAYS - 1), None);
    // 18 of 24 km are saved.
    let share = of(LEAST_DAYS).unwrap();
    assert!((share.rebound_and_way / share.way - 1.25).abs() < 1e-9, "{share:?}");
}
