use kayoi_schemas::definition::Definition;
use proptest::prelude::*;

use super::*;
use crate::night_work::NightWork;
use crate::residences::Regime;
use crate::spots::{HourAt, Spot};
use crate::track::Track;
use crate::window::NightHours;

const TOWN: u32 = 13101;
const WORK_TOWN: u32 = 14100;
const SECOND: u32 = 20321;

/// Spots: a house, a workplace 15 km south of it, a second house, one 400 m from the first.
const HOUSE: SpotIndex = SpotIndex(0);
const DESK: SpotIndex = SpotIndex(1);
const SECOND_HOUSE: SpotIndex = SpotIndex(2);
const NEIGHBOUR: SpotIndex = SpotIndex(3);
const KM_PER_DEGREE: f64 = 111.195;

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

fn month() -> Month {
    Month::parse("2026-03").unwrap()
}

/// The days of the three months that a workplace is found from.
fn days() -> impl Iterator<Item = Day> {
    (month().plus(-2).first_day().0..=month().last_day().0).map(Day)
}

fn working_days(of: Month) -> Vec<Day> {
    (of.first_day().0..=of.last_day().0).map(Day).filter(|day| day.is_working_day()).collect()
}

/// Local hours to slots.
fn slot(hour: u8) -> u8 {
    hour - 4
}

struct Person {
    spots: Spots,
    beds: BTreeMap<Day, MunicipalityCode>,
    thresholds: Thresholds,
    almanac: Almanac,
}

impl Person {
    /// Sleeps in one town every night, and is seen there at ten in the evening.
    fn new(bed: u32, house: SpotIndex) -> Self {
        let spot = |south_km: f64, town| Spot {
            latitude: 35.7 - south_km / KM_PER_DEGREE,
            longitude: 139.7,
            municipality: Some(code(town)),
        };
        let spots = vec![spot(0.0, TOWN), spot(15.0, WORK_TOWN), spot(-100.0, SECOND), spot(0.2, TOWN)];
        let mut person = Self {
            spots: Spots { spots, hours: Vec::new(), ..Spots::default() },
            beds: days().chain([month().plus(-2).first_day().plus(-1)]).map(|day| (day, code(bed))).collect(),
            thresholds: Definition::connected_2026().unwrap().thresholds,
            almanac: Almanac::new(month().plus(-2).first_day(), month().last_day()),
        };
        days().for_each(|day| person.is_seen(day, 22, house));
        person
    }

    fn is_seen(&mut self, day: Day, hour: u8, spot: SpotIndex) {
        self.spots.hours.push(HourAt { day, slot: slot(hour), spot });
        self.spots.fix_hours.push((day, slot(hour)));
        self.spots.hours.sort_unstable();
        self.spots.hours.dedup();
        self.spots.fix_hours.sort_unstable();
    }

    /// In the office on Mondays to Wednesdays that are not holidays, at home on the other working days.
    fn commuter() -> Self {
        let mut person = Self::new(TOWN, HOUSE);
        for day in days().filter(|day| day.is_working_day()) {
            let spot = if day.days_after_monday() < 3 { DESK } else { HOUSE };
            [10, 11, 15].into_iter().for_each(|hour| person.is_seen(day, hour, spot));
        }
        person
    }

    fn workplace_of(&self, residences: &[u32]) -> Option<Workplace> {
        let residence = |town: &u32| Residence {
            municipality: code(*town),
            regime: Regime::Primary,
            nights_observed: 300,
            nights_estimated: 300.0,
            nights_known: 300,
        };
        let evidence = WorkEvidence {
            spots: &self.spots,
            track: &Track::default(),
            beds: BedEvidence {
                spots: &self.spots,
                nights: &self.beds,
                hours: NightHours::of(&self.thresholds),
                night_work: &NightWork::default(),
            },
            thresholds: &self.thresholds,
            almanac: &self.almanac,
        };
        evidence.workplace(month(), &residences.iter().map(residence).collect::<Vec<_>>())
    }
}

