//! The days with data → the months that a run is about.
//!
//! In: the files of `pings`, one day each. Out: a [`Period`]. Ties look back twelve months, so only months
//! with as much data before their end are measured for them.

use kayoi_device::Period;
use kayoi_lake::DataFile;
use kayoi_schemas::time::{Day, DayRule, Month};

/// The months of the data.
pub(crate) fn period(files: &[DataFile], rule: DayRule) -> Option<Period> {
    let days: Vec<Day> =
        files.iter().filter_map(|file| Day::parse(file.partition_value.as_deref()?)).collect();
    let (first, last) = (*days.iter().min()?, *days.iter().max()?);
    Some(Period::new(first, last, tie_months(first, last), rule))
}

/// The months whose ties are measured, by the first day and the last one with data: complete months with twelve months
/// of data. A shorter lake gets its last whole month, or its last one where none is whole, because an answer with
/// a short window is better than none.
fn tie_months(first: Day, last: Day) -> Vec<Month> {
    let months = || (first.month().0..=last.month().0).map(Month);
    let is_whole = |month: &Month| month.first_day() >= first && month.last_day() <= last;
    let is_complete = |month: &Month| is_whole(month) && month.plus(-11).first_day() >= first;
    let complete: Vec<Month> = months().filter(is_complete).collect();
    if complete.is_empty() {
        months().rfind(is_whole).or(months().next_back()).into_iter().collect()
    } else {
        complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(first: &str, last: &str) -> Vec<String> {
        let day = |text| Day::parse(text).unwrap();
        tie_months(day(first), day(last)).iter().map(Month::to_string).collect()
    }

    #[test]
    fn ties_have_twelve_whole_months_before_the_end_of_theirs() {
        assert_eq!(of("2025-04-01", "2026-05-01"), ["2026-03", "2026-04"]);
        assert_eq!(of("2025-04-02", "2026-04-30"), ["2026-04"]);
    }

    #[test]
    fn a_short_lake_has_ties_of_its_last_whole_month() {
        assert_eq!(of("2025-04-01", "2026-03-01"), ["2026-02"]);
        assert_eq!(of("2025-04-01", "2025-05-31"), ["2025-05"]);
        // Without a whole month, of the last one.
        assert_eq!(of("2025-04-10", "2025-05-20"), ["2025-05"]);
    }
}
