//! National holidays of Japan (国民の祝日), for telling working days from days off.
//!
//! In: a day. Out: whether it is a holiday. The rules of 国民の祝日に関する法律 are computed, years 2007 to 2030; the
//! moved holidays of the Olympic years and the accession year are listed. Equinoxes follow the usual
//! approximation, which equals the published almanac in this range.

use crate::time::Day;

/// Whether a day is a national holiday, a substitute holiday (振替休日) or a day between two holidays.
pub fn is_holiday(day: Day) -> bool {
    holiday_name(day).is_some()
}

/// What a holiday is called in the list of the Cabinet Office (内閣府「国民の祝日」, syukujitsu.csv), where substitute
/// holidays and days between two holidays are 休日; `None` for other days.
pub fn holiday_name(day: Day) -> Option<&'static str> {
    let is_other = || is_substitute(day) || is_sandwiched(day);
    own_name(day).or_else(|| is_other().then_some("休日"))
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
    own_name(day).is_some()
}

/// The name of a holiday that is one by itself.
fn own_name(day: Day) -> Option<&'static str> {
    let (year, month, date) = day.ymd();
    let monday = day.days_after_monday() == 0;
    let is_monday = |nth: u32| monday && (date - 1) / 7 + 1 == nth;
    let (sea, sports, mountain) = match year {
        2020 => ((7, 23), (7, 24), (8, 10)),
        2021 => ((7, 22), (7, 23), (8, 8)),
        _ => ((0, 0), (0, 0), (8, 11)),
    };
    let is_moved_year = matches!(year, 2020 | 2021);
    Some(match (month, date) {
        (1, 1) => "元日",
        (1, _) if is_monday(2) => "成人の日",
        (2, 11) => "建国記念の日",
        (2, 23) if year >= 2020 => "天皇誕生日",
        (3, _) if date == equinox(year, 20.8431) => "春分の日",
        (4, 29) => "昭和の日",
        (5, 1) if year == 2019 => "休日（祝日扱い）",
        (5, 3) => "憲法記念日",
        (5, 4) => "みどりの日",
        (5, 5) => "こどもの日",
        found if is_moved_year && found == sea => "海の日",
        found if is_moved_year && found == sports => "スポーツの日",
        (7, _) if !is_moved_year && is_monday(3) => "海の日",
        found if year >= 2016 && found == mountain => "山の日",
        (9, _) if is_monday(3) => "敬老の日",
        (9, _) if date == equinox(year, 23.2488) => "秋分の日",
        (10, 22) if year == 2019 => "休日（祝日扱い）",
        (10, _) if !is_moved_year && is_monday(2) => {
            if year < 2020 {
                "体育の日"
            } else {
                "スポーツの日"
            }
        }
        (11, 3) => "文化の日",
        (11, 23) => "勤労感謝の日",
        (12, 23) if year <= 2018 => "天皇誕生日",
        _ => return None,
    })
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

    #[test]
    fn names_are_those_of_the_cabinet_office() {
        for (date, name) in [
            ("2015-09-22", Some("休日")),
            ("2018-12-23", Some("天皇誕生日")),
            ("2018-12-24", Some("休日")),
            ("2019-05-01", Some("休日（祝日扱い）")),
            ("2019-10-14", Some("体育の日")),
            ("2020-02-23", Some("天皇誕生日")),
            ("2020-07-23", Some("海の日")),
            ("2020-07-24", Some("スポーツの日")),
            ("2020-08-10", Some("山の日")),
            ("2021-08-09", Some("休日")),
            ("2021-10-11", None),
            ("2022-10-10", Some("スポーツの日")),
            ("2015-08-11", None),
            ("2026-09-22", Some("休日")),
            ("2026-11-24", None),
        ] {
            assert_eq!(holiday_name(Day::parse(date).unwrap()), name, "{date}");
        }
    }
}
