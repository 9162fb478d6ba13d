use chrono::Datelike as _;

use super::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn a_day_starts_at_four_in_japan() {
    let rule = DayRule::JAPAN;
    let before = UtcMillis(rule.day_start(day("2026-03-02")).0 - 1);
    assert_eq!(rule.day(before), day("2026-03-01"));
    assert_eq!(rule.day(rule.day_start(day("2026-03-02"))), day("2026-03-02"));
    assert_eq!(rule.day_start(day("2026-03-02")).0, day("2026-03-01").0 as i64 * DAY_MS + 19 * HOUR_MS);
}

#[test]
fn iso_weeks_carry_their_year() {
    assert_eq!(day("2024-01-01").iso_week(), (2024, 1));
    assert_eq!(day("2024-12-30").iso_week(), (2025, 1));
    assert_ne!(day("2024-01-03").iso_week(), day("2025-01-01").iso_week());
    assert_eq!(day("2021-01-03").iso_week(), (2020, 53));
}

#[test]
fn months_print_and_parse_back() {
    let month = Month::parse("2024-02").unwrap();
    assert_eq!(month.to_string(), "2024-02");
    assert_eq!(month.last_day(), day("2024-02-29"));
    assert_eq!(month.plus(-2).to_string(), "2023-12");
    assert_eq!(Month::parse("2024-13"), None);
    assert_eq!(day("2024-02-29").month(), month);
}

#[test]
fn days_of_the_week_are_the_calendars() {
    for day in (-100_000..100_000).step_by(13).map(Day) {
        assert_eq!(day.days_after_monday(), day.date().weekday().num_days_from_monday(), "{day}");
    }
}

#[test]
fn spans_share_the_minutes_that_lie_in_both() {
    let minutes =
        |from: i64, to: i64| Span { from: UtcMillis(from * MINUTE_MS), to: UtcMillis(to * MINUTE_MS) };
    assert_eq!(minutes(0, 90).overlap_minutes(minutes(30, 60)), 30.0);
    assert_eq!(minutes(0, 30).overlap_minutes(minutes(30, 60)), 0.0);
    assert_eq!(minutes(50, 60).overlap_minutes(minutes(0, 20)), 0.0);
}
