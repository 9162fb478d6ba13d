//! Rows of `release_weights` and `release_changes`.
//!
//! In: the weights of a year; what was published again. Out: one row for each prefecture and year, and one for each
//! edition after the first.

use kayoi_geography::Register;
use kayoi_lake::LakeError;
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::{Day, Month};

use super::month::Stamps;
use super::sheet::{Released, Sheet};
use crate::draw::prefecture;
use crate::options::ReleaseOptions;
use crate::weights::WeightRow;

/// The weights of a year.
pub(crate) fn weights(
    year: i32,
    rows: &[WeightRow],
    options: &ReleaseOptions,
    revision: u64,
) -> Result<Released, LakeError> {
    let stamps = Stamps::of(options, revision);
    let mut sheet = Sheet::new(ReleaseTable::ReleaseWeights);
    for row in rows {
        let Some(code) = prefecture(row.prefecture) else { continue };
        sheet.int(year).text(Some(&code.to_string())).text(Some(Register::prefecture_name(code).0));
        sheet.long(Some(row.panel_residents.round() as i64)).long(Some(row.population as i64));
        sheet.int(row.pooled_with as i32).double(row.weight.mean).stamps(&stamps);
        sheet.count("prefecture", "published");
    }
    sheet.finish()
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
