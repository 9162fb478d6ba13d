//! Rows of `presence_hourly`.
//!
//! In: noised people by hour, type of day and where they live. Out: for each municipality and hour all, and those who
//! live there, in its prefecture, elsewhere, and of these in its 地方ブロック and beyond; and 滞在人口率, all for each 100 residents. A municipality of which no
//! hour can be shown has no rows.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{Cube, Dimension};
use kayoi_schemas::tables::ReleaseTable;

use super::{Activity, From, Grid, Value, contain};
use crate::decide::Contain;
use crate::rows::figures::Cell;
use crate::rows::month::{Place, Sink};
use crate::rows::sheet::Sheet;
use crate::rows::totals::mean;

/// Levels in the order of their words, after all: groups, and where their people live.
const LEVELS: [(&str, &[usize], From); 5] = [
    ("inside", &[1], From::Inside),
    ("other_block", &[3], From::Outside),
    ("outside", &[2, 3], From::Outside),
    ("resident", &[0], From::Inside),
    ("same_block", &[2], From::Outside),
];

/// One hour of one type of day.
struct HourOfDay {
    day_type: &'static str,
    hour: i32,
    least_minutes: i32,
    all: Cell,
    levels: [Cell; LEVELS.len()],
}

impl Activity<'_> {
    pub(super) fn presence(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let (Some(hourly), Some(long)) =
            (self.grid(Cube::PresenceMonthly), self.grid(Cube::LongPresenceMonthly))
        else {
            return Ok(());
        };
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let residents = self.rows.options.people.town(place.code);
            let mut hours = Vec::new();
            // In the order of the words of types of day.
            for (day_type, type_index) in [("holiday", 1), ("weekday", 0)] {
                for (grid, words, least_minutes) in
                    [(&hourly, Dimension::Hour.words(), 30), (&long, Dimension::ResasHour.words(), 120)]
                {
                    for (position, word) in words.iter().enumerate() {
                        let first = (type_index * words.len() + position) * Dimension::Group.words().len();
                        let hour = word.parse().unwrap_or_default();
                        let (all, levels) = self.at_hour(grid, index, first, &place);
                        hours.push(HourOfDay { day_type, hour, least_minutes, all, levels });
                    }
                }
            }
            if !hours.iter().any(|hour| hour.all.estimate.is_some()) {
                return;
            }
            hours.sort_by_key(|hour| (hour.day_type, hour.hour, hour.least_minutes));
            // Who stays for two hours stays for half an hour.
            for pair in 1..hours.len() {
                let (before, after) = hours.split_at_mut(pair);
                if let (Some(short), Some(long)) = (before.last_mut(), after.first())
                    && (short.day_type, short.hour) == (long.day_type, long.hour)
                {
                    contain(&mut short.all, &[long.all.estimate], self.setting);
                    for (short, long) in short.levels.iter_mut().zip(&long.levels) {
                        contain(short, &[long.estimate], self.setting);
                    }
                }
            }
            for hour in hours {
                let shown = if hour.all.estimate.is_some() { LEVELS.len() } else { 0 };
                let levels = LEVELS.iter().map(|(word, ..)| *word).zip(&hour.levels).take(shown);
                for (level, cell) in std::iter::once(("all", &hour.all)).chain(levels) {
                    let mut cell = cell.clone();
                    cell.ask("presence_hourly: origin_level all; stays_monthly");
                    sheet.month(&self.words).place(&place).text(Some(hour.day_type)).int(hour.hour);
                    sheet.int(hour.least_minutes).text(Some(level)).plain_figure(&cell);
                    sheet.per_100(cell.estimate, residents.filter(|_| level == "all"));
                    sheet.stamps(&self.stamps);
                    sheet.count(level, cell.status.as_str());
                }
            }
        };
        self.rows.each_place(ReleaseTable::PresenceHourly, hourly.noised, sink, &rows)
    }

    /// Everybody at an hour, and the levels; `first` is the class of residents.
    fn at_hour(
        &self,
        grid: &Grid<'_>,
        index: usize,
        first: usize,
        place: &Place<'_>,
    ) -> (Cell, [Cell; LEVELS.len()]) {
        let own = place.code.prefecture();
        let of_groups = |groups: &[usize]| {
            Value::sum(&groups.iter().map(|group| grid.at(index, first + group)).collect::<Vec<_>>())
        };
        let residents = self.of_residents(place.code);
        let of_level = LEVELS.map(|(level, groups, from)| {
            let weight = if level == "resident" { residents } else { self.weight(own, from) };
            (of_groups(groups), weight)
        });
        let mut levels = of_level.map(|(value, weight)| self.cell(value, &weight, grid.spread));
        // Who lives in the prefecture, and who does not: each group once.
        let parts = [0, 1, 2].map(|group: usize| {
            let (groups, from): (&[usize], From) =
                if group < 2 { (&[0, 1][group..=group], From::Inside) } else { (&[2, 3], From::Outside) };
            (of_groups(groups).value, if group == 0 { residents } else { self.weight(own, from) })
        });
        let otherwise = parts[0].1;
        let all = of_groups(&[0, 1, 2, 3]);
        let mut whole = self.cell(all, &mean(&parts, otherwise), grid.spread);
        contain(&mut whole, &levels.each_ref().map(|cell| cell.estimate), self.setting);
        levels.iter_mut().for_each(|cell| whole.bound(cell));
        (whole, levels)
    }
}
