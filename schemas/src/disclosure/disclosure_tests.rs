use super::*;

#[test]
fn information_is_that_of_the_inverse_correlation_matrix() {
    // The quadratic form s'R⁻¹s of AR(1), summed over the process instead of from the closed form.
    let by_hand = |seen: &[bool]| {
        let padded: Vec<f64> =
            [false].iter().chain(seen).chain(&[false]).map(|s| f64::from(u8::from(*s))).collect();
        padded.windows(2).map(|w| (w[1] - PHI * w[0]).powi(2)).sum::<f64>() / (1.0 - PHI * PHI)
    };
    for (seen, windows, runs) in [
        (vec![true], 1, 1),
        (vec![true; 12], 12, 1),
        (vec![true, true, false, true, false, false, true], 4, 3),
    ] {
        assert!((by_hand(&seen) - information(windows, runs)).abs() < 1e-9, "{seen:?}");
    }
}

#[test]
fn a_mean_over_months_is_as_wide_as_correlation_leaves_it() {
    let sd = |months| 5.0 * standard_deviation_of_a_mean(months);
    assert!((sd(1) - 5.0).abs() < 1e-9);
    assert!((sd(3) - 4.27).abs() < 0.01, "{}", sd(3));
    assert!((sd(12) - 2.9).abs() < 0.05, "{}", sd(12));
}

#[test]
fn presets_keep_the_floors_and_what_does_not_is_named() {
    for parameters in [Parameters::STANDARD, Parameters::STRICT] {
        assert_eq!(parameters.checked(), Ok(parameters));
    }
    let standard = Parameters::STANDARD;
    let refused = |parameters: Parameters| parameters.checked().unwrap_err().to_string();
    assert!(refused(Parameters { least_devices: 9, ..standard }).contains("10 or more"));
    let weak = Noise { sigma: 4, threshold: 25 };
    assert!(refused(Parameters { tie_year: weak, ..standard }).contains("`tie_year` is 4"));
    let low = Noise { sigma: 10, threshold: 39 };
    assert!(refused(Parameters { tie_month: low, ..standard }).contains("40 or more"));
    assert!(refused(Parameters { tie_year_budget: f64::NAN, ..standard }).contains("budget"));
}

#[test]
fn all_tables_together_are_within_each_budget() {
    for parameters in [Parameters::STANDARD, Parameters::STRICT] {
        for line in Line::ALL {
            let tables = LATTICES.iter().filter(|lattice| lattice.line == line);
            let spent: f64 = tables.map(|lattice| lattice.rho(&parameters)).sum();
            let budget = line.budget(&parameters);
            assert!(spent > 0.5 * budget && spent < 0.97 * budget, "{}: {spent} of {budget}", line.name());
        }
    }
}

#[test]
fn a_table_has_one_lattice_at_most() {
    for lattice in &LATTICES {
        assert_eq!(LATTICES.iter().filter(|other| other.table == lattice.table).count(), 1);
        assert!(Lattice::of(lattice.table).is_some());
    }
}
