//! What a device does: its usual beds, how it changes between them, and where it goes from them.
//!
//! In: counts of a pass over its nights. Out: probabilities, each a count with a prior that says what people
//! do in general. The priors are Kayoi's; they were set on simulated worlds (see ACCURACY.md) and matter only
//! where a device was rarely seen.

use kayoi_schemas::time::Day;

use super::evidence::NightEvidence;
use super::sightings::{Place, Sighting};
use crate::window::Nearness;

/// How many usual beds are considered on every night.
const MOST_REGULARS: usize = 4;

/// Probability of being seen at the base, by hour of the local day from 04:00.
pub(super) const LIKELY_AT_BASE: [f64; 24] = [
    0.985, 0.985, 0.97, 0.93, 0.80, 0.65, // 4 to 9
    0.50, 0.45, 0.45, 0.45, 0.45, 0.45, // 10 to 15
    0.45, 0.50, 0.55, 0.65, 0.75, 0.84, // 16 to 21
    0.92, 0.96, 0.98, 0.985, 0.985, 0.985, // 22 to 3
];

/// Probability that a change of beds happens in an hour of the local day from 04:00; sums to 1.
const CHANGE_HOURS: [f64; 24] = [
    0.005, 0.010, 0.025, 0.045, 0.060, 0.075, // 4 to 9
    0.080, 0.075, 0.065, 0.065, 0.065, 0.065, // 10 to 15
    0.065, 0.065, 0.060, 0.055, 0.045, 0.030, // 16 to 21
    0.020, 0.012, 0.006, 0.003, 0.002, 0.002, // 22 to 3
];

/// Nights that a sighting in the evening counts in the first guess, beside 1 for one in the night window:
/// many people who are out in the evening sleep elsewhere.
const EVENING_NIGHTS: f64 = 0.3;
/// Nights that an observed night counts in the first guess: a stay says more than a fix.
const OBSERVED_NIGHTS: f64 = 2.0;
/// How many days of habit a prior weighs as much as.
const PRIOR_DAYS: f64 = 8.0;
/// Chance to leave a usual bed on a day, before anything is learned.
const LEAVES: f64 = 0.08;
/// Chance to leave any other bed on a day: trips are short.
const LEAVES_TRIP: f64 = 0.4;
/// Share of changes that go to beds by how many nights they have; the rest goes anywhere with equal chances.
const TO_KNOWN_BEDS: f64 = 0.9;
/// Chance of being seen on a day in a given place within this many kilometres of the bed, before anything is
/// learned. People go often to the next town and hardly ever across the country.
const REACH: [(f64, f64); 5] = [(10.0, 0.04), (25.0, 0.02), (50.0, 0.006), (100.0, 0.0015), (200.0, 0.0005)];
/// Chance of being seen on a day in a given place that is farther away than that.
const FAR_REACH: f64 = 0.0002;
/// Expected nights that make a bed a usual one.
const REGULAR_NIGHTS: f64 = 2.0;
/// Chance that the next bed is a given place of those seen around the night.
const NEW_BED: f64 = 0.004;
/// Chance that the next bed is somewhere that the device is not seen at.
const UNSEEN_BED: f64 = 0.02;

/// What one pass over a device's nights has counted.
pub(super) struct Habits {
    regulars: Vec<Place>,
    /// Expected nights by place; the last entry is for somewhere else.
    nights: Vec<f64>,
    /// Expected nights in all.
    total: f64,
    /// Expected changes from a regular bed to a regular bed (or any other), by day of the week:
    /// `[weekday][from][to]`, with one more row and column for all other beds.
    changes: Vec<f64>,
    /// Expected days based at each regular bed.
    based: Vec<f64>,
    /// Of these, days on which a place was seen: `[regular bed][place]`.
    seen: Vec<f64>,
}

impl Habits {
    /// Likelihood of any sighting while the bed is somewhere unseen.
    pub(super) const ELSEWHERE_SEEN: f64 = 0.003;

