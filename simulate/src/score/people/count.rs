//! People: counting.

use std::collections::{BTreeMap, BTreeSet};

use kayoi_schemas::ids::PrefectureCode;

use super::known::{Known, Pair};
use super::seen::Seen;
use super::{Estimated, KindOfPerson, Pairs, People, Shown};
use crate::score::share::{ratio, share};

/// How many people each person located in a prefecture stands for.
struct Weights {
    by_prefecture: BTreeMap<PrefectureCode, f64>,
    /// For prefectures where nobody is located: everybody's mean.
    borrowed: f64,
}

impl Weights {
    fn new(living: &BTreeMap<PrefectureCode, u64>, located: &BTreeMap<PrefectureCode, u64>) -> Self {
        let with_some = living.iter().filter_map(|(prefecture, people)| {
            let located = located.get(prefecture).filter(|count| **count > 0)?;
            Some((*prefecture, *people, *people as f64 / *located as f64))
        });
        let covered: u64 = with_some.clone().map(|(_, people, _)| people).sum();
        let all: u64 = living.values().sum();
        // The people of a prefecture without a located person are spread over all others.
        let spread = ratio(all as f64, covered as f64).unwrap_or(0.0);
        let borrowed = ratio(all as f64, located.values().sum::<u64>() as f64).unwrap_or(0.0);
        Self {
            by_prefecture: with_some.map(|(prefecture, _, weight)| (prefecture, spread * weight)).collect(),
            borrowed,
        }
    }

    fn of(&self, prefecture: PrefectureCode) -> f64 {
        self.by_prefecture.get(&prefecture).copied().unwrap_or(self.borrowed)
    }
}

fn by_prefecture(homes: impl Iterator<Item = PrefectureCode>) -> BTreeMap<PrefectureCode, u64> {
    let mut counts = BTreeMap::new();
    homes.for_each(|prefecture| *counts.entry(prefecture).or_default() += 1);
    counts
}

pub(super) fn count(known: &Known, seen: &Seen) -> People {
    let ids: Vec<(i64, i64)> = known
        .person_of
        .iter()
        .map(|(id, person)| (*id, *person))
        .filter(|(id, _)| {
            seen.counting.is_some() && seen.counts(*id)
                || seen.counting.is_none() && seen.primary.contains_key(id)
        })
        .collect();
    let counted: BTreeSet<i64> = ids
        .iter()
        .map(|(_, person)| *person)
        .filter(|person| known.persons.get(person).is_some_and(|person| person.is_domestic()))
        .collect();
    let living = by_prefecture(known.primary.values().map(|town| town.prefecture()));
    let located_ids = seen.primary.iter().filter(|(id, _)| seen.counts(**id));
    let of_ids = Weights::new(&living, &by_prefecture(located_ids.map(|(_, town)| town.prefecture())));
    let of_panel = counted.iter().filter_map(|person| known.primary.get(person));
    let of_persons = Weights::new(&living, &by_prefecture(of_panel.map(|town| town.prefecture())));
    let mut by_kind = kinds(known, seen, &counted);
    let dual = estimated(known, seen, &counted, (&known.seconds, &seen.seconds), (&of_ids, &of_persons));
    let connected =
        estimated(known, seen, &counted, (&known.connected, &seen.connected), (&of_ids, &of_persons));
    for (kind, of_kind) in &mut by_kind {
        of_kind.dual = dual.1.get(kind).cloned().unwrap_or_default();
        of_kind.connected = connected.1.get(kind).cloned().unwrap_or_default();
    }
    let domestic = || known.persons.values().filter(|person| person.is_domestic());
    let panel = domestic().filter(|person| person.in_panel).count() as u64;
    People {
        people: domestic().count() as u64,
        panel,
        counted: counted.len() as u64,
        counted_share: share(counted.len() as u64, panel),
        has_panel_table: seen.counting.is_some(),
        dual: dual.0,
        connected: connected.0,
        shown: shown(known, seen, &ids),
        by_kind,
    }
}

/// What ids show of each kind, beside what is true of the persons behind them.
fn shown(known: &Known, seen: &Seen, ids: &[(i64, i64)]) -> BTreeMap<String, Shown> {
    let mut by_kind: BTreeMap<String, Shown> = BTreeMap::new();
    for (id, person) in ids {
        for (kind, count) in known.ties.get(person).into_iter().flatten() {
            by_kind.entry(kind.to_string()).or_default().truth += count;
        }
        for (kind, count) in seen.ties.get(id).into_iter().flatten() {
            by_kind.entry(kind.to_string()).or_default().seen += count;
        }
    }
    by_kind
}

