use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::units::{GridPoint, distance_km};
use proptest::prelude::*;

use super::*;
use crate::night_work::NightWork;
use crate::stays::{Stay, stays};

const RULE: DayRule = DayRule::JAPAN;

/// A municipality, with a house in it.
#[derive(Debug, Clone, Copy)]
struct Town(u32, f64, f64);

const HOME: Town = Town(13101, 35.694, 139.753);
const RESORT: Town = Town(20321, 36.3486, 138.597);
const OSAKA: Town = Town(27100, 34.694, 135.502);
/// Towns on the way from home to Osaka.
const ON_THE_WAY: [Town; 4] = [
    Town(14206, 35.256, 139.155),
    Town(22100, 34.975, 138.383),
    Town(23100, 35.181, 136.906),
    Town(25201, 35.018, 135.855),
];

impl Town {
    fn code(self) -> MunicipalityCode {
        MunicipalityCode::from_number(self.0).unwrap()
    }
}

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Local hours may exceed 24.
fn fix(day: Day, hour: f64, town: Town) -> Fix {
    Fix {
        device: DeviceId::from_hash(2),
        instant: RULE.instant(day, hour),
        point: GridPoint::from_degrees(town.1, town.2),
        accuracy_m: 20.0,
        attributes: kayoi_schemas::person::Attributes::default(),
        speed_m_s: None,
        municipality: Some(town.code()),
    }
}

fn at_sea(day: Day, hour: f64) -> Fix {
    Fix { municipality: None, point: GridPoint::from_degrees(34.0, 141.0), ..fix(day, hour, HOME) }
}

fn apart_km(a: MunicipalityCode, b: MunicipalityCode) -> f64 {
    let towns = [&[HOME, RESORT, OSAKA][..], &ON_THE_WAY].concat();
    let point = |code| towns.iter().find(|town| town.code() == code).map(|town| (town.1, town.2));
    distance_km(point(a).unwrap(), point(b).unwrap())
}

/// The nights of a life from its fixes, in any order.
fn nights_of(mut fixes: Vec<Fix>) -> Nights {
    fixes.sort_by_key(|fix| (fix.instant, fix.point));
    let thresholds = thresholds();
    let stays = stays(&fixes, &thresholds, RULE);
    nights(&Settled::new(fixes, stays), &NightWork::default(), &thresholds, RULE, &apart_km)
}

/// A device that is seen every hour of some days at one place.
fn whole_days(days: std::ops::Range<i32>, town: Town) -> Vec<Fix> {
    let first = day("2026-03-02");
    days.flat_map(|number| (4..28).map(move |hour| fix(first.plus(number), f64::from(hour), town))).collect()
}

fn on(nights: &Nights, date: &str) -> Night {
    *nights.nights.iter().find(|night| night.night == day(date)).unwrap()
}

/// How probable a place is as the bed of a night.
fn probability(nights: &Nights, number: usize, town: Town) -> f64 {
    let place = nights.places.binary_search(&town.code()).unwrap();
    nights.beds[number].of(Place(place as u16))
}

fn stay(date: &str, from_hour: f64, to_hour: f64, town: Option<Town>) -> Stay {
    Stay {
        arrival: RULE.instant(day(date), from_hour),
        departure: RULE.instant(day(date), to_hour),
        latitude: 36.0,
        longitude: 138.0,
        municipality: town.map(Town::code),
        ping_count: 2,
        observed_minutes: 0.0,
        inferred_minutes: 0.0,
    }
}

/// The nights that given stays show, each seen by a fix at its beginning and at its end.
fn observed(given: &[Stay]) -> Vec<(String, Slept)> {
    let ends = |stay: &Stay| {
        [stay.arrival, stay.departure].map(|instant| Fix {
            instant,
            municipality: stay.municipality,
            ..fix(Day(0), 0.0, HOME)
        })
    };
    let fixes: Vec<Fix> = given.iter().flat_map(ends).collect();
    let nights =
        nights(&Settled::new(fixes, given.to_vec()), &NightWork::default(), &thresholds(), RULE, &apart_km);
    let observed = nights.nights.iter().filter(|night| matches!(night.slept, Slept::Observed(_)));
    observed.map(|night| (night.night.to_string(), night.slept)).collect()
}

