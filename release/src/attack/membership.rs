//! Membership: does a device have a tie to a town? The attacker knows everything else exactly.
//!
//! In: two worlds that differ by one tie, and many draws of each. Out: the advantage of the best guess, right
//! minus wrong, and the bound that the ledger promises: 2 Phi(sqrt(information) / 2) - 1, with the information
//! s' R^-1 s / sigma^2 summed over all figures that the tie changes. The guess is a likelihood ratio: exact for
//! shown figures (normal, correlated over months), month by month for hidden ones; a figure that can be shown in
//! one world only settles the matter.

use std::collections::BTreeMap;

use super::key::*;
use super::mechanism::{Mechanism, Seen};
use super::normal::{cumulative, dot};
use super::squares::correlations;
use super::world::World;

/// Below this exact count nothing is shown; the documents say so.
const LEAST_DEVICES: u32 = 10;
/// What a figure is worth that can be shown in one of the two worlds only.
const SETTLED: f64 = 100.0;

/// A device, a town, and the worlds with and without the tie between them.
pub(crate) struct Question {
    with: World,
    without: World,
    /// The figures that the tie changes, by figure: the months in which it does.
    changes: BTreeMap<Key, Vec<u16>>,
}

/// What the attack reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Advantage {
    /// Right minus wrong guesses.
    pub measured: f64,
    /// The most that the noise allows.
    pub bound: f64,
    /// Standard error of the measurement.
    pub error: f64,
}

impl Question {
    /// Asks about a tie; `None` when no window holds it.
    pub(crate) fn about(world: &World, device: usize, tie: usize) -> Option<Self> {
        let with = world.only(world.devices[device].ties[tie].town);
        let without = with.without_tie(device, 0);
        let mut changes: BTreeMap<Key, Vec<u16>> = BTreeMap::new();
        for key in with.keys().filter(|key| with.count(key) != without.count(key)) {
            changes.entry(key.at(0)).or_default().push(key.month);
        }
        (!changes.is_empty()).then_some(Self { with, without, changes })
    }

    /// Information about the tie in everything that is published.
    pub(crate) fn information(&self, mechanism: &dyn Mechanism) -> f64 {
        let all: Vec<u16> = (0..MONTHS).collect();
        let inverse = correlations(mechanism, &all);
        let of_figure = |(figure, months): (&Key, &Vec<u16>)| {
            let step: Vec<f64> =
                all.iter().map(|month| f64::from(u8::from(months.contains(month)))).collect();
            let spread: Vec<f64> = inverse.iter().map(|row| dot(row, &step)).collect();
            dot(&step, &spread) / mechanism.sigma(figure).powi(2)
        };
        self.changes.iter().map(of_figure).sum()
    }

    /// Guesses from so many draws, half of them with the tie.
    pub(crate) fn advantage(&self, mechanism: &dyn Mechanism, draws: u64) -> Advantage {
        let mut guess = Guess { mechanism, question: self, weights: BTreeMap::new() };
        let scores: Vec<(f64, bool)> = (0..draws)
            .map(|draw| {
                let is_member = draw % 2 == 1;
                let world = if is_member { &self.with } else { &self.without };
                (guess.score(&mechanism.publish(world, draw)), is_member)
            })
            .collect();
        // One half chooses where to cut, the other says what the cut is worth.
        let (chosen, judged) = scores.split_at(scores.len() / 2);
        let cut = best_cut(chosen);
        let lead = judged.iter().filter(|(score, _)| *score >= cut).map(|(_, is_member)| sign(*is_member));
        let of_each = judged.len() as f64 / 2.0;
        let information = self.information(mechanism);
        Advantage {
            measured: lead.sum::<f64>() / of_each,
            bound: 2.0 * cumulative(information.sqrt() / 2.0) - 1.0,
            error: (0.5 / of_each).sqrt(),
        }
    }
}

fn sign(is_member: bool) -> f64 {
    if is_member { 1.0 } else { -1.0 }
}

/// The score from which on guessing a member is right most often.
fn best_cut(scores: &[(f64, bool)]) -> f64 {
    let mut falling = scores.to_vec();
    falling.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut lead, mut best, mut cut) = (0.0, 0.0, f64::INFINITY);
    for group in falling.chunk_by(|a, b| a.0 == b.0) {
        lead += group.iter().map(|(_, is_member)| sign(*is_member)).sum::<f64>();
        if lead > best {
            (best, cut) = (lead, group[0].0);
        }
    }
    cut
}

