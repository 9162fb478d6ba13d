//! The people of one area: what the figures say together.
//!
//! In: the figures of one area by sex and age. Out: [`Counts`], totals and classes that agree with each other, or the
//! sums that do not. What is missing follows from a sum only when the rest fills it: then the missing are none.

use super::age::{Age, AgeBand, Sex};
use super::observed::{Key, Observed, Seen, Spot, words_of};
use super::places::Area;

/// Of a municipality without a column of unknown ages, so many people may be in its total and in no class: one in a
/// hundred, or ten. More is a figure that is missing.
const UNKNOWN_PERCENT: u64 = 1;
const UNKNOWN_PEOPLE: u64 = 10;

/// A sum that differs from its whole.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    pub(super) what: String,
    pub(super) parts: u64,
    pub(super) whole: u64,
    pub(super) spot: Spot,
}

/// The people of an area, by [`Sex::ALL`].
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) people: [Option<u64>; 3],
    /// In the order of the finest classes.
    pub(super) ages: [Option<Vec<u64>>; 3],
    /// Where a figure of it stands.
    pub(super) spot: Option<Spot>,
    /// Whether figures of ages were there and not all of them.
    pub(super) lacks_ages: bool,
}

impl Counts {
    /// What the figures of an area say, and the sums that differ.
    pub(super) fn of(
        observed: &Observed,
        area: Area,
        classes: &[AgeBand],
        differences: &mut Vec<Difference>,
    ) -> Self {
        let mut counts = Self::default();
        for (at, sex) in Sex::ALL.into_iter().enumerate() {
            counts.read(observed, area, (at, sex), classes, differences);
        }
        counts.join(area, differences);
        counts
    }

    fn read(
        &mut self,
        observed: &Observed,
        area: Area,
        (at, sex): (usize, Sex),
        classes: &[AgeBand],
        differences: &mut Vec<Difference>,
    ) {
        let seen = |age: Age| observed.figures.get(&Key { area, sex, age });
        let total = seen(Age::All);
        let bands: Vec<_> = classes.iter().map(|band| seen(Age::Band(*band))).collect();
        let of_unknown = seen(Age::Unknown);
        self.spot = self.spot.or(total.or(bands.iter().flatten().next().copied()).map(|seen| seen.spot));
        self.people[at] = total.and_then(|seen| seen.people);
        if bands.iter().all(Option::is_none) || classes.is_empty() {
            return;
        }
        let known: u64 = bands.iter().flatten().filter_map(|seen| seen.people).sum();
        let lacks = bands.iter().any(|seen| seen.is_none_or(|seen| seen.people.is_none()));
        let unknown = of_unknown.and_then(|seen| seen.people);
        let ages: Vec<u64> =
            bands.iter().map(|seen| seen.and_then(|seen| seen.people).unwrap_or_default()).collect();
        let parts = known + unknown.unwrap_or_default();
        let Some(whole) = self.people[at] else {
            let is_whole = !lacks && of_unknown.is_none_or(|seen| seen.people.is_some());
            self.people[at] = is_whole.then_some(parts);
            self.ages[at] = (!lacks).then_some(ages);
            self.lacks_ages |= lacks;
            return;
        };
        let gap = whole.checked_sub(parts);
        let is_told = unknown.is_some();
        let is_small = |gap: u64| gap <= UNKNOWN_PEOPLE || gap * 100 <= whole * UNKNOWN_PERCENT;
        match gap {
            Some(0) => self.ages[at] = Some(ages),
            Some(gap) if !lacks && !is_told && is_small(gap) => self.ages[at] = Some(ages),
            Some(_) if lacks => self.lacks_ages = true,
            _ => {
                if let Some(Seen { spot, .. }) = total.copied() {
                    let what = format!("ages of {}", words_of(Key { area, sex, age: Age::All }));
                    differences.push(Difference { what, parts, whole, spot });
                }
            }
        }
    }

