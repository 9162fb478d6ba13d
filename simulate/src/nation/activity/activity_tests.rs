use std::collections::BTreeMap;
use std::sync::OnceLock;

use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;

use crate::nation::{Cells, Detail, Nation};

pub(super) const SHARE: f64 = 0.03;

/// A month that ends a quarter and a year.
pub(super) fn december() -> &'static (Nation, Cells) {
    static DECEMBER: OnceLock<(Nation, Cells)> = OnceLock::new();
    DECEMBER.get_or_init(|| {
        let mut nation = Nation::new(13, SHARE);
        let cells = nation.month(Month::parse("2025-12").unwrap(), Detail::Origins);
        (nation, cells)
    })
}

pub(super) fn of(cube: Cube) -> &'static [(Atom, u64)] {
    december().1.of(cube)
}

pub(super) fn value(cube: Cube, atom: &Atom, dimension: Dimension) -> u16 {
    atom.class.get(cube.declaration().dimensions, dimension)
}

/// Sums of a cube by a key; cells without one are left out.
pub(super) fn sums<K: Ord>(cube: Cube, key: impl Fn(&Atom) -> Option<K>) -> BTreeMap<K, u64> {
    let mut sums = BTreeMap::new();
    for (atom, count) in of(cube) {
        if let Some(key) = key(atom) {
            *sums.entry(key).or_default() += count;
        }
    }
    sums
}

pub(super) fn by_area(cube: Cube) -> BTreeMap<Area, u64> {
    sums(cube, |atom| Some(atom.area))
}

fn town(code: &str) -> Area {
    Area::Municipality(MunicipalityCode::parse(code).unwrap())
}

pub(super) fn residents() -> u64 {
    december().1.residents.iter().map(|(_, count)| count).sum()
}

#[test]
fn every_cube_has_cells_in_its_months_and_none_in_others() {
    let cubes = || Cube::CLASSED.into_iter().chain(Cube::KEYED);
    let december = Month::parse("2025-12").unwrap();
    for cube in cubes() {
        assert_eq!(of(cube).is_empty(), !cube.rhythm().has(december), "{cube:?}");
    }
    let march = Nation::new(13, SHARE).month(Month::parse("2026-03").unwrap(), Detail::Origins);
    assert!(cubes().all(|cube| !march.of(cube).is_empty()));
    let november = Nation::new(13, SHARE).month(Month::parse("2025-11").unwrap(), Detail::Origins);
    for cube in cubes() {
        assert_eq!(
            november.of(cube).is_empty(),
            !cube.rhythm().has(Month::parse("2025-11").unwrap()),
            "{cube:?}"
        );
    }
    let totals = Nation::new(13, SHARE).month(Month::parse("2025-12").unwrap(), Detail::Totals);
    assert!(totals.activity.is_empty());
}

#[test]
fn every_cell_has_a_class_of_its_cube() {
    for cube in Cube::CLASSED.into_iter().chain(Cube::KEYED) {
        let declared = cube.declaration().dimensions;
        for (atom, _) in of(cube) {
            // Everybody whose lodging is known has a direction without a word, under the town itself.
            let is_everybody = cube == Cube::FlowsMonthly
                && value(cube, atom, Dimension::Direction) == 4
                && atom.area == Area::Municipality(atom.origin);
            assert!(is_everybody || atom.class.index(declared).is_some(), "{cube:?} {atom:?}");
            assert_eq!(Class::parse(&atom.class.text(declared), declared), Some(atom.class));
            assert_eq!(atom.month(cube), Month::parse("2025-12").unwrap());
        }
    }
}

#[test]
fn patterns_of_stays_add_up_to_the_visitors_of_a_town() {
    let inside = |atom: &Atom| match atom.area {
        Area::Municipality(code) => code.prefecture() == atom.origin.prefecture(),
        _ => false,
    };
    let visitors = sums(Cube::VisitorsMonthly, |atom| Some((atom.area, inside(atom))));
    let stays = sums(Cube::StaysMonthly, |atom| {
        Some((atom.area, value(Cube::StaysMonthly, atom, Dimension::Group) == 1))
    });
    let expected: BTreeMap<_, _> = visitors.into_iter().map(|(key, people)| (key, people * 500)).collect();
    assert_eq!(stays, expected);
}

#[test]
fn nights_and_hours_are_those_of_the_patterns() {
    let pattern = |patterns: &'static [u16]| {
        sums(Cube::StaysMonthly, move |atom| {
            patterns.contains(&value(Cube::StaysMonthly, atom, Dimension::Pattern)).then_some(atom.area)
        })
    };
    assert_eq!(by_area(Cube::StayNightsMonthly), pattern(&[1, 3]));
    assert_eq!(by_area(Cube::StayHoursMonthly), pattern(&[0]));
    let guests = pattern(&[1, 3]);
    for (area, nights) in by_area(Cube::PersonNightsMonthly) {
        let guests = guests[&area] as f64 / 500.0;
        assert!(
            (guests - 1.0..=guests * 9.0 + 1.0).contains(&(nights as f64)),
            "{area}: {nights} of {guests}"
        );
    }
}

