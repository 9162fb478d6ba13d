//! Sightings → the probability of each bed on each night.
//!
//! In: where a device was seen in which hour, and the nights on which it was seen standing still. Out: for
//! every night between its first and its last day, how probable each place is as the bed.
//!
//! The bed is a hidden state with memory. A local day starts in last night's bed and ends in the next one. If
//! both are the same place, the device may be seen there or in places it goes to from there; if they differ,
//! it changed over at some hour of the day, and that hour is summed over. Silence says nothing: a day without
//! sightings leaves only the memory. So a night between two days seen at home is a night at home although the
//! phone slept, a silent week is uncertain instead of an absence, and expected nights do not depend on how
//! chatty a phone is. The passes are the forward-backward algorithm of hidden Markov models (L. R. Rabiner, A
//! tutorial on hidden Markov models, Proceedings of the IEEE 77, 1989, III.A) and exact; what a device does
//! (how it changes between beds, by day of the week, and where it goes from them) is learned from a first
//! pass with the same data.
//!
//! A place where a device was never seen can still be its bed: [`Beds`] sum to less than one where that is
//! probable.

use kayoi_schemas::time::Day;

use super::evidence::{Beds, NightEvidence};
use super::habits::{Habits, LIKELY_AT_BASE, change_mass};
use super::local::{Local, MOST_LOCAL, states};
use super::sightings::{Place, Sighting};

/// How many sightings of a day, those nearest to the night, have their places considered as beds: what is
/// more than a dozen hours away says little.
const LATEST: usize = 12;
/// How much less probable a bed is when a stay in the night window was observed elsewhere.
const AGAINST_OBSERVED: f64 = 0.01;

/// The beds of all nights from the first sighting's day to the last one's, with that first day.
pub fn beds(evidence: &NightEvidence) -> (Day, Vec<Beds>) {
    let (Some(first), Some(last)) = (evidence.sightings.first(), evidence.sightings.last()) else {
        return (Day(0), Vec::new());
    };
    let (first, last) = (first.day, last.day);
    let mut habits = Habits::guess(evidence, first, last);
    let mut chain = Chain::new(evidence, first, last);
    let mut result = Vec::new();
    // The second pass starts from what the first one learned. A third changes next to nothing.
    for _ in 0..2 {
        chain.choose_states(&habits);
        chain.forward(&habits);
        let mut learned = habits.start_over();
        result = chain.backward(&mut learned);
        habits = learned;
    }
    chain.forget_silences(&mut result);
    (first, result)
}

/// The nights of one device as a hidden Markov model, with what the forward pass leaves for the backward one.
struct Chain<'a> {
    evidence: &'a NightEvidence<'a>,
    first: Day,
    nights: usize,
    /// Sightings of each local day, as a range.
    days: Vec<(u32, u32)>,
    /// The states of each night.
    local: Vec<Local>,
    /// Weight of (last night's state, this night's state) on each day but the first, rows by last night.
    weights: Vec<f64>,
    /// Where the weights of each day begin.
    offsets: Vec<usize>,
    /// For each state of each night, how probable it is by all days up to then; sums to 1 for each night.
    forward: Vec<f64>,
    /// Where the forward values of each night begin.
    starts: Vec<usize>,
}

impl<'a> Chain<'a> {
    fn new(evidence: &'a NightEvidence<'a>, first: Day, last: Day) -> Self {
        let nights = (last.0 - first.0 + 1) as usize;
        let mut days = vec![(0_u32, 0_u32); nights];
        let mut index = 0;
        for (number, range) in days.iter_mut().enumerate() {
            let day = first.plus(number as i32);
            let from = index;
            while evidence.sightings.get(index).is_some_and(|sighting| sighting.day == day) {
                index += 1;
            }
            *range = (from as u32, index as u32);
        }
        Self {
            evidence,
            first,
            nights,
            days,
            local: vec![Local::default(); nights],
            weights: Vec::new(),
            offsets: Vec::new(),
            forward: Vec::new(),
            starts: Vec::new(),
        }
    }

