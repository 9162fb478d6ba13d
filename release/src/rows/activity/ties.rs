//! Rows of `connected_days_monthly`, `workation_stays_monthly` and `offices_monthly`.
//!
//! In: noised days and nights by kind of tie; guests of workation stays and users of offices, with theirs. Out: rows
//! of each municipality.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Cube, Dimension, Status};
use kayoi_schemas::tables::ReleaseTable;

use super::{Activity, Classes, From, Grid, Value};
use crate::estimate::Total;
use crate::rows::figures::Cell;
use crate::rows::month::{Place, Sink};
use crate::rows::sheet::Sheet;

/// A device with a day in a month has so many on average: what the spread of a sum goes by, where its devices are
/// not drawn.
const DAYS_OF_A_DEVICE: f64 = 3.0;

impl Activity<'_> {
    pub(super) fn tie_days(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let (Some(days), Some(nights)) = (self.grid(Cube::TieDaysMonthly), self.grid(Cube::TieNightsMonthly))
        else {
            return Ok(());
        };
        let mut kinds: Vec<(usize, &str)> = Dimension::Kind.words().iter().copied().enumerate().collect();
        kinds.sort_by_key(|(_, word)| *word);
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let weight = self.weight(place.code.prefecture(), From::Anywhere);
            let total = |grid: &Grid<'_>, class: usize| {
                let sum = grid.at(index, class);
                // As many devices as the threshold asks for, with a day each.
                let is_enough = sum.value >= f64::from(self.rows.parameters.threshold_of(sum.sigma));
                let devices = sum.value / DAYS_OF_A_DEVICE;
                let found = crate::estimate::estimate_total(
                    (sum.value, sum.sigma),
                    devices,
                    grid.cap,
                    &weight,
                    self.setting.base,
                );
                found.filter(|_| is_enough)
            };
            for (class, kind) in &kinds {
                let (days, nights) = (total(&days, *class), total(&nights, *class));
                let status = if days.is_some() { self.setting.value } else { Status::Hidden };
                sheet.month(&self.words).place(&place).text(Some(kind)).sums(days);
                // A night there is a day there.
                let nights = nights.filter(|_| days.is_some());
                sheet.sums(nights).text(Some(status.as_str()));
                sheet
                    .text(days.is_none().then_some("visitors_monthly: persons_per_day"))
                    .stamps(&self.stamps);
                sheet.count("municipality", status.as_str());
            }
        };
        self.rows.each_place(ReleaseTable::ConnectedDaysMonthly, days.noised, sink, &rows)
    }

    pub(super) fn workations(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let cubes = [Cube::WorkationGuestsMonthly, Cube::WorkationNightsMonthly];
        let ask = "connected_monthly: kind workation";
        self.table_of_users(ReleaseTable::WorkationStaysMonthly, cubes, Dimension::Comes, ask, sink)
    }

    pub(super) fn offices(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let cubes = [Cube::OfficeUsersMonthly, Cube::OfficeDaysMonthly];
        let ask = "connected_monthly: kind satellite_office";
        self.table_of_users(ReleaseTable::OfficesMonthly, cubes, Dimension::OfficeUser, ask, sink)
    }

    /// A table of people by class, with something that they have.
    fn table_of_users(
        &self,
        table: ReleaseTable,
        cubes: [Cube; 2],
        class: Dimension,
        ask: &'static str,
        sink: Sink<'_>,
    ) -> Result<(), LakeError> {
        let [Some(users), Some(sums)] = cubes.map(|cube| self.grid(cube)) else { return Ok(()) };
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            for (word, cell, total) in self.users((&users, &sums), index, &place, class.words(), ask) {
                sheet.month(&self.words).place(&place).text(Some(word)).plain_figure(&cell);
                sheet.sums(total).stamps(&self.stamps);
                sheet.count("municipality", cell.status.as_str());
            }
        };
        self.rows.each_place(table, users.noised, sink, &rows)
    }

    /// All users and those of each class, with what they have; classes only where all are shown.
    fn users(
        &self,
        (users, sums): (&Grid<'_>, &Grid<'_>),
        index: usize,
        place: &Place<'_>,
        words: &[&'static str],
        ask: &'static str,
    ) -> Vec<(&'static str, Cell, Option<Total>)> {
        let weight = self.weight(place.code.prefecture(), From::Anywhere);
        let Classes { values, cells, all, mut whole } = self.classes(users, index, words.len(), &weight);
        let of_sums: Vec<Value> = (0..words.len()).map(|class| sums.at(index, class)).collect();
        whole.ask(ask);
        let total = self.total(Value::sum(&of_sums), all, sums.cap, &weight, &whole);
        let mut rows = vec![("all", whole, total)];
        if rows[0].1.estimate.is_some() {
            for (class, mut cell) in cells.into_iter().enumerate() {
                let total = self.total(of_sums[class], values[class], sums.cap, &weight, &cell);
                cell.ask(ask);
                rows.push((words[class], cell, total));
            }
        }
        rows
    }
}
