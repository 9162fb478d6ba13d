use kayoi_schemas::definition::Definition;
use kayoi_schemas::telework::{SEEN_CLASSES, TELEWORK_CONCENTRATION};
use proptest::prelude::*;

use super::*;

fn taken() -> Prior {
    Prior::of(&Definition::connected_2026().unwrap().thresholds)
}

/// Noise of a fixed row, standard deviation one.
fn noise(number: usize) -> f64 {
    let unit = |salt: u64| {
        let mut x = (number as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ salt.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x ^= x >> 31;
        x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
        ((x ^ (x >> 29)) >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..12).map(unit).sum::<f64>() - 6.0
}

/// A histogram of so many commuters, of whom a share works at home and another share of days is off.
fn histogram(devices: f64, teleworkers: f64, off: f64, sigma: f64, seed: usize) -> Histogram {
    let shapes = Shapes::new(off, TELEWORK_CONCENTRATION, &taken());
    let each = devices / SEEN_CLASSES as f64;
    let mut counts = [0.0; CELLS];
    for (cell, count) in counts.iter_mut().enumerate() {
        *count = each * shapes.mixed(cell, teleworkers).devices + sigma * noise(seed * CELLS + cell);
    }
    let mut of_class = [0.0; CELLS];
    for (own, cells) in of_class.chunks_mut(SHARE_CLASSES).zip(counts.chunks(SHARE_CLASSES)) {
        own.fill(cells.iter().sum::<f64>().max(0.0));
    }
    let devices = of_class.iter().step_by(SHARE_CLASSES).sum();
    Histogram { counts, of_class, devices, variance: sigma * sigma }
}

fn fit(histogram: &Histogram) -> Fitted {
    let candidates = candidates(&taken());
    let offs: Vec<f64> =
        candidates.iter().map(|(off, _)| 0.5 * square((off / taken().off).ln() / OFF_SD)).collect();
    let found = histogram.weigh(&candidates, &offs, (log_odds(taken().teleworkers), ODDS_SD));
    histogram.mean(&candidates, &found).unwrap()
}

/// The factors that would be right.
fn right(teleworkers: f64, off: f64) -> (f64, f64) {
    let shapes = Shapes::new(off, TELEWORK_CONCENTRATION, &taken());
    let sum = |pick: fn(&kayoi_schemas::telework::Part) -> f64| {
        (0..CELLS).map(|cell| pick(&shapes.mixed(cell, teleworkers))).sum::<f64>()
    };
    let people = teleworkers * SEEN_CLASSES as f64 / sum(|part| part.taken);
    (people, sum(|part| part.days) / sum(|part| part.taken_days))
}

#[test]
fn many_commuters_tell_how_many_of_them_telework_and_how_often_they_are_off() {
    for (number, (teleworkers, off)) in
        [(0.05, 0.03), (0.1, 0.05), (0.156, 0.03), (0.3, 0.02)].into_iter().enumerate()
    {
        let found = fit(&histogram(200_000.0, teleworkers, off, 15.0, number));
        // It claims no more than some hundred devices would tell, so the definition's prior still draws a little.
        let (low, high) = (found.share.low, found.share.high);
        assert!((low..=high).contains(&(100.0 * teleworkers)), "{teleworkers}: {found:?}");
        assert!((found.share.percent / (100.0 * teleworkers) - 1.0).abs() < 0.1, "{teleworkers}: {found:?}");
        assert!((found.off / off - 1.0).abs() < 0.05, "{off}: {found:?}");
        let (people, days) = right(teleworkers, off);
        assert!((found.people.value / people - 1.0).abs() < 0.1, "{people}: {found:?}");
        assert!((found.days.value / days - 1.0).abs() < 0.03, "{days}: {found:?}");
        assert!(found.days.relative_variance.sqrt() < 0.1, "{found:?}");
    }
}

#[test]
fn nothing_but_noise_leaves_what_was_known_before_with_a_wide_interval() {
    let found = fit(&histogram(20.0, 0.4, 0.03, 15.0, 9));
    assert!((8.0..30.0).contains(&found.share.percent), "{found:?}");
    assert!(found.share.high - found.share.low > 25.0, "{found:?}");
    assert!(found.people.relative_variance.sqrt() > 0.2, "{found:?}");
}

#[test]
fn what_was_taken_and_is_so_changes_nothing() {
    let found = fit(&histogram(500_000.0, taken().teleworkers, taken().off, 15.0, 4));
    assert!((found.people.value - 1.0).abs() < 0.02 && (found.days.value - 1.0).abs() < 0.02, "{found:?}");
}

#[test]
fn intervals_of_small_histograms_hold_the_truth() {
    let (teleworkers, off) = (0.1, 0.045);
    let inside = (0..100)
        .filter(|seed| {
            let share = fit(&histogram(2_000.0, teleworkers, off, 15.0, 100 + seed)).share;
            (share.low..=share.high).contains(&(100.0 * teleworkers))
        })
        .count();
    assert!(inside >= 90, "{inside} of 100");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_factor_is_a_number_whatever_noise_has_made_of_a_histogram(
        counts in prop::collection::vec(-60.0..200.0_f64, CELLS)
    ) {
        let mut histogram = histogram(100.0, 0.1, 0.03, 15.0, 0);
        histogram.counts.copy_from_slice(&counts);
        for (own, cells) in histogram.of_class.chunks_mut(SHARE_CLASSES).zip(counts.chunks(SHARE_CLASSES)) {
            own.fill(cells.iter().sum::<f64>().max(0.0));
        }
        prop_assume!(histogram.of_class.iter().sum::<f64>() > 0.0);
        let found = fit(&histogram);
        for factor in [found.people, found.days] {
            prop_assert!(factor.value > 0.0 && factor.value < 5.0, "{found:?}");
            prop_assert!(factor.relative_variance.is_finite(), "{found:?}");
        }
    }
}
