//! What people do in a month, counted.

use std::collections::BTreeMap;

use kayoi_device::{DeviceRecord, HourShare, Pattern, Person, Tie, Visit, Whereabouts};
use kayoi_schemas::disclosure::MOST_NAMED;
use kayoi_schemas::figure::{Area, Cube, Dimension};
use kayoi_schemas::person::Attributes;
use kayoi_schemas::rebound::Share;
use kayoi_schemas::telework::HomeDays;
use proptest::prelude::*;

use super::tests::{HAKUBA, KARUIZAWA, TOKYO, code, counts, march, record, tie};
use super::*;

fn visit(place: u32, first: i32, nights: u32, pattern: Option<Pattern>) -> Visit {
    let first = march().first_day().plus(first);
    Visit {
        municipality: code(place),
        origin: code(TOKYO),
        days: (first, first.plus(nights as i32)),
        nights,
        pattern,
        minutes: 200.0,
        before: Some(code(TOKYO)),
        after: None,
        entry: None,
        beds: vec![code(place); nights as usize],
        trip: vec![code(place)],
        telework_days: 0,
        office_days: 0,
    }
}

fn guest(visits: Vec<Visit>) -> DeviceRecord {
    DeviceRecord { visits, ..record(&[]) }
}

/// Words of the class and the value of each cell of a cube.
fn classes(counts: &Counts, cube: Cube) -> Vec<(String, u64)> {
    let declared = cube.declaration().dimensions;
    counts.of(cube).iter().map(|(atom, value)| (atom.class.text(declared), *value)).collect()
}

fn one(cube: Cube) -> u64 {
    u64::from(cube.declaration().per_one)
}

#[test]
fn who_came_twice_and_slept_once_is_half_of_each() {
    let twice = guest(vec![
        visit(HAKUBA, 3, 0, Some(Pattern::DayTrip)),
        visit(HAKUBA, 10, 2, Some(Pattern::OvernightHere)),
    ]);
    let counts = counts(&[twice]);
    let half = one(Cube::StaysMonthly) / 2;
    let patterns = classes(&counts, Cube::StaysMonthly);
    assert_eq!(patterns, [("pattern=0/group=3".to_owned(), half), ("pattern=1/group=3".to_owned(), half)]);
    // One visit had nights, one was a day trip: each measure is of a whole person.
    let whole = one(Cube::StayNightsMonthly);
    assert_eq!(classes(&counts, Cube::StayNightsMonthly), [("stay_nights=1".to_owned(), whole)]);
    assert_eq!(classes(&counts, Cube::StayHoursMonthly), [("stay_hours=1".to_owned(), whole)]);
}

#[test]
fn a_visit_whose_nights_are_not_known_stands_apart() {
    let counts = counts(&[guest(vec![visit(HAKUBA, 3, 0, None)])]);
    assert_eq!(
        classes(&counts, Cube::StaysMonthly),
        [("pattern=4/group=3".to_owned(), one(Cube::StaysMonthly))]
    );
    assert_eq!(classes(&counts, Cube::StayHoursMonthly), []);
}

#[test]
fn who_is_not_of_the_months_panel_is_in_no_figure_of_it() {
    let mut outside = guest(vec![visit(HAKUBA, 3, 1, Some(Pattern::OvernightHere))]);
    outside.panel.clear();
    let counts = counts(&[outside]);
    for cube in Cube::CLASSED.into_iter().chain(Cube::KEYED) {
        assert!(counts.of(cube).is_empty(), "{cube:?}");
    }
}

#[test]
fn everybody_whose_lodging_is_known_stands_beside_the_lodgings() {
    let mut elsewhere = visit(KARUIZAWA, 3, 0, Some(Pattern::OvernightElsewhere));
    elsewhere.beds = vec![code(HAKUBA), code(HAKUBA), code(TOKYO), code(HAKUBA)];
    let counts = counts(&[guest(vec![elsewhere])]);
    let declared = Cube::FlowsMonthly.declaration().dimensions;
    let flows: BTreeMap<(u16, u32), u64> = counts
        .of(Cube::FlowsMonthly)
        .iter()
        .map(|(atom, value)| ((atom.class.get(declared, Dimension::Direction), atom.origin.number()), *value))
        .collect();
    let one = one(Cube::FlowsMonthly);
    assert_eq!(flows[&(0, TOKYO)], one, "before");
    assert_eq!(flows[&(0, KARUIZAWA)], one, "everybody whose place before is known");
    assert_eq!(flows[&(2, HAKUBA)], one * 3 / 4);
    assert_eq!(flows[&(4, KARUIZAWA)], one, "everybody whose lodging is known");
    assert!(!flows.contains_key(&(1, KARUIZAWA)), "where it went is not known");
}

