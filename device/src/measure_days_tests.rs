//! Visits, and where a device is at each hour, from whole lives.

use proptest::prelude::*;

use super::tests::{HOME, OFFICE, Place, SECOND, day, life, month, record};
use super::*;
use crate::visits::Pattern;
use crate::whereabouts::TimeBand;

/// A village beyond the second town: Hakuba.
const BEYOND: Place = (20485, 36.698, 137.862);

/// A shop 9 km west of the home.
const SHOP: Place = (13101, 35.694, 139.653);

/// At work on working days; on Saturdays where `saturday` says, by the number of the week and the hours since 04:00 of
/// that day, over Sunday and Monday morning.
fn week(saturday: impl Fn(i32, i64) -> Place) -> Vec<Fix> {
    let first = day("2025-04-01");
    life(365, 20, |number, hour| {
        let today = first.plus(number);
        let since_monday = today.days_after_monday() as i32;
        let (week, hours) = (number / 7, i64::from((since_monday + 2) % 7) * 24 + hour);
        match hours {
            0..48 => saturday(week, hours),
            _ if today.is_working_day() && (5..14).contains(&hour) => OFFICE,
            _ => HOME,
        }
    })
}

/// Every other Saturday from ten to four in a place.
fn day_trips(number: i32, hours: i64) -> Place {
    if number % 2 == 0 && (6..12).contains(&hours) { SECOND } else { HOME }
}

fn visits(fixes: &[Fix], place: Place) -> Vec<Visit> {
    let of_place = |visit: &Visit| visit.municipality.number() == place.0;
    record(fixes).visits.into_iter().filter(of_place).collect()
}

#[test]
fn a_saturday_elsewhere_is_a_day_trip_from_home_and_back() {
    let found = visits(&week(day_trips), SECOND);
    assert!(found.len() >= 20, "{}", found.len());
    for visit in &found {
        assert_eq!((visit.nights, visit.pattern), (0, Some(Pattern::DayTrip)));
        assert_eq!((visit.before, visit.after), (Some(visit.origin), Some(visit.origin)));
        assert_eq!(visit.origin.number(), HOME.0);
        assert!((300.0..=400.0).contains(&visit.minutes), "{}", visit.minutes);
        assert_eq!((visit.trip.len(), visit.beds.len()), (1, 0));
    }
}

#[test]
fn a_night_there_makes_a_guest_and_a_night_further_on_makes_both_a_trip() {
    // To one town by day, and for the night to another; in other weeks the night in the first one.
    let fixes = week(|number, hours| match (number % 3, hours) {
        (0, 6..12) | (1, 6..36) => SECOND,
        (0, 12..36) => BEYOND,
        _ => HOME,
    });
    let patterns: Vec<_> = visits(&fixes, SECOND).iter().map(|visit| visit.pattern).collect();
    assert!(patterns.contains(&Some(Pattern::OvernightElsewhere)), "{patterns:?}");
    assert!(patterns.contains(&Some(Pattern::OvernightHere)), "{patterns:?}");
    assert!(!patterns.contains(&Some(Pattern::DayTrip)), "{patterns:?}");
    for visit in visits(&fixes, BEYOND) {
        assert_eq!((visit.nights, visit.pattern), (1, Some(Pattern::OvernightHere)));
        assert_eq!(visit.before.map(MunicipalityCode::number), Some(SECOND.0));
        assert_eq!(visit.after.map(MunicipalityCode::number), Some(HOME.0));
        let trip: Vec<u32> = visit.trip.iter().map(|code| code.number()).collect();
        assert_eq!(trip, [SECOND.0, BEYOND.0]);
        assert_eq!(visit.beds.iter().map(|code| code.number()).collect::<Vec<_>>(), [BEYOND.0]);
    }
}

#[test]
fn somebody_is_at_work_by_day_and_at_home_by_night() {
    let record = record(&week(day_trips));
    let march = &record.whereabouts[&month("2026-03")];
    let share = |is_day_off: bool, hour: u8, place: Place| {
        let is_meant = |of: &&crate::whereabouts::HourShare| {
            (of.is_day_off, of.hour, of.municipality.number()) == (is_day_off, hour, place.0)
        };
        march.hours.iter().find(is_meant).map_or(0.0, |of| of.share)
    };
    assert!(share(false, 13, OFFICE) > 0.95, "{}", share(false, 13, OFFICE));
    assert!(share(false, 3, HOME) > 0.95 && share(false, 3, OFFICE) == 0.0);
    assert!(share(true, 13, OFFICE) == 0.0 && share(true, 13, HOME) > 0.5);
    // Two or three Saturdays of ten days off.
    assert!((0.15..0.35).contains(&share(true, 12, SECOND)), "{}", share(true, 12, SECOND));
}

