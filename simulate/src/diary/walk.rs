//! A day being walked: a cursor in time and place.
//!
//! In: "stay until", "go there". Out: pieces that join without gap, end before the day does, and leave time
//! to reach the bed. All hours are local and count from the civil day's midnight: 25.0 is one in the morning.

use kayoi_schemas::time::HOUR_MS;
use rand::Rng;
use rand::rngs::SmallRng;

use super::ways::{Mode, Route, Traveller};
use super::{Activity, Piece, travel_hours};
use crate::date::Date;
use crate::land::Spot;
use crate::random::{between, chance, normal, one_of};

/// Local hours at which a day starts and ends.
const DAY: (f64, f64) = (4.0, 28.0);

pub(super) struct Walk<'w> {
    pub(super) date: Date,
    traveller: Traveller,
    pub(super) at: Spot,
    activity: Activity,
    since: f64,
    pub(super) hour: f64,
    rng: SmallRng,
    pieces: &'w mut Vec<Piece>,
}

impl<'w> Walk<'w> {
    pub(super) fn start(
        (date, traveller): (Date, Traveller),
        at: Spot,
        activity: Activity,
        rng: SmallRng,
        pieces: &'w mut Vec<Piece>,
    ) -> Self {
        pieces.clear();
        Self { date, traveller, at, activity, since: DAY.0, hour: DAY.0, rng, pieces }
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
        let (hours, mode) = self.way(self.at, to);
        if self.hour + hours > DAY.1 - 0.1 {
            return false;
        }
        self.close_stay();
        let arrival = self.hour + hours;
        self.push_way((self.hour, arrival), to, mode);
        (self.hour, self.since, self.at, self.activity) = (arrival, arrival, to, activity);
        true
    }

    /// Goes to a spot so as to be there at an hour, or as soon as possible.
    pub(super) fn be_at(&mut self, to: Spot, activity: Activity, hour: f64) {
        let (hours, _) = self.way(self.at, to);
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
            let ways = self.way(self.at, spot).0 + self.way(spot, back).0;
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
            let (hours, mode) = self.way(self.at, bed);
            self.hour = (DAY.1 - 0.1 - hours).max(self.since);
            self.close_stay();
            self.push_way((self.hour, DAY.1 - 0.1), bed, mode);
            (self.since, self.at, self.activity) = (DAY.1 - 0.1, bed, activity);
        }
        self.hour = DAY.1;
        self.close_stay();
    }

    /// How long a way takes in hours, and how it is gone. Real ways are late by up to a tenth, and early at
    /// times: their trains and roads are not the same every day.
    fn way(&mut self, from: Spot, to: Spot) -> (f64, Option<Mode>) {
        match self.traveller {
            Traveller::Straight => (travel_hours(&mut self.rng, &from, &to), None),
            Traveller::Real { drives, seed } => {
                let route = Route::choose(seed, drives, &from, &to);
                (route.hours() * self.between(0.95, 1.1), Some(route.mode()))
            }
        }
    }

    fn close_stay(&mut self) {
        if self.hour > self.since {
            let (from_ms, until_ms) = (self.instant_ms(self.since), self.instant_ms(self.hour));
            let (start, end, activity) = (self.at, self.at, self.activity);
            self.pieces.push(Piece { from_ms, until_ms, start, end, activity, mode: None });
            self.since = self.hour;
        }
    }

    fn push_way(&mut self, (from, until): (f64, f64), end: Spot, mode: Option<Mode>) {
        let (from_ms, until_ms) = (self.instant_ms(from), self.instant_ms(until));
        let (start, activity) = (self.at, Activity::Transit);
        self.pieces.push(Piece { from_ms, until_ms, start, end, activity, mode });
    }

    fn instant_ms(&self, hour: f64) -> i64 {
        self.date.midnight_ms + (hour * HOUR_MS as f64) as i64
    }
}
