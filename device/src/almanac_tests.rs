use super::*;

#[test]
fn a_date_is_what_it_is_whether_it_was_looked_up_or_computed() {
    let first = Day::parse("2026-04-25").unwrap();
    let almanac = Almanac::new(first, first.plus(15));
    for day in (-30..60).map(|days| first.plus(days)) {
        assert_eq!(almanac.month(day), day.month());
        assert_eq!(almanac.is_working_day(day), day.is_working_day(), "{day}");
    }
}
