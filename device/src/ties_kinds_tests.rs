//! What a tie is: work, business, wandering, seasons.

use std::io::Write;

use super::*;

#[test]
fn working_days_at_a_desk_with_nights_are_a_workation() {
    let mut person = Person::resident();
    for date in three_days() {
        person.sleeps_in(TOWN, date);
        [10, 11, 15].into_iter().for_each(|hour| person.stands(date, hour, DESK));
    }
    let tie = person.tie();
    assert_eq!((tie.telework_days, tie.is_workation, tie.visits), (3, true, 1));
    assert_eq!(tie.kind, TieKind::Workation);
}

#[test]
fn another_spot_each_day_or_days_off_are_leisure() {
    let mut stroller = Person::resident();
    for (number, date) in (0..).zip(three_days()) {
        stroller.sleeps_in(TOWN, date);
        [11, 15]
            .into_iter()
            .for_each(|hour| stroller.stands(date, hour, DESK + number * 3 + u32::from(hour == 15)));
    }
    assert_eq!((stroller.tie().telework_days, stroller.tie().is_workation), (0, false));
    // A long weekend (2025-07-21 is 海の日) in one café.
    let mut guest = Person::resident();
    for date in ["2025-07-19", "2025-07-20", "2025-07-21"].map(day) {
        guest.sleeps_in(TOWN, date);
        guest.stands(date, 11, DESK);
    }
    assert_eq!((guest.tie().telework_days, guest.tie().is_workation), (0, false));
    assert_eq!(guest.tie().kind, TieKind::OneOff);
}

#[test]
fn a_desk_in_the_offices_file_is_a_satellite_office() {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let latitude = 36.3 + f64::from(DESK) * 300.0 / 111_195.0;
    write!(file, "name,latitude,longitude,radius_m\nOffice,{latitude},138.6,100\n").unwrap();
    let mut person = Person::resident();
    for date in three_days() {
        person.sleeps_in(TOWN, date);
        person.stands(date, 11, DESK);
    }
    assert_eq!(person.tie().kind, TieKind::Workation);
    person.offices = Offices::read(file.path()).unwrap();
    let tie = person.tie();
    assert_eq!((tie.kind, tie.office_days, tie.is_workation), (TieKind::SatelliteOffice, 3, true));
    // Who is elsewhere for most of these days had a coffee in the building.
    for date in three_days() {
        [10, 13, 15].into_iter().for_each(|hour| person.stands(date, hour, DESK + u32::from(hour)));
    }
    let tie = person.tie();
    assert_eq!((tie.kind, tie.office_days, tie.uses_an_office), (TieKind::OneOff, 3, false));
}

#[test]
fn short_trips_on_working_days_to_changing_spots_are_business() {
    let mut person = Person::resident();
    for (number, text) in (0..).zip(["2025-06-10", "2025-09-09", "2025-11-18"]) {
        // Tuesday to Wednesday, another client each time.
        let tuesday = day(text);
        person.sleeps_in(TOWN, tuesday);
        person.stands(tuesday, 14, DESK + 3 * number);
        person.stands(tuesday.plus(1), 11, DESK + 3 * number + 1);
    }
    let tie = person.tie();
    assert_eq!((tie.kind, tie.visits, tie.nights, tie.working_days), (TieKind::Business, 3, 3, 6));
    // One weekend among them, and it is a person with a bond.
    person.sleeps_in(TOWN, day("2025-10-04"));
    assert_eq!(person.tie().kind, TieKind::Connected);
}

#[test]
fn a_lorry_stops_in_a_town_and_did_not_come_there_for_business() {
    let mut person = Person::resident();
    // Twice, from Tuesday to Wednesday.
    ["2025-06-10", "2025-11-18"].map(day).into_iter().for_each(|tuesday| person.sleeps_in(TOWN, tuesday));
    assert_eq!(person.tie().kind, TieKind::Business);
    // In other weeks it stops elsewhere for three nights, and is home at the end of each.
    let monday = day("2025-06-16");
    for week in 0..20 {
        (0..3).for_each(|n| person.sleeps_in(1101 + (3 * week + n) as u32 % 9, monday.plus(7 * week + n)));
    }
    let tie = person.tie();
    assert_eq!((tie.kind, tie.visits, tie.is_business), (TieKind::Repeat, 2, false));
}

#[test]
fn obon_and_new_year_are_no_business_although_they_are_working_days() {
    let mut person = Person::resident();
    // From Tuesday to Thursday, and from Monday to Wednesday.
    let evenings = ["2025-08-12", "2025-08-13", "2025-12-29", "2025-12-30"].map(day);
    evenings.into_iter().for_each(|evening| person.sleeps_in(TOWN, evening));
    let tie = person.tie();
    assert_eq!((tie.visits, tie.visit_days, tie.working_days, tie.kin_visit_days), (2, 6, 6, 5));
    assert_eq!((tie.kind, tie.is_business), (TieKind::Repeat, false));
    // Who comes in ordinary weeks as well is judged by those.
    ["2025-06-10", "2025-09-09"].map(day).into_iter().for_each(|tuesday| person.sleeps_in(TOWN, tuesday));
    let tie = person.tie();
    assert_eq!((tie.kind, tie.visits, tie.is_business), (TieKind::Business, 4, true));
}

#[test]
fn twenty_towns_in_sixty_nights_are_an_itinerant_life() {
    let mut person = Person::resident();
    let first = day("2025-07-05");
    for n in 0..60 {
        person.sleeps_in(if n / 3 == 7 { TOWN } else { 1101 + n as u32 / 3 }, first.plus(n));
    }
    assert_eq!(person.tie().kind, TieKind::Itinerant);
    // The same sixty nights in three towns.
    let mut guest = Person::resident();
    (0..60).for_each(|n| guest.sleeps_in([TOWN, 1101, 1102][n as usize / 20], first.plus(n)));
    assert_eq!(guest.tie().kind, TieKind::OneOff);
    // A day without a night there is a visit like any other.
    person.is_in(47201, day("2026-01-10"), 300.0);
    let apart = |a, b| if a == b { 0.0 } else { 130.0 };
    let by_day = person.ties(&apart).into_iter().find(|tie| tie.municipality == code(47201)).unwrap();
    assert_eq!(by_day.kind, TieKind::OneOff);
}

#[test]
fn a_season_with_a_workplace_there_is_seasonal_work_and_without_one_a_second_home() {
    let mut person = Person::resident();
    person.has_second(TOWN, Regime::Seasonal);
    let first = day("2025-12-01");
    (0..60).for_each(|n| person.sleeps_in(TOWN, first.plus(n)));
    assert_eq!(person.tie().kind, TieKind::DualResident);
    for date in (0..60).map(|n| first.plus(n)).filter(|date| date.is_working_day()) {
        person.stands(date, 11, DESK);
        person.stands(date, 15, DESK);
    }
    let tie = person.tie();
    assert_eq!((tie.kind, tie.nights), (TieKind::SeasonalWorker, 60));
    assert!(tie.is_dual_resident && tie.is_connected);
}
