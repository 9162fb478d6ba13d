//! Rows that compare figures: changes, ranks, municipalities that are alike.
//!
//! In: the totals of a month as they are published, those of the month and the year before. Out: rows. All of it is
//! computed from published figures and their intervals, which are made of noised counts, so nothing is spent.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::Status;
use kayoi_schemas::tables::ReleaseTable;

use super::month::{MonthRows, MonthWords, Place, Sink, Stamps};
use super::published::Published;
use super::sheet::Sheet;
use change::Change;

mod change;
mod peers;
mod ranks;

/// What changes are against: the word, and how many months before.
const BEFORE: [(&str, i32); 2] = [("previous_month", 1), ("year_before", 12)];

impl MonthRows<'_> {
    /// The rows of comparisons of a final month; `before` are the months that are known.
    pub(super) fn compared(
        &self,
        now: &Published,
        before: &[Published],
        sink: Sink<'_>,
    ) -> Result<(), LakeError> {
        self.changes(now, before, sink)?;
        self.ranks(now, sink)?;
        self.peers(now, sink)
    }

    fn changes(&self, now: &Published, before: &[Published], sink: Sink<'_>) -> Result<(), LakeError> {
        let (words, stamps) = (MonthWords::of(self.month()), Stamps::of(self.options, self.revision));
        let base = self.setting().base;
        let known: Vec<(&str, i32, &Published)> = BEFORE
            .iter()
            .filter_map(|(word, lag)| {
                let of = before.iter().find(|other| other.month == now.month.plus(-lag))?;
                Some((*word, *lag, of))
            })
            .collect();
        let mut sheet = Sheet::new(ReleaseTable::ConnectedChange);
        for town in &now.towns {
            let Some(place) = Place::of(town.code, self.register()) else { continue };
            for class in super::connected::by_name(&now.kinds) {
                for (word, lag, other) in &known {
                    let then = other.total(town.code, &now.kinds[class]);
                    let found =
                        town.totals[class].zip(then).map(|(now, then)| Change::of(now, then, *lag, base));
                    let status = if found.is_some() { self.setting().value } else { Status::Hidden };
                    sheet.month(&words).place(&place).text(Some(&now.kinds[class])).text(Some(word));
                    sheet.long(found.map(|of| of.persons.0)).long(found.map(|of| of.persons.1));
                    sheet.long(found.map(|of| of.persons.2)).optional_double(found.map(|of| of.percent.0));
                    sheet.optional_double(found.map(|of| of.percent.1));
                    sheet.optional_double(found.map(|of| of.percent.2)).text(Some(status.as_str()));
                    sheet.text(Some(found.map_or("not_certain", |of| of.direction()))).stamps(&stamps);
                    sheet.count("all", status.as_str());
                }
            }
        }
        sink(sheet.finish()?)
    }
}