/// The pair of a person that an id's pair says. Of two residences with nearly as many nights either is the second.
fn said(known: &Known, seen: &Seen, (id, town): (i64, kayoi_schemas::ids::MunicipalityCode)) -> Option<Pair> {
    let person = *known.person_of.get(&id)?;
    let is_exchanged = known.nearly_even.contains(&person) && known.primary.get(&person) == Some(&town);
    let other = seen.primary.get(&id).filter(|other| known.seconds.contains(&(person, **other)));
    Some((person, other.copied().filter(|_| is_exchanged).unwrap_or(town)))
}

fn estimated(
    known: &Known,
    seen: &Seen,
    counted: &BTreeSet<i64>,
    (truth, tables): (&BTreeSet<Pair>, &BTreeSet<Pair>),
    (of_ids, of_persons): (&Weights, &Weights),
) -> (Estimated, BTreeMap<String, Pairs>) {
    let kind_of = |person: i64| known.persons.get(&person).map_or("unknown", |person| person.kind.as_str());
    let mut by_kind: BTreeMap<String, Pairs> = BTreeMap::new();
    let (mut estimate, mut without_error) = (0.0, 0.0);
    let mut found: BTreeSet<Pair> = BTreeSet::new();
    for &pair in tables.iter().filter(|(id, _)| seen.counts(*id)) {
        let Some((person, town)) = said(known, seen, pair) else { continue };
        let pairs = by_kind.entry(kind_of(person).to_owned()).or_default();
        pairs.seen += 1;
        if !truth.contains(&(person, town)) {
            pairs.invented += 1;
        } else if !found.insert((person, town)) {
            pairs.doubled += 1;
        }
        if let Some(home) = seen.primary.get(&pair.0) {
            estimate += of_ids.of(home.prefecture());
        }
    }
    for pair in truth {
        let pairs = by_kind.entry(kind_of(pair.0).to_owned()).or_default();
        pairs.truth_all += 1;
        if !counted.contains(&pair.0) {
            continue;
        }
        pairs.panel_truth += 1;
        if found.contains(pair) {
            pairs.found += 1;
        } else {
            pairs.missed += 1;
        }
        if let Some(home) = known.primary.get(&pair.0) {
            without_error += of_persons.of(home.prefecture());
        }
    }
    let all = by_kind.values().fold(Pairs::default(), |sum, pairs| Pairs {
        truth_all: sum.truth_all + pairs.truth_all,
        panel_truth: sum.panel_truth + pairs.panel_truth,
        seen: sum.seen + pairs.seen,
        found: sum.found + pairs.found,
        invented: sum.invented + pairs.invented,
        doubled: sum.doubled + pairs.doubled,
        missed: sum.missed + pairs.missed,
    });
    let truth_all = all.truth_all as f64;
    let estimated = Estimated {
        pairs: all,
        estimate,
        estimate_without_error: without_error,
        bias: ratio(estimate - truth_all, truth_all),
        bias_of_inference: ratio(estimate - without_error, without_error),
    };
    (estimated, by_kind)
}

/// What is seen of each person of the panel, without the pairs.
fn kinds(known: &Known, seen: &Seen, counted: &BTreeSet<i64>) -> BTreeMap<String, KindOfPerson> {
    let mut ids: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    known.person_of.iter().for_each(|(id, person)| ids.entry(*person).or_default().push(*id));
    let with_second: BTreeSet<i64> = seen.seconds.iter().map(|(id, _)| *id).collect();
    let with_true_second: BTreeSet<i64> = known.seconds.iter().map(|(person, _)| *person).collect();
    let mut by_kind: BTreeMap<String, KindOfPerson> = BTreeMap::new();
    for (index, person) in &known.persons {
        let kind = by_kind.entry(person.kind.clone()).or_default();
        kind.people += 1;
        let Some(ids) = ids.get(index).filter(|_| person.in_panel) else { continue };
        let located = || ids.iter().filter_map(|id| Some((*id, *seen.primary.get(id)?)));
        let any = |set: &BTreeSet<i64>| u64::from(ids.iter().any(|id| set.contains(id)));
        let is_right = |town| {
            let even = known.nearly_even.contains(index) && known.seconds.contains(&(*index, town));
            known.primary.get(index) == Some(&town) || even
        };
        let is_located = located().next().is_some();
        kind.panel += 1;
        kind.counted += u64::from(counted.contains(index));
        kind.located += if person.is_domestic() { u64::from(is_located) } else { any(&seen.located_ever) };
        kind.primary_right += u64::from(is_located && located().all(|(_, town)| is_right(town)));
        kind.with_second += any(&with_second);
        kind.with_true_second += u64::from(with_true_second.contains(index));
        kind.called_from_abroad += any(&seen.from_abroad);
    }
    by_kind
}