fn seen_in(date: &str, town: Town) -> (String, Slept) {
    (date.to_owned(), Slept::Observed(town.code()))
}

#[test]
fn one_night_in_two_stays_around_midnight_is_one_night() {
    let pieces = [stay("2026-03-02", 22.0, 23.8, Some(RESORT)), stay("2026-03-02", 24.2, 31.0, Some(RESORT))];
    assert_eq!(observed(&pieces), [seen_in("2026-03-02", RESORT)]);
}

#[test]
fn a_night_from_ten_to_ten_to_five_belongs_to_the_evening_although_the_year_ends() {
    // No night for rules that cut at midnight or ask for presence from 0 to 5.
    assert_eq!(observed(&[stay("2025-12-31", 22.0, 28.83, Some(HOME))]), [seen_in("2025-12-31", HOME)]);
}

#[test]
fn the_core_hours_decide_between_two_places() {
    // 2.4 h at a party before midnight, 2 h at home within the core hours.
    let party_and_home =
        [stay("2026-03-02", 22.0, 24.4, Some(HOME)), stay("2026-03-02", 25.5, 27.5, Some(RESORT))];
    assert_eq!(observed(&party_and_home), [seen_in("2026-03-02", RESORT)]);
}

#[test]
fn a_night_is_observed_from_the_least_minutes_on() {
    let least_hours = thresholds().overnight_min_minutes.get() / 60.0;
    let long_enough = stay("2026-03-02", 23.0, 23.0 + least_hours, Some(HOME));
    let too_short = stay("2026-03-02", 23.0, 23.0 + least_hours - 0.02, Some(HOME));
    assert_eq!(observed(&[long_enough]), [seen_in("2026-03-02", HOME)]);
    assert_eq!(observed(&[too_short]), []);
    // Only the minutes within the window count.
    let before_the_window = stay("2026-03-02", 17.0, 22.9, Some(HOME));
    assert_eq!(observed(&[before_the_window]), []);
}

#[test]
fn a_stay_of_days_gives_each_of_its_nights() {
    let long = observed(&[stay("2026-02-27", 12.0, 24.0 * 3.0 + 12.0, Some(RESORT))]);
    assert_eq!(long, ["2026-02-27", "2026-02-28", "2026-03-01"].map(|date| seen_in(date, RESORT)));
}

#[test]
fn a_night_in_no_municipality_is_outside_and_nobody_guesses_a_bed() {
    let mut fixes = whole_days(0..10, HOME);
    fixes.extend((18..33).map(|hour| at_sea(day("2026-03-12"), f64::from(hour))));
    fixes.extend(whole_days(12..20, HOME));
    let nights = nights_of(fixes);
    let night = on(&nights, "2026-03-12");
    assert_eq!((night.slept, night.probability), (Slept::Outside, 0.0));
    assert!(f64::from(night.minutes) >= thresholds().overnight_min_minutes.get());
    assert_eq!(on(&nights, "2026-03-09").slept, Slept::Observed(HOME.code()));
}

#[test]
fn nights_at_sea_at_the_end_of_the_data_have_rows_too() {
    let mut fixes = whole_days(0..10, HOME);
    fixes.extend((12..84).map(|hour| at_sea(day("2026-03-12"), f64::from(hour))));
    let nights = nights_of(fixes);
    assert_eq!(nights.nights.last().map(|night| night.night), Some(day("2026-03-15")));
    assert_eq!(on(&nights, "2026-03-13").slept, Slept::Outside);
}

#[test]
fn a_night_on_the_road_is_in_transit_and_not_at_any_town_on_the_way() {
    let mut fixes = whole_days(0..14, HOME);
    let evening = day("2026-03-16");
    fixes.extend((10..22).map(|hour| fix(evening, f64::from(hour), HOME)));
    // A night bus: in another town every two hours, standing nowhere.
    for (number, town) in (0..).zip(ON_THE_WAY) {
        fixes.push(fix(evening, 23.5 + 2.0 * f64::from(number), town));
    }
    fixes.extend(
        whole_days(15..17, OSAKA).into_iter().filter(|fix| fix.instant > RULE.instant(evening, 32.0)),
    );
    let nights = nights_of(fixes);
    assert_eq!(on(&nights, "2026-03-16").slept, Slept::InTransit);
    assert_eq!(on(&nights, "2026-03-15").slept, Slept::Observed(HOME.code()));
    assert_eq!(on(&nights, "2026-03-17").slept, Slept::Observed(OSAKA.code()));
}

