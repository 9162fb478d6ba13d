//! Linear programming: how narrow do all tables of a month make a hidden figure or a small difference?
//!
//! In: a release. Out: for each target the narrowest interval of whole numbers that contains the truth for sure,
//! as far as it matters: widths of 9 and more are all the same to us. Every value is an interval of its hard
//! bounds (6 sigma; exact for exact values), every hidden figure lies below the threshold, and relations hold.
//!
//! Every point that the solver finds is a witness for all targets: two points that lie 9 apart in a target show
//! that it is safe. So programs for one target of each place settle most of them, and only the rest are solved
//! one by one, to their exact ends.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::key::{Key, Place};
use super::mechanism::Mechanism;
use super::reading::Reading;
use super::relations::{Relation, nested, of_totals, of_town};
use super::world::World;

/// The least width that a target may have.
pub(crate) const SAFE_WIDTH: f64 = 9.0;

/// Programs that look for witnesses before targets are solved one by one.
const ROUNDS: usize = 20;

/// What the attack reached.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Narrowed {
    /// Hidden figures of at least one device.
    pub hidden: usize,
    /// Of these, narrower than 9.
    pub narrow_hidden: usize,
    /// Of these, known exactly.
    pub exact_hidden: usize,
    /// Of the hidden, known to be more than 0.
    pub known_positive: usize,
    /// Differences of 1 to 9 between shown nested figures.
    pub differences: usize,
    /// Of these, narrower than 9.
    pub narrow_differences: usize,
    /// Targets whose interval misses the truth: the attack, or the hard bound, is wrong.
    pub missed: usize,
    /// Programs without a solution.
    pub failed: usize,
}

impl std::ops::AddAssign for Narrowed {
    fn add_assign(&mut self, other: Self) {
        self.hidden += other.hidden;
        self.narrow_hidden += other.narrow_hidden;
        self.exact_hidden += other.exact_hidden;
        self.known_positive += other.known_positive;
        self.differences += other.differences;
        self.narrow_differences += other.narrow_differences;
        self.missed += other.missed;
        self.failed += other.failed;
    }
}

/// A figure, or the difference of two, with the range of points found so far.
struct Target {
    whole: Key,
    part: Option<Key>,
    truth: f64,
    low: f64,
    high: f64,
}

impl Target {
    fn new(world: &World, whole: Key, part: Option<Key>) -> Self {
        let truth = f64::from(world.count(&whole)) - part.map_or(0.0, |part| f64::from(world.count(&part)));
        Self { whole, part, truth, low: f64::INFINITY, high: f64::NEG_INFINITY }
    }

    fn terms(&self, factor: f64) -> impl Iterator<Item = (Key, f64)> + use<> {
        std::iter::once((self.whole, factor)).chain(self.part.map(|part| (part, -factor)))
    }

    fn witness(&mut self, point: &BTreeMap<Key, f64>) {
        let value = point[&self.whole] - self.part.map_or(0.0, |part| point[&part]);
        self.low = self.low.min(value);
        self.high = self.high.max(value);
    }

    /// Width between whole numbers.
    fn width(&self) -> f64 {
        (self.high + 1e-6).floor() - (self.low - 1e-6).ceil()
    }
}

/// Attacks one month of a release.
pub(crate) fn attack(mechanism: &dyn Mechanism, world: &World, seed: u64, month: u16) -> Narrowed {
    let reading = Reading::of(mechanism, world, seed);
    let program = Program::new(mechanism, world, &reading, month);
    let mut targets = targets(world, &reading, month);
    let mut rng = StdRng::seed_from_u64(seed);
    let mut narrowed = Narrowed::default();
    for _ in 0..ROUNDS {
        let factors: Vec<f64> = one_of_each_place(&targets, &mut rng).collect();
        for sign in [1.0, -1.0] {
            let objective = targets.iter().zip(&factors).filter(|(_, factor)| **factor > 0.0);
            let objective = objective.flat_map(|(target, factor)| target.terms(sign * factor));
            let point = program.highest(objective);
            point.iter().for_each(|point| targets.iter_mut().for_each(|target| target.witness(point)));
        }
    }
    for index in 0..targets.len() {
        if targets[index].width() < SAFE_WIDTH {
            for sign in [1.0, -1.0] {
                match program.highest(targets[index].terms(sign)) {
                    Some(point) => targets.iter_mut().for_each(|target| target.witness(&point)),
                    None => narrowed.failed += 1,
                }
            }
        }
        judge(&targets[index], &mut narrowed);
    }
    narrowed
}

/// Chooses an open target of each place, as places hardly hang together: 1 where it is chosen, 0 elsewhere.
fn one_of_each_place(targets: &[Target], rng: &mut StdRng) -> impl Iterator<Item = f64> {
    let mut best: BTreeMap<Place, (f64, usize)> = BTreeMap::new();
    for (index, target) in targets.iter().enumerate().filter(|(_, target)| target.width() < SAFE_WIDTH) {
        let draw = (rng.random(), index);
        let best = best.entry(target.whole.place).or_insert(draw);
        *best = if draw.0 > best.0 { draw } else { *best };
    }
    let chosen: BTreeSet<usize> = best.values().map(|(_, index)| *index).collect();
    (0..targets.len()).map(move |index| if chosen.contains(&index) { 1.0 } else { 0.0 })
}

