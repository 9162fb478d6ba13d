use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::units::GridPoint;
use proptest::prelude::*;

use super::*;
use crate::stays::stays;

const RULE: DayRule = DayRule::JAPAN;

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

/// A fix at local `hour` of 2026-03-02, `east` steps of about 900 m from a point, in a municipality.
fn fix(hour: f64, east: i32, code: u32) -> Fix {
    Fix {
        device: DeviceId::from_hash(2),
        instant: RULE.instant(Day::parse("2026-03-02").unwrap(), hour),
        point: GridPoint { latitude_e7: 363_000_001, longitude_e7: 1_386_000_001 + east * 100_000 },
        accuracy_m: 20.0,
        municipality: MunicipalityCode::from_number(code),
    }
}

fn minutes(fixes: &[Fix]) -> Vec<(String, u32, f64)> {
    let thresholds = thresholds();
    let stays = stays(fixes, &thresholds, RULE);
    let presence = presence(fixes, &stays, &|_| Cell::from_h3(1), &thresholds, RULE);
    presence.iter().map(|((day, code), p)| (day.to_string(), code.number(), p.minutes.round())).collect()
}

#[test]
fn who_strolls_through_a_town_is_present_and_who_drives_through_is_not_for_long() {
    let stroll: Vec<Fix> = (0..5).map(|n| fix(11.0 + f64::from(n) * 0.5, n * 3, 20321)).collect();
    assert_eq!(minutes(&stroll), [("2026-03-02".to_owned(), 20321, 120.0)]);
    let drive = [fix(11.0, 0, 20202), fix(11.2, 9, 20321), fix(11.4, 18, 20321), fix(11.6, 27, 20322)];
    assert_eq!(minutes(&drive), [("2026-03-02".to_owned(), 20321, 12.0)]);
}

#[test]
fn a_long_silence_between_two_places_of_a_town_is_nobodys() {
    assert_eq!(minutes(&[fix(9.0, 0, 20321), fix(15.5, 20, 20321)]), []);
}

#[test]
fn a_night_is_shared_out_at_four() {
    let night = [fix(22.0, 0, 20321), fix(31.0, 0, 20321)];
    assert_eq!(
        minutes(&night),
        [("2026-03-02".to_owned(), 20321, 360.0), ("2026-03-03".to_owned(), 20321, 180.0)]
    );
}

proptest! {
    #[test]
    fn nobody_is_present_longer_than_the_day_nor_twice_at_once(
        steps in prop::collection::vec((0.02f64..6.0, 0i32..4, 0u32..3), 2..60)
    ) {
        let mut hour = 0.0;
        let fixes: Vec<Fix> = steps.iter().map(|(wait, east, town)| {
            hour += wait;
            fix(hour, *east, 20321 + town)
        }).collect();
        let mut by_day: BTreeMap<String, f64> = BTreeMap::new();
        for (day, _, minutes) in minutes(&fixes) {
            *by_day.entry(day).or_default() += minutes;
        }
        prop_assert!(by_day.values().all(|minutes| *minutes <= 1441.5), "{by_day:?}");
        let seen = (fixes[fixes.len() - 1].instant.0 - fixes[0].instant.0) as f64 / MINUTE_MS as f64;
        prop_assert!(by_day.values().sum::<f64>() <= seen + by_day.len() as f64 * 2.0);
    }
}