    /// A first guess: hours near sleep are likely spent at the bed, and places that are seen often are places
    /// that the device usually goes to from it.
    pub(super) fn guess(evidence: &NightEvidence, first: Day, last: Day) -> Self {
        let mut habits = Self::empty(Vec::new(), evidence.place_count);
        let mut at: Option<(Day, Place)> = None;
        for sighting in evidence.sightings {
            let weight = match evidence.hours.nearness(sighting.slot) {
                Nearness::Morning | Nearness::Night => 1.0,
                Nearness::Evening => EVENING_NIGHTS,
                Nearness::Day => continue,
            };
            // Once for a day and place, however many hours: it is nights that are counted.
            if at != Some((sighting.day, sighting.place)) {
                at = Some((sighting.day, sighting.place));
                habits.nights[usize::from(sighting.place.0)] += weight;
            }
        }
        for (_, place) in evidence.observed {
            habits.nights[usize::from(place.0)] += OBSERVED_NIGHTS;
        }
        let guessed: f64 = habits.nights.iter().sum();
        let days = f64::from(last.0 - first.0 + 1);
        // There are no more nights than days, in however many places a day was seen.
        let scale = if guessed > 0.0 { days.min(guessed) / guessed } else { 0.0 };
        habits.nights.iter_mut().for_each(|nights| *nights *= scale);
        habits.total = habits.nights.iter().sum();
        let regulars = habits.most_frequent();
        habits.resize(regulars);
        // People who are seen at work on most days go there from wherever they sleep: a phone that shows more
        // hours at a desk than at home must not turn the desk into a bed.
        for day in evidence.sightings.chunk_by(|a, b| a.day == b.day) {
            for base in habits.regulars.clone() {
                habits.went_out(base, day, 1.0);
            }
        }
        habits
    }

    /// No counts yet, over these usual beds.
    fn empty(regulars: Vec<Place>, place_count: usize) -> Self {
        let mut habits = Self {
            regulars: Vec::new(),
            nights: vec![0.0; place_count + 1],
            total: 0.0,
            changes: Vec::new(),
            based: Vec::new(),
            seen: Vec::new(),
        };
        habits.resize(regulars);
        habits
    }

    /// Sets the usual beds, with no changes counted between them.
    fn resize(&mut self, regulars: Vec<Place>) {
        let width = regulars.len() + 1;
        self.changes = vec![0.0; 7 * width * width];
        self.based = vec![0.0; regulars.len()];
        self.seen = vec![0.0; regulars.len() * self.nights.len()];
        self.regulars = regulars;
    }

    /// Empty counts for the next pass, over the beds that are usual by now.
    pub(super) fn start_over(&self) -> Self {
        Self::empty(self.most_frequent(), self.nights.len() - 1)
    }

    /// The places with most nights, a handful at most; ties go to the lowest.
    fn most_frequent(&self) -> Vec<Place> {
        let mut places: Vec<(f64, u16)> = self.nights[..self.nights.len() - 1]
            .iter()
            .enumerate()
            .filter(|(_, nights)| **nights >= REGULAR_NIGHTS)
            .map(|(place, nights)| (*nights, place as u16))
            .collect();
        places.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        places.truncate(MOST_REGULARS);
        places.into_iter().map(|(_, place)| Place(place)).collect()
    }

    /// The usual beds.
    pub(super) fn regulars(&self) -> &[Place] {
        &self.regulars
    }

    /// The row of a place among the usual beds; all others share the last one.
    fn index(&self, place: Option<u16>) -> usize {
        place
            .and_then(|place| self.regulars.iter().position(|regular| regular.0 == place))
            .unwrap_or(self.regulars.len())
    }

    /// Share of nights at a place; `None` is somewhere unseen.
    pub(super) fn share(&self, place: Option<u16>) -> f64 {
        match place {
            Some(place) => (self.nights[usize::from(place)] + NEW_BED) / (self.total + 1.0),
            None => UNSEEN_BED / (self.total + 1.0),
        }
    }

