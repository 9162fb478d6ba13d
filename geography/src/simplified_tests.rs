use std::collections::BTreeSet;

use kayoi_schemas::ids::MunicipalityCode;

use super::*;
use crate::boundaries::fixture::set_of;
use crate::{Geography, Register};

fn geography() -> Geography {
    Geography::simplified().unwrap()
}

#[test]
fn every_municipality_has_an_outline_and_wards_of_designated_cities_have_none() {
    let outlined: BTreeSet<MunicipalityCode> =
        borders().unwrap().units().iter().map(|unit| unit.code).collect();
    let registered: BTreeSet<_> = Register::japan().all().iter().map(|one| one.code).collect();
    assert_eq!(registered.difference(&outlined).count(), 0);
    let further: Vec<u32> = outlined.difference(&registered).map(|code| code.number()).collect();
    // The northern villages, which N03 has and the census has not.
    assert_eq!(further, [1695, 1696, 1697, 1698, 1699, 1700]);
}

#[test]
fn every_representative_point_is_in_its_own_municipality() {
    let geography = geography();
    for one in Register::japan().all() {
        assert_eq!(geography.municipality_at(one.latitude, one.longitude), Some(one.code), "{}", one.name);
    }
}

#[test]
fn the_open_sea_and_other_countries_are_in_none() {
    let geography = geography();
    for (latitude, longitude) in
        [(39.0, 135.0), (30.0, 140.0), (37.5665, 126.978), (-33.0, -70.0), (90.0, 0.0)]
    {
        assert_eq!(geography.place(latitude, longitude).municipality, None);
    }
}

#[test]
fn areas_are_near_those_of_the_register() {
    for unit in borders().unwrap().units() {
        let Some(known) = Register::japan().get(unit.code) else { continue };
        let share = unit.area_km2() / known.area_km2;
        assert!((0.98..1.02).contains(&share), "{}: {share:.2} of {} km²", known.name, known.area_km2);
    }
}

#[test]
fn both_who_made_the_data_and_who_simplified_it_are_credited() {
    let geography = geography();
    assert!(geography.credit().contains(N03_CREDIT) && geography.credit().contains("oxon"));
}

#[test]
fn words_and_numbers_of_the_errors_agree() {
    for percent in [WRONG_PERCENT, WRONG_PERCENT_OF_SMALL] {
        assert!(HOW_FAR_THEY_ERR.contains(&format!(" {percent} % of ")), "{percent}");
    }
    assert!(HOW_FAR_THEY_ERR.contains(&format!(" {SMALL_KM2} km²")));
}

#[test]
fn rounding_takes_away_rings_that_enclose_nothing_any_more() {
    let square =
        |x: f64, side: f64| vec![[x, 35.0], [x + side, 35.0], [x + side, 35.0 + side], [x, 35.0 + side]];
    let set = set_of(vec![
        (13101, vec![square(139.123_456_7, 0.1), square(139.15, 0.000_01)]),
        (13101, vec![square(140.0, 0.000_01)]),
    ]);
    let rounded = rounded(&set);
    let polygons: Vec<_> = rounded.polygons().collect();
    assert!(polygons.len() == 1 && polygons[0].1.holes().is_empty());
    assert_eq!(polygons[0].1.exterior().points()[0], [139.1235, 35.0]);
    assert_eq!(unpack(&pack(&rounded).unwrap()), Some(rounded));
}

#[test]
fn bytes_that_are_no_borders_are_refused() {
    for bytes in [&b""[..], b"short", &EMBEDDED[..EMBEDDED.len() - 1], &[0; 64]] {
        assert_eq!(unpack(bytes), None);
    }
}