/// The likelihood ratio, with weights kept for each figure and set of shown months.
struct Guess<'a> {
    mechanism: &'a dyn Mechanism,
    question: &'a Question,
    weights: BTreeMap<(Key, Vec<u16>), Vec<f64>>,
}

impl Guess<'_> {
    fn score(&mut self, seen: &BTreeMap<Key, Seen>) -> f64 {
        let question = self.question;
        question.changes.keys().map(|figure| self.score_of(seen, *figure)).sum()
    }

    fn score_of(&mut self, seen: &BTreeMap<Key, Seen>, figure: Key) -> f64 {
        let Question { with, without, .. } = self.question;
        let mechanism = self.mechanism;
        let spread = mechanism.sigma(&figure).max(0.1);
        let (mut shown, mut residuals, mut score) = (Vec::new(), Vec::new(), 0.0);
        for key in (0..MONTHS).map(|month| figure.at(month)) {
            let (fewer, more) = (without.count(&key), with.count(&key));
            let (low, high) = (mechanism.expected(fewer), mechanism.expected(more));
            match seen[&key] {
                Seen::Shown { value } => {
                    score += if fewer < LEAST_DEVICES && more >= LEAST_DEVICES { SETTLED } else { 0.0 };
                    shown.push(key.month);
                    residuals.push(value - (low + high) / 2.0);
                }
                Seen::Hidden if fewer != more && mechanism.hidden_below(&key).is_finite() => {
                    let is_hidden = |count: u32| {
                        let room = mechanism.hidden_below(&key) - 0.5 - mechanism.expected(count);
                        cumulative(room / spread).max(1e-30).ln()
                    };
                    score += is_hidden(more) - is_hidden(fewer);
                }
                Seen::Hidden => {}
            }
        }
        let weights = self.weights.entry((figure, shown)).or_insert_with_key(|(figure, shown)| {
            let step = |month: &u16| {
                let key = figure.at(*month);
                (mechanism.expected(with.count(&key)) - mechanism.expected(without.count(&key)))
                    / spread.powi(2)
            };
            let steps: Vec<f64> = shown.iter().map(step).collect();
            correlations(mechanism, shown).iter().map(|row| dot(row, &steps)).collect()
        });
        score + dot(weights, &residuals)
    }
}

/// Two ties of a world to ask about: the one that tells least of itself and the one that tells most.
pub(crate) fn questions(world: &World, mechanism: &dyn Mechanism) -> Vec<Question> {
    let devices = world.devices.iter().take(40).enumerate();
    let ties = devices.flat_map(|(device, found)| (0..found.ties.len()).map(move |tie| (device, tie)));
    let mut found: Vec<(f64, Question)> = ties
        .filter_map(|(device, tie)| Question::about(world, device, tie))
        .map(|question| (question.information(mechanism), question))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let most = found.pop();
    found.into_iter().take(1).chain(most).map(|(_, question)| question).collect()
}

#[cfg(test)]
mod tests {
    use super::super::canaries::{CellKeys, ThresholdOnly};
    use super::super::ours::{OURS, Ours};
    use super::super::worlds;
    use super::*;

    const DRAWS: u64 = 4_000;

    #[test]
    fn who_knows_all_else_guesses_a_tie_no_better_than_the_ledger_says() {
        for seed in worlds().step_by(10) {
            for question in questions(&World::of_seed(seed), &OURS) {
                let found = question.advantage(&OURS, DRAWS);
                assert!(found.measured <= found.bound + 3.0 * found.error, "world {seed}: {found:?}");
            }
        }
    }

    #[test]
    fn who_knows_all_else_guesses_a_tie_where_noise_is_missing_bounded_or_forgets() {
        let question = questions(&World::of_seed(1), &OURS).pop().unwrap();
        let allowed = question.advantage(&OURS, 2).bound;
        let canaries: [&dyn Mechanism; 3] = [&ThresholdOnly, &CellKeys, &Ours { phi: 0.0 }];
        for canary in canaries {
            let found = question.advantage(canary, 1_000);
            assert!(
                found.measured > allowed + 3.0 * found.error,
                "{}: {found:?}, allowed {allowed}",
                canary.name()
            );
        }
    }
}
