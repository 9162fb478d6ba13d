use kayoi_schemas::definition::Definition;
use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::units::GridPoint;
use proptest::prelude::*;

use super::*;

const RULE: DayRule = DayRule::JAPAN;

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// Two fixes on each of some days.
fn seen_on(days: impl IntoIterator<Item = Day>) -> Tenure {
    let at = |day: Day, hour: f64| Fix {
        device: DeviceId::from_hash(2),
        instant: RULE.instant(day, hour),
        point: GridPoint::from_degrees(35.7, 139.7),
        accuracy_m: 20.0,
        attributes: kayoi_schemas::person::Attributes::default(),
        speed_m_s: None,
        municipality: None,
    };
    let fixes: Vec<Fix> = days.into_iter().flat_map(|day| [at(day, 9.0), at(day, 23.0)]).collect();
    Tenure::of(&fixes, RULE)
}

/// The first days of a month.
fn days_of(month: Month, count: i32) -> impl Iterator<Item = Day> {
    (0..count).map(move |number| month.first_day().plus(number))
}

#[test]
fn a_life_is_counted_from_the_first_day_to_the_last_one_with_both() {
    let first = month("2026-03").first_day();
    let tenure = seen_on([first, first.plus(9)]);
    assert_eq!(tenure.life_days(), 10);
    assert_eq!(tenure.age_days(first), 1);
    assert_eq!(tenure.age_days(first.plus(-1)), 0);
    assert_eq!(tenure.months().collect::<Vec<_>>(), [(month("2026-03"), 2)]);
    assert_eq!((seen_on([]).life_days(), seen_on([]).age_days(first)), (0, 0));
}

#[test]
fn ten_days_of_nine_months_make_the_panel_of_a_year_and_one_day_less_does_not() {
    let (march, thresholds) = (month("2026-03"), thresholds());
    let months = |count: i32, days: i32| {
        let months = (0..count).map(move |back| march.plus(back + 1 - count));
        seen_on(months.flat_map(move |month| days_of(month, days)))
    };
    assert!(months(9, 10).is_of_year_panel(march, 12, &thresholds));
    assert!(!months(8, 28).is_of_year_panel(march, 12, &thresholds));
    assert!(!months(12, 9).is_of_year_panel(march, 12, &thresholds));
    assert!(months(1, 10).is_of_month_panel(march, &thresholds));
    // Months after the window and before it do not count.
    assert!(!months(9, 10).is_of_year_panel(march.plus(12), 12, &thresholds));
}

#[test]
fn a_short_lake_asks_for_three_quarters_of_its_months_and_three_at_least() {
    let asked: Vec<u32> = (0..=12).map(|covered| asked_months(covered, 9)).collect();
    assert_eq!(asked, [1, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9]);
}

proptest! {
    /// Being seen on more days takes nobody out of a panel.
    #[test]
    fn more_days_never_take_a_device_out_of_a_panel(
        some in prop::collection::btree_set(0..365, 0..300),
        more in prop::collection::btree_set(0..365, 0..60),
    ) {
        let first = month("2025-04").first_day();
        let at = |days: &std::collections::BTreeSet<i32>| seen_on(days.iter().map(|day| first.plus(*day)));
        let all = some.union(&more).copied().collect();
        let (march, thresholds) = (month("2026-03"), thresholds());
        prop_assert!(
            at(&all).is_of_year_panel(march, 12, &thresholds)
                >= at(&some).is_of_year_panel(march, 12, &thresholds)
        );
    }
}