#[test]
fn a_sparse_phone_seen_at_home_in_the_evening_and_at_noon_slept_at_home() {
    let first = day("2026-03-02");
    let fixes = (0..10).flat_map(|n| [fix(first.plus(n), 12.0, HOME), fix(first.plus(n), 20.0, HOME)]);
    let nights = nights_of(fixes.collect());
    assert!(nights.nights[..9].iter().all(|night| night.slept == Slept::Inferred(HOME.code())));
    assert!(nights.nights[..9].iter().all(|night| night.minutes < 60.0));
}

#[test]
fn a_trip_of_one_night_that_was_seen_only_by_day_is_a_night_away() {
    let mut fixes = whole_days(0..20, HOME);
    let evening = day("2026-03-22");
    fixes.extend([fix(evening, 9.0, HOME), fix(evening, 14.0, RESORT), fix(evening, 18.0, RESORT)]);
    fixes.extend([fix(evening, 24.0 + 9.5, RESORT), fix(evening, 24.0 + 11.0, RESORT)]);
    fixes.extend((15..28).map(|hour| fix(evening, 24.0 + f64::from(hour), HOME)));
    fixes.extend(whole_days(22..30, HOME));
    let nights = nights_of(fixes);
    assert_eq!(on(&nights, "2026-03-22").slept, Slept::Inferred(RESORT.code()));
    assert_eq!(on(&nights, "2026-03-21").slept, Slept::Observed(HOME.code()));
    assert_eq!(on(&nights, "2026-03-23").slept, Slept::Observed(HOME.code()));
}

#[test]
fn a_day_trip_is_no_night_away() {
    let mut fixes = whole_days(0..20, HOME);
    let date = day("2026-03-22");
    fixes.extend([fix(date, 8.0, HOME), fix(date, 11.0, RESORT), fix(date, 16.0, RESORT)]);
    fixes.extend([fix(date, 19.5, HOME), fix(date, 24.0 + 9.0, HOME)]);
    fixes.extend(whole_days(22..30, HOME));
    let nights = nights_of(fixes);
    assert_eq!(on(&nights, "2026-03-21").slept, Slept::Observed(HOME.code()));
    assert_eq!(on(&nights, "2026-03-22").slept.municipality(), Some(HOME.code()));
}

/// At home for a month, silent for some days, at home for a month.
fn with_silence(days: i32) -> Nights {
    let mut fixes = whole_days(0..30, HOME);
    fixes.extend(whole_days(30 + days..60 + days, HOME));
    nights_of(fixes)
}

#[test]
fn silence_between_days_at_home_is_never_surer_than_a_night_seen_there() {
    let lengths = [1, 3, 7, 14, 28, 56];
    let middles = lengths.map(|days| {
        let nights = with_silence(days);
        let at_home = |number: i32| probability(&nights, number as usize, HOME);
        let seen_nights = (1..28).chain(32 + days..58 + days).map(at_home);
        let least_seen = seen_nights.fold(1.0, f64::min);
        let silent: Vec<f64> = (30..29 + days).map(at_home).collect();
        assert!(silent.iter().all(|silent| *silent <= least_seen), "{days} days: {silent:?}, {least_seen}");
        // The farther from what was seen, the less sure.
        let half = silent.len() / 2;
        assert!(silent[..half].windows(2).all(|pair| pair[1] <= pair[0] + 1e-6), "{silent:?}");
        at_home(29 + days / 2)
    });
    assert!(middles.windows(2).all(|pair| pair[1] <= pair[0] + 1e-6), "{middles:?}");
    assert!(middles[5] < middles[0]);
}

#[test]
fn silence_between_days_far_away_is_not_home() {
    let mut fixes = whole_days(0..30, HOME);
    let (leaves, returns) = (day("2026-04-01"), day("2026-04-09"));
    fixes.extend((13..21).map(|hour| fix(leaves, f64::from(hour), OSAKA)));
    fixes.extend((9..13).map(|hour| fix(returns, f64::from(hour), OSAKA)));
    fixes.extend(whole_days(39..60, HOME));
    let nights = nights_of(fixes);
    for number in 30..38 {
        assert!(probability(&nights, number, HOME) < 0.5, "night {number}");
        assert!(probability(&nights, number, OSAKA) > probability(&nights, number, HOME));
        assert_ne!(nights.nights[number].slept.municipality(), Some(HOME.code()));
    }
}

