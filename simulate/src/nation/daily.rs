//! Visitors by day: the visits of a month spread over its days.
//!
//! In: a town, its ties, the month. Out: devices by day and prefecture of residence. Days off draw more than
//! working days, お盆 and 年末年始 most, and the weather of a day is one for a prefecture. A single visit takes
//! consecutive days; those who come back come on days drawn one by one. Never more devices on a day than the
//! window has.

use kayoi_geography::Region;
use kayoi_schemas::calendar::is_kin_visit_period;
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::time::{Day, Month};

use super::draw::{Stream, Use};
use super::habits::ONCE;
use super::ties::Ties;
use super::town::{PREFECTURES, Town};

/// Days of the longest month.
const MOST_DAYS: usize = 31;
/// How much a day off among the kin visits draws, beside another day off.
const KIN_VISITS: f64 = 1.2;
/// How much weather makes days differ: of the logarithm.
const WEATHER_SIGMA: f64 = 0.12;

/// Devices of one town by day of the month and prefecture of residence.
pub(super) type TownDays = [[u32; PREFECTURES]; MOST_DAYS];

/// The days of a month, and the weather of each in each prefecture.
pub(super) struct Days {
    seed: u64,
    month: Month,
    days: Vec<Day>,
    weather: Vec<[f64; PREFECTURES]>,
}

impl Days {
    pub(super) fn new(seed: u64, month: Month) -> Self {
        let days: Vec<_> = (month.first_day().0..=month.last_day().0).map(Day).collect();
        let of_day = |day: &Day| {
            std::array::from_fn(|prefecture| {
                Stream::new(seed, Use::Weather, day.0, prefecture as u32).factor(WEATHER_SIGMA)
            })
        };
        let weather = days.iter().map(of_day).collect();
        Self { seed, month, days, weather }
    }

    /// The days, the first one first.
    pub(super) fn all(&self) -> &[Day] {
        &self.days
    }

    /// Spreads the visits of a town; `ties` are in the order of prefectures of residence.
    pub(super) fn spread(&self, town: &Town, ties: &[Ties]) -> TownDays {
        let mut devices = [[0; PREFECTURES]; MOST_DAYS];
        let mut stream = Stream::new(self.seed, Use::Daily, self.month.0, town.code.number());
        let sums = self.running_sums(town);
        let of_year = town.season(self.month);
        for (origin, ties) in ties.iter().enumerate() {
            let mut add = |first: usize, length: usize| {
                let until = (first + length).min(self.days.len());
                devices[first..until].iter_mut().for_each(|day| day[origin] += 1);
            };
            for (once, count) in ONCE.iter().zip(ties.once(self.month)) {
                (0..*count).for_each(|_| add(pick(&mut stream, &sums), once.days as usize));
            }
            for _ in 0..stream.poisson(ties.days_a_month() * of_year) {
                add(pick(&mut stream, &sums), 1);
            }
            let most = ties.counts().iter().sum::<u64>() as u32;
            devices.iter_mut().for_each(|day| day[origin] = day[origin].min(most));
        }
        devices
    }

    fn running_sums(&self, town: &Town) -> Vec<f64> {
        let mut sum = 0.0;
        let weights = self.days.iter().zip(&self.weather).map(|(day, weather)| {
            sum += draw_of_day(*day, town.leisure) * weather[town.prefecture];
            sum
        });
        weights.collect()
    }
}

/// A day, in proportion to what it draws.
fn pick(stream: &mut Stream, sums: &[f64]) -> usize {
    let at = stream.unit() * sums.last().copied().unwrap_or(0.0);
    sums.partition_point(|sum| *sum <= at).min(sums.len().saturating_sub(1))
}

/// What a day draws, beside a working day.
fn draw_of_day(day: Day, leisure: f64) -> f64 {
    if is_kin_visit_period(day) {
        return leisure * KIN_VISITS;
    }
    if day.is_working_day() { 1.0 } else { leisure }
}

/// A day of each year on which no data came from a region, so that 欠測 can be seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    month: u32,
    date: u32,
    region: Region,
}

impl Gap {
    pub(super) fn new(seed: u64) -> Self {
        let mut stream = Stream::new(seed, Use::Gap, 0, 0);
        let region = Region::ALL[stream.below(Region::ALL.len() as u32) as usize];
        Self { month: 1 + stream.below(12), date: 8 + stream.below(14), region }
    }

    pub(super) fn holds(self, day: Day, prefecture: PrefectureCode) -> bool {
        let (_, month, date) = day.ymd();
        (month, date) == (self.month, self.date) && Region::of(prefecture) == self.region
    }
}
