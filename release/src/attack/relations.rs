//! What everybody knows of exact counts: which figures add up, and which lie inside others.
//!
//! In: a month. Out: equations and inequalities, and the nested pairs whose difference is a figure that people
//! can compute. A reader of the definition knows them: two visits need two days, three visits three.

use super::key::*;

/// A linear relation: the sum of figures with their factors is 0, or at least 0.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// Figures with their factors.
    pub terms: Vec<(Key, f64)>,
    /// Whether the sum is exactly 0.
    pub is_equation: bool,
}

fn equation(whole: Key, parts: impl Iterator<Item = Key>) -> Relation {
    let terms = std::iter::once((whole, 1.0)).chain(parts.map(|part| (part, -1.0)));
    Relation { terms: terms.collect(), is_equation: true }
}

fn at_least(wholes: &[Key], parts: &[Key]) -> Relation {
    let terms = wholes.iter().map(|key| (*key, 1.0)).chain(parts.iter().map(|key| (*key, -1.0)));
    Relation { terms: terms.collect(), is_equation: false }
}

/// Relations among the figures of a town in a month.
pub(crate) fn of_town(month: u16, town: u16) -> Vec<Relation> {
    let all = Key { month, place: Place::Town(town), kind: VISITOR, origin: None };
    let mut found: Vec<Relation> = (0..KINDS)
        .map(|kind| equation(all.of(kind), (0..PREFECTURES).map(|home| all.of(kind).from(Some(home)))))
        .collect();
    for home in 0..PREFECTURES {
        let key = all.from(Some(home));
        found.push(equation(key, (DAYS_1..KINDS).map(|class| key.of(class))));
        found.push(at_least(&[key.of(REPEAT)], &[key.of(CONNECTED)]));
        found.push(at_least(&[key], &[key.of(REPEAT), key.of(DAYS_1)]));
        found.push(at_least(&[key.of(7), key.of(8), key.of(9)], &[key.of(CONNECTED)]));
        found.push(at_least(&[key], &[key.of(DUAL_RESIDENT)]));
        found.push(at_least(&[key], &[key.of(WORKATION), key.of(DAYS_1)]));
    }
    found
}

/// Relations of totals with each other and with the towns in them.
pub(crate) fn of_totals(month: u16) -> Vec<Relation> {
    let mut found = Vec::new();
    for kind in 0..KINDS_OF_TOTALS {
        let at = |place| Key { month, place, kind, origin: None };
        let prefectures: Vec<Key> = (0..PREFECTURES).map(Place::Prefecture).map(at).collect();
        for (index, prefecture) in prefectures.iter().enumerate() {
            let towns = (0..TOWNS).filter(|town| usize::from(prefecture_of(*town)) == index);
            let towns: Vec<Key> = towns.map(Place::Town).map(at).collect();
            found.extend(union(*prefecture, &towns));
        }
        found.extend(union(at(Place::Country), &prefectures));
    }
    for visitor in totals_of(month).filter(|key| key.kind == VISITOR) {
        let inside = INSIDE.iter().filter(|(_, part)| *part < KINDS_OF_TOTALS);
        found.extend(inside.map(|(whole, part)| at_least(&[visitor.of(*whole)], &[visitor.of(*part)])));
    }
    found
}

/// Distinct people: at least as many as in each part, at most as many as in all together.
fn union(whole: Key, parts: &[Key]) -> Vec<Relation> {
    let each = parts.iter().map(|part| at_least(&[whole], &[*part]));
    each.chain(std::iter::once(at_least(parts, &[whole]))).collect()
}

/// Nested pairs (whole, part) of a town in a month.
pub(crate) fn nested(month: u16, town: u16) -> Vec<(Key, Key)> {
    let all = Key { month, place: Place::Town(town), kind: VISITOR, origin: None };
    let kinds = origins().flat_map(|origin| {
        INSIDE.iter().map(move |(whole, part)| (all.from(origin).of(*whole), all.from(origin).of(*part)))
    });
    let homes = (0..KINDS)
        .flat_map(|kind| (0..PREFECTURES).map(move |home| (all.of(kind), all.of(kind).from(Some(home)))));
    kinds.chain(homes).collect()
}
