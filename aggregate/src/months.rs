//! The days with data → the months that a run is about.
//!
//! In: the files of `pings`, one day each. Out: a [`Period`]. Ties look back twelve months, so only months
//! with as much data before their end are measured for them.

use kayoi_device::Period;
use kayoi_lake::DataFile;
use kayoi_schemas::time::{Day, DayRule, Month};

/// The months of the data. Ties are measured for complete months with twelve months of data; a shorter lake
/// gets its last whole month, or its last one where none is whole, because an answer with a short window is better
/// than none.
pub(crate) fn period(files: &[DataFile], rule: DayRule) -> Option<Period> {
    let days: Vec<Day> =
        files.iter().filter_map(|file| Day::parse(file.partition_value.as_deref()?)).collect();
    let (first, last) = (*days.iter().min()?, *days.iter().max()?);
    let months: Vec<Month> = (first.month().0..=last.month().0).map(Month).collect();
    let is_complete = |month: &&Month| month.plus(-11).first_day() >= first && month.last_day() <= last;
    let mut tie_months: Vec<Month> = months.iter().filter(is_complete).copied().collect();
    if tie_months.is_empty() {
        let is_whole = |month: &&Month| month.first_day() >= first && month.last_day() <= last;
        tie_months.extend(months.iter().rfind(is_whole).or(months.last()));
    }
    Some(Period::new(first, last, tie_months, rule))
}
