//! Ties that change their class too often → ties within what the ledger has counted.
//!
//! In: the class of one device's tie to one area, month by month. Out: the same, except that a tie which has
//! begun to be counted in too many figures within the windows of a year keeps the class that it had, or stays
//! out. Each beginning tells more than a month of staying does, so a tie that goes to and fro would cost more
//! than any other; with this the budget of the ledger is a hard limit. What it changes is counted.

use std::collections::BTreeMap;

use kayoi_schemas::disclosure::{MOST_RUN_STARTS, TIE_WINDOWS};
use kayoi_schemas::figure::{Atom, Cube, TieClass};
use kayoi_schemas::time::Month;

/// The cells of one tie, by month, and in how many months they are not what they would have been.
pub(super) fn bounded(cube: Cube, series: &BTreeMap<Month, Atom>) -> (Vec<Atom>, u64) {
    held(series, MOST_RUN_STARTS, |atom, before| begun(cube, atom, before))
}

/// The cells of a series with at most so many beginnings within the windows of a year, and how many are not what
/// they would have been. `begun` says in how many figures a cell begins to be counted after that of the month
/// before.
pub(super) fn held(
    series: &BTreeMap<Month, Atom>,
    most_starts: u32,
    begun: impl Fn(&Atom, Option<&Atom>) -> u32,
) -> (Vec<Atom>, u64) {
    let (mut kept, mut changed) = (Vec::with_capacity(series.len()), 0);
    let mut starts: Vec<(Month, u32)> = Vec::new();
    let mut last: Option<(Month, Atom)> = None;
    for (month, atom) in series {
        let before = last.filter(|(then, _)| then.plus(1) == *month).map(|(_, atom)| atom);
        let begun = begun(atom, before.as_ref());
        starts.retain(|(then, _)| then.0 > month.0 - TIE_WINDOWS as i32);
        let so_far: u32 = starts.iter().map(|(_, count)| count).sum();
        let counted = if so_far + begun <= most_starts {
            starts.push((*month, begun));
            Some(*atom)
        } else {
            changed += 1;
            before.map(|before| Atom { period: atom.period, ..before })
        };
        last = counted.map(|atom| (*month, atom));
        kept.extend(counted);
    }
    (kept, changed)
}

/// In how many figures a tie begins to be counted that it was not in the month before. By another origin all
/// of them begin anew.
fn begun(cube: Cube, atom: &Atom, before: Option<&Atom>) -> u32 {
    let Some(class) = TieClass::of(cube, atom.class) else { return 0 };
    let same_origin = before.filter(|before| before.origin.prefecture() == atom.origin.prefecture());
    match same_origin.and_then(|before| TieClass::of(cube, before.class)) {
        Some(before) => class.kinds_beyond(before),
        None => class.kinds(),
    }
}

#[cfg(test)]
#[path = "runs_tests.rs"]
mod tests;
