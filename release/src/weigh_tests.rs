use kayoi_schemas::definition::Definition;

use super::*;
use crate::suppress::{Figure, Problem, suppress};

fn one_figure(devices: u64) -> Problem<&'static str> {
    let figures = vec![Figure { key: "all", atoms: vec![0], rank: 0 }];
    Problem { devices: vec![devices], figures, nested: vec![], partitions: vec![] }
}

fn weighed(devices: u64, factor: f64) -> Option<Persons> {
    let thresholds = Definition::connected_2026().unwrap().thresholds;
    let tokyo = PrefectureCode::new(13).unwrap();
    let factors = Factors { by_prefecture: BTreeMap::new(), country: factor };
    let figures = suppress(one_figure(devices), u64::from(thresholds.disclosure_min_devices.get()));
    weigh(figures, &[(tokyo, devices)], &factors, &thresholds)[0].persons()
}

#[test]
fn one_device_times_5_13_is_not_published() {
    // A system that scales before it applies k = 5 publishes 5.13 here.
    assert_eq!(weighed(1, 5.13), None);
    assert_eq!(weighed(9, 100.0), None);
    assert!(weighed(10, 5.13).is_some());
}

#[test]
fn estimates_are_rounded_and_lie_in_their_interval() {
    let persons = weighed(100, 12.34).unwrap();
    assert_eq!(persons.estimate, 1230);
    assert!(persons.low < persons.estimate && persons.estimate < persons.high);
    assert_eq!((persons.low % 10, persons.high % 10), (0, 0));
    // A device that is a person has no sampling error.
    assert_eq!(weighed(37, 1.0).unwrap(), Persons { estimate: 40, low: 40, high: 40 });
}

#[test]
fn census_factors_add_up_to_the_population() {
    let month = Month::parse("2026-03").unwrap();
    let tokyo = PrefectureCode::new(13).unwrap();
    let nagano = PrefectureCode::new(20).unwrap();
    let residents =
        PanelResidents::from_counts(BTreeMap::from([((month, tokyo), 1000), ((month, nagano), 5)]));
    let factors = Factors::new(Expansion::Census, month, &residents, Register::japan());
    let people: f64 = Register::japan()
        .all()
        .iter()
        .filter(|m| m.code.prefecture() == tokyo)
        .map(|m| f64::from(m.population_2020))
        .sum();
    assert!((factors.of(tokyo) * 1000.0 - people).abs() < 1.0);
    // Too few panel residents: the country's factor, not one device for half a million people.
    assert!((factors.of(nagano) - 126_226_568.0 / 1005.0).abs() < 1.0);
    assert_eq!(Factors::new(Expansion::None, month, &residents, Register::japan()).of(tokyo), 1.0);
}
