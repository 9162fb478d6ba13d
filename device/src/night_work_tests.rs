use super::*;

const HOME: u32 = 1;
const WARD: u32 = 2;
const INN: u32 = 3;
const FIRST: Day = Day(20_000);

/// Sorted hours of some days: for each day where the device is by the hour after 04:00.
fn hours(days: i32, place: impl Fn(i32, u8) -> Option<u32>) -> Vec<Hour<u32>> {
    let at = |day: i32, slot: u8| Some((FIRST.plus(day), slot, place(day, slot)?));
    (0..days).flat_map(|day| (0..24).filter_map(move |slot| at(day, slot)).collect::<Vec<_>>()).collect()
}

fn works(hours: &[Hour<u32>]) -> Vec<u32> {
    night_workplaces(hours, |place| place).into_keys().collect()
}

/// At the ward from 21:00 to 07:00 after each day that `is_shift` names, and at home else.
fn shifts(is_shift: impl Fn(i32) -> bool) -> impl Fn(i32, u8) -> Option<u32> {
    move |day, slot| {
        let evening = slot >= 17 && is_shift(day);
        let morning = slot < 3 && is_shift(day - 1);
        Some(if evening || morning { WARD } else { HOME })
    }
}

#[test]
fn a_ward_is_a_workplace_for_two_shifts_a_week_and_for_five() {
    assert_eq!(works(&hours(100, shifts(|day| day % 7 < 2))), [WARD]);
    assert_eq!(works(&hours(100, shifts(|day| day % 7 < 5))), [WARD]);
}

#[test]
fn somebody_who_is_seen_a_few_times_a_day_works_there_too() {
    let every_night = hours(200, shifts(|day| day % 7 < 5));
    // 04:00 to 05:00, 09:00, 16:00 and 22:00 only.
    let few: Vec<_> = every_night.into_iter().filter(|hour| [0, 5, 12, 18].contains(&hour.1)).collect();
    assert_eq!(works(&few), [WARD]);
}

#[test]
fn four_shifts_are_chance_and_five_are_work() {
    for (count, found) in [(4, vec![]), (5, vec![WARD])] {
        assert_eq!(works(&hours(100, shifts(|day| day % 10 == 3 && day < 10 * count))), found, "{count}");
    }
}

#[test]
fn a_second_home_with_days_in_it_is_no_workplace() {
    let weekends = |day: i32, slot: u8| {
        let is_there = (day % 7 == 5 && slot >= 6) || day % 7 == 6 || (day % 7 == 0 && slot < 3);
        Some(if is_there { INN } else { HOME })
    };
    assert_eq!(works(&hours(200, weekends)), Vec::<u32>::new());
}

#[test]
fn a_commuter_who_leaves_early_and_comes_home_late_does_not_work_at_home() {
    // At the office from 06:00 to 23:00: home is a bed, and the office is seen before and after it.
    let office = |day: i32, slot: u8| Some(if (2..19).contains(&slot) && day % 7 < 5 { WARD } else { HOME });
    assert_eq!(works(&hours(200, office)), Vec::<u32>::new());
}

#[test]
fn one_night_trips_from_a_day_at_home_to_a_day_at_home_are_told_by_the_way_there() {
    // Leaves at noon, sleeps at the inn, is back at noon: not at home in the afternoon before.
    let trips = |day: i32, slot: u8| {
        let is_there = (day % 9 == 4 && slot >= 9) || (day % 9 == 5 && slot < 8);
        Some(if is_there { INN } else { HOME })
    };
    assert_eq!(works(&hours(300, trips)), Vec::<u32>::new());
}

#[test]
fn nobody_works_every_night_and_never_sleeps_at_home_by_night() {
    // Two places, one by day and one by night, and no night off: which of them is home cannot be told, and the
    // place of the nights stays the bed.
    assert_eq!(works(&hours(200, shifts(|_| true))), Vec::<u32>::new());
}

#[test]
fn the_order_of_places_does_not_matter() {
    let swapped = |place: u32| if place == HOME { WARD } else { HOME };
    let shift = shifts(|day| day % 7 < 3);
    let turned = hours(100, |day, slot| shift(day, slot).map(swapped));
    assert_eq!(works(&turned), [HOME]);
}
