//! Noised histograms of days at home → how many commuters work at home, and what that makes of the counts.
//!
//! In: noised numbers of commuters by days seen and by the share of them at home, of the country and of prefectures.
//! Out: for each the fitted share of teleworkers with its interval, and factors for counted teleworkers and days. One
//! device at a time can only be counted with a prior that was set before; here all of them together say what the prior
//! should have been. A factor is what the fitted mixture makes of the histogram over what the prior of the definition
//! made of it, so that no municipality needs a histogram, with the noise that it would cost.
//!
//! The fit is a mean over a fixed lattice of candidates, weighed by likelihood and by what was known before: a histogram
//! of nothing but noise leaves the prior of the definition with a wide interval, and a large one decides by itself. The
//! shapes are conventions and the truth is not exactly like them: a histogram tells no more than some hundred devices
//! would, and factors have an error of their own; otherwise a nation of millions would be surer than its model is.
//! Shares of days off, and how strongly telework clusters, are fitted for the country; a prefecture takes what is
//! probable there.

use kayoi_schemas::figure::Area;
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::telework::{CELLS, Prior, SHARE_CLASSES, Shapes};
use kayoi_schemas::time::Month;

use crate::draw::Noised;
use crate::estimate::Ratio;
use crate::rows::Constants;

/// Devices that a histogram tells as much as, at most.
const MOST_TOLD: f64 = 500.0;
/// Relative standard deviation of a factor beside that of the fit: in seven simulated worlds days came out at 0.93 to 0.99
/// of the truth. That all are below one is who goes to work too seldom to be counted, and not in here.
const FORM_ERROR: f64 = 0.03;
/// Standard deviation of the log odds of teleworking before anything is known: MLIT テレワーク人口実態調査 FY2024 has 8.8 to 27.2 %
/// by region beside 15.6 %, and a panel need not be like its region.
const ODDS_SD: f64 = 0.7;
/// The same of prefectures around the country: regions of that survey.
const PREFECTURES_SD: f64 = 0.45;
/// Standard deviation of the logarithm of the share of days off, which also holds days at home by mistake.
const OFF_SD: f64 = 0.5;
/// Candidates: log odds of teleworking, shares of days off in a geometric row, and concentrations of telework, from
/// once a month or nearly always to two days a week for everybody.
const ODDS: (f64, f64, usize) = (-5.0, 0.05, 121);
const OFF: (f64, f64, usize) = (0.006, 1.12, 29);
const CONCENTRATIONS: [f64; 5] = [2.0, 3.0, 4.5, 7.0, 10.5];
/// Candidates less probable than this part of the most probable one are left out for prefectures.
const LEAST_WEIGHT: f64 = 0.01;
/// The two-sided 95 % point of the normal distribution.
const Z95: f64 = 1.96;

/// A number that counts are multiplied with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Factor {
    pub(crate) value: f64,
    /// Its variance over its square.
    pub(crate) relative_variance: f64,
}

/// What was fitted in one area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fitted {
    /// Share of commuters who also work at home, percent with its interval.
    pub(crate) share: Ratio,
    /// Share of days off.
    pub(crate) off: f64,
    /// For counted teleworkers.
    pub(crate) people: Factor,
    /// For their counted days, and what follows from these.
    pub(crate) days: Factor,
}

/// What was fitted in the country and its prefectures.
#[derive(Debug, Clone)]
pub(crate) struct Telework {
    pub(crate) country: Fitted,
    prefectures: Vec<Option<Fitted>>,
}