fn judge(target: &Target, narrowed: &mut Narrowed) {
    let is_narrow = target.width() < SAFE_WIDTH;
    let is_outside = target.truth < target.low - 1e-6 || target.truth > target.high + 1e-6;
    narrowed.missed += usize::from(is_narrow && is_outside);
    if target.part.is_some() {
        narrowed.differences += 1;
        narrowed.narrow_differences += usize::from(is_narrow);
    } else {
        narrowed.hidden += 1;
        narrowed.narrow_hidden += usize::from(is_narrow);
        narrowed.exact_hidden += usize::from(target.width() <= 0.0);
        narrowed.known_positive += usize::from(is_narrow && target.low > 1e-6);
    }
}

fn targets(world: &World, reading: &Reading, month: u16) -> Vec<Target> {
    let hidden = world.keys_of(month).filter(|key| world.count(key) > 0 && !reading.is_shown(key));
    let mut targets: Vec<Target> = hidden.map(|key| Target::new(world, key, None)).collect();
    for (whole, part) in world.towns().iter().flat_map(|town| nested(month, *town)) {
        let difference = world.count(&whole) - world.count(&part);
        if (1..10).contains(&difference) && reading.is_shown(&whole) && reading.is_shown(&part) {
            targets.push(Target::new(world, whole, Some(part)));
        }
    }
    targets
}

/// All tables of a month as bounds and relations.
struct Program {
    bounds: BTreeMap<Key, (f64, f64)>,
    relations: Vec<(Relation, f64, f64)>,
}

impl Program {
    fn new(mechanism: &dyn Mechanism, world: &World, reading: &Reading, month: u16) -> Self {
        let bound = |key: Key| {
            let reach = mechanism.reach(&key);
            let bounds = match reading.values.get(&key) {
                Some(value) => ((value - reach).max(0.0), value + reach),
                None => (0.0, mechanism.hidden_below(&key) - 1.0 + reach),
            };
            (key, bounds)
        };
        let towns = world.towns().iter().flat_map(|town| of_town(month, *town));
        let known = towns.chain(of_totals(month)).map(|relation| {
            let most = if relation.is_equation { 0.0 } else { f64::INFINITY };
            (relation, 0.0, most)
        });
        let sums = reading.open.iter().filter(|sum| sum.terms.iter().all(|(key, _)| key.month == month));
        let sums = sums.map(|sum| {
            let spread = sum.terms.iter().map(|(key, factor)| (factor * mechanism.reach(key)).powi(2));
            let reach = spread.sum::<f64>().sqrt();
            let relation = Relation { terms: sum.terms.clone(), is_equation: false };
            (relation, sum.value - reach, sum.value + reach)
        });
        Self { bounds: world.keys_of(month).map(bound).collect(), relations: known.chain(sums).collect() }
    }

    /// The point at which a sum of figures is highest.
    fn highest(&self, objective: impl Iterator<Item = (Key, f64)>) -> Option<BTreeMap<Key, f64>> {
        let mut factors: BTreeMap<Key, f64> = BTreeMap::new();
        objective.for_each(|(key, factor)| *factors.entry(key).or_default() += factor);
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let variables: BTreeMap<Key, Variable> = self
            .bounds
            .iter()
            .map(|(key, bounds)| (*key, problem.add_var(factors.get(key).copied().unwrap_or(0.0), *bounds)))
            .collect();
        for (relation, least, most) in &self.relations {
            let terms: Vec<(Variable, f64)> =
                relation.terms.iter().map(|(key, factor)| (variables[key], *factor)).collect();
            if least == most {
                problem.add_constraint(terms, ComparisonOp::Eq, *least);
                continue;
            }
            problem.add_constraint(terms.clone(), ComparisonOp::Ge, *least);
            if most.is_finite() {
                problem.add_constraint(terms, ComparisonOp::Le, *most);
            }
        }
        let solution = problem.solve().ok()?.into_solution().ok()?;
        Some(variables.iter().map(|(key, variable)| (*key, solution.var_value(*variable))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::canaries::{RoundingTo5, ThresholdOnly};
    use super::super::key::MONTHS;
    use super::super::ours::OURS;
    use super::super::worlds;
    use super::*;

    fn over(mechanism: &dyn Mechanism, worlds: impl Iterator<Item = u64>) -> Narrowed {
        let mut sum = Narrowed::default();
        worlds.for_each(|seed| sum += attack(mechanism, &World::of_seed(seed), seed, MONTHS - 1));
        sum
    }

    #[test]
    fn linear_programs_narrow_no_hidden_figure_and_no_small_difference() {
        let found = over(&OURS, worlds());
        assert!(found.hidden > 0 && found.differences > 0, "{found:?}");
        assert_eq!((found.narrow_hidden, found.narrow_differences), (0, 0), "{found:?}");
        assert_eq!((found.missed, found.failed), (0, 0), "{found:?}");
    }

    #[test]
    fn linear_programs_read_hidden_figures_where_a_threshold_stands_alone() {
        let found = over(&ThresholdOnly, 1..3);
        assert!(found.narrow_hidden > found.exact_hidden && found.exact_hidden > 0, "{found:?}");
        assert!(found.known_positive > 0 && found.missed == 0, "{found:?}");
    }

    #[test]
    fn linear_programs_narrow_differences_between_figures_rounded_to_5() {
        let found = over(&RoundingTo5, 1..3);
        assert!(found.narrow_differences > 0 && found.missed == 0, "{found:?}");
    }
}
