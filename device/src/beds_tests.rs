use kayoi_schemas::definition::Definition;

use super::*;
use crate::night_work::NightWork;
use crate::spots::{HourAt, Spot};

/// Spots of the town lie so many times 600 m north of the first; those from 10 on are in another town.
const HOUSE: u32 = 0;
const BAR: u32 = 1;
const OFFICE: u32 = 2;
const OTHER_TOWN: u32 = 10;

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

fn town() -> MunicipalityCode {
    code(20321)
}

/// 2026-03-02, a Monday.
const FIRST: Day = Day(20_514);

/// The bed found from hours of the local clock at spots, over three days; `slept` are the evenings of nights
/// in the town.
fn bed(hours: &[(i32, u8, u32)], slept: &[i32]) -> Option<SpotIndex> {
    let spot = |number: u32| Spot {
        latitude: 36.3 + f64::from(number) * 600.0 / 111_195.0,
        longitude: 138.6,
        municipality: Some(if number < OTHER_TOWN { town() } else { code(20217) }),
    };
    let at = |(day, hour, spot): &(i32, u8, u32)| {
        // Hours from 4 to 27: those after midnight belong to the day before.
        HourAt { day: FIRST.plus(*day), slot: hour - 4, spot: SpotIndex(*spot) }
    };
    let mut hours: Vec<HourAt> = hours.iter().map(at).collect();
    hours.sort_unstable();
    let spots = Spots { spots: (0..12).map(spot).collect(), hours, ..Spots::default() };
    let nights = slept.iter().map(|day| (FIRST.plus(*day), town())).collect();
    let hours = NightHours::of(&Definition::connected_2026().unwrap().thresholds);
    BedEvidence { spots: &spots, nights: &nights, hours, night_work: &NightWork::default() }.bed(
        town(),
        FIRST,
        FIRST.plus(2),
    )
}

#[test]
fn one_hour_of_the_night_outweighs_every_evening_out() {
    let evenings = [(0, 20, BAR), (0, 21, BAR), (1, 20, BAR), (1, 21, BAR), (2, 21, BAR)];
    assert_eq!(bed(&evenings, &[0, 1, 2]), Some(SpotIndex(BAR)), "nothing else is known of the nights");
    let with_night = [&evenings[..], &[(1, 25, HOUSE)]].concat();
    assert_eq!(bed(&with_night, &[0, 1, 2]), Some(SpotIndex(HOUSE)));
}

#[test]
fn the_morning_belongs_to_the_night_before() {
    let morning = [(1, 7, HOUSE)];
    assert_eq!(bed(&morning, &[0]), Some(SpotIndex(HOUSE)));
    assert_eq!(bed(&morning, &[1]), None, "the night that ends with it was slept elsewhere");
}

#[test]
fn daytime_other_towns_and_nights_elsewhere_show_no_bed() {
    assert_eq!(bed(&[(0, 12, OFFICE), (0, 16, OFFICE)], &[0]), None);
    assert_eq!(bed(&[(0, 23, OTHER_TOWN)], &[0]), None);
    assert_eq!(bed(&[(0, 23, HOUSE)], &[]), None, "a late fix of somebody who slept elsewhere");
}

#[test]
fn the_hours_near_sleep_are_the_definitions() {
    let thresholds = Definition::connected_2026().unwrap().thresholds;
    let hours = NightHours::of(&thresholds);
    let slots =
        |wanted: Nearness| (0..24).filter(|slot| hours.nearness(*slot) == wanted).collect::<Vec<u8>>();
    assert_eq!(slots(Nearness::Morning), [0, 1, 2, 3], "04:00 to 08:00");
    assert_eq!(slots(Nearness::Night), [18, 19, 20, 21, 22, 23], "22:00 to 04:00");
    assert_eq!(slots(Nearness::Evening), [16, 17], "20:00 to 22:00");
}

#[test]
fn what_indoor_fixes_scatter_about_the_house_is_at_home_and_a_desk_across_the_street_is_not() {
    let spot =
        |north_m: f64| Spot { latitude: 36.3 + north_m / 111_195.0, longitude: 138.6, municipality: None };
    let spots = Spots { spots: [0.0, 249.0, 251.0].map(spot).to_vec(), ..Spots::default() };
    let nights = BTreeMap::new();
    let hours = NightHours::of(&Definition::connected_2026().unwrap().thresholds);
    let beds = BedEvidence { spots: &spots, nights: &nights, hours, night_work: &NightWork::default() };
    let is_away = [0, 1, 2].map(|other| beds.is_away(SpotIndex(0), SpotIndex(other)));
    assert_eq!(is_away, [false, false, true]);
}
