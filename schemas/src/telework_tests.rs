use proptest::prelude::*;

use super::*;
use crate::definition::Definition;

fn taken() -> Prior {
    Prior::of(&Definition::connected_2026().unwrap().thresholds)
}

fn probability(at_home: u32, seen: u32) -> f64 {
    HomeDays { seen, at_home }.probability(&taken())
}

#[test]
fn two_days_at_home_in_a_quarter_are_leave_and_two_a_week_are_telework() {
    assert!(probability(2, 55) < 0.1, "{}", probability(2, 55));
    assert!(probability(22, 55) > 0.97, "{}", probability(22, 55));
    // Nothing seen leaves what is known of everybody.
    assert!((probability(0, 0) - taken().teleworkers).abs() < 1e-12);
}

#[test]
fn probabilities_of_all_counts_add_up_to_one() {
    for seen in [1, 7, 40, 66] {
        let all = |mean, concentration| beta_binomial(seen, mean, concentration).sum::<f64>();
        assert!((all(0.3, TELEWORK_CONCENTRATION) - 1.0).abs() < 1e-9, "{seen}");
        assert!((all(0.03, OFF_CONCENTRATION) - 1.0).abs() < 1e-9, "{seen}");
    }
}

#[test]
fn a_beta_binomial_is_that_of_the_gamma_function() {
    // 3 of 5 at Beta(2, 2): 10 B(5, 4) / B(2, 2) = 10 * (4! 3! / 8!) * 6.
    let expected = 10.0 * (24.0 * 6.0 / 40_320.0) * 6.0;
    assert!((beta_binomial(5, 0.5, 4.0).nth(3).unwrap() - expected).abs() < 1e-12);
}

#[test]
fn cells_are_classes_of_days_seen_and_of_the_share_at_home() {
    let cell = |at_home, seen| HomeDays { seen, at_home }.cell();
    assert_eq!(cell(0, 0), None);
    assert_eq!((cell(0, 1), cell(1, 1)), (Some((0, 0)), Some((0, 5))));
    assert_eq!((cell(2, 50), cell(3, 50), cell(25, 50)), (Some((3, 0)), Some((3, 1)), Some((3, 4))));
    assert_eq!((cell(1, 14), cell(1, 15)), (Some((0, 1)), Some((1, 1))));
}

#[test]
fn with_the_prior_that_was_taken_the_counts_are_right() {
    // Bayes: what a right prior makes of everybody is on average what they are.
    let shapes = Shapes::new(taken().off, TELEWORK_CONCENTRATION, &taken());
    let all = |pick: fn(&Part) -> f64| {
        (0..CELLS).map(|cell| pick(&shapes.mixed(cell, taken().teleworkers))).sum::<f64>()
    };
    let classes = SEEN_CLASSES as f64;
    assert!((all(|part| part.devices) - classes).abs() < 1e-9);
    assert!((all(|part| part.taken) / classes - taken().teleworkers).abs() < 1e-9);
    assert!((all(|part| part.taken_days) / all(|part| part.days) - 1.0).abs() < 1e-9);
}

#[test]
fn with_fewer_teleworkers_and_more_days_off_than_were_taken_the_counts_are_too_many() {
    let days = |off, teleworkers| {
        let shapes = Shapes::new(off, TELEWORK_CONCENTRATION, &taken());
        let parts: Vec<Part> = (0..CELLS).map(|cell| shapes.mixed(cell, teleworkers)).collect();
        let sum = |pick: fn(&Part) -> f64| parts.iter().map(pick).sum::<f64>();
        (sum(|part| part.taken_days) / sum(|part| part.days), sum(|part| part.taken) / 4.0 / teleworkers)
    };
    let (fewer, more) = (days(0.05, 0.09), days(0.02, 0.25));
    assert!(fewer.0 > 1.05 && fewer.1 > 1.2, "{fewer:?}");
    assert!(more.0 < 1.0 && more.1 < 1.0, "{more:?}");
}

proptest! {
    #[test]
    fn more_days_at_home_never_make_telework_less_probable(seen in 1u32..70, at_home in 0u32..69) {
        let at_home = at_home.min(seen - 1);
        prop_assert!(probability(at_home + 1, seen) >= probability(at_home, seen) - 1e-12);
        let share = HomeDays { seen, at_home }.share(taken().off);
        prop_assert!((0.0..=1.0).contains(&share));
    }
}