impl Telework {
    /// Fits the histograms of a month; `None` where nobody is in them.
    pub(crate) fn fit(noised: &Noised, sigma: f64, taken: &Prior) -> Option<Self> {
        let candidates = candidates(taken);
        let histogram = |area| Histogram::of(noised, area, sigma);
        let country = histogram(Area::Country)?;
        let offs: Vec<f64> =
            candidates.iter().map(|(off, _)| 0.5 * square((off / taken.off).ln() / OFF_SD)).collect();
        let found = country.weigh(&candidates, &offs, (log_odds(taken.teleworkers), ODDS_SD));
        let fitted = country.mean(&candidates, &found)?;
        let by_off: Vec<f64> = found.iter().map(|of_odds| of_odds.iter().sum()).collect();
        let most = by_off.iter().copied().fold(0.0, f64::max);
        let (likely, weights): (Vec<_>, Vec<_>) =
            candidates.into_iter().zip(by_off).filter(|(_, weight)| *weight > LEAST_WEIGHT * most).unzip();
        let around = (log_odds(fitted.share.percent / 100.0), PREFECTURES_SD);
        let of_prefecture = |number: u8| {
            let histogram = histogram(Area::Prefecture(PrefectureCode::new(number).ok()?))?;
            // Days off are the country's: each share weighs as there, and odds are found beside it.
            let none = vec![0.0; likely.len()];
            let mut found = histogram.weigh(&likely, &none, around);
            for (of_odds, weight) in found.iter_mut().zip(&weights) {
                let sum: f64 = of_odds.iter().sum();
                of_odds.iter_mut().for_each(|one| *one *= weight / sum.max(f64::MIN_POSITIVE));
            }
            histogram.mean(&likely, &found)
        };
        let prefectures = (1..=47).map(of_prefecture).collect();
        Some(Self { country: fitted, prefectures })
    }

    /// What holds in a prefecture.
    pub(crate) fn of(&self, prefecture: PrefectureCode) -> Fitted {
        let own = usize::from(prefecture.number()).checked_sub(1).and_then(|at| self.prefectures.get(at));
        own.copied().flatten().unwrap_or(self.country)
    }
}

impl Telework {
    /// Puts what was fitted in the country among the constants of a release.
    pub(crate) fn print(&self, month: Month, constants: &mut Constants) {
        let Fitted { share, off, people, days } = self.country;
        let numbers = [
            ("teleworkers_percent", share.percent),
            ("teleworkers_percent_low", share.low),
            ("teleworkers_percent_high", share.high),
            ("day_off_share", off),
            ("factor_of_teleworkers", people.value),
            ("factor_of_days", days.value),
            ("factor_of_days_relative_sd", days.relative_variance.sqrt()),
        ];
        constants.extend(numbers.map(|(name, value)| (format!("telework.{month}.{name}"), value)));
    }
}

/// Noised numbers of one area.
struct Histogram {
    counts: [f64; CELLS],
    /// Devices in the class of days seen of each cell.
    of_class: [f64; CELLS],
    devices: f64,
    variance: f64,
}

impl Histogram {
    fn of(noised: &Noised, area: Area, sigma: f64) -> Option<Self> {
        let values = noised.of_area(noised.layout().place(area)?);
        let mut counts = [0.0; CELLS];
        counts.iter_mut().zip(values).for_each(|(count, value)| *count = f64::from(*value));
        let mut of_class = [0.0; CELLS];
        for (own, cells) in of_class.chunks_mut(SHARE_CLASSES).zip(counts.chunks(SHARE_CLASSES)) {
            own.fill(cells.iter().sum::<f64>().max(0.0));
        }
        let devices = of_class.iter().step_by(SHARE_CLASSES).sum::<f64>();
        (devices > 0.0).then_some(Self { counts, of_class, devices, variance: sigma * sigma })
    }

    /// Minus the logarithm of the likelihood.
    fn misfit(&self, shapes: &Shapes, teleworkers: f64) -> f64 {
        let told = 1.0 + self.devices / MOST_TOLD;
        let of_cell = |cell: usize| {
            let expected = self.of_class[cell]
                * (teleworkers * shapes.telework[cell].devices
                    + (1.0 - teleworkers) * shapes.neither[cell].devices);
            let variance = self.variance + expected * told;
            0.5 * (square(self.counts[cell] - expected) / variance + variance.max(1.0).ln())
        };
        (0..CELLS).map(of_cell).sum()
    }

    /// The weight of each candidate: by share of days off, and by odds.
    fn weigh(&self, shapes: &[(f64, Shapes)], offs: &[f64], around: (f64, f64)) -> Vec<Vec<f64>> {
        let cost = |((_, shapes), off): (&(f64, Shapes), &f64)| -> Vec<f64> {
            let of_odds = |odds: f64| {
                self.misfit(shapes, share(odds)) + off + 0.5 * square((odds - around.0) / around.1)
            };
            odds().map(of_odds).collect()
        };
        let costs: Vec<Vec<f64>> = shapes.iter().zip(offs).map(cost).collect();
        let least = costs.iter().flatten().copied().fold(f64::INFINITY, f64::min);
        costs.iter().map(|of_odds| of_odds.iter().map(|cost| (least - cost).exp()).collect()).collect()
    }