#[test]
fn at_every_hour_nearly_everybody_is_somewhere() {
    let cube = Cube::PresenceMonthly;
    let hours =
        sums(cube, |atom| Some((value(cube, atom, Dimension::DayType), value(cube, atom, Dimension::Hour))));
    assert_eq!(hours.len(), 48);
    for (hour, parts) in hours {
        let share = parts as f64 / 500.0 / residents() as f64;
        assert!((0.935..1.001).contains(&share), "{hour:?}: {share}");
    }
}

/// People in a town at an hour, residents or all.
fn present(area: Area, day_type: u16, hour: u16) -> f64 {
    let cube = Cube::PresenceMonthly;
    let cells = of(cube).iter().filter(|(atom, _)| {
        atom.area == area
            && value(cube, atom, Dimension::DayType) == day_type
            && value(cube, atom, Dimension::Hour) == hour
    });
    cells.map(|(_, parts)| *parts as f64 / 500.0).sum()
}

#[test]
fn the_centre_of_tokyo_is_full_on_weekdays_and_its_suburbs_are_not() {
    let swell = |code: &str, day_type| present(town(code), day_type, 13) / present(town(code), 0, 3);
    // 千代田区, 港区, 大阪市; then 所沢市, 船橋市, 町田市.
    assert!(swell("13101", 0) > 7.0, "{}", swell("13101", 0));
    assert!(swell("13103", 0) > 2.0 && swell("27100", 0) > 1.1);
    assert!(swell("13101", 1) < 0.6 * swell("13101", 0));
    for suburb in ["11208", "12204", "13209"] {
        assert!((0.7..0.95).contains(&swell(suburb, 0)), "{suburb} {}", swell(suburb, 0));
        assert!((0.85..1.05).contains(&swell(suburb, 1)), "{suburb} {}", swell(suburb, 1));
    }
}

#[test]
fn a_town_of_leisure_is_fullest_on_days_off_after_noon() {
    // Those that draw most for their size.
    let (nation, _) = december();
    let mut towns: Vec<_> =
        nation.towns.iter().zip(&nation.residents).filter(|(_, count)| **count > 80).collect();
    let draw = |town: &crate::nation::Town| town.ties.iter().sum::<f64>() * town.leisure / town.panel;
    towns.sort_by(|(a, _), (b, _)| draw(b).total_cmp(&draw(a)));
    for (town, _) in &towns[..5] {
        let area = Area::Municipality(town.code);
        let off: Vec<f64> = (0..24).map(|hour| present(area, 1, hour)).collect();
        let most = (0..24).max_by(|a, b| off[*a].total_cmp(&off[*b])).unwrap();
        assert!((12..=14).contains(&most), "{area}: {most} {off:?}");
        assert!(off[13] > 1.1 * off[3] && off[13] > present(area, 0, 13), "{area}: {off:?}");
    }
}

#[test]
fn at_night_a_town_has_its_residents_and_its_guests() {
    let nights = by_area(Cube::PersonNightsMonthly);
    for (atom, residents) in december().1.residents.iter().filter(|(_, count)| *count > 300) {
        let guests = nights.get(&atom.area).copied().unwrap_or_default() as f64 / 31.0;
        let night = (present(atom.area, 0, 3) * 21.0 + present(atom.area, 1, 3) * 10.0) / 31.0;
        let ratio = night / (*residents as f64 + guests);
        assert!((0.9..1.15).contains(&ratio), "{}: {ratio}", atom.area);
    }
}

#[test]
fn who_stays_long_is_a_part_of_who_is_there() {
    let hours = [4, 10, 14, 20];
    let present = sums(Cube::PresenceMonthly, |atom| {
        let of = |dimension| value(Cube::PresenceMonthly, atom, dimension);
        let at = hours.iter().position(|hour| *hour == of(Dimension::Hour))?;
        Some((atom.area, of(Dimension::DayType), at as u16, of(Dimension::Group)))
    });
    let long = sums(Cube::LongPresenceMonthly, |atom| {
        let of = |dimension| value(Cube::LongPresenceMonthly, atom, dimension);
        Some((atom.area, of(Dimension::DayType), of(Dimension::ResasHour), of(Dimension::Group)))
    });
    assert!(long.len() > 30_000);
    for (key, long) in long {
        let present = present[&key] as f64;
        assert!((0.7 * present - 1.0..=0.97 * present + 1.0).contains(&(long as f64)), "{key:?}");
    }
}