    /// Men and women make all, in total and in each class.
    fn join(&mut self, area: Area, differences: &mut Vec<Difference>) {
        let Some(spot) = self.spot else { return };
        let key = Key { area, sex: Sex::All, age: Age::All };
        let mut differ = |what: String, parts: u64, whole: u64| {
            if parts != whole {
                differences.push(Difference { what, parts, whole, spot });
            }
        };
        if let [all, Some(male), Some(female)] = self.people {
            let sum = male + female;
            differ(format!("men and women of {}", words_of(key)), sum, all.unwrap_or(sum));
            self.people[0] = Some(all.unwrap_or(sum));
        }
        if let [all, Some(male), Some(female)] = &self.ages {
            let sums: Vec<u64> = male.iter().zip(female).map(|(male, female)| male + female).collect();
            let whole = all.as_ref().unwrap_or(&sums);
            for (sum, whole) in sums.iter().zip(whole) {
                differ(format!("men and women in a class of ages of {}", words_of(key)), *sum, *whole);
            }
            if all.is_none() {
                self.ages[0] = Some(sums);
            }
        }
    }

    /// Nobody: known in all that the table tells apart.
    pub(super) fn fill_nobody(&mut self, has: &Detailed, classes: usize) {
        if self.people[0] != Some(0) {
            return;
        }
        for at in 0..3 {
            if has.sexes[at] {
                self.people[at] = Some(0);
            }
            if has.ages[at] {
                self.ages[at] = Some(vec![0; classes]);
            }
        }
        self.lacks_ages = false;
    }

    /// The sum of areas; a part that one of them lacks is not known of the sum.
    pub(super) fn sum<'c>(parts: impl Iterator<Item = &'c Counts>) -> Option<Self> {
        parts.cloned().reduce(|mut sum, part| {
            for at in 0..3 {
                sum.people[at] = sum.people[at].zip(part.people[at]).map(|(one, other)| one + other);
                sum.ages[at] = sum.ages[at]
                    .take()
                    .zip(part.ages[at].as_ref())
                    .map(|(one, other)| one.iter().zip(other).map(|(one, other)| one + other).collect());
            }
            sum.lacks_ages |= part.lacks_ages;
            sum
        })
    }

    /// What is known of an area itself, and of its parts where it is silent.
    pub(super) fn filled(own: Self, parts: Self) -> Self {
        let [one, two, three] = own.ages;
        let [first, second, third] = parts.ages;
        let people = |at: usize| own.people[at].or(parts.people[at]);
        let ages = [one.or(first), two.or(second), three.or(third)];
        let lacks_ages = own.lacks_ages && ages[0].is_none();
        Self { people: [people(0), people(1), people(2)], ages, spot: own.spot.or(parts.spot), lacks_ages }
    }

    /// Where a sum of parts differs from the whole, in what both know.
    pub(super) fn differences(parts: &Counts, whole: &Counts, what: &str, differences: &mut Vec<Difference>) {
        let Some(spot) = whole.spot else { return };
        let mut differ = |parts: u64, whole: u64, words: &str| {
            if parts != whole {
                differences.push(Difference { what: format!("{what} ({words})"), parts, whole, spot });
            }
        };
        for (at, sex) in Sex::ALL.into_iter().enumerate() {
            if let (Some(parts), Some(whole)) = (parts.people[at], whole.people[at]) {
                differ(parts, whole, sex.as_str());
            }
            if let (Some(parts), Some(whole)) = (&parts.ages[at], &whole.ages[at]) {
                for (parts, whole) in parts.iter().zip(whole) {
                    differ(*parts, *whole, &format!("{}, a class of ages", sex.as_str()));
                }
            }
        }
    }
}

/// What a table tells apart at all, by [`Sex::ALL`].
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Detailed {
    pub(super) sexes: [bool; 3],
    pub(super) ages: [bool; 3],
}
