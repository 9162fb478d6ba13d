//! Rows of `visitors_daily` and `visitors_monthly`.
//!
//! In: noised visitors of days, and of a month's weekdays and holidays. Out: for each municipality and day all,
//! inside and outside; for each type of day the people by origin and how many they are on a mean day. A day on
//! which a whole prefecture has less than half of what such days have is missing data, and no figure of it
//! stands. Towns none of whose days in a month can be shown have no rows of days in it.

use kayoi_lake::LakeError;
use kayoi_schemas::figure::{OriginLevel, Status};
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::tables::ReleaseTable;
use kayoi_schemas::time::Day;

use super::connected::{each_origin, origin_word};
use super::figures::{Cell, Making, Mixes, prefecture_of};
use super::month::{Constants, MonthRows, MonthWords, Place, Sink, Stamps};
use super::sheet::Sheet;
use crate::decide::{BLOCK_OF, Contain, Rung, close_totals};
use crate::draw::{Drawn, Noised, ORIGINS, days};
use crate::estimate::{Spread, mean_per_day};

/// Weekdays come first.
const DAY_TYPES: [&str; 2] = ["weekday", "holiday"];
/// A day whose visitors are under this share of the median of its type is missing data.
const LEAST_SHARE_OF_MEDIAN: f64 = 0.5;
/// The median is known well enough when it is so many standard deviations of its noise.
const LEAST_SIGMAS: f64 = 6.0;

fn day_type(day: Day) -> usize {
    usize::from(!day.is_working_day())
}

impl MonthRows<'_> {
    /// Rows of days.
    pub(super) fn daily(&self, sink: Sink<'_>) -> Result<(), LakeError> {
        let (Some(daily), Some(monthly)) = (self.noised(Drawn::Daily), self.noised(Drawn::Monthly)) else {
            return Ok(());
        };
        let setting = self.setting_of_month();
        let noise = self.parameters.tie_month;
        let mixes = Mixes::of(monthly, self.weights, &self.composition());
        let missing = self.missing_days(daily);
        let all = daily.values().iter().step_by(daily.layout().origins()).map(|value| f64::from(*value));
        let spread = Spread::fit(all, f64::from(noise.threshold)).unwrap_or(Spread::EVEN);
        let (words, stamps) = (MonthWords::of(self.month()), Stamps::of(self.options, self.revision));
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let own = place.code.prefecture();
            let of_day = |day: Day, values: &[i32]| -> [Cell; 3] {
                let (all, inside) = (f64::from(values[0]), f64::from(values[1]));
                let sigma = f64::from(noise.sigma) * std::f64::consts::SQRT_2;
                let mut rungs = [
                    Rung::drawn(all, noise),
                    Rung::drawn(inside, noise),
                    Rung::computed(all - inside, sigma, self.parameters),
                ];
                close_totals(&mut rungs, &[(0, 1)]);
                // As in a ladder: outside is computed, and shown where everybody is.
                let [all, _, outside] = &mut rungs;
                Contain::bound(all, outside);
                let class = day_type(day);
                let weights = [
                    mixes.all(own, class),
                    self.weights.of(usize::from(own.number())).scaled(mixes.scale(own, class)),
                    mixes.outside(own, class),
                ];
                let mut cells: [Cell; 3] =
                    std::array::from_fn(|level| Cell::of(&rungs[level], &weights[level], spread, &setting));
                let mut estimates = cells.each_ref().map(|cell| cell.estimate);
                close_totals(&mut estimates, &[(0, 1), (0, 2)]);
                let is_missing = missing[usize::from(own.number())].contains(&day);
                for (cell, estimate) in cells.iter_mut().zip(estimates) {
                    cell.settle(estimate, &setting);
                    if is_missing {
                        *cell = Cell {
                            status: Status::NotObserved,
                            estimate: None,
                            fewer_than: None,
                            ..cell.clone()
                        };
                    }
                    cell.ask("visitors_monthly: the same day_type");
                }
                cells
            };
            let values = daily.of_area(index).chunks_exact(2);
            let of_month: Vec<(Day, [Cell; 3])> =
                days(self.month()).zip(values).map(|(day, values)| (day, of_day(day, values))).collect();
            if !of_month.iter().any(|(_, cells)| cells[0].estimate.is_some()) {
                return;
            }
            for (day, cells) in &of_month {
                let levels = [OriginLevel::All, OriginLevel::Inside, OriginLevel::Outside];
                let shown = if cells[0].estimate.is_some() && self.has_origins { 3 } else { 1 };
                for (level, cell) in levels.iter().zip(cells).take(shown) {
                    sheet.date(Some(*day)).text(Some(DAY_TYPES[day_type(*day)])).month(&words).place(&place);
                    sheet
                        .text(Some(level.as_str()))
                        .text(Some(level.as_str()))
                        .text(Some(origin_word(*level)));
                    sheet.figure(cell).stamps(&stamps);
                    sheet.count(level.as_str(), cell.status.as_str());
                }
            }
        };
        self.each_place(ReleaseTable::VisitorsDaily, daily, sink, &rows)
    }

    /// The days on which the data of a prefecture are missing, by its number.
    pub(super) fn missing_days(&self, daily: &Noised) -> Vec<Vec<Day>> {
        let of_month: Vec<Day> = days(self.month()).collect();
        let mut sums = vec![(vec![0.0; of_month.len()], 0_usize); ORIGINS];
        for (place, area) in daily.layout().areas().iter().enumerate() {
            let Some(prefecture) = prefecture_of(*area) else { continue };
            let (sums, towns) = &mut sums[usize::from(prefecture.number())];
            *towns += 1;
            let values = daily.of_area(place).iter().step_by(2);
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += f64::from(*value));
        }
        let missing = |(sums, towns): &(Vec<f64>, usize)| {
            let sigma = f64::from(self.parameters.tie_month.sigma) * (*towns as f64).sqrt();
            let mut missing = Vec::new();
            for class in 0..DAY_TYPES.len() {
                let of_type = || of_month.iter().zip(sums).filter(move |(day, _)| day_type(**day) == class);
                let mut values: Vec<f64> = of_type().map(|(_, sum)| *sum).collect();
                values.sort_by(f64::total_cmp);
                let median = values.get(values.len() / 2).copied().unwrap_or_default();
                let is_known = median >= LEAST_SIGMAS * sigma;
                let few = of_type().filter(|(_, sum)| is_known && **sum < LEAST_SHARE_OF_MEDIAN * median);
                missing.extend(few.map(|(day, _)| *day));
            }
            missing
        };
        sums.iter().map(missing).collect()
    }

    /// Rows of a month's weekdays and holidays.
    pub(super) fn monthly(&self, sink: Sink<'_>, constants: &mut Constants) -> Result<(), LakeError> {
        let (Some(noised), Some(sums)) = (self.noised(Drawn::Monthly), self.noised(Drawn::MonthlyDays))
        else {
            return Ok(());
        };
        let setting = self.setting_of_month();
        let making = self.making(noised, &setting, ("visitors", constants));
        let counts: [i32; 2] = std::array::from_fn(|class| {
            days(self.month()).filter(|day| day_type(*day) == class).count() as i32
        });
        let (words, stamps) = (MonthWords::of(self.month()), Stamps::of(self.options, self.revision));
        let rows = |sheet: &mut Sheet, index: usize, place: Place<'_>| {
            let own = place.code.prefecture();
            let values: Vec<f64> = noised.of_area(index).iter().map(|value| f64::from(*value)).collect();
            let cells = making.cells(&values, own);
            let sums = Sums { values: sums.of_area(index), own, days: counts, rows: self };
            // In the order of their words.
            for class in [1, 0] {
                let mut ladder = cells[class].clone();
                ladder.all.ask("connected_by_period: kind visitor");
                let is_shown = ladder.all.estimate.is_some();
                each_origin(
                    &ladder,
                    is_shown && self.has_origins,
                    &OriginLevel::ALL,
                    |level, code, name, cell| {
                        let mean =
                            cell.estimate.and_then(|of| sums.mean(&making, class, level, code, of.persons));
                        sheet.month(&words).place(&place).text(Some(DAY_TYPES[class]));
                        sheet.text(Some(level.as_str())).text(Some(code)).text(Some(name)).figure(cell);
                        sheet.int(counts[class]).long(mean.map(|mean| mean.0)).long(mean.map(|mean| mean.1));
                        sheet.long(mean.map(|mean| mean.2)).stamps(&stamps);
                        sheet.count(level.as_str(), cell.status.as_str());
                    },
                );
            }
        };
        self.each_place(ReleaseTable::VisitorsMonthly, noised, sink, &rows)
    }
}

