//! The calendar that people live by: working days, holidays, days on which kin are visited.
//!
//! In: days. Out: what each of them is. It stands above [`crate::time`], which counts days and knows nothing
//! of people.

mod holiday;
mod almanac;

pub use almanac::Almanac;
pub use holiday::{holiday_name, is_holiday, is_kin_visit_period, is_near_kin_visit_period};

use crate::time::Day;

impl Day {
    /// 平日: neither a weekend nor a national holiday.
    pub fn is_working_day(self) -> bool {
        !self.is_weekend() && !is_holiday(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekends_and_holidays_are_days_off() {
        let works = |text| Day::parse(text).unwrap().is_working_day();
        assert!(works("2026-11-24"));
        assert!(!works("2026-11-23"), "勤労感謝の日, a Monday");
        assert!(!works("2026-11-28"), "a Saturday");
    }
}