#[test]
fn the_home_is_in_no_cell_and_the_workplace_is() {
    let record = record(&week(day_trips));
    let march = &record.whereabouts[&month("2026-03")];
    let towns = |band: TimeBand, is_day_off: bool| {
        let of_band = march.cells.iter().filter(|of| of.band == band && of.is_day_off == is_day_off);
        of_band.map(|of| (of.municipality.number(), of.share)).collect::<Vec<_>>()
    };
    assert!(march.cells.iter().all(|of| of.municipality.number() != HOME.0), "{:?}", march.cells);
    let by_day = towns(TimeBand::Day, false);
    assert!(matches!(by_day[..], [(code, share)] if code == OFFICE.0 && share > 0.9), "{by_day:?}");
    assert_eq!(towns(TimeBand::Night, false), []);
    assert!(towns(TimeBand::Day, true).iter().any(|(code, _)| *code == SECOND.0));
}

#[test]
fn days_at_work_are_as_long_as_the_way_there_and_days_of_telework_as_their_errands() {
    let first = day("2025-04-01");
    let fixes = life(365, 30, |number, hour| {
        let today = first.plus(number);
        match (today.is_working_day(), today.days_after_monday() < 3, hour) {
            (true, true, 5..14) => OFFICE,
            (true, false, 8..10) => SHOP,
            _ => HOME,
        }
    });
    let work = record(&fixes).workplaces[&month("2026-03")];
    let ways = work.day_ways;
    assert!(ways.work_days >= 12 && ways.telework_days >= 6, "{ways:?}");
    let (at_work, at_home) =
        (ways.work_km / f64::from(ways.work_days), ways.telework_km / f64::from(ways.telework_days));
    assert!((at_work / (2.0 * work.commute_km) - 1.0).abs() < 0.01, "{at_work} {}", work.commute_km);
    assert!((at_home - 18.06).abs() < 0.1, "{at_home}");
    // Eighteen of sixty kilometres are gone all the same.
    let share = ways.share().unwrap();
    let rebound = share.rebound_and_way / share.way - 1.0;
    assert!((rebound - at_home / at_work).abs() < 0.01, "{rebound}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the life and however often it is seen: at no hour is anybody more than once.
    #[test]
    fn shares_of_an_hour_are_one_person_at_most(minutes in 15_i64..400, stride in 1_i64..9, seed in 0_i64..99) {
        let places = [HOME, OFFICE, SECOND, BEYOND];
        let fixes = life(80, minutes, |number, hour| {
            let at = if !(4..=18).contains(&hour) { 0 } else { (hour / stride + i64::from(number) * seed) % 4 };
            places[at as usize]
        });
        let record = record(&fixes);
        for whereabouts in record.whereabouts.values() {
            for is_day_off in [false, true] {
                for hour in 0..24 {
                    let of_hour = whereabouts.hours.iter().filter(|of| (of.is_day_off, of.hour) == (is_day_off, hour));
                    let (share, long) = of_hour.fold((0.0, 0.0), |sum, of| (sum.0 + of.share, sum.1 + of.long_share));
                    prop_assert!(share <= 1.0 + 1e-9 && long <= share + 1e-9, "{share} {long}");
                }
                for band in TimeBand::ALL {
                    let of_band = whereabouts.cells.iter().filter(|of| (of.is_day_off, of.band) == (is_day_off, band));
                    let share: f64 = of_band.map(|of| of.share).sum();
                    prop_assert!(share <= 1.0 + 1e-9, "{share}");
                }
            }
        }
        for visit in &record.visits {
            prop_assert!(visit.trip.contains(&visit.municipality) && visit.days.0 <= visit.days.1);
            prop_assert!(visit.before != Some(visit.municipality) && visit.after != Some(visit.municipality));
        }
    }
}