#[test]
fn of_what_a_tie_is_for_the_two_strongest_are_counted() {
    let mut record = record(&[]);
    let all = Tie {
        is_repeat: true,
        is_dual_resident: true,
        is_workation: true,
        is_seasonal_work: true,
        uses_an_office: true,
        is_business: true,
        ..tie(HAKUBA, 9)
    };
    record.ties.insert(march(), vec![all]);
    let counts = counts(&[record]);
    let (atom, _) = counts.of(Cube::ConnectedMonthly).first_key_value().unwrap();
    let declared = Cube::ConnectedMonthly.declaration().dimensions;
    let value = |dimension| atom.class.get(declared, dimension);
    assert_eq!((value(Dimension::DualResident), value(Dimension::Workation)), (1, 0));
    assert_eq!(value(Dimension::Purposes), 1, "seasonal work, and no office and no business");
}

/// The square of what one device adds to the figures of a cube in one municipality and month, in units of its cap:
/// information about it in units of 1 / sigma².
fn information(counts: &Counts, cube: Cube) -> f64 {
    let most = f64::from(cube.declaration().most_of_a_device);
    let mut by_place: BTreeMap<(i32, String), f64> = BTreeMap::new();
    for (atom, value) in counts.of(cube) {
        // In a cell the municipality stands as the origin; where another one is named, both are places of a tie.
        let places = match atom.area {
            Area::Cell(_) | Area::Mesh(_) => vec![atom.origin.to_string()],
            area if Cube::KEYED.contains(&cube) && area != Area::Municipality(atom.origin) => {
                vec![area.to_string(), atom.origin.to_string()]
            }
            area => vec![area.to_string()],
        };
        for place in places {
            *by_place.entry((atom.period, place)).or_default() += (*value as f64 / most).powi(2);
        }
    }
    by_place.into_values().fold(0.0, f64::max)
}

fn any_visit() -> impl Strategy<Value = Visit> {
    let places = prop::sample::select(vec![HAKUBA, KARUIZAWA, 20201, 20202, 20203, 20204, 20205, 20206]);
    let named = prop::option::of(places.clone());
    let patterns = [Pattern::DayTrip, Pattern::OvernightHere, Pattern::OvernightElsewhere, Pattern::Both];
    let pattern = prop::option::of(prop::sample::select(patterns.to_vec()));
    (places.clone(), 0..25, 0..6_u32, pattern, named.clone(), named, prop::collection::vec(places, 0..5))
        .prop_map(|(place, first, nights, pattern, before, after, others)| {
            let elsewhere = |of: Option<u32>| of.filter(|other| *other != place).map(code);
            let mut trip: Vec<_> = others.iter().map(|other| code(*other)).chain([code(place)]).collect();
            trip.sort_unstable();
            trip.dedup();
            Visit {
                before: elsewhere(before),
                after: elsewhere(after),
                beds: others.into_iter().map(code).collect(),
                trip,
                ..visit(place, first, nights, pattern)
            }
        })
}

proptest! {
    /// What the ledger says of a tie-month holds for any life: what one device adds is within the declared figures.
    #[test]
    fn one_device_is_in_no_more_figures_than_the_ledger_counts(visits in prop::collection::vec(any_visit(), 0..30)) {
        let guest = guest(visits);
        let counts = counts(std::slice::from_ref(&guest));
        let one = 1.0 + 1e-2;
        for cube in [Cube::StaysMonthly, Cube::StayNightsMonthly, Cube::StayHoursMonthly, Cube::TripSizesMonthly] {
            prop_assert!(information(&counts, cube) <= one, "{cube:?}: {}", information(&counts, cube));
        }
        let flows = information(&counts, Cube::FlowsMonthly);
        prop_assert!(flows <= f64::from(2 * 4 + 4 * MOST_NAMED) * one, "{flows}");
        let pairs = information(&counts, Cube::TripPairsMonthly);
        prop_assert!(pairs <= f64::from(2 * MOST_NAMED) * one, "{pairs}");
        for (cube, cells) in Cube::ALL.into_iter().map(|cube| (cube, counts.of(cube))) {
            let most = u64::from(cube.declaration().most_of_a_device);
            prop_assert!(cells.values().all(|value| *value <= most), "{cube:?}");
        }
    }

    /// Patterns are people: they add up to the visitors of each municipality.
    #[test]
    fn patterns_add_up_to_visitors(visits in prop::collection::vec(any_visit(), 1..30)) {
        let guest = guest(visits);
        let mut visitors: Vec<_> = guest.visits.iter().map(|visit| (visit.month(), visit.municipality)).collect();
        visitors.sort_unstable();
        visitors.dedup();
        let of_panel = visitors.iter().filter(|(month, _)| *month == march()).count() as f64;
        let counts = counts(&[guest]);
        let sum: u64 = counts.of(Cube::StaysMonthly).values().sum();
        let parts = f64::from(Cube::StaysMonthly.declaration().per_one);
        prop_assert!((sum as f64 / parts - of_panel).abs() < 0.02 * of_panel.max(1.0), "{sum} of {of_panel}");
    }
}

#[test]
fn a_commuter_is_in_one_cell_of_days_at_home_of_the_prefecture_and_one_of_the_country() {
    let home = code(TOKYO).prefecture();
    let atoms = super::work::atoms_at_home(march(), home, HomeDays { seen: 40, at_home: 5 });
    let declared = Cube::HomeDaysMonthly.declaration().dimensions;
    let classes: Vec<_> = atoms.iter().map(|atom| (atom.area, atom.class.text(declared))).collect();
    let class = "days_seen=2/home_share=2".to_owned();
    assert_eq!(classes, [(Area::Prefecture(home), class.clone()), (Area::Country, class)]);
    assert!(super::work::atoms_at_home(march(), home, HomeDays::default()).is_empty(), "somebody on shifts");
}

