use kayoi_schemas::disclosure::Parameters;
use proptest::prelude::*;

use super::*;

fn noise() -> Noise {
    Parameters::STANDARD.wide
}

/// The numbers of bands with so many farthest ways, of which a part is left.
fn of(ways: [f64; BANDS], part: f64) -> OfArea {
    let parts = |ones: f64| (ones * f64::from(PARTS)).round() as i32;
    let (of_ways, of_rebound) = (ways.map(parts), ways.map(|ways| parts(ways * (1.0 + part))));
    OfArea::of((&of_ways[..], &of_rebound[..]), noise())
}

#[test]
fn what_was_planted_comes_back() {
    for part in [0.0, 0.3, -0.1, 1.2] {
        let found = of([400.0, 700.0, 900.0, 500.0, 600.0], part);
        let all = found.all.unwrap();
        assert!((all.part - part).abs() < 1e-3, "{all:?}");
        let percent = all.percent();
        assert!(percent.low < 100.0 * part && 100.0 * part < percent.high, "{percent:?}");
        assert!(found.bands.iter().flatten().all(|band| (band.part - part).abs() < 1e-2), "{found:?}");
    }
}

#[test]
fn few_devices_and_wide_intervals_are_not_shown() {
    // Below the threshold, and above it with more noise than a rebound is worth.
    for ways in [f64::from(noise().threshold) - 1.0, f64::from(noise().threshold) + 20.0] {
        assert_eq!(of([ways; BANDS], 0.2), OfArea::default());
    }
    let one = of([0.0, 0.0, 1_000.0, 0.0, 0.0], 0.2);
    assert_eq!(one.bands.map(|band| band.is_some()), [false, false, true, false, false]);
    assert_eq!(one.all, one.bands[2], "bands of nothing but noise add none");
    assert_eq!(of([-40.0; BANDS], 0.2), OfArea::default());
}

#[test]
fn a_block_without_a_rebound_has_that_of_the_country() {
    let large = of([2_000.0; BANDS], 0.3);
    let mut rebounds = Rebounds {
        month: Month::parse("2026-03").unwrap(),
        country: large,
        blocks: [OfArea::default(); Region::ALL.len()],
    };
    let tokyo = PrefectureCode::new(13).unwrap();
    assert_eq!(rebounds.in_prefecture(tokyo), large.all.map(|all| (None, all)));
    let own = of([1_500.0; BANDS], 0.1);
    let at = Region::ALL.iter().position(|region| *region == Region::Capital).unwrap();
    rebounds.blocks[at] = own;
    assert_eq!(rebounds.in_prefecture(tokyo), own.all.map(|all| (Some(Region::Capital), all)));
    let osaka = PrefectureCode::new(27).unwrap();
    assert_eq!(rebounds.in_prefecture(osaka), large.all.map(|all| (None, all)));
    rebounds.country = OfArea::default();
    assert_eq!(rebounds.in_prefecture(osaka), None);
}

proptest! {
    /// The interval of the noise alone holds the rebound that was planted, for noise of up to two standard deviations on both
    /// sums in the directions that are worst.
    #[test]
    fn the_interval_is_at_least_that_of_each_sums_noise(part in -0.5..1.5_f64, ways in 700.0..5e3_f64) {
        let parts = |ones: f64| (ones * f64::from(PARTS)).round() as i32;
        let sigma = f64::from(noise().sigma);
        let mut values = ([0; BANDS], [0; BANDS]);
        values.0[1] = parts(ways);
        values.1[1] = parts(ways * (1.0 + part) + Z95 * sigma * f64::from(MOST_WAYS));
        let found = OfArea::of((&values.0[..], &values.1[..]), noise()).all;
        prop_assert!(found.is_none_or(|found| found.part - Z95 * found.error < part + 1e-3), "{found:?}");
    }
}
