use std::sync::Arc;

use kayoi_geography::Register;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::Cube;
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::time::Month;

use super::*;
use crate::draw::{Drawn, Layout};

const SIGMA: f64 = 15.0;

/// Noised counts of a cube, which are these.
fn counted(cube: Cube, count: impl Fn(Area, &str) -> f64) -> Noised {
    let definition = Definition::connected_2026().unwrap();
    let march = Month::parse("2026-03").unwrap();
    let layout: Arc<Layout> = Layout::new(Drawn::Classed(cube), march, &definition, Register::japan());
    let per_one = f64::from(cube.declaration().per_one);
    let values = layout.areas().iter().flat_map(|area| {
        layout
            .classes()
            .iter()
            .map(|class| (count(*area, class) * per_one).round() as i32)
            .collect::<Vec<_>>()
    });
    let values: Vec<i32> = values.collect();
    Noised::kept(layout, values).unwrap()
}

/// A population in which each age and sex has as many people.
fn people() -> People {
    let census = People::census_2020();
    census.with_segments([[10_000_000.0; 2]; 5])
}

/// The old are in the panel half as often as the others.
fn residents(known: f64) -> Noised {
    counted(Cube::ResidentAgesYearly, |area, class| {
        let scale = if area == Area::Country { 47.0 } else { 1.0 };
        let of = match class.split_once('/') {
            Some(("unknown", "unknown")) => (1.0 - known) / known * 9_000.0,
            Some(("unknown", _) | (_, "unknown")) => 0.0,
            Some(("65+", _)) => 500.0,
            _ => 1_000.0,
        };
        scale * of
    })
}

/// Dual residents are old, all others of every age alike, as they are in the panel.
fn ties(scale: f64) -> Noised {
    counted(Cube::SegmentsYearly, |area, class| {
        let words: Vec<&str> = class.split('/').collect();
        let own = match words[..] {
            [_, "unknown", _] | [_, _, "unknown"] => 0.0,
            ["dual_resident", "65+", _] => 500.0,
            ["dual_resident", ..] => 0.0,
            [_, "65+", _] => 50.0,
            _ => 100.0,
        };
        if area == Area::Country { own * scale } else { own * scale / 47.0 }
    })
}

#[test]
fn a_kind_of_old_people_counts_for_more_and_one_of_everybody_for_itself() {
    let composition = Composition::new(&residents(1.0), &ties(10.0), SIGMA, &people());
    let (dual, all) = (composition.of("dual_resident", 0), composition.of("connected", 0));
    // 100 million people over 9,000 devices a prefecture; the old are 20 million over 1,000.
    assert!((dual.factor - 1.8).abs() < 0.01, "{dual:?}");
    assert!((all.factor - 1.0).abs() < 0.01, "{all:?}");
    assert!(dual.relative_variance > 0.0 && dual.relative_variance < 0.01, "{dual:?}");
    assert_eq!(composition.known_percent(0), Some(100.0));
    let old = composition.of_segment(Some(4), None).factor;
    let young = composition.of_segment(Some(0), Some(1)).factor;
    assert!((old - 1.8).abs() < 0.01 && (young - 0.9).abs() < 0.01, "{old} {young}");
}

#[test]
fn nothing_is_multiplied_where_too_little_is_known() {
    let half = Composition::new(&residents(0.5), &ties(10.0), SIGMA, &people());
    assert_eq!(half.of("dual_resident", 0), Scale::ONE, "most partners tell no age");
    assert_eq!(half.known_percent(13), Some(50.0));
    let few = Composition::new(&residents(1.0), &ties(0.2), SIGMA, &people());
    assert_eq!(few.of("dual_resident", 0), Scale::ONE, "noise would make the factor");
    let no_ages = Composition::new(&residents(1.0), &ties(10.0), SIGMA, &People::census_2020());
    assert_eq!(no_ages.of("dual_resident", 0), Scale::ONE, "the table of people has no ages");
}

#[test]
fn a_prefecture_with_many_has_a_factor_of_its_own_and_others_that_of_the_country() {
    let of_nagano = Area::Prefecture(PrefectureCode::new(20).unwrap());
    let ties = counted(Cube::SegmentsYearly, |area, class| match class {
        "visitor/65+/male" if area == of_nagano => 4_000.0,
        "visitor/65+/male" | "visitor/15-29/male" if area == Area::Country => 20_000.0,
        "visitor/15-29/male" if area != of_nagano => 20.0,
        _ => 0.0,
    });
    let composition = Composition::new(&residents(1.0), &ties, SIGMA, &people());
    assert!((composition.of("visitor", 20).factor - 1.8).abs() < 0.01);
    assert!((composition.of("days_3_7", 13).factor - 1.35).abs() < 0.01);
}