#[test]
fn silence_between_two_places_is_an_unknown_night_with_a_row() {
    let mut fixes = whole_days(0..20, HOME);
    fixes.extend(whole_days(34..50, OSAKA));
    let nights = nights_of(fixes);
    assert_eq!(nights.nights.len(), 50);
    let silent = &nights.nights[26];
    assert_eq!((silent.slept, silent.minutes), (Slept::Silent, 0.0));
    assert!(silent.probability < thresholds().night_min_probability.get() as f32);
    // Somewhere in between it changed over, so home fades and the new place rises.
    let at = |town| (20..33).map(|number| probability(&nights, number, town)).collect::<Vec<_>>();
    assert!(at(HOME).windows(2).all(|pair| pair[1] <= pair[0] + 1e-6), "{:?}", at(HOME));
    assert!(at(OSAKA).windows(2).all(|pair| pair[1] + 1e-6 >= pair[0]), "{:?}", at(OSAKA));
}

#[test]
fn a_device_that_was_never_seen_has_no_nights() {
    assert!(nights_of(Vec::new()).nights.is_empty());
}

/// Nights with their beds, for comparing.
fn all(nights: &Nights) -> Vec<(Night, Vec<(Place, f64)>)> {
    nights.nights.iter().zip(&nights.beds).map(|(night, beds)| (*night, beds.iter().collect())).collect()
}

fn lives() -> impl Strategy<Value = Vec<Fix>> {
    prop::collection::vec((0.05f64..40.0, 0usize..8), 2..80).prop_map(|steps| {
        let mut hour = 5.0;
        let mut town = HOME;
        let fixes = steps.into_iter().map(|(wait, choice)| {
            hour += wait;
            town = *[HOME, RESORT, OSAKA, ON_THE_WAY[1]].get(choice).unwrap_or(&town);
            fix(day("2026-03-02"), hour, town)
        });
        fixes.collect()
    })
}

proptest! {
    #[test]
    fn every_evening_from_the_first_day_to_the_last_has_one_row(fixes in lives()) {
        let (first, last) = (RULE.day(fixes[0].instant), RULE.day(fixes[fixes.len() - 1].instant));
        let dates: Vec<i32> = nights_of(fixes).nights.iter().map(|night| night.night.0).collect();
        prop_assert_eq!(dates, (first.0..=last.0).collect::<Vec<_>>());
    }

    #[test]
    fn probabilities_are_probabilities_and_each_status_keeps_its_promise(fixes in lives()) {
        let thresholds = thresholds();
        let nights = nights_of(fixes);
        for (night, beds) in all(&nights) {
            prop_assert!(beds.iter().all(|(_, share)| (0.0..=1.0).contains(share)), "{beds:?}");
            prop_assert!(beds.iter().map(|(_, share)| share).sum::<f64>() <= 1.0 + 1e-5, "{beds:?}");
            let is_long = f64::from(night.minutes) >= thresholds.overnight_min_minutes.get();
            let is_sure = f64::from(night.probability) >= thresholds.night_min_probability.get() - 1e-6;
            match night.slept {
                Slept::Observed(_) | Slept::Outside => prop_assert!(is_long),
                Slept::Inferred(code) => {
                    prop_assert!(is_sure && !is_long);
                    let best = beds.iter().max_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
                    prop_assert_eq!(nights.code(best.0), Some(code));
                }
                _ => prop_assert!(!is_long && !is_sure),
            }
        }
    }

    #[test]
    fn the_order_of_arrival_does_not_matter(
        (fixes, shuffled) in lives().prop_flat_map(|fixes| (Just(fixes.clone()), Just(fixes).prop_shuffle()))
    ) {
        prop_assert_eq!(all(&nights_of(fixes)), all(&nights_of(shuffled)));
    }

    #[test]
    fn copies_of_fixes_do_not_matter(fixes in lives(), copies in prop::collection::vec(1usize..3, 80)) {
        let copied = fixes.iter().zip(copies).flat_map(|(fix, count)| vec![*fix; count]).collect();
        prop_assert_eq!(all(&nights_of(fixes)), all(&nights_of(copied)));
    }
}
