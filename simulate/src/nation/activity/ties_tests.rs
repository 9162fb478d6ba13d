use std::collections::BTreeMap;

use kayoi_schemas::figure::{Area, Cube, Dimension, Unit};
use kayoi_schemas::time::Month;

use super::tests::{SHARE, by_area, december, of, residents, sums, value};
use crate::nation::{Cells, Detail, Nation};

/// Whether a class of ties is of a kind.
type IsOne = fn([u16; 5]) -> bool;

#[test]
fn commuters_are_the_same_where_they_live_and_where_they_work() {
    let sides = |cube: Cube| {
        let sides = sums(cube, |atom| Some(value(cube, atom, Dimension::Side)));
        (sides[&0] as f64, sides[&1] as f64)
    };
    let cubes = [
        (Cube::CommutersMonthly, 0.5),
        (Cube::TeleworkersMonthly, 0.5 * 0.16 * 500.0),
        (Cube::WorkDaysMonthly, 0.5 * 160.0),
        (Cube::TeleworkDaysMonthly, 0.5 * 0.16 * 91.0),
        (Cube::SavedKmMonthly, 0.5 * 0.16 * 9.1 * 2.6 * 12.0),
    ];
    for (cube, of_a_resident) in cubes {
        let (home, work) = sides(cube);
        assert!((home / work - 1.0).abs() < 1e-3, "{cube:?}: {home}, {work}");
        let mean = home / residents() as f64;
        assert!((0.8..1.25).contains(&(mean / of_a_resident)), "{cube:?}: {mean}");
    }
}

#[test]
fn no_cell_has_more_than_its_devices_may_add() {
    let caps = [
        (Cube::WorkDaysMonthly, Cube::CommutersMonthly),
        (Cube::TeleworkDaysMonthly, Cube::TeleworkersMonthly),
        (Cube::SavedKmMonthly, Cube::TeleworkersMonthly),
        (Cube::TeleworkersMonthly, Cube::CommutersMonthly),
        (Cube::WorkationNightsMonthly, Cube::WorkationGuestsMonthly),
        (Cube::OfficeDaysMonthly, Cube::OfficeUsersMonthly),
        (Cube::ItinerantNightsQuarterly, Cube::ItinerantsQuarterly),
    ];
    for (cube, of_devices) in caps {
        let devices: BTreeMap<_, _> = of(of_devices).iter().copied().collect();
        let most = u64::from(cube.declaration().most_of_a_device);
        for (atom, value) in of(cube) {
            let devices = devices[atom] as f64 / f64::from(of_devices.declaration().per_one);
            assert!(*value as f64 <= devices * most as f64, "{cube:?} {atom:?}");
        }
    }
    // Nobody is more than one person, and a year has no more people than the panel.
    for cube in Cube::CLASSED.into_iter().chain(Cube::KEYED) {
        let declaration = cube.declaration();
        if matches!(declaration.unit, Unit::Devices | Unit::Shares) {
            let most = residents() * u64::from(declaration.per_one);
            assert!(of(cube).iter().all(|(_, value)| *value <= most), "{cube:?}");
        }
    }
}

#[test]
fn a_kind_of_tie_brings_no_more_days_than_one_that_contains_it_and_none_beyond_its_devices() {
    let kind = |word: &str| Dimension::Kind.value_of(word).unwrap();
    let contained = [
        ("visitor", "repeat"),
        ("repeat", "connected"),
        ("connected", "dual_resident"),
        ("visitor", "workation"),
        ("visitor", "satellite_office"),
        ("visitor", "itinerant"),
        ("visitor", "business"),
        ("dual_resident", "seasonal_worker"),
    ];
    let ties = by_area(Cube::ConnectedMonthly);
    for cube in [Cube::TieDaysMonthly, Cube::TieNightsMonthly] {
        let kinds = sums(cube, |atom| Some((value(cube, atom, Dimension::Kind), atom.area)));
        for (larger, smaller) in contained {
            let parts: Vec<_> = kinds.iter().filter(|((of, _), _)| *of == kind(smaller)).collect();
            assert!(!parts.is_empty(), "{cube:?} {smaller}");
            for ((_, area), value) in parts {
                assert!(*value <= kinds[&(kind(larger), *area)], "{cube:?} {area} {smaller}");
            }
        }
        assert!(kinds.iter().all(|((_, area), value)| *value <= ties[area] * 10));
    }
    let days: u64 = of(Cube::VisitorDaysMonthly).iter().map(|(_, days)| days).sum();
    let of_ties = sums(Cube::TieDaysMonthly, |atom| {
        (value(Cube::TieDaysMonthly, atom, Dimension::Kind) == kind("visitor")).then_some(())
    });
    assert!(of_ties[&()] <= days && of_ties[&()] as f64 > 0.98 * days as f64);
}

#[test]
fn ties_by_municipality_of_origin_are_a_part_of_the_ties() {
    let cube = Cube::OriginsYearly;
    let kinds: [(&str, IsOne); 3] = [
        ("visitor", |_| true),
        ("connected", |[_, rung, ..]| rung == 2),
        ("dual_resident", |[_, _, dual, ..]| dual == 1),
    ];
    for (word, belongs) in kinds {
        let all = sums(Cube::ConnectedMonthly, |atom| belongs(atom.class.values()).then_some(atom.area));
        for side in 0..2 {
            let named = sums(cube, |atom| {
                let is_one = value(cube, atom, Dimension::Kind) == Dimension::Kind.value_of(word).unwrap()
                    && value(cube, atom, Dimension::Side) == side;
                is_one.then_some(atom.area)
            });
            assert!(!named.is_empty(), "{word} {side}");
            assert!(named.iter().all(|(area, count)| *count <= all[area]), "{word} {side}");
        }
    }
    assert!(of(cube).iter().all(|(atom, _)| atom.area != Area::Municipality(atom.origin)));
}

#[test]
fn dual_residents_have_a_rhythm_and_connected_people_a_number_of_municipalities() {
    let dual = sums(Cube::ConnectedMonthly, |atom| (atom.class.values()[2] == 1).then_some(atom.area));
    assert_eq!(by_area(Cube::DualRegimesYearly), dual);
    let people = sums(Cube::ConnectedTotalsMonthly, |atom| {
        (atom.area == Area::Country && atom.class.values()[0] == 2)
            .then_some(Area::Prefecture(atom.origin.prefecture()))
    });
    let mut counted = by_area(Cube::MunicipalitiesPerPersonYearly);
    assert_eq!(counted.remove(&Area::Country), Some(people.values().sum()));
    assert_eq!(counted, people);
}

#[test]
fn the_same_commuters_are_there_a_month_later() {
    let mut nation = Nation::new(13, SHARE);
    let first = Month::parse("2025-12").unwrap();
    let cells = nation.month(first, Detail::Origins);
    assert!(cells == december().1);
    let next = nation.month(first.plus(1), Detail::Origins);
    let values = |cells: &Cells| -> BTreeMap<_, _> {
        cells
            .of(Cube::CommutersMonthly)
            .iter()
            .map(|(atom, count)| ((atom.area, atom.class), *count as f64))
            .collect()
    };
    let (before, after) = (values(&cells), values(&next));
    let squares: f64 =
        before.iter().map(|(key, count)| (count - after.get(key).unwrap_or(&0.0)).powi(2)).sum();
    let unlike = squares / (2.0 * before.values().sum::<f64>());
    assert!(unlike < 0.1, "{unlike}");
}
