//! A day being walked: a cursor in time and place.
//!
//! In: "stay until", "go there". Out: pieces that join without gap, end before the day does, and leave time
//! to reach the bed. All hours are local and count from the civil day's midnight: 25.0 is one in the morning.

use kayoi_schemas::time::HOUR_MS;
use rand::Rng;
use rand::rngs::SmallRng;

use super::{Activity, Piece, travel_hours};
use crate::date::Date;
use crate::land::Spot;
use crate::random::{between, chance, normal, one_of};

/// Local hours at which a day starts and ends.
const DAY: (f64, f64) = (4.0, 28.0);

pub(super) struct Walk<'w> {
    pub(super) date: Date,
    pub(super) at: Spot,
    activity: Activity,
    since: f64,
    pub(super) hour: f64,
    rng: SmallRng,
    pieces: &'w mut Vec<Piece>,
}

impl<'w> Walk<'w> {
    pub(super) fn start(
        date: Date,
        at: Spot,
        activity: Activity,
        rng: SmallRng,
        pieces: &'w mut Vec<Piece>,
    ) -> Self {
        pieces.clear();
        Self { date, at, activity, since: DAY.0, hour: DAY.0, rng, pieces }
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        between(&mut self.rng, low, high)
    }

    /// An hour around a mean, at most two deviations away.
    pub(super) fn about(&mut self, hour: f64, deviation: f64) -> f64 {
        hour + deviation * normal(&mut self.rng).clamp(-2.0, 2.0)
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        chance(&mut self.rng, probability)
    }

    pub(super) fn count(&mut self, low: u32, high: u32) -> u32 {
        self.rng.random_range(low..=high)
    }

    pub(super) fn one_of(&mut self, spots: &[Spot]) -> Option<Spot> {
        one_of(&mut self.rng, spots)
    }

    /// Stays where it is until an hour; an hour that is past changes nothing.
    pub(super) fn stay_until(&mut self, hour: f64) {
        self.hour = self.hour.max(hour.min(DAY.1 - 0.5));
    }

    /// Goes to a spot now. A way that would not end before the day is left out: the person stays.
    pub(super) fn go(&mut self, to: Spot, activity: Activity) -> bool {
        if to == self.at {
            self.close_stay();
            self.activity = activity;
            return true;
        }
        let hours = travel_hours(&mut self.rng, &self.at, &to);
        if self.hour + hours > DAY.1 - 0.1 {
            return false;
        }
        self.close_stay();
        let arrival = self.hour + hours;
        self.push(self.hour, arrival, to, Activity::Transit);
        (self.hour, self.since, self.at, self.activity) = (arrival, arrival, to, activity);
        true
    }

    /// Goes to a spot so as to be there at an hour, or as soon as possible.
    pub(super) fn be_at(&mut self, to: Spot, activity: Activity, hour: f64) {
        let hours = travel_hours(&mut self.rng, &self.at, &to);
        self.stay_until(hour - hours);
        self.go(to, activity);
    }

    /// Visits up to `count` of the spots for some hours each, as long as `back` can still be reached by an
    /// hour.
    pub(super) fn wander(
        &mut self,
        spots: &[Spot],
        count: u32,
        activity: Activity,
        hours_each: (f64, f64),
        (back, latest): (Spot, f64),
    ) {
        for _ in 0..count {
            let Some(spot) = self.one_of(spots).filter(|spot| *spot != self.at) else { continue };
            let hours = self.between(hours_each.0, hours_each.1);
            // 1.2: the ways are drawn anew and may be slower than these.
            let ways =
                travel_hours(&mut self.rng, &self.at, &spot) + travel_hours(&mut self.rng, &spot, &back);
            if self.hour + hours + 1.2 * ways > latest {
                return;
            }
            self.go(spot, activity);
            self.stay_until(self.hour + hours);
        }
    }

    /// Ends the day in bed.
    pub(super) fn finish(mut self, bed: Spot, activity: Activity) {
        if !self.go(bed, activity) {
            // Late: the way starts as early as the last stay allows and takes what is left of the day.
            let hours = travel_hours(&mut self.rng, &self.at, &bed);
            self.hour = (DAY.1 - 0.1 - hours).max(self.since);
            self.close_stay();
            self.push(self.hour, DAY.1 - 0.1, bed, Activity::Transit);
            (self.since, self.at, self.activity) = (DAY.1 - 0.1, bed, activity);
        }
        self.hour = DAY.1;
        self.close_stay();
    }

    fn close_stay(&mut self) {
        if self.hour > self.since {
            self.push(self.since, self.hour, self.at, self.activity);
            self.since = self.hour;
        }
    }

    fn push(&mut self, from: f64, until: f64, end: Spot, activity: Activity) {
        let instant = |hour: f64| self.date.midnight_ms + (hour * HOUR_MS as f64) as i64;
        let (from_ms, until_ms) = (instant(from), instant(until));
        self.pieces.push(Piece { from_ms, until_ms, start: self.at, end, activity });
    }
}
