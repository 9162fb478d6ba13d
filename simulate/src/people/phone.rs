//! The habits of a phone: how often it reports, and when it is silent.
//!
//! In: a world and a person. Out: [`Phone`], drawn once with the person. What the phone sees is in
//! [`crate::observe`].

use crate::date::Date;
use crate::random::{Purpose, between, chance, generator, share, weighted};
use crate::world::{Preset, Ways, World};

/// What a phone says of its speed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speeds {
    /// Always, and up to a fifth too slow.
    Guessed,
    /// As receivers of satellites measure it; often nothing when the fix came from a network.
    Measured,
}

/// The habits of a phone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phone {
    /// Mean fixes on a day that is not silent.
    pub rate: f64,
    /// No fixes from 0 to 6 o'clock.
    pub sleeps: bool,
    /// Share of days without a fix.
    silent_days: f64,
    /// Share of weeks without a fix.
    silent_weeks: f64,
    /// Share of holidays without a fix.
    silent_holidays: f64,
    /// 1 or 10: coordinates are rounded to 1e-7 or 1e-6 degree.
    pub grid_e7: i32,
    /// Share of bursts that jump while indoors.
    pub jumps: f64,
    pub speeds: Speeds,
}

impl Phone {
    /// Draws the habits of a person's phone.
    pub(crate) fn draw(world: &World, index: u32) -> Self {
        let mut rng = generator(world.seed, u64::from(index), 0, Purpose::Phone);
        let rng = &mut rng;
        let hard = world.preset == Preset::Hard;
        let rates = [5.0, 10.0, 20.0, 50.0, 200.0];
        let mixture = [0.15, 0.45, 0.75, 0.95, 1.0];
        let drawn = rates[weighted(rng, &mixture).unwrap_or_default()];
        Self {
            rate: world.pings_per_day.unwrap_or(drawn),
            sleeps: chance(rng, 0.35),
            silent_days: between(rng, 0.0, if hard { 0.25 } else { 0.04 }),
            silent_weeks: if hard { between(rng, 0.0, 0.05) } else { 0.004 },
            silent_holidays: if hard && chance(rng, 0.2) { 0.5 } else { 0.0 },
            grid_e7: if chance(rng, 0.5) { 10 } else { 1 },
            jumps: if hard { between(rng, 0.0, 0.06) } else { 0.005 },
            speeds: match world.ways {
                Ways::Straight => Speeds::Guessed,
                Ways::Real => Speeds::Measured,
            },
        }
    }

    /// Whether the phone reports nothing on a day.
    pub(crate) fn is_silent(&self, seed: u64, index: u32, date: Date) -> bool {
        let who = u64::from(index);
        // Day 0 of the epoch was a Thursday.
        let week = (date.day.0 + 3).div_euclid(7);
        let silent_days =
            if date.holiday { self.silent_holidays.max(self.silent_days) } else { self.silent_days };
        share(seed, who, date.day.0, Purpose::Silence) < silent_days
            || share(seed, who, week, Purpose::SilentWeek) < self.silent_weeks
    }
}
