//! Which ages of a table are its classes.
//!
//! In: every band that a table has: five-year classes, single years, and those that are listed again (再掲) such as
//! 15歳未満 or 65歳以上. Out: the finest of them that reach from 0 to an open end without gap or overlap, so that each person
//! is counted once; and how single years make five-year classes, which is what is kept.

use std::collections::BTreeSet;

use super::age::AgeBand;

/// Years of a class that is kept.
const CLASS_YEARS: u8 = 5;

/// The finest classes, in order; empty when the bands leave a gap.
pub(super) fn finest(bands: &BTreeSet<AgeBand>) -> Vec<AgeBand> {
    let last = usize::from(AgeBand::OLDEST) + 1;
    // For each age: how many classes lead from it to the open end, and the first of them.
    let mut best: Vec<Option<(usize, AgeBand)>> = vec![None; last + 1];
    for band in bands.iter().rev() {
        let from = usize::from(band.from);
        let pieces = match band.to {
            None => Some(1),
            Some(to) => best[usize::from(to) + 1].map(|(pieces, _)| pieces + 1),
        };
        if let Some(pieces) = pieces.filter(|pieces| best[from].is_none_or(|(most, _)| *pieces > most)) {
            best[from] = Some((pieces, *band));
        }
    }
    let (mut classes, mut at) = (Vec::new(), Some(0));
    while let Some((_, band)) = at.and_then(|at: usize| best[at]) {
        classes.push(band);
        at = band.to.map(|to| usize::from(to) + 1);
    }
    classes
}

/// A class that is kept, and how many of the finest ones it takes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class {
    pub(super) band: AgeBand,
    pub(super) parts: usize,
}

/// The classes that are kept: narrower ones are put together to five years, wider ones stay.
pub(super) fn classes(finest: &[AgeBand]) -> Vec<Class> {
    let mut classes = Vec::new();
    let mut rest = finest;
    while let Some(first) = rest.first() {
        let end = first.from.saturating_add(CLASS_YEARS - 1);
        let parts = rest.iter().position(|band| band.to == Some(end)).map(|last| last + 1);
        let class = match parts.filter(|_| first.from.is_multiple_of(CLASS_YEARS)) {
            Some(parts) => Class { band: AgeBand { from: first.from, to: Some(end) }, parts },
            None => Class { band: *first, parts: 1 },
        };
        rest = &rest[class.parts..];
        classes.push(class);
    }
    classes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn band(from: u8, to: Option<u8>) -> AgeBand {
        AgeBand { from, to }
    }

    fn five_years(open: u8) -> Vec<AgeBand> {
        let closed = (0..open).step_by(5).map(|from| band(from, Some(from + 4)));
        closed.chain([band(open, None)]).collect()
    }

    #[test]
    fn classes_listed_again_are_left_out() {
        let again = [band(0, Some(14)), band(15, Some(64)), band(65, None), band(75, None), band(100, None)];
        let all: BTreeSet<AgeBand> = five_years(100).into_iter().chain(again).collect();
        assert_eq!(finest(&all), five_years(100));
        assert!(classes(&finest(&all)).iter().all(|class| class.parts == 1));
    }

    #[test]
    fn single_years_make_five() {
        let years: BTreeSet<AgeBand> =
            (0..100).map(|age| band(age, Some(age))).chain(five_years(100)).collect();
        let finest = finest(&years);
        assert_eq!(finest.len(), 101);
        let kept: Vec<AgeBand> = classes(&finest).iter().map(|class| class.band).collect();
        assert_eq!(kept, five_years(100));
    }

    #[test]
    fn a_gap_leaves_no_classes() {
        assert!(finest(&BTreeSet::from([band(15, Some(64)), band(65, None)])).is_empty());
        assert!(finest(&BTreeSet::from([band(0, Some(14)), band(16, None)])).is_empty());
        assert!(finest(&BTreeSet::from([band(0, Some(130))])).is_empty());
        assert!(finest(&BTreeSet::new()).is_empty());
        assert_eq!(finest(&BTreeSet::from([band(0, Some(14)), band(15, None)])).len(), 2);
    }
}