#[test]
fn somebody_at_home_at_all_hours_is_what_the_ledger_counts_at_most() {
    let mut home = record(&[]);
    let hours = (0..48).map(|index| HourShare {
        is_day_off: index % 2 == 1,
        hour: (index / 2) as u8,
        municipality: code(TOKYO),
        share: 1.0,
        long_share: 1.0,
    });
    home.whereabouts.insert(march(), Whereabouts { hours: hours.collect(), cells: Vec::new() });
    let counts = counts(&[home]);
    assert!((information(&counts, Cube::PresenceMonthly) - 48.0).abs() < 1e-9);
    assert!((information(&counts, Cube::LongPresenceMonthly) - 8.0).abs() < 1e-9);
    let atom = |cube: Cube| *counts.of(cube).first_key_value().unwrap().0;
    let declared = Cube::PresenceMonthly.declaration().dimensions;
    assert_eq!(atom(Cube::PresenceMonthly).class.get(declared, Dimension::Group), 0, "it lives there");
}

#[test]
fn people_are_split_over_ages_and_are_one_in_all() {
    let known = |age: &str, sex: &str| {
        let attributes = Attributes::of_person(Some(age), Some(sex));
        Some(Person { attributes, as_of: march().last_day() })
    };
    let ties = vec![
        Tie { is_repeat: true, is_connected: true, ..tie(HAKUBA, 9) },
        Tie { is_dual_resident: true, ..tie(KARUIZAWA, 40) },
    ];
    let of = |person| DeviceRecord { person, ties: BTreeMap::from([(march(), ties.clone())]), ..record(&[]) };
    let counts = counts(&[of(known("40代", "女性")), of(None)]);
    let one = one(Cube::AgesYearly);
    let of_area = |cube: Cube, area: Area, kind: u16| -> Vec<(u16, u16, u64)> {
        let declared = cube.declaration().dimensions;
        let cells = counts
            .of(cube)
            .iter()
            .filter(|(atom, _)| atom.area == area && atom.class.get(declared, Dimension::MainKind) == kind);
        cells
            .map(|(atom, value)| {
                let get = |dimension| atom.class.get(declared, dimension);
                (get(Dimension::AgeBand), get(Dimension::Sex), *value)
            })
            .collect()
    };
    let (visitor, connected, dual) = (0, 1, 2);
    let hakuba = Area::Municipality(code(HAKUBA));
    // Half of the forties is 30 to 44, the other half 45 to 54; of the other one nothing is known.
    let split = [(1, 0, one / 2), (2, 0, one / 2), (5, 0, one)];
    assert_eq!(of_area(Cube::AgesYearly, hakuba, connected), split);
    assert_eq!(of_area(Cube::SexesYearly, hakuba, connected), [(0, 1, one), (0, 2, one)]);
    assert_eq!(of_area(Cube::AgesYearly, hakuba, dual), []);
    // In the country each is one person, whatever the number of their ties.
    let both = [(1, 1, one / 2), (2, 1, one / 2), (5, 2, one)];
    for kind in [visitor, connected, dual] {
        assert_eq!(of_area(Cube::SegmentsYearly, Area::Country, kind), both, "{kind}");
    }
    let residents: u64 = counts.of(Cube::ResidentAgesYearly).values().sum();
    assert_eq!(residents, 2 * 2 * one, "each in the prefecture and in the country");
}

#[test]
fn a_device_is_in_its_block_and_in_the_country_with_its_way_and_what_is_left_of_it() {
    // 8 km to work, 12 km saved of 16: a rebound of a quarter.
    let share = Share::of(8.0, 12.0).unwrap();
    let cells = |cube: Cube| -> Vec<(String, String, u64)> {
        let cells = super::rebound::of_share(cube, march(), code(TOKYO).prefecture(), share);
        let declared = cube.declaration().dimensions;
        let words = |(atom, value): (&Atom, &u64)| (atom.area.to_string(), atom.class.text(declared), *value);
        cells.iter().map(words).collect()
    };
    // The block of Tokyo is 首都圏, whose first prefecture is 茨城県.
    let both = |value: u64| ["08", "JP"].map(|area| (area.to_owned(), "distance_band=1".to_owned(), value));
    assert_eq!(cells(Cube::WaysYearly), both(400));
    assert_eq!(cells(Cube::ReboundWaysYearly), both(500));
    let most = |cube: Cube| u64::from(cube.declaration().most_of_a_device);
    let far = Share::of(99.999, -1e6).unwrap();
    for cube in [Cube::WaysYearly, Cube::ReboundWaysYearly] {
        let cells = super::rebound::of_share(cube, march(), code(TOKYO).prefecture(), far);
        assert!(cells.values().all(|value| *value == most(cube)), "{cells:?}");
    }
}
