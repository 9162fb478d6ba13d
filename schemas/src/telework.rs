//! Working days at home as leave makes them, and as telework does: the shapes of both, and a histogram's cells.
//!
//! In: working days on which commuters were seen, and how many of them were spent at home. Out: how probable each count
//! is for somebody who is at home on days off alone and for somebody who works at home too; a device's cell in a
//! histogram by both numbers; and, cell by cell, what a mixture of the two makes of it. Counting takes one prior for
//! everybody, since it sees one device at a time; the release fits the mixture to noised histograms, and knows from
//! here what the counts would have been with the fitted one. Both must mean the same, so both read it here.

use crate::definition::Thresholds;

/// How strongly days off cluster in a quarter: their share of working days is Beta distributed with this sum of
/// parameters, which gives a standard deviation of 2 days in 60 at a mean of 2.
const OFF_CONCENTRATION: f64 = 40.0;
/// The same for telework as it is counted, whose share of days ranges from one day a month to four a week.
pub const TELEWORK_CONCENTRATION: f64 = 3.0;

/// The least days seen of each class of days seen.
const SEEN_FROM: [u32; SEEN_CLASSES] = [1, 15, 30, 45];
/// The most days at home, percent of those seen, of each class of shares but the last.
const SHARE_TO_PERCENT: [u32; SHARE_CLASSES - 1] = [4, 10, 18, 30, 50];
/// Most working days of three months.
const MOST_SEEN: u32 = 66;

/// Classes of days seen.
pub const SEEN_CLASSES: usize = 4;
/// Classes of shares of days at home.
pub const SHARE_CLASSES: usize = 6;
/// Cells of the histogram: classes of shares within classes of days seen.
pub const CELLS: usize = SEEN_CLASSES * SHARE_CLASSES;

/// Working days as they were seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HomeDays {
    /// Days seen in working hours.
    pub seen: u32,
    /// Of these, days at home.
    pub at_home: u32,
}

/// What is taken of people before their days are seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Share of commuters who also work at home.
    pub teleworkers: f64,
    /// Share of working days that anybody is at home without working.
    pub off: f64,
    /// Share of the other days that people who work at home do so, on average.
    pub mean: f64,
}

impl Prior {
    /// That of a definition.
    pub fn of(thresholds: &Thresholds) -> Self {
        Self {
            teleworkers: thresholds.teleworkers_share.get(),
            off: thresholds.day_off_share.get(),
            mean: thresholds.telework_mean_share.get(),
        }
    }

    /// Mean share of days at home of somebody who works there.
    fn at_home(&self) -> f64 {
        self.off + (1.0 - self.off) * self.mean
    }
}

impl HomeDays {
    /// Classes of days seen and of the share at home; `None` where nothing was seen.
    pub fn cell(self) -> Option<(usize, usize)> {
        let seen = SEEN_FROM.iter().rposition(|from| self.seen >= *from)?;
        let is_above = |to: &&u32| 100 * u64::from(self.at_home) > u64::from(**to) * u64::from(self.seen);
        Some((seen, SHARE_TO_PERCENT.iter().take_while(is_above).count()))
    }

    /// Probability that somebody with such days works at home, by Bayes: both shares are Beta distributed, so
    /// both counts are Beta-binomial.
    pub fn probability(self, prior: &Prior) -> f64 {
        let own = self.at_home.min(self.seen) as usize;
        probabilities(self.seen, prior).nth(own).unwrap_or(prior.teleworkers)
    }

    /// Share of working days that is telework, for somebody who works at home: on the other days it is off as often as
    /// anybody.
    pub fn share(self, off: f64) -> f64 {
        let at_home = f64::from(self.at_home) / f64::from(self.seen.max(1));
        ((at_home - off) / (1.0 - off)).max(0.0)
    }
}

