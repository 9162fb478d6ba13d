use kayoi_schemas::definition::Definition;

use super::*;

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

#[test]
fn many_nights_in_many_towns_are_an_itinerant_life() {
    let first = day("2025-07-01");
    let nights = |count: i32, towns: u32| -> Vec<(Day, MunicipalityCode)> {
        (0..count).map(|n| (first.plus(n), code(20201 + n as u32 % towns))).collect()
    };
    assert_eq!(road(&nights(60, 20), &[], &thresholds()), Road::Itinerant);
    assert_eq!(road(&nights(45, 6), &[], &thresholds()), Road::Itinerant);
    assert_eq!(road(&nights(44, 20), &[], &thresholds()), Road::Settled, "too few nights");
    assert_eq!(road(&nights(60, 5), &[], &thresholds()), Road::Settled, "too few towns");
    assert_eq!(road(&[], &[], &thresholds()), Road::Settled);
}

#[test]
fn who_is_home_at_the_end_of_the_week_drives_a_lorry_and_is_not_on_the_road() {
    let monday = day("2025-07-07");
    let weeks = 0..20;
    let night = |week: i32, of: i32| monday.plus(7 * week + of);
    let place = |week: i32, of: i32| code(20201 + (3 * week + of) as u32 % 12);
    let away: Vec<(Day, MunicipalityCode)> =
        weeks.clone().flat_map(|week| (0..3).map(move |of| (night(week, of), place(week, of)))).collect();
    let weekends: Vec<Day> = weeks.map(|week| night(week, 5)).collect();
    assert_eq!(road(&away, &weekends, &thresholds()), Road::Roaming);
    assert_eq!(road(&away, &weekends[..8], &thresholds()), Road::Itinerant, "home in eight weeks of twenty");
    assert_eq!(road(&away, &weekends[..9], &thresholds()), Road::Roaming);
}

#[test]
fn kinds_have_words_of_their_own() {
    use TieKind::*;
    let kinds = [
        SeasonalWorker,
        DualResident,
        SatelliteOffice,
        Itinerant,
        Workation,
        Business,
        Connected,
        Repeat,
        OneOff,
    ];
    let words: BTreeSet<&str> = kinds.into_iter().map(TieKind::as_str).collect();
    assert_eq!(words.len(), kinds.len());
    assert!(kinds.windows(2).all(|pair| pair[0] < pair[1]), "the strongest first");
}

#[test]
fn business_trips_are_short_on_working_days_and_with_a_night_every_other_time() {
    let trips = Trips { visits: 4, visit_days: 10, working_days: 9, nights: 2 };
    assert!(trips.is_business(&thresholds()));
    assert!(!Trips { working_days: 8, ..trips }.is_business(&thresholds()), "weekends too");
    assert!(!Trips { nights: 1, ..trips }.is_business(&thresholds()), "errands");
    let long = Trips { visits: 4, visit_days: 13, working_days: 13, nights: 9 };
    assert!(!long.is_business(&thresholds()), "stays, not trips");
    assert!(!Trips { visits: 1, visit_days: 1, working_days: 1, nights: 1 }.is_business(&thresholds()));
}

#[test]
fn the_strongest_of_all_traits_names_the_tie() {
    let every = Traits {
        is_seasonal_work: true,
        is_dual_resident: true,
        works_at_an_office: true,
        is_on_the_road: true,
        is_workation: true,
        is_business: true,
        is_connected: true,
        is_repeat: true,
    };
    assert_eq!(every.strongest(), TieKind::SeasonalWorker);
    let without_residence = Traits { is_seasonal_work: false, is_dual_resident: false, ..every };
    assert_eq!(without_residence.strongest(), TieKind::SatelliteOffice);
    let on_the_road = Traits { works_at_an_office: false, ..without_residence };
    assert_eq!(on_the_road.strongest(), TieKind::Itinerant);
    assert_eq!(
        Traits { is_repeat: true, is_connected: true, ..Traits::default() }.strongest(),
        TieKind::Connected
    );
    assert_eq!(Traits::default().strongest(), TieKind::OneOff);
}
