//! Least squares: how well do all tables of twelve months together estimate a hidden figure or a small
//! difference of the last one?
//!
//! In: a release. Out: standard deviations and errors of the estimates. Unknown are the counts of each town by
//! month, origin and the nine kinds that make the others. Every value is an equation with the declared noise,
//! correlated over months; a hidden figure lies somewhere below the threshold, low rather than high; a count moves by [`DRIFT`] from
//! month to month, or not at all for somebody who believes that it stands still. Generalised least squares with
//! all of that is the best that any linear estimate can do.

use std::collections::BTreeMap;

use super::key::*;
use super::linear::SAFE_WIDTH;
use super::mechanism::Mechanism;
use super::normal::{Cholesky, dot};
use super::reading::Reading;
use super::relations::nested;
use super::world::World;

/// Devices by which a small count moves from month to month, as the attacker supposes.
pub(crate) const DRIFT: f64 = 1.0;
/// For an attacker who believes that counts stand still.
pub(crate) const STILL: f64 = 0.02;

const SPAN: u16 = 12;
const FIRST: u16 = MONTHS - SPAN;
/// Kinds that make the others: visitors are the sum of their classes of days.
const BASE_KINDS: usize = KINDS as usize - 1;
const BASE: usize = BASE_KINDS * PREFECTURES as usize;
const UNKNOWNS: usize = BASE * SPAN as usize;
/// Half of a 95 % interval of a normal estimate, in standard deviations.
const Z95: f64 = 1.96;

/// What the attack reached.
#[derive(Debug, Clone, Default)]
pub(crate) struct Estimated {
    /// Standard deviations of hidden figures of at least one device.
    pub hidden: Vec<f64>,
    /// Standard deviations of differences of 1 to 9 between shown nested figures.
    pub differences: Vec<f64>,
    /// Sum of squared errors of all these.
    pub squared_error: f64,
    /// How many 95 % intervals hold the truth.
    pub covered: usize,
}

impl Estimated {
    /// How many 95 % intervals are narrower than 9.
    pub(crate) fn narrow(&self) -> usize {
        self.all().filter(|sd| 2.0 * Z95 * sd < SAFE_WIDTH).count()
    }

    /// The width of the narrowest 95 % interval.
    pub(crate) fn narrowest(&self) -> f64 {
        2.0 * Z95 * self.all().fold(f64::INFINITY, f64::min)
    }

    /// Root mean square of the errors.
    pub(crate) fn error(&self) -> f64 {
        (self.squared_error / self.all().count() as f64).sqrt()
    }

    /// Share of intervals that hold the truth.
    pub(crate) fn coverage(&self) -> f64 {
        self.covered as f64 / self.all().count() as f64
    }

    fn all(&self) -> impl Iterator<Item = f64> {
        self.hidden.iter().chain(&self.differences).copied()
    }
}

/// Attacks all towns of a release.
pub(crate) fn attack(mechanism: &dyn Mechanism, world: &World, seed: u64, drift: f64) -> Estimated {
    let reading = Reading::of(mechanism, world, seed);
    let mut estimated = Estimated::default();
    for town in world.towns() {
        attack_town(mechanism, world, &reading, *town, drift, &mut estimated);
    }
    estimated
}

fn attack_town(
    mechanism: &dyn Mechanism,
    world: &World,
    reading: &Reading,
    town: u16,
    drift: f64,
    estimated: &mut Estimated,
) {
    let mut equations = Equations::new(drift);
    let mut inverses = BTreeMap::new();
    for figure in figures_of(FIRST, town) {
        equations.add(mechanism, reading, figure, &mut inverses);
    }
    let Some(factored) = Cholesky::of(equations.precision) else { return };
    let estimate = factored.solve(&equations.evidence);
    let mut judge = |whole: Key, part: Option<Key>| {
        let mut target = vec![0.0; UNKNOWNS];
        unknowns_of(&whole).for_each(|at| target[at] += 1.0);
        part.iter().flat_map(unknowns_of).for_each(|at| target[at] -= 1.0);
        let half = factored.half(&target);
        let sd = dot(&half, &half).sqrt();
        let truth = f64::from(world.count(&whole)) - part.map_or(0.0, |part| f64::from(world.count(&part)));
        let error = dot(&target, &estimate) - truth;
        estimated.squared_error += error * error;
        estimated.covered += usize::from(error.abs() <= Z95 * sd + 0.5);
        if part.is_some() { estimated.differences.push(sd) } else { estimated.hidden.push(sd) }
    };
    figures_of(MONTHS - 1, town)
        .filter(|key| world.count(key) > 0 && !reading.is_shown(key))
        .for_each(|key| judge(key, None));
    nested(MONTHS - 1, town)
        .into_iter()
        .filter(|(whole, part)| reading.is_shown(whole) && reading.is_shown(part))
        .filter(|(whole, part)| (1..10).contains(&(world.count(whole) - world.count(part))))
        .for_each(|(whole, part)| judge(whole, Some(part)));
}

/// The unknowns that add up to a figure.
fn unknowns_of(key: &Key) -> impl Iterator<Item = usize> + use<> {
    let month = usize::from(key.month - FIRST) * BASE;
    let kinds = if key.kind == VISITOR { DAYS_1..KINDS } else { key.kind..key.kind + 1 };
    let homes = key.origin.map_or(0..PREFECTURES, |home| home..home + 1);
    homes.flat_map(move |home| {
        kinds.clone().map(move |kind| month + usize::from(home) * BASE_KINDS + usize::from(kind) - 1)
    })
}

