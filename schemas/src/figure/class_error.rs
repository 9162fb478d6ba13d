//! What phones show of each kind of tie for a true one: the errors of classes, which no interval of a release holds.
//!
//! In: `schemas/class_errors.csv`, counted in simulated worlds whose truth is known, by `make accuracy` and by nobody's hand.
//! Out: a [`ClassError`] for each kind and number of pings a day. They are printed and nothing is multiplied by them: what
//! is missed follows the pings of a phone, and that a real panel errs as simulated people do is not known. A factor on a
//! figure would claim it. Ties are those of `connected-2026`.

/// Fewer true ties than this say nothing of a kind.
pub const LEAST_TRUE: u32 = 30;

const COUNTED: &str = include_str!("../../class_errors.csv");

/// What phones with so many pings a day show of a kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassError {
    /// The word of a [`CountedKind`](super::CountedKind).
    pub kind: &'static str,
    /// Mean pings of a phone on a day.
    pub pings_a_day: f64,
    /// Ties that are true of the people who carry the phones.
    pub truth: u32,
    /// Ties that their phones show, true or not.
    pub seen: u32,
    /// Simulated worlds in which they were counted.
    pub worlds: u32,
    /// The least and the most of seen by true between worlds; `None` of one world, and of too few ties.
    pub between_worlds: Option<(f64, f64)>,
}

impl ClassError {
    /// All that were counted. A line that is not well formed is left out, which a test rules out.
    pub fn all() -> impl Iterator<Item = Self> {
        lines().filter_map(Self::read)
    }

    /// Seen by true; `None` of too few ties.
    pub fn seen_per_true(&self) -> Option<f64> {
        (self.truth >= LEAST_TRUE).then(|| f64::from(self.seen) / f64::from(self.truth))
    }

    fn read(line: &'static str) -> Option<Self> {
        let mut cells = line.split(',');
        let mut next = || cells.next();
        let (kind, pings_a_day) = (next()?, next()?.parse().ok()?);
        let (truth, seen, worlds) = (next()?.parse().ok()?, next()?.parse().ok()?, next()?.parse().ok()?);
        let between_worlds = match (next()?, next()?) {
            ("", "") => None,
            (least, most) => Some((least.parse().ok()?, most.parse().ok()?)),
        };
        Some(Self { kind, pings_a_day, truth, seen, worlds, between_worlds })
    }
}

fn lines() -> impl Iterator<Item = &'static str> {
    COUNTED.lines().skip(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::definition::Definition;
    use crate::figure::CountedKind;

    #[test]
    fn every_line_is_of_a_kind_that_is_counted_and_stands_once() {
        let definition = Definition::connected_2026().unwrap();
        let kinds: Vec<String> =
            CountedKind::of_municipalities(&definition).iter().map(ToString::to_string).collect();
        let all: Vec<ClassError> = ClassError::all().collect();
        assert_eq!(all.len(), lines().count(), "each line is well formed");
        let mut known = BTreeSet::new();
        for one in all {
            assert!(kinds.iter().any(|kind| kind == one.kind), "{one:?}");
            assert!(known.insert((one.kind, one.pings_a_day.to_string())), "{one:?} stands twice");
            assert!(one.pings_a_day > 0.0 && one.worlds > 0, "{one:?}");
            let Some((least, most)) = one.between_worlds else { continue };
            let share = one.seen_per_true().expect("too few ties have no spread");
            // Ends are rounded to three places.
            assert!(least - 0.001 <= share && share <= most + 0.001, "{one:?}");
        }
    }

    #[test]
    fn what_most_ask_for_was_counted_at_the_usual_pings() {
        let usual = |kind: &str| ClassError::all().find(|one| one.kind == kind && one.pings_a_day == 20.0);
        for kind in ["visitor", "repeat", "connected", "dual_resident"] {
            let counted = usual(kind).and_then(|one| one.seen_per_true());
            assert!(
                counted.is_some(),
                "{kind}: make accuracy ARGS=\"--class-errors schemas/class_errors.csv\""
            );
        }
    }

    #[test]
    fn few_true_ties_have_no_share_and_no_spread() {
        let few = ClassError::read("business,20,29,30,2,,").unwrap();
        assert_eq!((few.seen_per_true(), few.between_worlds), (None, None));
        let enough = ClassError::read("connected,2.5,200,150,2,0.700,0.800").unwrap();
        assert_eq!((enough.seen_per_true(), enough.between_worlds), (Some(0.75), Some((0.7, 0.8))));
        assert_eq!(ClassError::read("connected,2.5,200"), None);
    }
}
