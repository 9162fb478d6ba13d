use kayoi_schemas::definition::Definition;
use proptest::prelude::*;

use super::*;

fn thresholds() -> Thresholds {
    Definition::connected_2026().unwrap().thresholds
}

fn probability(at_home: u32, seen: u32) -> f64 {
    HomeDays { seen, at_home }.probability(&thresholds())
}

#[test]
fn two_days_at_home_in_a_quarter_are_leave_and_two_a_week_are_telework() {
    assert!(probability(2, 55) < 0.1, "{}", probability(2, 55));
    assert!(probability(22, 55) > 0.97, "{}", probability(22, 55));
    // Nothing seen leaves what is known of everybody.
    assert!((probability(0, 0) - thresholds().teleworkers_share.get()).abs() < 1e-12);
}

#[test]
fn likelihoods_of_all_counts_add_up_to_one() {
    // The binomial coefficient is left out of the likelihood, as both classes have it; here it is put back.
    for seen in [1, 7, 40] {
        let mut choose = 1.0;
        let mut sum = 0.0;
        for at_home in 0..=seen {
            sum += choose * HomeDays { seen, at_home }.likelihood(0.3, TELEWORK_CONCENTRATION);
            choose *= f64::from(seen - at_home) / f64::from(at_home + 1);
        }
        assert!((sum - 1.0).abs() < 1e-9, "{seen}: {sum}");
    }
}

proptest! {
    #[test]
    fn more_days_at_home_never_make_telework_less_probable(seen in 1u32..70, at_home in 0u32..69) {
        let at_home = at_home.min(seen - 1);
        prop_assert!(probability(at_home + 1, seen) >= probability(at_home, seen) - 1e-12);
        let share = HomeDays { seen, at_home }.share(1.0, &thresholds());
        prop_assert!((0.0..=1.0).contains(&share));
    }
}
