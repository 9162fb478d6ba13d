//! Days at home → whether somebody who commutes also works at home, and how often.
//!
//! In: of the ordinary working days on which a commuter was seen, how many were spent at home. Out: the probability
//! that these are telework and not days off, and the days of telework expected among them. Anybody is at home now
//! and then on a working day, so no count of days is a line between the two; instead each count is as probable as
//! leave makes it, or as telework makes it, and the rates of both are those that surveys give.

use kayoi_schemas::definition::Thresholds;

/// Working days as they were seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct HomeDays {
    /// Days seen in working hours.
    pub seen: u32,
    /// Of these, days at home.
    pub at_home: u32,
}

/// How strongly days off cluster in a quarter: their share of working days is Beta distributed with this sum of
/// parameters, which gives a standard deviation of 2 days in 60 at a mean of 2.
const OFF_CONCENTRATION: f64 = 40.0;
/// The same for telework, whose share of days ranges from one day a month to four a week.
const TELEWORK_CONCENTRATION: f64 = 3.0;

impl HomeDays {
    /// Probability that somebody with such days works at home, by Bayes: both shares are Beta distributed, so
    /// both counts are Beta-binomial.
    pub(crate) fn probability(self, thresholds: &Thresholds) -> f64 {
        let prior = thresholds.teleworkers_share.get();
        let off = thresholds.day_off_share.get();
        let with_telework = off + thresholds.telework_mean_share.get();
        let telework = prior * self.likelihood(with_telework, TELEWORK_CONCENTRATION);
        let neither = (1.0 - prior) * self.likelihood(off, OFF_CONCENTRATION);
        telework / (telework + neither)
    }

    /// Share of the days that telework is expected to be, for somebody who works at home with a probability.
    pub(crate) fn share(self, probability: f64, thresholds: &Thresholds) -> f64 {
        let seen = f64::from(self.seen.max(1));
        probability * (f64::from(self.at_home) / seen - thresholds.day_off_share.get()).max(0.0)
    }

    /// Beta-binomial probability of the count, but for the binomial coefficient, which both have.
    fn likelihood(self, mean: f64, concentration: f64) -> f64 {
        let (a, b) = (mean * concentration, (1.0 - mean) * concentration);
        let rising = |from: f64, count: u32| (0..count).map(|n| (from + f64::from(n)).ln()).sum::<f64>();
        (rising(a, self.at_home) + rising(b, self.seen - self.at_home.min(self.seen))
            - rising(a + b, self.seen))
        .exp()
    }
}

#[cfg(test)]
#[path = "telework_tests.rs"]
mod tests;