/// Noised sums of visit days of a municipality.
struct Sums<'a, 'b> {
    values: &'a [i32],
    own: PrefectureCode,
    days: [i32; 2],
    rows: &'a MonthRows<'b>,
}

impl Sums<'_, '_> {
    /// The mean of a day, for a row that shows so many persons: no more than they, and no less than if each came
    /// once. `None` when that rounds to nobody.
    fn mean(
        &self,
        making: &Making<'_>,
        class: usize,
        level: OriginLevel,
        code: &str,
        persons: i64,
    ) -> Option<(i64, i64, i64)> {
        let of = |slot: usize| f64::from(self.values[class * ORIGINS + slot]);
        let own = usize::from(self.own.number());
        let weights = self.rows.weights;
        let (sum, terms, weight) = match level {
            OriginLevel::All => (of(0), 1, making.mixes.all(self.own, class)),
            OriginLevel::Inside => (of(own), 1, weights.of(own).scaled(making.mixes.scale(self.own, class))),
            OriginLevel::Outside => (of(0) - of(own), 2, making.mixes.outside(self.own, class)),
            OriginLevel::Prefecture => {
                let slot = code.parse().unwrap_or(0);
                (of(slot), 1, weights.of(slot).scaled(making.mixes.scale(self.own, class)))
            }
            OriginLevel::Block => {
                let block = super::figures::BLOCK_CODES.iter().position(|known| *known == code).unwrap_or(0);
                let members: Vec<usize> = (1..ORIGINS).filter(|slot| BLOCK_OF[slot - 1] == block).collect();
                let sum = members.iter().map(|slot| of(*slot)).sum();
                (sum, members.len(), making.mixes.block(self.own, class, block))
            }
        };
        let cap = f64::from(Drawn::MonthlyDays.cap());
        let sigma = f64::from(making.noise.sigma) * cap * (terms as f64).sqrt();
        let days = f64::from(self.days[class].max(1));
        let base = making.setting.base;
        let (mean, low, high) = mean_per_day(sum, sigma, (days, cap), &weight, base);
        let once = ((persons as f64 / days / base).round() * base) as i64;
        let mean = mean.clamp(once, persons.max(once));
        (mean > 0).then_some((mean, low.min(mean), high.max(mean)))
    }
}
