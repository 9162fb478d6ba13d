use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use proptest::prelude::*;

use super::*;
use crate::indicators::{Atom, Rung};

fn definition() -> Definition {
    Definition::connected_2026().unwrap()
}

fn atom(origin: u8, days_from: u16, rung: Rung) -> Atom {
    let origin = PrefectureCode::new(origin).unwrap();
    Atom { origin, days_from, rung, is_dual_resident: false, is_workation: false }
}

fn town(code: &str) -> MunicipalityCode {
    MunicipalityCode::parse(code).unwrap()
}

fn release(indicators: &Indicators, run: impl FnOnce(&Release<'_>)) {
    let definition = definition();
    let stamp = Stamp { boundaries: "test".to_owned(), code_date: "2025-01-01".to_owned(), revision: 1 };
    run(&Release { indicators, definition: &definition, expansion: Expansion::None, stamp });
}

/// Published persons by kind, for origin `all`.
fn totals(batch: &RecordBatch, code: &str) -> BTreeMap<String, Option<i64>> {
    let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
    let (codes, kinds, origins) = (text("municipality_code"), text("kind"), text("origin_code"));
    let persons = batch.column_by_name("persons").unwrap().as_primitive::<Int64Type>().clone();
    (0..batch.num_rows())
        .filter(|row| codes.value(*row) == code && origins.value(*row) == "all")
        .map(|row| (kinds.value(row).to_owned(), persons.is_valid(row).then(|| persons.value(row))))
        .collect()
}

#[test]
fn fifty_minus_forty_five_is_protected_in_the_table_itself() {
    let month = Month::parse("2026-03").unwrap();
    let atoms = Atoms::from([(atom(13, 1, Rung::OneOff), 5), (atom(13, 8, Rung::Connected), 45)]);
    let indicators =
        Indicators { monthly: BTreeMap::from([((month, town("20321")), atoms)]), ..Indicators::default() };
    release(&indicators, |release| {
        let batch = release.connected_monthly(&mut Shown::new()).unwrap();
        let totals = totals(&batch, "20321");
        assert_eq!(totals["visitor"], Some(50));
        for kind in ["repeat", "connected", "days_1", "days_8_23"] {
            assert_eq!(totals[kind], None, "{kind} gives the five one-off visitors back");
        }
    });
}

#[test]
fn a_row_for_every_municipality_and_kind_says_nothing_by_being_absent() {
    let month = Month::parse("2026-03").unwrap();
    let atoms = Atoms::from([(atom(13, 3, Rung::Connected), 20)]);
    let indicators =
        Indicators { monthly: BTreeMap::from([((month, town("20321")), atoms)]), ..Indicators::default() };
    release(&indicators, |release| {
        let batch = release.connected_monthly(&mut Shown::new()).unwrap();
        let origins = batch.column_by_name("origin_code").unwrap().as_string::<i32>();
        let everywhere = (0..batch.num_rows()).filter(|row| origins.value(*row) == "all").count();
        assert_eq!(everywhere, 1741 * kinds(&definition()).len());
        assert_eq!(totals(&batch, "20323").values().flatten().count(), 0);
        let status = batch.column_by_name("status").unwrap().as_string::<i32>();
        let persons = batch.column_by_name("persons").unwrap();
        assert!((0..batch.num_rows()).all(|row| (status.value(row) == "suppressed") == persons.is_null(row)));
    });
}

#[test]
fn a_gross_total_does_not_give_the_only_hidden_town_back() {
    let month = Month::parse("2026-03").unwrap();
    let town_of =
        |code: &str, count: u64| ((month, town(code)), Atoms::from([(atom(13, 3, Rung::Connected), count)]));
    let totals = BTreeMap::from([
        ((month, Area::Country), Atoms::from([(atom(13, 0, Rung::Connected), 30)])),
        (
            (month, Area::Prefecture(PrefectureCode::new(20).unwrap())),
            Atoms::from([(atom(13, 0, Rung::Connected), 30)]),
        ),
    ]);
    let gross = |towns: &[(&str, u64)]| {
        let monthly = towns.iter().map(|(code, count)| town_of(code, *count)).collect();
        let indicators = Indicators { monthly, totals: totals.clone(), ..Indicators::default() };
        let mut found = None;
        release(&indicators, |release| {
            let mut shown = Shown::new();
            release.connected_monthly(&mut shown).unwrap();
            let gross = Gross::new(release, month, &shown);
            found = gross.published(Area::Prefecture(PrefectureCode::new(20).unwrap()), TieKind::Connected);
        });
        found
    };
    assert_eq!(gross(&[("20321", 30), ("20323", 4)]), None, "34 - 30 is the hidden 4");
    assert_eq!(gross(&[("20321", 30), ("20323", 4), ("20324", 9)]), Some(40));
    assert_eq!(gross(&[("20321", 30), ("20323", 14)]), Some(40));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn hidden_parts_of_a_published_total_are_none_or_many(
        counts in prop::collection::btree_map((1u8..6, prop::sample::select(vec![1u16, 2, 3, 8, 24]), 0u8..3), 1u64..30, 1..14)
    ) {
        let rung = |n: u8| [Rung::OneOff, Rung::Repeat, Rung::Connected][usize::from(n)];
        let atoms: Atoms = counts.iter().map(|((origin, days, r), count)| (atom(*origin, *days, rung(*r)), *count)).collect();
        let problem = tie_problem(&atoms, &definition(), true);
        let devices = problem.devices.clone();
        let partitions = problem.partitions.clone();
        let members: Vec<Vec<usize>> = problem.figures.iter().map(|figure| figure.atoms.clone()).collect();
        let outcome = suppress(problem, 10);
        let count = |index: usize| members[index].iter().map(|a| devices[*a]).sum::<u64>();
        for (total, parts) in partitions {
            if outcome[total].atoms().is_some() {
                let hidden: u64 = parts.iter().filter(|p| outcome[**p].atoms().is_none()).map(|p| count(*p)).sum();
                prop_assert!(hidden == 0 || hidden >= 10, "{hidden} devices are total minus published parts");
            }
        }
    }
}
