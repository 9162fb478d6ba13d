use kayoi_schemas::definition::{Definition, Thresholds};
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::units::GridPoint;
use kayoi_schemas::units::near::METRES_PER_DEGREE;
use proptest::prelude::*;

use super::*;
use crate::motion::motions;

use crate::settled::SettledStay;
use crate::stays::stays;

const RULE: DayRule = DayRule::JAPAN;
const KARUIZAWA: u32 = 20321;
const SAKU: u32 = 20217;

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

/// A fix at local `hour` of 2026-03-02, metres north of a house.
fn fix(hour: f64, north_m: f64, code: u32) -> Fix {
    Fix {
        device: DeviceId::from_hash(2),
        instant: RULE.instant(Day::parse("2026-03-02").unwrap(), hour),
        point: GridPoint::from_degrees(36.3 + north_m / METRES_PER_DEGREE, 138.5),
        accuracy_m: 20.0,
        attributes: kayoi_schemas::person::Attributes::default(),
        speed_m_s: None,
        municipality: MunicipalityCode::from_number(code),
    }
}

struct Found {
    fixes: Vec<Fix>,
    stays: Vec<SettledStay>,
    motions: Vec<Motion>,
    spots: Spots,
}

fn found(fixes: &[Fix]) -> Found {
    let motions = motions(fixes);
    let (spots, settled) = Spots::of(fixes, &motions, &stays(fixes, &thresholds(), RULE), RULE);
    Found { fixes: settled.fixes().to_vec(), stays: settled.stays().to_vec(), motions, spots }
}

