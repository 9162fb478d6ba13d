//! National holidays of Japan (国民の祝日), for telling working days from days off.
//!
//! In: a day. Out: whether it is a holiday. The rules of 国民の祝日に関する法律 are computed, years 2007 to 2030; the
//! moved holidays of the Olympic years and the accession year are listed. Equinoxes follow the usual
//! approximation, which equals the published almanac in this range.

use crate::time::Day;

/// Whether a day is a national holiday, a substitute holiday (振替休日) or a day between two holidays.
pub fn is_holiday(day: Day) -> bool {
    is_named(day) || is_substitute(day) || is_sandwiched(day)
}

/// お盆 (13 to 16 August) or 年末年始 (29 December to 3 January): days on which kin are visited.
pub fn is_kin_visit_period(day: Day) -> bool {
    matches!(day.ymd(), (_, 8, 13..=16) | (_, 12, 29..=31) | (_, 1, 1..=3))
}

/// Within three days of [`is_kin_visit_period`]: who visits kin often comes a little earlier or stays a little longer.
pub fn is_near_kin_visit_period(day: Day) -> bool {
    (-3..=3).any(|days| is_kin_visit_period(day.plus(days)))
}

fn is_named(day: Day) -> bool {
    let (year, month, date) = day.ymd();
    let monday = day.days_after_monday() == 0;
    let nth_monday = |nth: u32| monday && (date - 1) / 7 + 1 == nth;
    match (month, date) {
        (1, 1) | (2, 11) | (4, 29) | (5, 3..=5) | (11, 3 | 23) => true,
        (1, _) => nth_monday(2),
        (2, 23) => year >= 2020,
        (3, _) => date == equinox(year, 20.8431),
        (7, _) if year == 2020 => matches!(date, 23 | 24),
        (7, _) if year == 2021 => matches!(date, 22 | 23),
        (7, _) => nth_monday(3),
        (8, _) if year == 2020 => date == 10,
        (8, _) if year == 2021 => date == 8,
        (8, 11) => year >= 2016,
        (9, _) => nth_monday(3) || date == equinox(year, 23.2488),
        (10, 22) => year == 2019,
        (10, _) => !matches!(year, 2020 | 2021) && nth_monday(2),
        (12, 23) => year <= 2018,
        (5, 1) => year == 2019,
        _ => false,
    }
}

fn equinox(year: i32, base: f64) -> u32 {
    let years = f64::from(year - 1980);
    (base + 0.242_194 * years - f64::from((year - 1980).div_euclid(4))).floor() as u32
}

/// A holiday on a Sunday moves to the next day that is not one itself.
fn is_substitute(day: Day) -> bool {
    if day.days_after_monday() == 6 || is_named(day) {
        return false;
    }
    (1..=day.days_after_monday() as i32 + 1)
        .map(|back| day.plus(-back))
        .take_while(|&earlier| is_named(earlier))
        .any(|earlier| earlier.days_after_monday() == 6)
}

fn is_sandwiched(day: Day) -> bool {
    day.days_after_monday() != 6 && is_named(day.plus(-1)) && is_named(day.plus(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_of_2024_are_the_published_ones() {
        // 内閣府「国民の祝日」令和6年.
        let published = [
            "01-01", "01-08", "02-11", "02-12", "02-23", "03-20", "04-29", "05-03", "05-04", "05-05",
            "05-06", "07-15", "08-11", "08-12", "09-16", "09-22", "09-23", "10-14", "11-03", "11-04",
            "11-23",
        ];
        let first = Day::parse("2024-01-01").unwrap();
        let computed: Vec<String> = (0..366)
            .map(|n| first.plus(n))
            .filter(|&d| is_holiday(d))
            .map(|d| d.to_string()[5..].to_owned())
            .collect();
        assert_eq!(computed, published);
    }

    #[test]
    fn sandwiched_and_moved_days() {
        assert!(is_holiday(Day::parse("2026-09-22").unwrap()), "between 敬老の日 and 秋分の日");
        assert!(
            is_holiday(Day::parse("2019-04-30").unwrap()) && is_holiday(Day::parse("2019-05-02").unwrap())
        );
        assert!(!is_holiday(Day::parse("2021-10-11").unwrap()));
        assert!(!is_holiday(Day::parse("2026-11-24").unwrap()));
    }
}
