//! Visitors by day → visitors of the month on weekdays and on days off, and their days.
//!
//! In: the cells of [`Cube::VisitorsDaily`]. Out: those of [`Cube::VisitorsMonthly`] and
//! [`Cube::VisitorDaysMonthly`]. Days are added up; people come on four days of five for the first time.

use std::collections::BTreeMap;

use kayoi_schemas::figure::{Atom, Class, Cube, Dimension};
use kayoi_schemas::time::Day;

/// Cells of a cube.
type Values = Vec<(Atom, u64)>;

/// People and days of a month.
pub(super) fn of_days(daily: &[(Atom, u64)]) -> (Values, Values) {
    let declared = Cube::VisitorsMonthly.declaration().dimensions;
    let (mut most, mut days) = (BTreeMap::<Atom, u64>::new(), BTreeMap::<Atom, u64>::new());
    for (atom, value) in daily {
        let day = Day(atom.period);
        let class = Class::ALL.with(declared, Dimension::DayType, u16::from(!day.is_working_day()));
        let of_month = Atom { period: day.month().0, class, ..*atom };
        *days.entry(of_month).or_default() += value;
        let known = most.entry(of_month).or_default();
        *known = (*known).max(*value);
    }
    let people = most.into_iter().zip(days.values());
    let people = people.map(|((atom, most), days)| (atom, (days * 4 / 5).max(most))).collect();
    (people, days.into_iter().collect())
}
