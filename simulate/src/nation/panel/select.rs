//! How many phones are seen of so many people.
//!
//! In: people, and the share of them that is in the panel. Out: phones. Some people come with their family of three or
//! not at all, some have two phones: both make a count differ more than that of as many people who come one by one.

use super::Selection;
use crate::nation::draw::Stream;

/// People of a family.
const FAMILY: u64 = 3;
/// No share of people is further from none or all.
const MOST: f64 = 0.95;

/// How people are drawn into a panel.
pub(super) struct Draw {
    families: f64,
    second_phones: f64,
}

impl Draw {
    pub(super) fn of(selection: &Selection) -> Self {
        Self { families: selection.families, second_phones: selection.second_phones }
    }

    /// The phones of these people, of which there are `rate` for each in the mean.
    pub(super) fn phones(&self, stream: &mut Stream, people: u64, rate: f64) -> u64 {
        if people == 0 || rate <= 0.0 {
            return 0;
        }
        let share = (rate / (1.0 + self.second_phones)).min(MOST);
        let families = people as f64 * self.families / FAMILY as f64;
        let families = if families > 0.0 { (families + stream.unit()) as u64 } else { 0 };
        let families = families.min(people / FAMILY);
        let alone = binomial(stream, people - families * FAMILY, share);
        let persons = FAMILY * binomial(stream, families, share) + alone;
        persons + binomial(stream, persons, self.second_phones)
    }

    /// How many times as much a count differs as that of people who come one by one with one phone each, where few of all
    /// are in the panel.
    pub(super) fn effect(&self) -> f64 {
        let of_families = 1.0 + self.families * (FAMILY - 1) as f64;
        let mean = 1.0 + self.second_phones;
        of_families * mean + self.second_phones * (1.0 - self.second_phones) / mean
    }
}

/// Binomial with any share, of any number: large ones are drawn in pieces.
fn binomial(stream: &mut Stream, of: u64, share: f64) -> u64 {
    if share <= 0.0 || of == 0 {
        return 0;
    }
    let of = u32::try_from(of).unwrap_or(u32::MAX);
    if share > 0.5 {
        return u64::from(of - stream.binomial(of, 1.0 - share));
    }
    u64::from(stream.binomial(of, share))
}