    /// Probability of the next bed on a day.
    pub(super) fn change(&self, from: Option<u16>, to: Option<u16>, day: Day) -> f64 {
        let (row, column) = (self.index(from), self.index(to));
        let others = self.regulars.len();
        let leaves = if row == others { LEAVES_TRIP } else { LEAVES };
        let usual = |place: Option<u16>| match place {
            Some(place) => TO_KNOWN_BEDS * self.nights[usize::from(place)] / (self.total + 1.0) + NEW_BED,
            None => UNSEEN_BED,
        };
        let prior = if from == to { 1.0 - leaves } else { leaves * usual(to) };
        // Of a bed that is slept in now and then nothing is learned: a few nights do not make a habit.
        if row == others {
            return prior;
        }
        let width = others + 1;
        let on = |weekday: usize, column: usize| self.changes[(weekday * width + row) * width + column];
        let row_sum = |weekday: usize| (0..width).map(|column| on(weekday, column)).sum::<f64>();
        let days: f64 = (0..7).map(row_sum).sum();
        if column == others {
            // All other beds share what was learned of leaving for one of them.
            let learned: f64 = (0..7).map(|weekday| on(weekday, others)).sum();
            return prior * (learned + PRIOR_DAYS * leaves) / ((days + PRIOR_DAYS) * leaves);
        }
        let ever: f64 = (0..7).map(|weekday| on(weekday, column)).sum();
        // A weekday leans on the habit of any day, and that on the prior: few Tuesdays say little about
        // Tuesdays.
        let any_day = (ever + PRIOR_DAYS * prior) / (days + PRIOR_DAYS);
        let weekday = day.days_after_monday() as usize;
        (on(weekday, column) + PRIOR_DAYS * any_day) / (row_sum(weekday) + PRIOR_DAYS)
    }

    /// Probability that a device based at a place is, when it is out, in another one.
    pub(super) fn goes_to(&self, base: Place, place: Place, evidence: &NightEvidence) -> f64 {
        let km = (evidence.apart_km)(base, place);
        let reach =
            REACH.iter().find(|(within_km, _)| km < *within_km).map_or(FAR_REACH, |(_, chance)| *chance);
        let index = self.index(Some(base.0));
        if index == self.regulars.len() {
            return reach;
        }
        let seen = self.seen[index * self.nights.len() + usize::from(place.0)];
        (seen + PRIOR_DAYS * reach) / (self.based[index] + PRIOR_DAYS)
    }

    /// Counts a night at a place with its probability; `None` is somewhere unseen.
    pub(super) fn slept(&mut self, place: Option<u16>, share: f64) {
        let last = self.nights.len() - 1;
        self.nights[place.map_or(last, usize::from)] += share;
        self.total += share;
    }

    /// Counts a change of beds, or none.
    pub(super) fn changed(&mut self, from: Option<u16>, to: Option<u16>, day: Day, share: f64) {
        let (row, column) = (self.index(from), self.index(to));
        let width = self.regulars.len() + 1;
        self.changes[(day.days_after_monday() as usize * width + row) * width + column] += share;
    }

    /// Counts where a device was seen on a day that began and ended in one bed.
    pub(super) fn went_out(&mut self, base: Place, day: &[Sighting], share: f64) {
        let index = self.index(Some(base.0));
        if index == self.regulars.len() || day.is_empty() {
            return;
        }
        self.based[index] += share;
        let width = self.nights.len();
        // A place counts once a day, since the chance is that of being seen there on a day.
        for (number, sighting) in day.iter().enumerate() {
            if !day[..number].iter().any(|before| before.place == sighting.place) {
                self.seen[index * width + usize::from(sighting.place.0)] += share;
            }
        }
    }
}

/// For each gap between the sightings of a day, before the first and after the last included, the probability
/// that a change of beds falls into it.
pub(super) fn change_mass(day: &[Sighting], mass: &mut Vec<f64>) {
    mass.clear();
    // Probability of a change before the middle of an hour.
    let until = |slot: u8| {
        let slot = usize::from(slot);
        CHANGE_HOURS[..slot].iter().sum::<f64>() + CHANGE_HOURS[slot] / 2.0
    };
    let mut before = 0.0;
    for sighting in day {
        let now = until(sighting.slot);
        // Two sightings within an hour leave little time, but some.
        mass.push((now - before).max(CHANGE_HOURS[usize::from(sighting.slot)] / 4.0));
        before = now;
    }
    mass.push((1.0 - before).max(0.0));
}
