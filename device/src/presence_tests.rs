use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::units::GridPoint;
use proptest::prelude::*;

use super::*;
use crate::motion::motions;
use crate::night_work::NightWork;
use crate::nights::nights;
use crate::stays::stays;
use crate::window::night_window;

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
        speed_m_s: None,
        municipality: MunicipalityCode::from_number(code),
        attributes: kayoi_schemas::person::Attributes::default(),
    }
}

fn presence_of(fixes: &[Fix]) -> PresenceByDay {
    let thresholds = thresholds();
    let settled = Settled::new(fixes.to_vec(), stays(fixes, &thresholds, RULE));
    let nights =
        nights(&settled, &NightWork::default(), &thresholds, RULE, &|a, b| if a == b { 0.0 } else { 60.0 });
    presence(&settled, &motions(fixes), &nights, &thresholds, RULE)
}

fn minutes(fixes: &[Fix]) -> Vec<(String, u32, f64)> {
    let presence = presence_of(fixes);
    let there = presence.iter().filter(|(_, presence)| presence.minutes > 0.0);
    there.map(|((day, code), p)| (day.to_string(), code.number(), p.minutes.round())).collect()
}

/// What the device did in a municipality on 2026-03-02.
fn on_the_day(fixes: &[Fix], code: u32) -> Presence {
    let key = (Day::parse("2026-03-02").unwrap(), MunicipalityCode::from_number(code).unwrap());
    presence_of(fixes).get(&key).copied().unwrap_or_default()
}

fn is_visit(fixes: &[Fix], code: u32) -> bool {
    on_the_day(fixes, code).is_visit(&thresholds(), |_| false)
}

#[test]
fn who_strolls_through_a_town_is_present_and_who_drives_through_is_not_for_long() {
    let stroll: Vec<Fix> = (0..5).map(|n| fix(11.0 + f64::from(n) * 0.5, n * 3, 20321)).collect();
    assert_eq!(minutes(&stroll), [("2026-03-02".to_owned(), 20321, 120.0)]);
    assert!(is_visit(&stroll, 20321));
    let through = [fix(11.0, 0, 20202), fix(11.2, 9, 20321), fix(11.4, 18, 20321), fix(11.6, 27, 20322)];
    assert_eq!(minutes(&through), [("2026-03-02".to_owned(), 20321, 12.0)]);
    assert!(!is_visit(&through, 20321));
}

#[test]
fn who_is_seen_driving_was_not_there_at_all() {
    // A fix each minute at 54 km/h, an hour long, between two at home.
    let home = |hour: f64| fix(hour, -50, 20202);
    let mut drive: Vec<Fix> = (0..60).map(|n| fix(11.0 + f64::from(n) / 60.0, n, 20321)).collect();
    drive.splice(0..0, [home(8.0), home(9.0)]);
    drive.extend([home(20.0), home(30.0)]);
    assert!(minutes(&drive).iter().all(|(_, code, _)| *code == 20202));
    let seen = on_the_day(&drive, 20321);
    assert!(!seen.stood && !seen.off_the_way && !is_visit(&drive, 20321));
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

#[test]
fn a_night_makes_a_visit_of_the_evening_and_of_the_morning_after() {
    // One night in the town, between ten days at home.
    let at = |hour: i32| match hour {
        20..34 => fix(f64::from(hour), 100, 20321),
        _ => fix(f64::from(hour), 0, 20202),
    };
    let fixes: Vec<Fix> = (-240..17).chain(20..34).chain(37..240).map(at).collect();
    let presence = presence_of(&fixes);
    let slept = presence.iter().filter(|((_, code), presence)| presence.slept && code.number() == 20321);
    let days: Vec<String> = slept.map(|((day, _), _)| day.to_string()).collect();
    assert_eq!(days, ["2026-03-02", "2026-03-03"]);
}

#[test]
fn two_fixes_within_minutes_at_one_spot_show_a_stop() {
    let stop = [fix(9.0, 0, 20202), fix(11.0, 30, 20321), fix(11.03, 30, 20321), fix(13.0, 60, 20322)];
    assert!(on_the_day(&stop, 20321).stood);
    assert!(is_visit(&stop, 20321));
    // … unless the way to work leads past it.
    assert!(!on_the_day(&stop, 20321).is_visit(&thresholds(), |_| true));
}

#[test]
fn a_lonely_fix_counts_off_the_way_with_time_to_spare_only() {
    // From home 45 km to the east and back: nobody passes there by chance.
    let excursion = [fix(9.0, 0, 20202), fix(12.0, 50, 20321), fix(16.0, 0, 20202)];
    assert!(on_the_day(&excursion, 20321).off_the_way && is_visit(&excursion, 20321));
    // The same town on the way from west to east.
    let passage = [fix(9.0, 0, 20202), fix(12.0, 50, 20321), fix(16.0, 100, 20322)];
    assert!(!is_visit(&passage, 20321));
    // There and back in as little time as the way takes.
    let turned = [fix(10.9, 0, 20202), fix(12.0, 50, 20321), fix(13.1, 0, 20202)];
    assert!(!is_visit(&turned, 20321));
    // Without a fix before and one after nobody knows where it came from.
    assert!(!on_the_day(&excursion[1..], 20321).off_the_way);
}

#[test]
fn the_night_window_runs_over_midnight_and_holds_its_core() {
    let evening = Day::parse("2026-03-02").unwrap();
    let [window, core] = night_window(evening, &thresholds(), RULE);
    let hours = |span: Span| (span.to.0 - span.from.0) / HOUR_MS;
    assert_eq!((hours(window), hours(core)), (10, 3));
    assert!(window.from < core.from && core.to < window.to);
    assert_eq!((RULE.day(window.from), RULE.day(window.to)), (evening, evening.plus(1)));
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
        let seen = (fixes[fixes.len() - 1].instant.0 - fixes[0].instant.0) as f64 / kayoi_schemas::time::MINUTE_MS as f64;
        prop_assert!(by_day.values().sum::<f64>() <= seen + by_day.len() as f64 * 2.0);
    }
}