    fn day(&self, number: usize) -> &'a [Sighting] {
        let (from, to) = self.days[number];
        &self.evidence.sightings[from as usize..to as usize]
    }

    /// Chooses the places that may be the bed of each night: the usual beds, the observed one, and what was
    /// seen last before the night and first after it. Where they are more than a handful, the usual beds come
    /// first, then what was seen before the night.
    fn choose_states(&mut self, habits: &Habits) {
        let mut before: &[Sighting] = &[];
        for number in 0..self.nights {
            let mut local = Local::default();
            habits.regulars().iter().for_each(|place| local.add(*place));
            // A silent day leaves the last day seen: the device may still be where it was then.
            let today = self.day(number);
            if !today.is_empty() {
                before = today;
            }
            // The latest sightings of the day say most about the night to come.
            before.iter().rev().take(LATEST).for_each(|sighting| local.add(sighting.place));
            self.local[number] = local;
        }
        let mut after: &[Sighting] = &[];
        for number in (0..self.nights).rev() {
            // A night follows its own day, so only later days come after it: `after` changes at the end.
            let mut local = self.local[number];
            after.iter().take(LATEST).for_each(|sighting| local.add(sighting.place));
            // In the order of codes, so that ties between beds go to the lowest and not to the first seen.
            local.places[..local.count].sort_unstable();
            self.local[number] = local;
            let today = self.day(number);
            if !today.is_empty() {
                after = today;
            }
        }
        for (night, place) in self.evidence.observed {
            let Ok(number) = usize::try_from(night.0 - self.first.0) else { continue };
            let Some(local) = self.local.get_mut(number) else { continue };
            // An observed bed is always a state; in a full handful the highest code makes room for it.
            if !local.slice().contains(&place.0) {
                if local.count == MOST_LOCAL {
                    local.count -= 1;
                }
                local.add(*place);
                local.places[..local.count].sort_unstable();
            }
        }
    }

    /// The place of an observed night.
    fn observed(&self, number: usize) -> Option<Place> {
        let night = self.first.plus(number as i32);
        let index = self.evidence.observed.binary_search_by_key(&night, |(night, _)| *night).ok()?;
        Some(self.evidence.observed[index].1)
    }

    /// How well a night's own observation suits a state. An observed stay counts a hundredfold, and leaves
    /// other beds possible.
    fn against(&self, number: usize, place: Option<u16>) -> f64 {
        match self.observed(number) {
            Some(seen) if Some(seen.0) != place => AGAINST_OBSERVED,
            _ => 1.0,
        }
    }

    /// The forward pass: for each state of a night, the sum over all ways to it of how well they suit the
    /// days so far. The weights of each day are kept, because the backward pass needs the same ones.
    fn forward(&mut self, habits: &Habits) {
        self.weights.clear();
        self.offsets.clear();
        self.forward.clear();
        self.starts.clear();
        let mut scratch = Scratch::default();
        for number in 0..self.nights {
            let local = self.local[number];
            let start = self.forward.len();
            self.starts.push(start);
            self.offsets.push(self.weights.len());
            let before = if number == 0 { local } else { self.local[number - 1] };
            scratch.load(self.day(number), &before, &local, habits, self.evidence);
            if number == 0 {
                // The bed of the night before the first day is any of the same places.
                for (column, place) in states(&local).enumerate() {
                    let likely: f64 = (0..before.states())
                        .map(|row| {
                            habits.share(before.slice().get(row).copied())
                                * scratch.pair(row, column, &before, &local)
                                * habits.change(before.slice().get(row).copied(), place, self.first)
                        })
                        .sum();
                    self.forward.push(likely * self.against(number, place));
                }
            } else {
                let previous = self.starts[number - 1];
                let day = self.first.plus(number as i32);
                // The same whatever last night's bed was, so it is computed once for each column.
                let against: Vec<f64> = states(&local).map(|place| self.against(number, place)).collect();
                self.forward.resize(start + local.states(), 0.0);
                for (row, from) in states(&before).enumerate() {
                    let so_far = self.forward[previous + row];
                    for (column, to) in states(&local).enumerate() {
                        let weight = habits.change(from, to, day)
                            * scratch.pair(row, column, &before, &local)
                            * against[column];
                        self.weights.push(weight);
                        self.forward[start + column] += so_far * weight;
                    }
                }
            }
            // Only the ratios matter, and products over a year of days would vanish.
            normalize(&mut self.forward[start..]);
        }
    }

    /// The backward pass, from the last night to the first: what the days after a night say of it, times what
    /// the days before say, is the probability of each bed. The same products count how often the device
    /// changed between beds and went out from them (the expectation step of Baum and Welch), which is what
    /// the next pass starts from.
    fn backward(&self, learned: &mut Habits) -> Vec<Beds> {
        let mut result = vec![Beds::default(); self.nights];
        // Nothing comes after the last night, so nothing speaks for one of its states.
        let mut after: Vec<f64> = vec![1.0; self.local[self.nights - 1].states()];
        for number in (0..self.nights).rev() {
            let local = &self.local[number];
            let start = self.starts[number];
            let mut shares: Vec<f64> = self.forward[start..start + local.states()]
                .iter()
                .zip(&after)
                .map(|(forward, backward)| forward * backward)
                .collect();
            normalize(&mut shares);
            result[number] = self.night(number, &shares);
            for (place, share) in states(local).zip(&shares) {
                learned.slept(place, *share);
            }
            // The first night has no night before it to pass anything on to.
            if number == 0 {
                break;
            }
            let before = &self.local[number - 1];
            let previous = self.starts[number - 1];
            let weights = &self.weights[self.offsets[number]..];
            let day = self.first.plus(number as i32);
            let columns = local.states();
            let mut back = vec![0.0; before.states()];
            let mut total = 0.0;
            for row in 0..before.states() {
                let sum: f64 =
                    (0..columns).map(|column| weights[row * columns + column] * after[column]).sum();
                back[row] = sum;
                total += self.forward[previous + row] * sum;
            }
            // A silent day teaches nothing: learning from its own guesses would make silence surer of itself.
            let is_seen = !self.day(number).is_empty();
            let scale = if total > 0.0 && is_seen { 1.0 / total } else { 0.0 };
            for (row, from) in states(before).enumerate() {
                for (column, to) in states(local).enumerate() {
                    let joint =
                        self.forward[previous + row] * weights[row * columns + column] * after[column];
                    learned.changed(from, to, day, joint * scale);
                    // Only a day that began and ended in one bed shows from which bed the device went out.
                    if let Some(base) = from.filter(|_| from == to) {
                        learned.went_out(Place(base), self.day(number), joint * scale);
                    }
                }
            }
            normalize(&mut back);
            after = back;
        }
        result
    }

    /// Takes the beds of a long silence away: memory alone would put the device at home for months.
    fn forget_silences(&self, beds: &mut [Beds]) {
        let mut number = 0;
        for days in self.days.chunk_by(|a, b| (a.0 == a.1) == (b.0 == b.1)) {
            let is_silent = days.first().is_some_and(|(from, to)| from == to);
            // The night before the first silent day was seen from its evening.
            if is_silent && days.len() as i32 > self.evidence.silence_max_days {
                beds[number..number + days.len() - 1].fill(Beds::UNSEEN);
            }
            number += days.len();
        }
    }

    /// The beds of a night with their probabilities.
    fn night(&self, number: usize, shares: &[f64]) -> Beds {
        let local = &self.local[number];
        let next_is_silent = self.days.get(number + 1).is_none_or(|(from, to)| from == to);
        let mut beds = Beds { is_silent: self.day(number).is_empty() && next_is_silent, ..Beds::default() };
        for (index, place) in local.slice().iter().enumerate() {
            beds.places[index] = (*place, shares[index] as f32);
        }
        beds.count = local.count as u8;
        beds
    }
}