#[test]
fn who_is_seen_away_on_three_working_days_of_five_has_a_workplace() {
    let work = Person::commuter().workplace_of(&[TOWN]).unwrap();
    assert_eq!(work.municipality, code(WORK_TOWN));
    assert!((work.commute_km - 15.0).abs() < 0.05, "{}", work.commute_km);
    let (there, at_home): (Vec<Day>, Vec<Day>) =
        working_days(month()).into_iter().partition(|day| day.days_after_monday() < 3);
    assert_eq!(work.work_days, there.len() as f64);
    // Days off are taken off, three of a hundred, of all days that are not telework.
    let (expected, off) = (at_home.len() as f64, 0.03 * f64::from(work.days_seen));
    assert!((work.telework_days - (expected - off) / 0.97).abs() < 0.1, "{}", work.telework_days);
    let (seen, share) =
        (work.home_days.seen, f64::from(work.home_days.at_home) / f64::from(work.home_days.seen));
    assert!(seen > 50 && (0.35..0.42).contains(&share), "{:?}", work.home_days);
    assert_eq!(work.days_seen as usize, there.len() + at_home.len());
}

#[test]
fn kilometres_avoided_are_there_and_back_with_detours_on_telework_days() {
    let person = Person::commuter();
    let work = person.workplace_of(&[TOWN]).unwrap();
    let expected_km = 2.0 * work.commute_km * 1.3 * work.telework_days;
    assert_eq!(person.thresholds.commute_detour_factor.get(), 1.3);
    assert!((work.km_avoided - expected_km).abs() < 1e-6);
    assert!((work.kg_co2_avoided - expected_km * 64.0 / 1000.0).abs() < 1e-6);
}

#[test]
fn weekends_holidays_and_nights_elsewhere_are_no_telework() {
    let mut person = Person::commuter();
    let before = person.workplace_of(&[TOWN]).unwrap();
    // At home on every day off, by day.
    days().filter(|day| !day.is_working_day()).for_each(|day| person.is_seen(day, 13, HOUSE));
    assert_eq!(person.workplace_of(&[TOWN]), Some(before));
    // A week away takes its working days out, and those are not telework.
    let trip = Day::parse("2026-03-08").unwrap();
    person.beds.extend((0..6).map(|n| (trip.plus(n), code(SECOND))));
    let after = person.workplace_of(&[TOWN]).unwrap();
    assert_eq!(before.days_seen - after.days_seen, 5);
    assert!(after.telework_days < before.telework_days && after.work_days < before.work_days);
}

#[test]
fn a_day_out_is_neither_work_nor_telework_and_a_way_to_the_shop_is_no_day_out() {
    let mut person = Person::commuter();
    let before = person.workplace_of(&[TOWN]).unwrap();
    let friday = Day::parse("2026-03-06").unwrap();
    person.is_seen(friday, 14, NEIGHBOUR);
    person.is_seen(friday, 13, SECOND_HOUSE);
    assert_eq!(person.workplace_of(&[TOWN]), Some(before));
    // Seen more often at the second house than at home.
    [10, 12, 14, 15].into_iter().for_each(|hour| person.is_seen(friday, hour, SECOND_HOUSE));
    let after = person.workplace_of(&[TOWN]).unwrap();
    assert_eq!(after.work_days, before.work_days);
    let less = before.telework_days - after.telework_days;
    assert!((0.9..1.1).contains(&less), "{less}");
}

#[test]
fn mornings_at_home_and_stays_that_bridge_the_day_are_no_telework() {
    let mut person = Person::commuter();
    let before = person.workplace_of(&[TOWN]).unwrap();
    let monday = Day::parse("2026-03-02").unwrap();
    // Before the way to work on a day at the desk; a stay at home from breakfast to supper without a fix of its own.
    person.is_seen(monday, 9, HOUSE);
    person.spots.fix_hours.retain(|(day, hour)| *day != monday || *hour != slot(10));
    assert_eq!(person.workplace_of(&[TOWN]), Some(before));
    let thursday = Day::parse("2026-03-05").unwrap();
    person.spots.fix_hours.retain(|(day, hour)| *day != thursday || *hour >= slot(17));
    let after = person.workplace_of(&[TOWN]).unwrap();
    assert_eq!(
        (after.home_days.at_home, after.home_days.seen),
        (before.home_days.at_home - 1, before.home_days.seen - 1)
    );
    assert!(after.telework_days < before.telework_days);
}

