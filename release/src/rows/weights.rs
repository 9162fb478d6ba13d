//! Rows of `release_weights`, `panel_coverage` and `release_changes`.
//!
//! In: the weights of a month, and how many devices could be located; what was published again. Out: one row for
//! each panel and prefecture, one for each standing, and one for each edition after the first.

use kayoi_geography::Register;
use kayoi_lake::LakeError;
use kayoi_schemas::figure::Status;
use kayoi_schemas::standing::Standing;
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::{Day, Month};

use super::month::{MonthRows, MonthWords, Sink, Stamps};
use super::sheet::{Released, Sheet};
use crate::draw::{Drawn, prefecture};
use crate::options::ReleaseOptions;

/// Devices shown are rounded to so many.
pub(super) const DEVICES_BASE: f64 = 10.0;

impl MonthRows<'_> {
    /// The weights of a month, and the coverage of the panel.
    pub(super) fn panel(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let (words, stamps) = (MonthWords::of(self.month()), Stamps::of(self.options, self.revision));
        let mut sheet = Sheet::new(ReleaseTable::ReleaseWeights);
        for (panel, weights) in [("month", self.of_month), ("year", self.weights)] {
            for row in weights.rows() {
                let Some(code) = prefecture(row.prefecture) else { continue };
                sheet.month(&words).text(Some(panel));
                sheet.text(Some(&code.to_string())).text(Some(Register::prefecture_name(code).0));
                sheet.long(Some(row.panel_residents.round() as i64)).long(Some(row.population as i64));
                sheet.int(row.pooled_with as i32).double(row.weight.mean).stamps(&stamps);
                sheet.count("prefecture", "published");
            }
        }
        sink(sheet.finish()?)?;
        let Some(standings) = self.noised(Drawn::Standings) else { return Ok(()) };
        let threshold = self.parameters.wide.threshold;
        let devices = standings.of_area(0).iter().map(|value| {
            let is_shown = *value >= threshold as i32;
            is_shown.then(|| ((f64::from(*value) / DEVICES_BASE).round() * DEVICES_BASE) as i64)
        });
        let devices: Vec<Option<i64>> = devices.collect();
        let all: i64 = devices.iter().flatten().sum();
        let mut sheet = Sheet::new(ReleaseTable::PanelCoverage);
        let mut rows: Vec<(Standing, Option<i64>)> = Standing::ALL.into_iter().zip(devices).collect();
        rows.sort_unstable_by_key(|(standing, _)| standing.as_str());
        for (standing, devices) in rows {
            let status = if devices.is_some() { self.setting_of_month().value } else { Status::Hidden };
            let share = devices.map(|devices| (1000.0 * devices as f64 / all as f64).round() / 10.0);
            sheet.month(&words).text(Some(standing.as_str())).text(Some(standing.japanese()));
            sheet.long(devices).optional_double(share).text(Some(status.as_str())).stamps(&stamps);
            sheet.count("standing", status.as_str());
        }
        sink(sheet.finish()?)
    }
}

/// Final figures that were replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) edition: u32,
    pub(crate) date: Day,
    pub(crate) months: (Month, Month),
    pub(crate) reason: String,
}

/// The row of a change.
pub(crate) fn changes(
    changes: &[Change],
    options: &ReleaseOptions,
    revision: u64,
) -> Result<Released, LakeError> {
    let stamps = Stamps::of(options, revision);
    let mut sheet = Sheet::new(ReleaseTable::ReleaseChanges);
    for change in changes {
        sheet.int(change.edition as i32).date(Some(change.date));
        sheet.date(Some(change.months.0.first_day())).date(Some(change.months.1.first_day()));
        sheet.text(Some(&change.reason)).stamps(&stamps);
        sheet.count("edition", "published");
    }
    sheet.finish()
}