/// Scales values to shares that sum to one; where nothing is possible, all are equally probable.
fn normalize(values: &mut [f64]) {
    let sum: f64 = values.iter().sum();
    if sum > 0.0 && sum.is_finite() {
        values.iter_mut().for_each(|value| *value /= sum);
    } else {
        let equal = 1.0 / values.len() as f64;
        values.fill(equal);
    }
}

/// Products over the sightings of one day, for each state of both nights. A pair of beds that differ sums
/// over every hour at which the device may have changed over; with the products before and after each gap at
/// hand, that costs one step for each sighting instead of all sightings again for each gap. One scratch
/// serves all days and saves allocations.
#[derive(Default)]
struct Scratch {
    /// How many sightings the day has.
    count: usize,
    /// For last night's states: product of the first `i` sightings; rows of `count + 1`.
    prefix: Vec<f64>,
    /// For this night's states: product of the sightings from `i` on.
    suffix: Vec<f64>,
    /// Probability that the change-over falls between sightings `i - 1` and `i`.
    mass: Vec<f64>,
    /// One row of `suffix` while it is filled from its end.
    seen: Vec<f64>,
}

impl Scratch {
    /// Takes the sightings of a day and the states of the nights around it.
    fn load(
        &mut self,
        day: &[Sighting],
        before: &Local,
        local: &Local,
        habits: &Habits,
        evidence: &NightEvidence,
    ) {
        self.count = day.len();
        let width = day.len() + 1;
        self.prefix.clear();
        self.suffix.clear();
        change_mass(day, &mut self.mass);
        // Each sighting is scaled by its greatest value over all states, or products of a busy day would
        // vanish. The scale is the same for all pairs of beds, so it falls out when shares are made.
        let greatest: Vec<f64> = day
            .iter()
            .map(|sighting| {
                let of = |place| likely(place, sighting, habits, evidence);
                states(before).chain(states(local)).map(of).fold(f64::MIN_POSITIVE, f64::max)
            })
            .collect();
        for place in states(before) {
            let mut product = 1.0;
            self.prefix.push(product);
            for (sighting, greatest) in day.iter().zip(&greatest) {
                product *= likely(place, sighting, habits, evidence) / greatest;
                self.prefix.push(product);
            }
        }
        self.seen.resize(width, 1.0);
        for place in states(local) {
            let mut product = 1.0;
            self.seen[day.len()] = 1.0;
            for (index, (sighting, greatest)) in day.iter().zip(&greatest).enumerate().rev() {
                product *= likely(place, sighting, habits, evidence) / greatest;
                self.seen[index] = product;
            }
            self.suffix.extend_from_slice(&self.seen[..width]);
        }
    }

    /// How well the day suits a pair of beds, the same one or two with a change-over between them.
    fn pair(&self, row: usize, column: usize, before: &Local, local: &Local) -> f64 {
        let width = self.count + 1;
        let (prefix, suffix) = (&self.prefix[row * width..], &self.suffix[column * width..]);
        // Both are `None` for somewhere else on both nights, which is no change of beds either.
        if before.slice().get(row) == local.slice().get(column) {
            return prefix[self.count];
        }
        (0..width).map(|index| self.mass[index] * prefix[index] * suffix[index]).sum()
    }
}

/// Probability of a sighting while a place is the base, the bed from which the device goes out; `None` is
/// somewhere unseen.
fn likely(base: Option<u16>, sighting: &Sighting, habits: &Habits, evidence: &NightEvidence) -> f64 {
    let at_base = LIKELY_AT_BASE[usize::from(sighting.slot)];
    match base {
        Some(base) if base == sighting.place.0 => at_base,
        Some(base) => (1.0 - at_base) * habits.goes_to(Place(base), sighting.place, evidence),
        None => (1.0 - at_base) * Habits::ELSEWHERE_SEEN,
    }
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