/// Normal equations: lower triangle of the precision, and precision times estimate.
struct Equations {
    precision: Vec<Vec<f64>>,
    evidence: Vec<f64>,
}

impl Equations {
    /// What is known before any table: hardly anything, and that counts drift.
    fn new(drift: f64) -> Self {
        let mut precision = vec![vec![0.0; UNKNOWNS]; UNKNOWNS];
        for at in 0..UNKNOWNS {
            precision[at][at] += 1e-6;
            if at >= BASE {
                let sureness = drift.powi(-2);
                precision[at][at] += sureness;
                precision[at - BASE][at - BASE] += sureness;
                precision[at][at - BASE] -= sureness;
            }
        }
        Self { precision, evidence: vec![0.0; UNKNOWNS] }
    }

    /// Adds a figure in all months: values with noise correlated over the months that are known.
    fn add(
        &mut self,
        mechanism: &dyn Mechanism,
        reading: &Reading,
        figure: Key,
        inverses: &mut BTreeMap<Vec<u16>, Vec<Vec<f64>>>,
    ) {
        let months = FIRST..MONTHS;
        let known: Vec<u16> =
            months.clone().filter(|month| reading.values.contains_key(&figure.at(*month))).collect();
        let rounding = mechanism.rounding().powi(2) / 12.0;
        let variance = (mechanism.sigma(&figure).powi(2) + rounding).max(1e-2);
        let inverse =
            inverses.entry(known.clone()).or_insert_with_key(|known| correlations(mechanism, known));
        for (row, one) in inverse.iter().zip(&known) {
            for (factor, other) in row.iter().zip(&known) {
                let value = reading.values[&figure.at(*other)];
                self.couple(figure.at(*one), figure.at(*other), factor / variance, value);
            }
        }
        let below = mechanism.hidden_below(&figure);
        let hidden: Vec<Key> = months
            .map(|month| figure.at(month))
            .filter(|key| below.is_finite() && !reading.values.contains_key(key))
            .collect();
        // Being hidden in every month says it once, not twelve times: one equation, about the mean.
        for one in &hidden {
            let share = 12.0 / (below * hidden.len() as f64).powi(2);
            hidden.iter().for_each(|other| self.couple(*one, *other, share, below / 4.0));
        }
    }

    fn couple(&mut self, one: Key, other: Key, factor: f64, value: f64) {
        for row in unknowns_of(&one) {
            self.evidence[row] += factor * value;
            for column in unknowns_of(&other).filter(|column| *column <= row) {
                self.precision[row][column] += factor;
            }
        }
    }
}

/// Inverse of the correlation of a figure's noise over some months.
pub(crate) fn correlations(mechanism: &dyn Mechanism, months: &[u16]) -> Vec<Vec<f64>> {
    let row = |one: &u16| months.iter().map(|other| mechanism.correlation(one.abs_diff(*other))).collect();
    let Some(factored) = Cholesky::of(months.iter().map(row).collect()) else { return Vec::new() };
    let unit =
        |at: usize| (0..months.len()).map(|entry| f64::from(u8::from(entry == at))).collect::<Vec<_>>();
    (0..months.len()).map(|at| factored.solve(&unit(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::canaries::{CellKeys, ThresholdOnly};
    use super::super::ours::OURS;
    use super::super::worlds;
    use super::*;

    fn over(mechanism: &dyn Mechanism, worlds: impl Iterator<Item = u64>, drift: f64) -> Estimated {
        let mut all = Estimated::default();
        for seed in worlds {
            let found = attack(mechanism, &World::of_seed(seed), seed, drift);
            all.hidden.extend(found.hidden);
            all.differences.extend(found.differences);
            all.squared_error += found.squared_error;
            all.covered += found.covered;
        }
        all
    }

    #[test]
    fn least_squares_over_twelve_months_leave_intervals_of_nine_and_more() {
        let found = over(&OURS, worlds(), DRIFT);
        assert!(found.hidden.len() > 100 && !found.differences.is_empty());
        assert_eq!(found.narrow(), 0, "narrowest {}", found.narrowest());
        assert!(found.coverage() > 0.9, "an honest attack knows how good it is: {}", found.coverage());
    }

    #[test]
    fn believing_that_counts_stand_still_for_a_year_narrows_hardly_anything_more() {
        let found = over(&OURS, worlds(), STILL);
        assert!(found.narrow() * 100 < found.hidden.len(), "{} narrow", found.narrow());
        assert!(found.narrowest() > 8.0, "narrowest {}", found.narrowest());
    }

    #[test]
    fn least_squares_narrow_figures_where_a_threshold_stands_alone() {
        let found = over(&ThresholdOnly, 1..3, DRIFT);
        assert!(found.narrow() > 100, "{} narrow, error {}", found.narrow(), found.error());
    }

    #[test]
    fn least_squares_narrow_figures_with_cell_keys() {
        let found = over(&CellKeys, 1..3, DRIFT);
        assert!(found.narrow() > 100, "{} narrow, error {}", found.narrow(), found.error());
    }
}