    /// The mean over candidates; `None` where nothing can be said.
    fn mean(&self, shapes: &[(f64, Shapes)], weights: &[Vec<f64>]) -> Option<Fitted> {
        let (mut share_of, mut off_of, mut people, mut days) =
            (Moments::default(), Moments::default(), Moments::default(), Moments::default());
        for ((off, shapes), weights) in shapes.iter().zip(weights) {
            for (odds, weight) in odds().zip(weights).filter(|(_, weight)| **weight > 1e-9) {
                let (of_people, of_days) = self.factors(shapes, share(odds))?;
                share_of.add(share(odds), *weight);
                off_of.add(*off, *weight);
                people.add(of_people, *weight);
                days.add(of_days, *weight);
            }
        }
        let (mean, error) = (share_of.mean(), Z95 * share_of.variance().sqrt());
        let percent = |share: f64, round: fn(f64) -> f64| round(1000.0 * share.clamp(0.0, 1.0)) / 10.0;
        Some(Fitted {
            share: Ratio {
                percent: percent(mean, f64::round),
                low: percent(mean - error, f64::floor),
                high: percent(mean + error, f64::ceil),
            },
            off: off_of.mean(),
            people: people.factor(),
            days: days.factor(),
        })
    }

    /// What a mixture makes of the histogram, over what was counted of it: people and days.
    fn factors(&self, shapes: &Shapes, teleworkers: f64) -> Option<(f64, f64)> {
        let mut sums = [0.0; 4];
        for cell in 0..CELLS {
            let part = shapes.mixed(cell, teleworkers);
            if part.devices <= 0.0 {
                continue;
            }
            // Noise is left out as far as a cell is likely to be noise.
            let expected = self.of_class[cell] * part.devices;
            let kept = expected / (expected + self.variance).max(f64::MIN_POSITIVE);
            let devices = (expected + kept * (self.counts[cell] - expected)).max(0.0) / part.devices;
            let of_cell =
                [teleworkers * shapes.telework[cell].devices, part.taken, part.days, part.taken_days];
            sums.iter_mut().zip(of_cell).for_each(|(sum, one)| *sum += devices * one);
        }
        let [people, taken, days, taken_days] = sums;
        (taken > 0.0 && taken_days > 0.0).then(|| (people / taken, days / taken_days))
    }
}

/// Weighted sums of a number and its square.
#[derive(Default)]
struct Moments {
    weight: f64,
    sum: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, value: f64, weight: f64) {
        self.weight += weight;
        self.sum += weight * value;
        self.squares += weight * value * value;
    }

    fn mean(&self) -> f64 {
        self.sum / self.weight
    }

    fn variance(&self) -> f64 {
        (self.squares / self.weight - square(self.mean())).max(0.0)
    }

    fn factor(&self) -> Factor {
        let value = self.mean();
        Factor { value, relative_variance: self.variance() / (value * value) + square(FORM_ERROR) }
    }
}

/// Shapes with their share of days off, for each of which odds are weighed.
fn candidates(taken: &Prior) -> Vec<(f64, Shapes)> {
    let of_off = |off| CONCENTRATIONS.map(|concentration| (off, Shapes::new(off, concentration, taken)));
    row(OFF).flat_map(of_off).collect()
}

fn square(value: f64) -> f64 {
    value * value
}

fn row((first, ratio, count): (f64, f64, usize)) -> impl Iterator<Item = f64> {
    std::iter::successors(Some(first), move |last| Some(last * ratio)).take(count)
}

fn odds() -> impl Iterator<Item = f64> {
    let (first, step, count) = ODDS;
    (0..count).map(move |number| first + step * number as f64)
}

fn share(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

fn log_odds(share: f64) -> f64 {
    let share = share.clamp(1e-3, 1.0 - 1e-3);
    (share / (1.0 - share)).ln()
}

#[cfg(test)]
#[path = "telework_tests.rs"]
mod tests;
