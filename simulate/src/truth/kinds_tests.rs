use kayoi_schemas::definition::Definition;
use kayoi_schemas::time::{Day, Month};

use super::*;
use crate::land::{Land, Spot};
use crate::toy::{Chessboard, small_world};

const NOTHING: Counts =
    Counts { visits: 1, quarters: 1, is_dual_resident: false, is_workation: false, is_long_stay: false };

fn window() -> Window {
    let month = Month::parse("2026-03").unwrap();
    Window { month, from: month.plus(-11).first_day(), until: month.last_day() }
}

fn spell(aim: Aim, (bed, desk): (Spot, Spot), from: &str, nights: i32) -> Spell {
    let from = Day::parse(from).unwrap();
    Spell { from, until: from.plus(nights), aim, town: 0, bed, desk }
}

/// The kind of a tie with the only town of some spells, all at one bed and one desk.
fn kind(spells: &[(Aim, &str, i32)], counts: Counts) -> &'static str {
    let world = small_world();
    let land = Land::new(&world, &Chessboard).unwrap();
    let (bed, desk) = (land.spots(0)[0], land.spots(0)[1]);
    let mut person = crate::people::people(&world, &land).unwrap().swap_remove(0);
    person.spells =
        spells.iter().map(|(aim, from, nights)| spell(*aim, (bed, desk), from, *nights)).collect();
    let offices = OfficeList::of(std::slice::from_ref(&person), &land);
    let limits = Definition::connected_2026().unwrap().thresholds;
    strongest(&person, (window(), bed.town), (&limits, &offices), counts).as_str()
}

#[test]
fn the_counts_decide_where_the_plans_say_nothing() {
    let leisure = [(Aim::Leisure, "2025-08-01", 1)];
    assert_eq!(kind(&leisure, NOTHING), "one_off");
    assert_eq!(kind(&leisure, Counts { visits: 2, ..NOTHING }), "repeat");
    assert_eq!(kind(&leisure, Counts { visits: 9, ..NOTHING }), "repeat", "all in one quarter");
    assert_eq!(kind(&leisure, Counts { visits: 3, quarters: 2, ..NOTHING }), "connected");
}

#[test]
fn the_strongest_kind_wins() {
    let often = Counts { visits: 12, quarters: 4, ..NOTHING };
    let business = (Aim::Business, "2025-08-01", 1);
    let office = (Aim::SatelliteOffice, "2025-09-01", 1);
    let season = (Aim::SeasonalWork, "2025-10-01", 40);
    assert_eq!(kind(&[business], often), "business");
    assert_eq!(kind(&[business, office, season], often), "seasonal_worker");
    assert_eq!(kind(&[business, office], often), "satellite_office");
    assert_eq!(kind(&[season], often), "seasonal_worker");
    assert_eq!(kind(&[business], Counts { is_workation: true, ..often }), "workation");
    let both = Counts { is_workation: true, is_dual_resident: true, ..often };
    assert_eq!(kind(&[business, office], both), "dual_resident");
}

#[test]
fn business_comes_again() {
    let trip = (Aim::Business, "2025-08-01", 1);
    assert_eq!(kind(&[trip], NOTHING), "one_off");
    assert_eq!(kind(&[trip, (Aim::Business, "2025-08-26", 1)], Counts { visits: 2, ..NOTHING }), "business");
}

#[test]
fn whoever_works_in_an_office_works_in_an_office() {
    // An office of the world, that nobody uses within the window.
    let office = (Aim::SatelliteOffice, "2026-04-01", 0);
    // Monday to Wednesday.
    let workation = (Aim::Workation, "2025-09-01", 2);
    let counts = Counts { is_workation: true, ..NOTHING };
    assert_eq!(kind(&[workation], counts), "workation");
    assert_eq!(kind(&[workation, office], counts), "satellite_office");
    assert_eq!(kind(&[(Aim::Project, "2025-09-01", 4), office], NOTHING), "satellite_office");
    assert_eq!(kind(&[(Aim::Leisure, "2025-09-01", 2), office], NOTHING), "one_off");
    assert_eq!(kind(&[(Aim::SatelliteOffice, "2025-09-01", 0)], NOTHING), "one_off", "a single day");
    assert_eq!(kind(&[(Aim::SatelliteOffice, "2025-09-06", 1)], NOTHING), "one_off", "a weekend");
}

#[test]
fn only_what_reaches_into_the_window_counts() {
    let twice = Counts { visits: 2, ..NOTHING };
    assert_eq!(kind(&[(Aim::Business, "2025-03-20", 3)], twice), "repeat");
    assert_eq!(kind(&[(Aim::Business, "2025-03-31", 1)], twice), "business");
    assert_eq!(kind(&[(Aim::Road, "2025-03-31", 1)], NOTHING), "one_off", "its only night was before");
    assert_eq!(kind(&[(Aim::Road, "2025-03-31", 2)], NOTHING), "itinerant");
    assert_eq!(kind(&[(Aim::SatelliteOffice, "2026-03-31", 1)], NOTHING), "one_off", "one day of it");
    assert_eq!(kind(&[(Aim::SatelliteOffice, "2026-03-30", 1)], NOTHING), "satellite_office");
}
