use kayoi_schemas::figure::CountedKind;
use kayoi_schemas::ids::MunicipalityCode;

use super::count::count;
use super::kinds::{Marks, Ties};
use super::known::{Known, Person};
use super::seen::Seen;
use super::*;
use crate::Format;
use crate::toy::{Chessboard, real_world};
use crate::world::{Society, World};
use crate::write::write_on;

fn town(code: &str) -> MunicipalityCode {
    MunicipalityCode::parse(code).unwrap()
}

/// The ties of somebody who is connected to one town.
fn of_one_town() -> Ties {
    let mut ties = Ties::new();
    Marks { kind: "connected", class: "8-23", is_repeat: true, is_connected: true, ..Marks::default() }
        .add_to(&mut ties);
    ties
}

/// Ten people of 20 with a phone each, whose id is a hundred more than the person, and ten without. Numbers 0 to 3 of
/// both have a second residence, and everybody is connected with one town. Number 9 visits from abroad.
fn known() -> Known {
    let mut known = Known::default();
    for index in 0..20_i64 {
        let kind = match index % 10 {
            0..4 => "dual",
            9 => "from_abroad",
            _ => "commuter",
        };
        let person = Person { kind: kind.to_owned(), in_panel: index < 10 };
        if index < 10 {
            known.person_of.insert(100 + index, index);
        }
        if person.is_domestic() {
            known.primary.insert(index, town(if index % 2 == 0 { "20200" } else { "21200" }));
            known.connected.insert((index, town("24204")));
            known.ties.insert(index, of_one_town());
        }
        if kind == "dual" {
            known.seconds.insert((index, town("25205")));
        }
        known.persons.insert(index, person);
    }
    known
}

/// Tables without an error.
fn perfect(known: &Known) -> Seen {
    let ids = |pairs: &std::collections::BTreeSet<known::Pair>| {
        pairs.iter().filter(|(person, _)| *person < 10).map(|(person, town)| (100 + person, *town)).collect()
    };
    Seen {
        counting: Some((100..109).collect()),
        from_abroad: [109].into(),
        located_ever: (100..109).collect(),
        primary: known
            .primary
            .iter()
            .filter(|(person, _)| **person < 10)
            .map(|(p, t)| (100 + p, *t))
            .collect(),
        seconds: ids(&known.seconds),
        connected: ids(&known.connected),
        ties: (known.ties.iter().filter(|(person, _)| **person < 10))
            .map(|(person, ties)| (100 + person, ties.clone()))
            .collect(),
    }
}

#[test]
fn perfect_tables_estimate_everybody() {
    let known = known();
    let people = count(&known, &perfect(&known));
    assert_eq!((people.people, people.panel, people.counted), (18, 9, 9));
    for of in [&people.dual, &people.connected] {
        assert_eq!((of.pairs.invented, of.pairs.missed, of.pairs.doubled), (0, 0, 0));
        assert_eq!((of.bias, of.bias_of_inference), (Some(0.0), Some(0.0)));
    }
    assert_eq!(
        (people.dual.pairs.truth_all, people.dual.pairs.panel_truth, people.dual.pairs.seen),
        (8, 4, 4)
    );
    let abroad = &people.by_kind["from_abroad"];
    assert_eq!((abroad.panel, abroad.called_from_abroad, abroad.located), (1, 1, 0));
    let dual = &people.by_kind["dual"];
    assert_eq!((dual.located, dual.primary_right, dual.with_second, dual.with_true_second), (4, 4, 4, 4));
    for words in ["second residences", "from_abroad", "invented"] {
        assert!(people.to_string().contains(words), "{people}");
    }
}

#[test]
fn what_is_invented_and_missed_is_told_by_kind_even_when_the_sum_is_right() {
    let known = known();
    let mut seen = perfect(&known);
    seen.seconds.remove(&(100, town("25205")));
    seen.seconds.insert((104, town("25205")));
    let people = count(&known, &seen);
    assert_eq!((people.by_kind["commuter"].dual.invented, people.by_kind["dual"].dual.missed), (1, 1));
    assert_eq!(people.dual.bias, Some(0.0));
}

#[test]
fn ids_that_do_not_count_are_neither_seen_nor_missed() {
    let known = known();
    let mut seen = perfect(&known);
    seen.counting = Some((101..109).collect());
    seen.seconds.remove(&(100, town("25205")));
    let people = count(&known, &seen);
    assert_eq!((people.counted, people.dual.pairs.panel_truth, people.dual.pairs.missed), (8, 3, 0));
    // Those who are left stand for the one who is not.
    assert!(people.connected.bias.unwrap().abs() < 1e-9, "{:?}", people.connected);
}