fn codes<'a>(codes: impl Iterator<Item = &'a Option<MunicipalityCode>>) -> Vec<u32> {
    let mut codes: Vec<u32> = codes.map(|code| code.map_or(0, MunicipalityCode::number)).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[test]
fn a_house_at_a_border_lies_in_the_municipality_of_most_of_its_fixes() {
    // Ten days of a fix each hour; three of ten fall over the border, by day as by night.
    let jitter: Vec<Fix> = (0..240)
        .map(|n| fix(f64::from(n), f64::from(n % 7) * 20.0, if n % 10 < 7 { KARUIZAWA } else { SAKU }))
        .collect();
    let found = found(&jitter);
    assert_eq!(codes(found.fixes.iter().map(|fix| &fix.municipality)), [KARUIZAWA]);
    assert_eq!(codes(found.stays.iter().map(|stay| &stay.municipality)), [KARUIZAWA]);
    assert_eq!(codes(found.spots.spots.iter().map(|spot| &spot.municipality)), [KARUIZAWA]);
}

#[test]
fn the_jitter_of_a_house_does_not_move_the_shop_across_the_border() {
    let at_home = |n: u32| fix(f64::from(n) / 2.0, 0.0, if n % 10 < 7 { KARUIZAWA } else { SAKU });
    let mut fixes: Vec<Fix> = (0..20).map(at_home).collect();
    fixes.extend((21..25).map(|n| fix(f64::from(n) / 2.0, 900.0, SAKU)));
    fixes.extend((26..60).map(at_home));
    let found = found(&fixes);
    let at = |hour: f64| {
        let instant = RULE.instant(Day::parse("2026-03-02").unwrap(), hour);
        let fix = found.fixes.iter().find(|fix| fix.instant == instant).unwrap();
        fix.municipality.unwrap().number()
    };
    assert_eq!((at(4.0), at(11.0), at(20.0)), (KARUIZAWA, SAKU, KARUIZAWA));
}

#[test]
fn an_even_split_falls_to_the_lower_code_whatever_comes_first() {
    for first in [KARUIZAWA, SAKU] {
        let other = KARUIZAWA + SAKU - first;
        let fixes: Vec<Fix> =
            (0..20).map(|n| fix(f64::from(n) / 2.0, 0.0, if n % 2 == 0 { first } else { other })).collect();
        assert_eq!(codes(found(&fixes).fixes.iter().map(|fix| &fix.municipality)), [SAKU]);
    }
}

#[test]
fn a_desk_visited_again_is_the_same_spot_and_another_building_is_not() {
    // Lonely fixes on three days: a desk with the noise of a building, then a café 600 m on.
    let seen = [fix(10.0, 0.0, KARUIZAWA), fix(34.0, 120.0, KARUIZAWA), fix(58.0, 600.0, KARUIZAWA)];
    let spots = found(&seen).spots;
    let indices: Vec<u32> = spots.hours.iter().map(|hour| hour.spot.0).collect();
    assert_eq!(indices, [0, 0, 1]);
    assert!((spots.metres(SpotIndex(0), SpotIndex(1)) - 600.0).abs() < 1.0);
    assert_eq!(spots.metres(SpotIndex(0), SpotIndex(7)), f64::INFINITY);
}

#[test]
fn a_drive_has_no_spots() {
    let drive: Vec<Fix> =
        (0..60).map(|n| fix(11.0 + f64::from(n) / 60.0, 900.0 * f64::from(n), SAKU)).collect();
    let found = found(&drive);
    assert_eq!((found.spots.spots.len(), found.spots.hours.len()), (0, 0));
    assert_eq!(codes(found.fixes.iter().map(|fix| &fix.municipality)), [SAKU]);
}

#[test]
fn a_stay_shows_every_hour_that_it_fills_although_nothing_was_sent() {
    let evening = [fix(20.0, 0.0, SAKU), fix(20.5, 0.0, SAKU), fix(26.0, 0.0, SAKU), fix(30.0, 0.0, SAKU)];
    let spots = found(&evening).spots;
    let first = Day::parse("2026-03-02").unwrap();
    let hours: Vec<(i32, u8)> = spots.hours.iter().map(|hour| (hour.day.0 - first.0, hour.slot)).collect();
    let expected: Vec<(i32, u8)> = (16..24).map(|slot| (0, slot)).chain([(1, 0), (1, 1)]).collect();
    assert_eq!(hours, expected);
    assert_eq!(spots.between(first.plus(1), first.plus(1)).len(), 2);
    assert!(spots.between(first.plus(2), first.plus(9)).is_empty());
    assert!(spots.between(first.plus(1), first).is_empty());
}

fn lives() -> impl Strategy<Value = Vec<Fix>> {
    let step = (0.01f64..8.0, 0u8..4, -3000.0f64..3000.0, -120.0f64..120.0, 0u8..3);
    prop::collection::vec(step, 2..80).prop_map(|steps| {
        let (mut hour, mut base_m) = (0.0, 0.0);
        let fixes = steps.into_iter().map(|(wait, moves, by_m, noise_m, border)| {
            hour += wait;
            if moves == 0 {
                base_m += by_m;
            }
            fix(hour, base_m + noise_m, if border == 0 { SAKU } else { KARUIZAWA })
        });
        fixes.collect()
    })
}

fn point_metres(fix: &Fix, spot: &Spot) -> f64 {
    metres_between((fix.point.latitude(), fix.point.longitude()), (spot.latitude, spot.longitude))
}

proptest! {
    #[test]
    fn a_fix_that_stands_is_within_reach_of_a_spot_of_its_hour_and_in_its_municipality(fixes in lives()) {
        let found = found(&fixes);
        for (fix, motion) in found.fixes.iter().zip(&found.motions) {
            let own = found.stays.iter().find(|s| s.arrival <= fix.instant && fix.instant <= s.departure);
            if let Some(stay) = own {
                prop_assert_eq!(fix.municipality, stay.municipality);
                continue;
            }
            if *motion == Motion::Moving {
                continue;
            }
            let day = RULE.day(fix.instant);
            let slot = ((fix.instant.0 - RULE.day_start(day).0) / HOUR_MS) as u8;
            let of_hour = found.spots.hours.iter().filter(|hour| (hour.day, hour.slot) == (day, slot));
            let mut spots = of_hour.filter_map(|hour| found.spots.get(hour.spot));
            let is_at = |spot: &Spot| {
                point_metres(fix, spot) <= REACH_M && spot.municipality == fix.municipality
            };
            prop_assert!(spots.any(is_at));
        }
    }

    #[test]
    fn no_spot_is_farther_from_what_it_holds_than_reach_and_drift(fixes in lives()) {
        let found = found(&fixes);
        let drift_m = 2.0 * thresholds().stay_radius_m.get();
        for stay in &found.stays {
            let apart_m = |spot: &Spot| {
                metres_between((stay.latitude, stay.longitude), (spot.latitude, spot.longitude))
            };
            let own = |spot: &&Spot| apart_m(spot) <= REACH_M && spot.municipality == stay.municipality;
            prop_assert!(found.spots.spots.iter().any(|spot| own(&spot)));
        }
        for hour in &found.spots.hours {
            let spot = found.spots.get(hour.spot).unwrap();
            let nearest = found.fixes.iter().map(|fix| point_metres(fix, spot)).fold(f64::INFINITY, f64::min);
            prop_assert!(nearest <= REACH_M + drift_m, "{nearest} m");
        }
    }

    #[test]
    fn hours_are_sorted_and_each_is_there_once(fixes in lives()) {
        let found = found(&fixes);
        prop_assert!(found.spots.hours.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(found.spots.hours.iter().all(|hour| hour.slot < 24));
    }
}
