//! Where people truly work, by month.
//!
//! In: a life, and the days a device id was in use. Out: a row for each month with a day of work, at the
//! workplace or at home instead of it. Desks of workations and seasons are ties, not workplaces.

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, Month};

use super::life::Life;
use super::rules::Rules;
use crate::people::Person;

/// A true month of work.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Workplace {
    pub month: Month,
    pub town: MunicipalityCode,
    /// Working days at the workplace.
    pub work_days: i32,
    /// Working days at home instead.
    pub telework_days: i32,
    /// One way, straight.
    pub commute_km: f64,
}

impl Rules<'_, '_> {
    /// The months of work of a device that was in use on `from..=until`.
    pub(super) fn workplaces(
        &self,
        person: &Person,
        life: &Life,
        (from, until): (Day, Day),
    ) -> Vec<Workplace> {
        let Some(work) = person.work else { return Vec::new() };
        let month_of_work = |month: &Month| {
            let (first, last) = (from.max(month.first_day()), until.min(month.last_day()));
            let count = |days: &[Day]| days.iter().filter(|day| (first..=last).contains(*day)).count() as i32;
            let (work_days, telework_days) = (count(&life.work_days), count(&life.telework_days));
            (work_days + telework_days > 0).then(|| Workplace {
                month: *month,
                town: work.town,
                work_days,
                telework_days,
                commute_km: person.home(last).spot.distance_km(&work),
            })
        };
        self.months.iter().filter_map(month_of_work).collect()
    }
}
