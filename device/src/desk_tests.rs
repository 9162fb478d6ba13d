use std::io::Write;

use kayoi_schemas::definition::Definition;

use super::*;
use crate::night_work::NightWork;
use crate::spots::{HourAt, Spot};
use crate::window::NightHours;

const TOWN: u32 = 20321;
const ELSEWHERE: u32 = 13101;

/// The inn; other spots lie so many times 300 m north of it.
const INN: u32 = 0;
const CAFE: u32 = 4;

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// Monday to Wednesday, no holidays.
fn three_days() -> [Day; 3] {
    ["2025-07-14", "2025-07-15", "2025-07-16"].map(day)
}

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

struct Visit {
    spots: Spots,
    beds: BTreeMap<Day, MunicipalityCode>,
    offices: Offices,
}

impl Visit {
    fn new() -> Self {
        let spot = |number: u32| Spot {
            latitude: 36.3 + f64::from(number) * 300.0 / 111_195.0,
            longitude: 138.6,
            municipality: Some(code(if number < 20 { TOWN } else { ELSEWHERE })),
        };
        let spots = Spots { spots: (0..24).map(spot).collect(), hours: Vec::new(), ..Spots::default() };
        Self { spots, beds: BTreeMap::new(), offices: Offices::none() }
    }

    /// Slept in the town on an evening, seen at the inn.
    fn sleeps(&mut self, day: Day) {
        self.beds.insert(day, code(TOWN));
        self.is_at(day, 23, INN);
    }

    fn is_at(&mut self, day: Day, hour: u8, spot: u32) {
        self.spots.hours.push(HourAt { day, slot: hour - 4, spot: SpotIndex(spot) });
        self.spots.hours.sort_unstable();
    }

    fn desk(&self, days: &[Day]) -> Desk {
        let (first, last) = (day("2025-04-01"), day("2026-03-31"));
        let evidence = DeskEvidence {
            spots: &self.spots,
            beds: BedEvidence {
                spots: &self.spots,
                nights: &self.beds,
                hours: NightHours::of(&thresholds()),
                night_work: &NightWork::default(),
            },
            offices: &self.offices,
            thresholds: &thresholds(),
            almanac: &Almanac::new(first, last),
        };
        evidence.desk(code(TOWN), days)
    }
}

#[test]
fn a_spot_used_on_three_working_days_is_a_desk() {
    let mut visit = Visit::new();
    for (number, date) in (0..).zip(three_days()) {
        visit.sleeps(date);
        [10, 11, 15].into_iter().for_each(|hour| visit.is_at(date, hour, CAFE));
        visit.is_at(date, 12, CAFE + 1 + number);
    }
    let desk = visit.desk(&three_days());
    assert_eq!((desk.days, desk.days_with_night, desk.days_out, desk.office_days), (3, 3, 3, 0));
    assert!((desk.share - 0.75).abs() < 1e-9, "nine hours of twelve: {}", desk.share);
}

#[test]
fn who_strolls_is_at_another_spot_each_day() {
    let mut visit = Visit::new();
    for (number, date) in (0..).zip(three_days()) {
        visit.sleeps(date);
        visit.is_at(date, 11, CAFE + number);
        visit.is_at(date, 15, CAFE + 5 + number);
    }
    let desk = visit.desk(&three_days());
    assert_eq!((desk.days, desk.days_out), (1, 3));
    assert!(desk.share < 0.5);
}

#[test]
fn days_off_evenings_other_towns_and_the_room_itself_are_no_desk() {
    let mut visit = Visit::new();
    // 海の日, a Monday, and the weekend before it.
    let long_weekend = ["2025-07-19", "2025-07-20", "2025-07-21"].map(day);
    for date in long_weekend.into_iter().chain(three_days()) {
        visit.sleeps(date);
    }
    long_weekend.iter().for_each(|date| visit.is_at(*date, 11, CAFE));
    for date in three_days() {
        visit.is_at(date, 11, INN);
        visit.is_at(date, 18, CAFE);
        visit.is_at(date, 14, 22);
    }
    let all = [long_weekend, three_days()].concat();
    let desk = visit.desk(&all);
    assert_eq!((desk.days, desk.days_out), (0, 0), "{desk:?}");
}

#[test]
fn a_desk_without_nights_is_a_desk_without_nights() {
    let mut visit = Visit::new();
    three_days().iter().for_each(|date| visit.is_at(*date, 11, CAFE));
    assert_eq!((visit.desk(&three_days()).days, visit.desk(&three_days()).days_with_night), (3, 0));
    // One night belongs to the day before it and to the day after.
    visit.sleeps(three_days()[0]);
    assert_eq!(visit.desk(&three_days()).days_with_night, 2);
}

/// A list of one office, at a spot.
fn office_at(spot: u32) -> Offices {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let latitude = 36.3 + f64::from(spot) * 300.0 / 111_195.0;
    write!(file, "name,latitude,longitude,radius_m\nOffice,{latitude},138.6,100\n").unwrap();
    Offices::read(file.path()).unwrap()
}

#[test]
fn an_office_of_the_file_counts_by_days() {
    let mut visit = Visit::new();
    visit.offices = office_at(CAFE);
    for date in three_days() {
        visit.sleeps(date);
        visit.is_at(date, 11, CAFE);
        visit.is_at(date, 15, CAFE);
    }
    visit.is_at(three_days()[0], 13, CAFE + 2);
    assert_eq!(visit.desk(&three_days()).office_days, 3);
    // Dinner beside it on a holiday is not work.
    visit.is_at(day("2025-07-21"), 12, CAFE);
    assert_eq!(visit.desk(&[day("2025-07-21")]).office_days, 0);
}

#[test]
fn office_work_takes_most_of_the_hours_seen_on_its_days() {
    let mut visit = Visit::new();
    visit.offices = office_at(CAFE);
    for date in three_days() {
        [11, 15].into_iter().for_each(|hour| visit.is_at(date, hour, CAFE));
        [12, 14].into_iter().for_each(|hour| visit.is_at(date, hour, CAFE + 3));
    }
    let desk = visit.desk(&three_days());
    assert_eq!((desk.office_days, desk.office_share), (3, 0.5));
    assert!(desk.is_office_work(3) && !desk.is_office_work(4));
    // One hour more elsewhere, were it in another town, and it was not work.
    visit.is_at(three_days()[2], 16, 22);
    let desk = visit.desk(&three_days());
    assert_eq!(desk.office_days, 3);
    assert!(!desk.is_office_work(3), "{desk:?}");
}

#[test]
fn who_sleeps_in_the_building_of_an_office_is_not_seen_to_work_there() {
    let mut visit = Visit::new();
    visit.offices = office_at(INN);
    for date in three_days() {
        [11, 15].into_iter().for_each(|hour| visit.is_at(date, hour, INN));
    }
    assert_eq!(visit.desk(&three_days()).office_days, 3, "where no bed is known");
    three_days().into_iter().for_each(|date| visit.sleeps(date));
    let desk = visit.desk(&three_days());
    assert_eq!((desk.office_days, desk.is_office_work(1)), (0, false));
}