/// Probability that somebody works at home, for each number of days at home.
fn probabilities(seen: u32, prior: &Prior) -> impl Iterator<Item = f64> {
    let with = beta_binomial(seen, prior.at_home(), TELEWORK_CONCENTRATION);
    let without = beta_binomial(seen, prior.off, OFF_CONCENTRATION);
    let share = prior.teleworkers;
    with.zip(without).map(move |(with, without)| {
        let (telework, neither) = (share * with, (1.0 - share) * without);
        telework / (telework + neither)
    })
}

/// Probability of each number of days at home, from none to all that were seen: Beta-binomial.
fn beta_binomial(seen: u32, mean: f64, concentration: f64) -> impl Iterator<Item = f64> {
    let (a, b) = (mean * concentration, (1.0 - mean) * concentration);
    let none: f64 = (0..seen).map(|day| (b + f64::from(day)) / (a + b + f64::from(day))).product();
    (0..=seen).scan(none, move |next, days| {
        let (now, days, left) = (*next, f64::from(days), f64::from(seen) - f64::from(days));
        *next = now * left * (a + days) / ((days + 1.0) * (b + left - 1.0).max(f64::MIN_POSITIVE));
        Some(now)
    })
}

/// Devices and their telework in one cell, for each device of a class of days seen.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Part {
    /// Share of these devices that is in the cell.
    pub devices: f64,
    /// Share of working days that is telework, added up over them.
    pub days: f64,
    /// The same as the prior of the definition makes it: teleworkers.
    pub taken: f64,
    /// Their days.
    pub taken_days: f64,
}

/// The cells of people of whom so large a share of days is off, and whose shares of telework cluster so strongly.
#[derive(Debug, Clone, PartialEq)]
pub struct Shapes {
    /// Those who work at home.
    pub telework: [Part; CELLS],
    /// Those who do not.
    pub neither: [Part; CELLS],
}

impl Shapes {
    /// The cells at a share of days off and a concentration of telework, beside a prior that was taken when they were
    /// counted. Days seen are taken to be spread evenly within a class.
    pub fn new(off: f64, concentration: f64, taken: &Prior) -> Self {
        let mut shapes = Self { telework: [Part::default(); CELLS], neither: [Part::default(); CELLS] };
        let with_telework = Prior { off, ..*taken }.at_home();
        for (class, from) in SEEN_FROM.into_iter().enumerate() {
            let until = SEEN_FROM.get(class + 1).copied().unwrap_or(MOST_SEEN + 1);
            let each = 1.0 / f64::from(until - from);
            for seen in from..until {
                let telework = beta_binomial(seen, with_telework, concentration);
                let neither = beta_binomial(seen, off, OFF_CONCENTRATION);
                let all = telework.zip(neither).zip(probabilities(seen, taken));
                for (at_home, ((telework, neither), probability)) in (0..=seen).zip(all) {
                    let days = HomeDays { seen, at_home };
                    let Some((class, share)) = days.cell() else { continue };
                    let cell = class * SHARE_CLASSES + share;
                    let taken_share = days.share(taken.off);
                    shapes.telework[cell].add(each * telework, days.share(off), probability, taken_share);
                    shapes.neither[cell].add(each * neither, 0.0, probability, taken_share);
                }
            }
        }
        shapes
    }

    /// A cell of a mixture with so large a share of teleworkers.
    pub fn mixed(&self, cell: usize, teleworkers: f64) -> Part {
        let (with, without) = (self.telework[cell], self.neither[cell]);
        let mix = |pick: fn(&Part) -> f64| teleworkers * pick(&with) + (1.0 - teleworkers) * pick(&without);
        Part {
            devices: mix(|part| part.devices),
            days: mix(|part| part.days),
            taken: mix(|part| part.taken),
            taken_days: mix(|part| part.taken_days),
        }
    }
}

impl Part {
    fn add(&mut self, devices: f64, share: f64, taken: f64, taken_share: f64) {
        self.devices += devices;
        self.days += devices * share;
        self.taken += devices * taken;
        self.taken_days += devices * taken * taken_share;
    }
}

#[cfg(test)]
#[path = "telework_tests.rs"]
mod tests;
