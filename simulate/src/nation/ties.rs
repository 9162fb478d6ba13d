//! The ties of one town with the people of one prefecture, month after month.
//!
//! In: how many to expect, and the month. Out: counts by class of the window of twelve months that ends with
//! the month. A window shares eleven months with the one before, and so does the count: ties of one visit are
//! kept by the month of the visit and leave after twelve, and of the others a few change their class, leave
//! or are new. Devices that leave the panel and devices that join it are among those.

use kayoi_schemas::time::Month;

use super::draw::Stream;
use super::habits::{CLASSES, OFTEN, ONCE, Often};

const MONTHS: usize = 12;

/// Counts by class, in the order of [`CLASSES`].
pub(super) type Counts = [u64; CLASSES.len()];

/// Ties by month of the visit, and those that come back by state.
#[derive(Clone, Default)]
pub(super) struct Ties {
    once: [[u32; ONCE.len()]; MONTHS],
    often: [u32; OFTEN.len()],
}

fn slot(month: Month) -> usize {
    month.0.rem_euclid(MONTHS as i32) as usize
}

impl Ties {
    /// Ties that come back, as they are after a long time.
    pub(super) fn begin(&mut self, stream: &mut Stream, expected: f64) {
        self.often = OFTEN.each_ref().map(|state| stream.poisson(expected * state.share));
    }

    /// Replaces the visits of the month a year ago; `expected` are the ties of twelve such months.
    pub(super) fn visit(&mut self, stream: &mut Stream, month: Month, expected: f64) {
        let of_month = expected / MONTHS as f64;
        self.once[slot(month)] = ONCE.each_ref().map(|once| stream.poisson(of_month * once.share));
    }

    /// Moves those that come back on by a month; `arrivals` are new ones for each expected tie.
    pub(super) fn step(&mut self, stream: &mut Stream, expected: f64, arrivals: &[f64; OFTEN.len()]) {
        let before = self.often;
        for ((state, count), from) in OFTEN.iter().zip(before).zip(0..) {
            let changing = stream.binomial(count, state.changes());
            self.often[from] -= changing;
            for _ in 0..changing {
                if let Some(to) = destination(stream.unit() * state.changes(), state.moves) {
                    self.often[to] += 1;
                }
            }
        }
        for (count, share) in self.often.iter_mut().zip(arrivals) {
            *count += stream.poisson(expected * share);
        }
    }

    /// Counts of the window by class.
    pub(super) fn counts(&self) -> Counts {
        let mut counts = [0; CLASSES.len()];
        for of_month in &self.once {
            for (once, count) in ONCE.iter().zip(of_month) {
                counts[once.class] += u64::from(*count);
            }
        }
        for (state, count) in OFTEN.iter().zip(self.often) {
            counts[state.class] += u64::from(count);
        }
        counts
    }

    /// Visits of the month that are the only ones of their ties, in the order of [`ONCE`].
    pub(super) fn once(&self, month: Month) -> &[u32; ONCE.len()] {
        &self.once[slot(month)]
    }

    /// Days of visits in a month that those who come back are expected to have.
    pub(super) fn days_a_month(&self) -> f64 {
        let of_state = |(state, count): (&Often, &u32)| state.days_a_year * f64::from(*count);
        OFTEN.iter().zip(&self.often).map(of_state).sum::<f64>() / MONTHS as f64
    }
}

/// Where a changing tie goes; `None` out of the window.
fn destination(at: f64, moves: &[(usize, f64)]) -> Option<usize> {
    let mut sum = 0.0;
    let passes = |(_, chance): &&(usize, f64)| {
        sum += chance;
        at < sum
    };
    moves.iter().find(passes).map(|(to, _)| *to)
}
