//! Ties: classes of visit days, and kinds.

use std::collections::{BTreeMap, BTreeSet};

use super::residences::{Exchanged, compared};
use super::{Pair, confuse, detection};
use crate::score::report::{Classes, Confusion, Detection, Kinds};
use crate::score::seen::SeenTie;
use crate::score::share::share;
use crate::score::truth::Known;

/// The weakest kind.
const ONE_OFF: &str = "one_off";
/// No tie.
const NONE: &str = "none";

/// Ties of dual residents are scored as residences, not here.
pub(super) fn classes(known: &Known, ties: &[&SeenTie]) -> Classes {
    let seen: BTreeMap<Pair, u32> = ties
        .iter()
        .filter(|tie| !tie.is_dual_resident)
        .map(|tie| ((tie.device, tie.town), least_days(&tie.class)))
        .collect();
    let truth: BTreeMap<Pair, u32> = known
        .ties
        .iter()
        .filter(|(_, tie)| !tie.is_dual_resident)
        .map(|(pair, tie)| (*pair, least_days(&tie.class)))
        .collect();
    let count = |same: &dyn Fn(u32, u32) -> bool| {
        let right = |(pair, days): &(&Pair, &u32)| seen.get(*pair).is_some_and(|found| same(*found, **days));
        truth.iter().filter(right).count() as u64
    };
    let often = |ties: &BTreeMap<Pair, u32>| -> BTreeSet<Pair> {
        ties.iter().filter(|(_, days)| **days >= 3).map(|(pair, _)| *pair).collect()
    };
    let (equal, equal_coarse) = (count(&|a, b| a == b), count(&|a, b| coarse(a) == coarse(b)));
    let all = truth.len() as u64;
    Classes {
        truth: all,
        found: count(&|_, _| true),
        equal,
        equal_share: share(equal, all),
        equal_coarse,
        equal_coarse_share: share(equal_coarse, all),
        often: detection(&often(&truth), &often(&seen)),
    }
}

/// The lower end of a class such as `3-7`, `1` or `24+`.
fn least_days(class: &str) -> u32 {
    let digits: String = class.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// 1, 2 to 7, 8 and more.
fn coarse(least_days: u32) -> u32 {
    match least_days {
        0 | 1 => 1,
        2..=7 => 2,
        _ => 8,
    }
}

pub(super) fn kinds(known: &Known, ties: &[&SeenTie], exchanged: &Exchanged) -> Kinds {
    let at = |tie: &SeenTie| {
        let pair = (tie.device, tie.town);
        if tie.is_dual_resident { compared(exchanged, pair) } else { pair }
    };
    let seen: BTreeMap<Pair, &str> = ties.iter().map(|tie| (at(tie), tie.kind.as_str())).collect();
    let truth: BTreeMap<Pair, &str> =
        known.ties.iter().map(|(pair, tie)| (*pair, tie.kind.as_str())).collect();
    let mut confusion = Confusion::new();
    let pairs: BTreeSet<&Pair> = truth.keys().chain(seen.keys()).collect();
    for pair in pairs {
        let word = |kinds: &BTreeMap<Pair, &str>| (*kinds.get(pair).unwrap_or(&NONE)).to_owned();
        confuse(&mut confusion, &word(&truth), &word(&seen));
    }
    let of = |kinds: &BTreeMap<Pair, &str>, counts: &dyn Fn(&str) -> bool| -> BTreeSet<Pair> {
        kinds.iter().filter(|(_, kind)| counts(kind)).map(|(pair, _)| *pair).collect()
    };
    let against = |counts: &dyn Fn(&str) -> bool| detection(&of(&truth, counts), &of(&seen, counts));
    let words: BTreeSet<&str> = truth.values().chain(seen.values()).copied().collect();
    let by_kind: BTreeMap<String, Detection> =
        words.into_iter().map(|word| (word.to_owned(), against(&|kind| kind == word))).collect();
    Kinds { confusion, by_kind, repeat_or_stronger: against(&|kind| kind != ONE_OFF) }
}
