use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::time::{DayRule, UtcMillis};
use kayoi_schemas::units::GridPoint;

use super::*;
use crate::fix::Fix;
use crate::night_work::NightWork;
use crate::nights::nights;
use crate::settled::Settled;
use crate::stays::stays;

const TOKYO: &str = "13101";
const KARUIZAWA: &str = "20321";
const NAHA: &str = "47201";

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

fn first() -> Day {
    Day::parse("2025-04-01").unwrap()
}

fn march() -> Month {
    Month::parse("2026-03").unwrap()
}

/// A ledger from 2025-04-01 on, of nights whose place is known, or nothing is.
fn known(nights: i32, place: impl Fn(i32) -> Option<&'static str>) -> Ledger<&'static str> {
    let known: Vec<Option<&str>> = (0..nights).map(place).collect();
    let beds: Vec<Vec<(&str, f64)>> =
        known.iter().map(|place| place.iter().map(|place| (*place, 1.0)).collect()).collect();
    Ledger::new(first(), known, beds.into_iter())
}

fn year(place: impl Fn(i32) -> &'static str) -> Ledger<&'static str> {
    known(365, |n| Some(place(n)))
}

fn far(a: &'static str, b: &'static str) -> f64 {
    if a == b { 0.0 } else { 100.0 }
}

fn lives_in(ledger: &Ledger<&'static str>, month: Month) -> Vec<(&'static str, Regime)> {
    let residences = residences(ledger, (month, 1.0), &thresholds(), &far);
    residences.iter().map(|residence| (residence.municipality, residence.regime)).collect()
}

fn lives(ledger: &Ledger<&'static str>) -> Vec<(&'static str, Regime)> {
    lives_in(ledger, march())
}

fn in_both(regime: Regime) -> Vec<(&'static str, Regime)> {
    vec![(TOKYO, Regime::Primary), (KARUIZAWA, regime)]
}

const ONLY_TOKYO: [(&str, Regime); 1] = [(TOKYO, Regime::Primary)];

fn day_of_week(n: i32) -> u32 {
    first().plus(n).days_after_monday()
}

#[test]
fn a_sixty_forty_person_has_two_residences() {
    assert_eq!(lives(&year(|n| if n % 5 < 3 { TOKYO } else { KARUIZAWA })), in_both(Regime::Blocks));
}

#[test]
fn each_rhythm_of_two_residences_is_told_by_its_name() {
    // Sunday to Tuesday; Friday and Saturday; a week in turn; the last three days of each month.
    let weekly = year(|n| if matches!(day_of_week(n), 6 | 0 | 1) { KARUIZAWA } else { TOKYO });
    assert_eq!(lives(&weekly), in_both(Regime::Weekly));
    let weekend = year(|n| if matches!(day_of_week(n), 4 | 5) { KARUIZAWA } else { TOKYO });
    assert_eq!(lives(&weekend), in_both(Regime::Weekend));
    let alternate = year(|n| if n % 14 < 8 { TOKYO } else { KARUIZAWA });
    assert_eq!(lives(&alternate), in_both(Regime::Alternate));
    let monthly =
        year(|n| if first().plus(n + 3).month() == first().plus(n).month() { TOKYO } else { KARUIZAWA });
    assert_eq!(lives(&monthly), in_both(Regime::Monthly));
}

#[test]
fn a_block_of_sixty_nights_is_a_seasonal_residence() {
    let at = |n| if (100..160).contains(&n) || (200..202).contains(&n) { KARUIZAWA } else { TOKYO };
    assert_eq!(lives(&year(at)), in_both(Regime::Seasonal));
    // Nights that are not known do not end the block.
    assert_eq!(lives(&known(365, |n| (n % 3 != 0).then_some(at(n)))), in_both(Regime::Seasonal));
}

#[test]
fn one_long_run_of_nights_is_a_residence_only_with_a_return() {
    let run = |n: i32| (100..160).contains(&n);
    let with =
        |extra: &dyn Fn(i32) -> bool| lives(&year(|n| if run(n) || extra(n) { KARUIZAWA } else { TOKYO }));
    // In a hospital, or at the parents' for a birth.
    assert_eq!(with(&|_| false), in_both(Regime::LongStay));
    // Six days after the last night is no return: the days of leaving. A week is.
    assert_eq!(with(&|n| n == 165), in_both(Regime::LongStay));
    assert_eq!(with(&|n| n == 166), in_both(Regime::Seasonal));
    assert_eq!(with(&|n| n == 90), in_both(Regime::Seasonal));
    // Obon at the parents' is a visit of kin.
    let obon = Day::parse("2025-08-14").unwrap().0 - first().0;
    assert_eq!(
        lives(&year(|n| if (200..260).contains(&n) || n == obon { KARUIZAWA } else { TOKYO })),
        in_both(Regime::LongStay)
    );
    // A season of the year before is a return as well.
    let two_summers = known(730, |n| Some(if run(n) || run(n - 365) { KARUIZAWA } else { TOKYO }));
    assert_eq!(lives_in(&two_summers, march().plus(12)), in_both(Regime::Seasonal));
}

#[test]
fn a_residence_has_known_nights_however_many_are_expected() {
    // Ten nights of each month are known; the rest is taken to be at home by two of three.
    let least = thresholds().residence_min_known_nights.get() as i32;
    let found = |known_there: i32| {
        let at = |n: i32| match n % 30 {
            0..7 => Some(TOKYO),
            7 if n / 30 < known_there => Some(KARUIZAWA),
            _ => None,
        };
        let seen: Vec<Option<&str>> = (0..365).map(at).collect();
        let beds = seen
            .iter()
            .map(|seen| seen.map_or(vec![(TOKYO, 0.7), (KARUIZAWA, 0.3)], |place| vec![(place, 1.0)]));
        let beds: Vec<_> = beds.collect();
        lives(&Ledger::new(first(), seen, beds.into_iter()))
    };
    assert_eq!(found(least - 1), ONLY_TOKYO);
    assert_eq!(found(least).len(), 2);
}

#[test]
fn who_was_seen_for_half_a_year_is_asked_for_half_a_years_nights() {
    // Two nights of twelve, as many as sixty a year: known for six months, then silent for good.
    let half = known(365, |n| (n >= 182).then_some(if n % 12 < 2 { KARUIZAWA } else { TOKYO }));
    assert_eq!(lives(&half).len(), 2);
    // One of twenty, as many as eighteen a year, is none for half a year or a whole one.
    let rarely = known(365, |n| (n >= 182).then_some(if n % 20 < 1 { KARUIZAWA } else { TOKYO }));
    assert_eq!(lives(&rarely), ONLY_TOKYO);
}

#[test]
fn somebody_with_two_homes_who_leaves_one_of_them_lives_in_the_other() {
    // Half of the nights in each for eight months, then Karuizawa alone.
    let leaves = year(|n| if n < 240 && n % 4 < 3 { TOKYO } else { KARUIZAWA });
    assert_eq!(lives(&leaves), [(KARUIZAWA, Regime::Primary)]);
}

#[test]
fn a_few_observed_nights_fewer_than_expected_are_chance() {
    // Of twelve nights expected at the second home one was observed, where home shows one of ten.
    assert!((poisson_at_most(0, 3.0) - 0.0498).abs() < 1e-4);
    assert!((poisson_at_most(2, 1.0) - 0.9197).abs() < 1e-4);
    assert!(poisson_at_most(5, 0.36) > 0.99);
}

#[test]
fn a_block_that_has_not_ended_yet_is_no_second_residence() {
    // Whether this is a move or a season nobody knows; either way there is one residence.
    let ongoing = year(|n| if n < 325 { TOKYO } else { KARUIZAWA });
    assert_eq!(lives(&ongoing).len(), 1);
}

#[test]
fn moving_house_is_not_dual_residence() {
    let mover = year(|n| if n < 200 { TOKYO } else { KARUIZAWA });
    assert_eq!(lives(&mover), [(KARUIZAWA, Regime::Primary)]);
}

#[test]
fn the_new_home_is_primary_once_it_has_most_of_the_last_nights() {
    // Moves on 2026-01-20: 11 of the last 60 nights at the end of January, 39 a month later.
    let moved = Day::parse("2026-01-20").unwrap();
    let mover = known(500, |n| Some(if first().plus(n) < moved { TOKYO } else { KARUIZAWA }));
    let month = |text: &str| Month::parse(text).unwrap();
    for (text, home) in
        [("2025-12", TOKYO), ("2026-01", TOKYO), ("2026-02", KARUIZAWA), ("2026-07", KARUIZAWA)]
    {
        assert_eq!(lives_in(&mover, month(text)), [(home, Regime::Primary)], "{text}");
    }
}

#[test]
fn who_visits_kin_at_obon_and_new_year_has_one_residence() {
    let kin = year(|n| match first().plus(n).ymd() {
        (_, 8, 12..=16) | (_, 12, 29..=31) | (_, 1, 1..=2) => KARUIZAWA,
        _ => TOKYO,
    });
    assert_eq!(lives(&kin), ONLY_TOKYO);
}

#[test]
fn of_two_even_homes_one_is_primary_and_it_stays_so() {
    for (turn, name) in [(1, "nights"), (7, "weeks"), (14, "fortnights")] {
        let even = known(730, |n| Some(if n / turn % 2 == 0 { TOKYO } else { KARUIZAWA }));
        let primaries: Vec<&str> = (0..12).map(|later| lives_in(&even, march().plus(later))[0].0).collect();
        assert!(primaries.windows(2).all(|pair| pair[0] == pair[1]), "{name}: {primaries:?}");
    }
}

#[test]
fn silence_is_missing_and_not_absent() {
    // The same life, known on two nights of three: the same residences, the silent nights shared out evenly.
    let at = |n: i32| if n % 10 < 7 { TOKYO } else { KARUIZAWA };
    let seen: Vec<Option<&str>> = (0..365).map(|n| (n % 3 != 0).then(|| at(n))).collect();
    let beds: Vec<Vec<(&str, f64)>> = seen
        .iter()
        .map(|seen| seen.map_or(vec![(TOKYO, 0.7), (KARUIZAWA, 0.3)], |place| vec![(place, 1.0)]))
        .collect();
    let ledger = Ledger::new(first(), seen, beds.into_iter());
    let found = residences(&ledger, (march(), 1.0), &thresholds(), &far);
    let places: Vec<&str> = found.iter().map(|residence| residence.municipality).collect();
    assert_eq!(places, [TOKYO, KARUIZAWA]);
    assert!((found[1].nights_estimated - 109.5).abs() < 4.0, "{}", found[1].nights_estimated);
    assert!(f64::from(found[1].nights_observed) < found[1].nights_estimated);
    assert_eq!(found[0].nights_known, 243);
}

#[test]
fn a_bed_that_is_never_known_is_no_residence() {
    // Works late in a town: a third of each night may have been there, none is known to be.
    let beds = (0..365).map(|_| vec![(TOKYO, 0.66), (KARUIZAWA, 0.34)]);
    let ledger = Ledger::new(first(), (0..365).map(|n| (n % 2 == 0).then_some(TOKYO)).collect(), beds);
    assert!(ledger.nights(KARUIZAWA, first(), first().plus(364)) > 100.0);
    assert_eq!(lives(&ledger), ONLY_TOKYO);
}

#[test]
fn a_few_nights_a_year_are_no_residence() {
    assert_eq!(lives(&year(|n| if n % 60 == 0 { KARUIZAWA } else { TOKYO })), ONLY_TOKYO);
    // Enough nights, but in three months only and never in one run.
    let burst = year(|n| if (100..170).contains(&n) && n % 2 == 0 { KARUIZAWA } else { TOKYO });
    assert_eq!(lives(&burst), ONLY_TOKYO);
}

#[test]
fn who_is_hardly_known_lately_cannot_be_located() {
    assert_eq!(lives(&known(365, |n| (n % 40 == 0).then_some(TOKYO))), []);
    assert_eq!(lives(&known(200, |_| Some(TOKYO))), [], "silent since October");
    assert_eq!(lives(&known(0, |_| None)), []);
    // Ten known nights of the last sixty suffice.
    assert_eq!(lives(&known(365, |n| (n >= 355).then_some(TOKYO))), ONLY_TOKYO);
    assert_eq!(lives(&known(365, |n| (n >= 356).then_some(TOKYO))), []);
}

#[test]
fn a_near_second_home_is_daily_life() {
    let ledger = year(|n| if n % 5 < 3 { TOKYO } else { KARUIZAWA });
    let count = |km: f64| {
        let apart = move |a: &str, b: &str| if a == b { 0.0 } else { km };
        residences(&ledger, (march(), 1.0), &thresholds(), &apart).len()
    };
    let least_km = thresholds().second_residence_min_km.get();
    assert_eq!((count(least_km - 0.1), count(least_km)), (1, 2));
}

#[test]
fn three_homes_are_ranked_by_their_nights() {
    let three = year(|n| {
        if n % 10 < 5 {
            TOKYO
        } else if n % 10 < 8 {
            KARUIZAWA
        } else {
            NAHA
        }
    });
    let places: Vec<&str> = lives(&three).iter().map(|(place, _)| *place).collect();
    assert_eq!(places, [TOKYO, KARUIZAWA, NAHA]);
}

/// The fixes of a year: each hour at a place, silent on the nights that `is_silent` names.
fn hourly(place: impl Fn(i32) -> bool, is_silent: impl Fn(i32) -> bool) -> Vec<Fix> {
    let start = DayRule::JAPAN.instant(first(), 12.0);
    let at = |hour: i32| {
        let is_second = place(hour.div_euclid(24));
        let (code, latitude, longitude) =
            if is_second { (20321, 36.3486, 138.597) } else { (13101, 35.694, 139.753) };
        Fix {
            device: DeviceId::from_hash(2),
            instant: UtcMillis(start.0 + i64::from(hour) * 3_600_000),
            point: GridPoint::from_degrees(latitude, longitude),
            accuracy_m: 20.0,
            attributes: kayoi_schemas::person::Attributes::default(),
            speed_m_s: None,
            municipality: MunicipalityCode::from_number(code),
        }
    };
    // Hours count from noon: the night window is the tenth to the twentieth.
    let is_sent = |hour: &i32| !((9..21).contains(&(hour % 24)) && is_silent(hour / 24));
    (0..365 * 24).filter(is_sent).map(at).collect()
}

fn measured(fixes: &[Fix]) -> Vec<Residence> {
    let thresholds = thresholds();
    let stays = stays(fixes, &thresholds, DayRule::JAPAN);
    let apart = |a: MunicipalityCode, b: MunicipalityCode| if a == b { 0.0 } else { 130.0 };
    let nights = nights(
        &Settled::new(fixes.to_vec(), stays),
        &NightWork::default(),
        &thresholds,
        DayRule::JAPAN,
        &apart,
    );
    residences(&Ledger::of(&nights), (march(), 1.0), &thresholds, &apart)
}

/// A number that looks random, 0 to 99.
fn percent(n: i32) -> u32 {
    (n as u32).wrapping_mul(2_654_435_761).rotate_left(13).wrapping_mul(2_246_822_519) >> 8 & 0xffff
}

#[test]
fn a_phone_that_is_silent_on_most_nights_has_the_same_residences() {
    type Life = fn(i32) -> bool;
    let lives: [(&str, Life); 4] = [
        ("60/40", |n| n % 5 >= 3),
        ("weeks in turn", |n| n % 14 >= 8),
        ("a season", |n| (100..160).contains(&n) || (200..206).contains(&n)),
        ("one home", |_| false),
    ];
    for (name, life) in lives {
        let chatty = measured(&hourly(life, |_| false));
        let sparse = measured(&hourly(life, |night| percent(night) % 100 < 70));
        let whats = |found: &[Residence]| -> Vec<(u32, Regime)> {
            found.iter().map(|residence| (residence.municipality.number(), residence.regime)).collect()
        };
        assert_eq!(whats(&chatty), whats(&sparse), "{name}");
        for (all, some) in chatty.iter().zip(&sparse) {
            assert!((all.nights_estimated - some.nights_estimated).abs() < 6.0, "{name}: {all:?} {some:?}");
        }
    }
}
