//! Rows of `connected_by_period`: what is too small for a month may be shown over several.
//!
//! In: the noised ties of the months of a quarter, a calendar year or a fiscal year. Out: their mean, for everybody,
//! inside, outside and by block. It costs nothing: it is computed from noised counts, hidden ones too. The mean
//! carries less noise than a month does, as much as the correlation of months leaves, and its threshold is lower.

use kayoi_lake::LakeError;
use kayoi_schemas::disclosure::standard_deviation_of_a_mean;
use kayoi_schemas::figure::OriginLevel;
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Month;

use super::connected::{by_name, each_origin};
use super::month::{Constants, MonthRows, Place, Sink, Stamps};
use super::sheet::Sheet;
use crate::draw::{Drawn, Noised};

/// The levels of origins that a period has.
const LEVELS: [OriginLevel; 4] =
    [OriginLevel::All, OriginLevel::Block, OriginLevel::Inside, OriginLevel::Outside];

/// A period that ends with a month: its kind, its name, its months.
pub(super) fn ending_with(month: Month) -> Vec<(&'static str, String, u32)> {
    let mut periods = Vec::new();
    if month.fiscal_year() != month.plus(1).fiscal_year() {
        periods.push(("fiscal_year", format!("{}年度", month.fiscal_year()), 12));
    }
    if month.quarter() != month.plus(1).quarter() {
        periods.push(("quarter", month.quarter_text(), 3));
    }
    if month.year() != month.plus(1).year() {
        periods.push(("year", month.year().to_string(), 12));
    }
    periods
}

impl MonthRows<'_> {
    /// Rows of the periods that end with the month and whose months are all there.
    pub(super) fn by_period(&self, sink: Sink<'_>, constants: &mut Constants) -> Result<(), LakeError> {
        for (kind, name, months) in ending_with(self.month()) {
            let first = self.month().plus(1 - months as i32);
            let of_period: Vec<&Noised> = self
                .window
                .iter()
                .filter(|noised| noised.month() >= first)
                .filter_map(|noised| noised.get(Drawn::Connected))
                .collect();
            if of_period.len() == months as usize {
                self.period((kind, &name, first), &of_period, sink, constants)?;
            }
        }
        Ok(())
    }

    fn period(
        &self,
        (kind, name, first): (&'static str, &str, Month),
        months: &[&Noised],
        sink: Sink<'_>,
        constants: &mut Constants,
    ) -> Result<(), LakeError> {
        let Some(newest) = months.last() else { return Ok(()) };
        let classes = newest.layout().classes();
        let setting = self.setting();
        let mut making = self.making(newest, &setting, (kind, constants));
        making.scale = standard_deviation_of_a_mean(months.len() as u32);
        let stamps = Stamps::of(self.options, self.revision);
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let mut values = vec![0.0; newest.layout().width()];
            for month in months {
                values
                    .iter_mut()
                    .zip(month.of_area(index))
                    .for_each(|(sum, value)| *sum += f64::from(*value));
            }
            values.iter_mut().for_each(|sum| *sum /= months.len() as f64);
            let cells = making.cells(&values, place.code.prefecture());
            for class in by_name(classes) {
                let mut ladder = cells[class].clone();
                ladder.all.ask("connected_rest_monthly; connected_totals_monthly");
                let is_shown = ladder.all.estimate.is_some();
                each_origin(&ladder, is_shown && self.has_origins, &LEVELS, |level, code, origin, cell| {
                    sheet.text(Some(kind)).text(Some(name)).date(Some(first.first_day()));
                    sheet.date(Some(self.month().first_day())).place(&place).text(Some(&classes[class]));
                    sheet.text(Some(level.as_str())).text(Some(code)).text(Some(origin));
                    sheet.figure(cell).stamps(&stamps);
                    sheet.count(level.as_str(), cell.status.as_str());
                });
            }
        };
        self.each_place(ReleaseTable::ConnectedByPeriod, newest, sink, &rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fiscal_year_ends_in_march_and_a_year_in_december() {
        let ends = |text: &str| {
            let periods = ending_with(Month::parse(text).unwrap());
            periods.into_iter().map(|(_, name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(ends("2026-03"), ["2025年度", "2026-Q1"]);
        assert_eq!(ends("2026-12"), ["2026-Q4", "2026"]);
        assert_eq!(ends("2026-10"), [""; 0]);
    }
}