#[test]
fn places_named_in_a_direction_are_no_more_than_everybody() {
    let cube = Cube::FlowsMonthly;
    let (mut named, mut everybody) = (BTreeMap::new(), BTreeMap::new());
    for (atom, parts) in of(cube) {
        let direction = value(cube, atom, Dimension::Direction);
        let is_own = atom.area == Area::Municipality(atom.origin);
        match direction {
            4 => *everybody.entry((atom.area, 2)).or_insert(0) += parts,
            2 => *named.entry((atom.area, 2)).or_insert(0) += parts,
            other if is_own => *everybody.entry((atom.area, other)).or_insert(0) += parts,
            other => *named.entry((atom.area, other)).or_insert(0) += parts,
        }
    }
    assert_eq!(everybody.len(), 4 * by_area(Cube::StaysMonthly).len());
    let all: u64 = everybody.values().sum();
    let known: u64 = named.values().sum();
    assert!(named.iter().all(|(key, parts)| *parts <= everybody[key]));
    assert!(known as f64 > 0.6 * all as f64, "{known} of {all}");
    let visitors = by_area(Cube::StaysMonthly);
    assert!(everybody.iter().all(|((area, _), parts)| *parts <= visitors[area]));
}

#[test]
fn most_visitors_of_a_town_come_from_home_or_from_near_by() {
    // 軽井沢町: 東京 and 長野 are what it draws from.
    let cube = Cube::FlowsMonthly;
    let karuizawa = town("20321");
    let before = of(cube).iter().filter(|(atom, _)| {
        atom.area == karuizawa
            && value(cube, atom, Dimension::Direction) == 0
            && Area::Municipality(atom.origin) != karuizawa
    });
    let mut before: Vec<_> =
        before.map(|(atom, parts)| (*parts, atom.origin.prefecture().number())).collect();
    before.sort_unstable_by(|a, b| b.cmp(a));
    let near =
        before[..10].iter().filter(|(_, prefecture)| [10, 11, 12, 13, 14, 19, 20].contains(prefecture));
    assert!(near.count() >= 8, "{:?}", &before[..10]);
}

#[test]
fn cells_and_meshes_have_the_people_who_are_not_at_home() {
    let key = |cube: Cube| {
        move |atom: &Atom| {
            let of = |dimension| value(cube, atom, dimension);
            Some((Area::Municipality(atom.origin), of(Dimension::DayType), of(Dimension::Band)))
        }
    };
    let cells = sums(Cube::CellsMonthly, key(Cube::CellsMonthly));
    assert_eq!(cells, sums(Cube::MeshesMonthly, key(Cube::MeshesMonthly)));
    let present = sums(Cube::PresenceMonthly, |atom| {
        let of = |dimension| value(Cube::PresenceMonthly, atom, dimension);
        (11..14).contains(&of(Dimension::Hour)).then_some((atom.area, of(Dimension::DayType)))
    });
    for ((area, day_type, _), parts) in cells.iter().filter(|((_, _, band), _)| *band == 0) {
        let present = present[&(*area, *day_type)] as f64 / 3.0;
        assert!((*parts as f64) < present + 60.0, "{area}: {parts} of {present}");
    }
    let mut counts: BTreeMap<MunicipalityCode, std::collections::BTreeSet<Area>> = BTreeMap::new();
    for (atom, _) in of(Cube::CellsMonthly) {
        counts.entry(atom.origin).or_default().insert(atom.area);
    }
    assert!(counts.values().all(|cells| cells.len() <= 60));
}

#[test]
fn pairs_of_a_trip_are_the_same_from_both_sides() {
    let pairs: BTreeMap<_, _> =
        of(Cube::TripPairsMonthly).iter().map(|(atom, parts)| ((atom.area, atom.origin), *parts)).collect();
    for ((area, other), parts) in &pairs {
        let Area::Municipality(code) = area else { panic!("{area}") };
        assert_eq!(pairs.get(&(Area::Municipality(*other), *code)), Some(parts));
    }
    assert_eq!(by_area(Cube::TripSizesMonthly), by_area(Cube::StaysMonthly));
}

#[test]
fn the_rebound_of_blocks_and_of_the_country_is_the_one_that_was_planted() {
    let march = Nation::new(13, SHARE).month(Month::parse("2026-03").unwrap(), Detail::Origins);
    let by_area = |cube: Cube| {
        let mut sums: BTreeMap<Area, f64> = BTreeMap::new();
        for (atom, parts) in march.of(cube) {
            *sums.entry(atom.area).or_default() += *parts as f64;
        }
        sums
    };
    let (ways, both) = (by_area(Cube::WaysYearly), by_area(Cube::ReboundWaysYearly));
    assert_eq!(ways.len(), 11, "ten blocks and the country");
    for (area, ways) in &ways {
        let part = both[area] / ways - 1.0;
        assert!((part - super::NATION_REBOUND).abs() < 0.01, "{area}: {part}");
    }
    let blocks: f64 = ways.iter().filter(|(area, _)| **area != Area::Country).map(|(_, ways)| ways).sum();
    assert!((blocks / ways[&Area::Country] - 1.0).abs() < 1e-3);
}
