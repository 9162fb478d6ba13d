use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use proptest::prelude::*;

use super::*;
use kayoi_geography::Register;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::Rung;

use crate::counts::TieAtom;
use crate::options::Expansion;

fn definition() -> Definition {
    Definition::connected_2026().unwrap()
}

fn atom(origin: u8, days_from: u16, rung: Rung) -> TieAtom {
    let origin = PrefectureCode::new(origin).unwrap();
    TieAtom { origin, days_from, rung, is_dual_resident: false, is_workation: false }
}

fn town(code: &str) -> Area {
    Area::Municipality(MunicipalityCode::parse(code).unwrap())
}

fn rows(ties: impl IntoIterator<Item = ((Month, Area), Atoms)>, run: impl FnOnce(&Rows<'_>)) {
    let options = ReleaseOptions {
        definition: definition(),
        expansion: Expansion::None,
        boundaries: "test".to_owned(),
        code_date: "2025-01-01".to_owned(),
        register: Register::japan(),
    };
    run(&Rows::new(&Counts::of_ties(ties.into_iter().collect()), &options, 1));
}

/// Published persons by kind, for origin `all`.
fn totals(released: &Released, code: &str) -> BTreeMap<String, Option<i64>> {
    let batch = released.batch();
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
    rows([((month, town("20321")), atoms)], |rows| {
        let (released, _) = rows.connected_monthly().unwrap();
        let totals = totals(&released, "20321");
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
    rows([((month, town("20321")), atoms)], |rows| {
        let (released, _) = rows.connected_monthly().unwrap();
        let batch = released.batch();
        let origins = batch.column_by_name("origin_code").unwrap().as_string::<i32>();
        let everywhere = (0..batch.num_rows()).filter(|row| origins.value(*row) == "all").count();
        assert_eq!(everywhere, 1741 * CountedKind::of_municipalities(&definition()).len());
        assert_eq!(totals(&released, "20323").values().flatten().count(), 0);
        let status = batch.column_by_name("status").unwrap().as_string::<i32>();
        let persons = batch.column_by_name("persons").unwrap();
        assert!((0..batch.num_rows()).all(|row| (status.value(row) == "suppressed") == persons.is_null(row)));
    });
}

#[test]
fn a_gross_total_does_not_give_the_only_hidden_town_back() {
    let month = Month::parse("2026-03").unwrap();
    let of_area = |area: Area, days: u16, count: u64| {
        ((month, area), Atoms::from([(atom(13, days, Rung::Connected), count)]))
    };
    let nagano = Area::Prefecture(PrefectureCode::new(20).unwrap());
    let gross = |towns: &[(&str, u64)]| {
        let towns = towns.iter().map(|(code, count)| of_area(town(code), 3, *count));
        let larger = [of_area(Area::Country, 0, 30), of_area(nagano, 0, 30)];
        let mut found = None;
        rows(towns.chain(larger), |rows| {
            let (_, shown) = rows.connected_monthly().unwrap();
            let gross = Gross::new(rows.counts, &rows.options.definition.thresholds, month, &shown);
            found = gross.published(nagano, CountedKind::Connected);
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