#[test]
fn a_second_phone_is_told_apart_from_an_invention() {
    let mut known = known();
    known.person_of.insert(200, 0);
    let mut seen = perfect(&known);
    seen.counting.as_mut().unwrap().insert(200);
    seen.primary.insert(200, town("20200"));
    seen.seconds.insert((200, town("25205")));
    let pairs = count(&known, &seen).dual.pairs;
    assert_eq!((pairs.seen, pairs.found, pairs.doubled, pairs.invented), (5, 4, 1, 0));
}

#[test]
fn what_phones_show_of_a_kind_is_held_against_what_is_true_of_who_carries_them() {
    let mut known = known();
    known.person_of.insert(200, 0);
    let mut seen = perfect(&known);
    seen.counting.as_mut().unwrap().insert(200);
    seen.counting.as_mut().unwrap().remove(&101);
    // One phone shows a visitor only; the second phone of number 0 shows nothing at all.
    let mut visitor = Ties::new();
    Marks { kind: "one_off", class: "1", ..Marks::default() }.add_to(&mut visitor);
    seen.ties.insert(102, visitor);
    let shown = count(&known, &seen).shown;
    let of = |kind: &str| (shown[kind].truth, shown[kind].seen);
    // Of nine phones in the panel of the year one does not count, and the second of number 0 does.
    assert_eq!((of("connected"), of("repeat"), of("visitor")), ((9, 7), (9, 7), (9, 8)));
    assert_eq!((of("days_8_23"), of("days_1")), ((9, 7), (0, 1)));
    assert!(!shown.contains_key("workation"));
}

#[test]
fn exchanged_residences_are_found_where_both_are_nearly_even() {
    let mut known = known();
    known.nearly_even.insert(0);
    let mut seen = perfect(&known);
    seen.primary.insert(100, town("25205"));
    seen.seconds.remove(&(100, town("25205")));
    seen.seconds.insert((100, town("20200")));
    let people = count(&known, &seen);
    assert_eq!((people.dual.pairs.found, people.dual.pairs.invented), (4, 0));
    assert_eq!(people.by_kind["dual"].primary_right, 4);
}

#[test]
fn the_truth_of_people_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let world = real_world(&[], 300);
    let society = Society { panel_percent: 30.0, ..world.society };
    let world = World { days: 120, pings_per_day: Some(1.0), society, ..world };
    write_on(&world, &Chessboard, folder.path(), Format::Parquet, &mut |_| {}).unwrap();
    let device_of = |text: &str| {
        let fold = |hash: u64, byte: u8| crate::random::mix([hash, u64::from(byte), 0, 0]);
        kayoi_schemas::ids::DeviceId::from_hash(text.bytes().fold(0, fold))
    };
    let truth = folder.path().join("truth");
    let known = known::read(&truth, Month::parse("2025-06").unwrap(), &device_of).unwrap();
    assert_eq!(known.persons.len(), 300);
    let domestic = known.persons.values().filter(|person| person.is_domestic()).count();
    assert_eq!(known.primary.len(), domestic);
    let in_panel = known.persons.values().filter(|person| person.in_panel).count();
    let behind_ids: std::collections::BTreeSet<i64> = known.person_of.values().copied().collect();
    assert_eq!(behind_ids.len(), in_panel);
    assert!(known.person_of.len() > in_panel, "ids are changed, and some have two phones");
    let lake = Lake::open(&folder.path().join("lake")).unwrap();
    let people = score(&truth, &lake, Month::parse("2025-06").unwrap(), &device_of).unwrap().unwrap();
    assert_eq!((people.dual.pairs.seen, people.people), (0, domestic as u64));
    let often = |kinds: &Ties, kind| kinds.get(&kind).copied().unwrap_or_default();
    for ties in known.ties.values() {
        let [visitor, repeat, connected] =
            [CountedKind::Visitor, CountedKind::Repeat, CountedKind::Connected].map(|kind| often(ties, kind));
        assert!(visitor >= repeat && repeat >= connected, "each contains the next: {ties:?}");
        let classes: u64 =
            ties.iter().filter(|(kind, _)| matches!(kind, CountedKind::Days(..))).map(|(_, n)| n).sum();
        assert_eq!(classes, visitor, "each tie is in one class of visit days");
    }
    let connected: u64 = known.ties.values().map(|ties| often(ties, CountedKind::Connected)).sum();
    assert_eq!(connected, known.connected.len() as u64);
}