#[test]
fn a_dual_resident_who_works_from_either_residence_has_the_workplace() {
    let from_first = Person::commuter().workplace_of(&[TOWN, SECOND]);
    assert_eq!(from_first.unwrap().municipality, code(WORK_TOWN));
    // Now everything from the second house.
    let mut person = Person::new(SECOND, SECOND_HOUSE);
    for day in days().filter(|day| day.is_working_day()) {
        person.is_seen(day, 11, DESK);
    }
    let work = person.workplace_of(&[TOWN, SECOND]).unwrap();
    assert_eq!(work.municipality, code(WORK_TOWN));
    assert!((work.commute_km - 115.0).abs() < 0.3, "from the house where it slept: {}", work.commute_km);
    assert_eq!(person.workplace_of(&[TOWN]), None);
}

#[test]
fn who_is_somewhere_once_a_week_has_no_workplace_there() {
    let mut person = Person::new(TOWN, HOUSE);
    for day in days().filter(|day| day.is_working_day()) {
        person.is_seen(day, 11, if day.days_after_monday() == 2 { DESK } else { HOUSE });
    }
    assert_eq!(person.workplace_of(&[TOWN]), None);
}

#[test]
fn a_shop_however_often_it_is_visited_is_no_workplace() {
    let mut shopper = Person::new(TOWN, HOUSE);
    for day in days().filter(|day| day.is_working_day()) {
        for hour in 9..18 {
            shopper.is_seen(day, hour, if hour == 11 { DESK } else { HOUSE });
        }
    }
    assert_eq!(shopper.workplace_of(&[TOWN]), None);
}

#[test]
fn a_sparse_phone_is_judged_by_what_it_shows() {
    // One sighting on six working days of the last month, five of them at the desk.
    let mut person = Person::new(TOWN, HOUSE);
    let seen: Vec<Day> = working_days(month()).into_iter().step_by(3).take(6).collect();
    for (number, day) in seen.iter().enumerate() {
        person.is_seen(*day, 14, if number == 5 { HOUSE } else { DESK });
    }
    let work = person.workplace_of(&[TOWN]).unwrap();
    assert_eq!((work.municipality, work.days_seen), (code(WORK_TOWN), 6));
    let based = working_days(month()).len() as f64;
    assert!((work.work_days - based * 5.0 / 6.0).abs() < 1e-9);
    // One day of six at home is leave or telework; that it is the latter is not certain.
    assert!(work.telework_days > 0.0 && work.telework_days < based / 6.0, "{}", work.telework_days);
}

#[test]
fn two_sightings_are_too_few_for_a_workplace() {
    let mut person = Person::new(TOWN, HOUSE);
    let seen = working_days(month());
    seen[..2].iter().for_each(|day| person.is_seen(*day, 14, DESK));
    assert_eq!(person.workplace_of(&[TOWN]), None);
    person.is_seen(seen[2], 14, DESK);
    assert!(person.workplace_of(&[TOWN]).is_some());
}

#[test]
fn a_spot_beside_the_bed_and_evenings_out_are_no_work() {
    let mut person = Person::new(TOWN, HOUSE);
    for day in days().filter(|day| day.is_working_day()) {
        person.is_seen(day, 11, NEIGHBOUR);
        person.is_seen(day, 19, DESK);
    }
    assert_eq!(person.workplace_of(&[TOWN]), None);
}

#[test]
fn without_a_residence_or_a_bed_there_is_no_workplace() {
    assert_eq!(Person::commuter().workplace_of(&[]), None);
    let mut person = Person::commuter();
    person.beds.clear();
    assert_eq!(person.workplace_of(&[TOWN]), None);
}

proptest! {
    #[test]
    fn work_and_telework_never_exceed_the_working_days_at_home(
        places in prop::collection::vec(prop::option::of(0u32..4), 90)
    ) {
        let mut person = Person::new(TOWN, HOUSE);
        for (day, place) in days().zip(places) {
            if let Some(place) = place {
                person.is_seen(day, 11, SpotIndex(place));
            }
        }
        if let Some(work) = person.workplace_of(&[TOWN]) {
            let all = work.work_days + work.telework_days;
            prop_assert!(all <= working_days(month()).len() as f64 + 1e-9, "{all}");
            prop_assert!(work.km_avoided >= 0.0 && work.commute_km > 0.25);
        }
    }
}
