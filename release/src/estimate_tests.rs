use kayoi_schemas::disclosure::{Noise, Parameters};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::*;

const NOISE: Noise = Parameters::STANDARD.tie_year;

fn weight(mean: f64) -> Weight {
    Weight { mean, mean_square: mean * mean, relative_variance: 0.0, design: 1.0 }
}

fn normal(random: &mut StdRng) -> f64 {
    let (a, b): (f64, f64) = (random.random(), random.random());
    (-2.0 * (1.0 - a).ln()).sqrt() * (2.0 * std::f64::consts::PI * b).cos()
}

/// People of the world, and what was seen of them: each phone with a share of 1 / w, then noise.
fn world(random: &mut StdRng, w: f64, low: f64, high: f64) -> (f64, f64) {
    // Logarithms evenly spread: a density like 1 / v.
    let devices = low * (high / low).powf(random.random::<f64>());
    let people = (devices * w).round();
    let seen = devices + normal(random) * (devices * (1.0 - 1.0 / w)).sqrt();
    (people, (seen + 5.0 * normal(random)).round())
}

#[test]
fn intervals_cover_the_truth_near_the_threshold_and_far_from_it() {
    let mut random = StdRng::seed_from_u64(8);
    for (low, high) in [(25.0, 40.0), (40.0, 200.0), (200.0, 2_000.0)] {
        for w in [1.0, 33.0] {
            let (mut inside, mut all, mut error, mut truth) = (0.0, 0.0, 0.0, 0.0);
            for _ in 0..40_000 {
                let (people, seen) = world(&mut random, w, 2.0, 5_000.0);
                let rung = Rung::drawn(seen, NOISE);
                if !rung.is_shown || !(low..high).contains(&seen) {
                    continue;
                }
                let found = estimate(&rung, &weight(w), Spread::EVEN, 10, 1.0).unwrap();
                inside += f64::from(u8::from((found.low as f64..=found.high as f64).contains(&people)));
                error += found.persons as f64 - people;
                truth += people;
                all += 1.0;
            }
            let cover = inside / all;
            assert!((0.93..=0.97).contains(&cover), "{low} to {high}, weight {w}: {cover} of {all}");
            assert!((error / truth).abs() < 0.01, "{low} to {high}, weight {w}: off by {}", error / truth);
        }
    }
}

#[test]
fn without_the_correction_what_is_just_above_the_threshold_is_too_large() {
    let mut random = StdRng::seed_from_u64(8);
    let (mut error, mut truth) = (0.0, 0.0);
    for _ in 0..40_000 {
        let (people, seen) = world(&mut random, 33.0, 2.0, 5_000.0);
        if (25.0..40.0).contains(&seen) {
            error += seen * 33.0 - people;
            truth += people;
        }
    }
    assert!(error / truth > 0.02, "{}", error / truth);
}

#[test]
fn an_index_is_found_again_in_the_counts_that_have_it() {
    let mut random = StdRng::seed_from_u64(4);
    for alpha in [0.5, 1.0, 1.8] {
        let values: Vec<f64> = (0..400_000)
            .map(|_| {
                // Inverse of the distribution function of a density like v^-alpha from 5 to 500.
                let (u, one): (f64, f64) = (random.random(), 1.0 - alpha);
                if one == 0.0 {
                    5.0 * 100_f64.powf(u)
                } else {
                    (5_f64.powf(one) + u * (500_f64.powf(one) - 5_f64.powf(one))).powf(1.0 / one)
                }
            })
            .collect();
        let found = Spread::fit(values.into_iter(), 25.0).unwrap();
        assert!((found.0 - alpha).abs() < 0.1, "{} is not {alpha}", found.0);
    }
    assert_eq!(Spread::fit([30.0, 60.0].into_iter(), 25.0), None, "too few to say");
}

#[test]
fn a_few_heavy_devices_are_no_figure() {
    let rung = Rung::drawn(40.0, NOISE);
    let heavy = Weight { mean: 10.0, mean_square: 500.0, relative_variance: 0.0, design: 1.0 };
    assert_eq!(estimate(&rung, &heavy, Spread::EVEN, 10, 10.0), None);
    assert!(estimate(&rung, &weight(10.0), Spread::EVEN, 10, 10.0).is_some());
}

#[test]
fn a_phone_counted_as_a_person_has_the_interval_of_its_noise() {
    let found = estimate(&Rung::drawn(100.0, NOISE), &Weight::ONE, Spread(0.0), 10, 1.0).unwrap();
    assert_eq!((found.low, found.persons, found.high), (90, 100, 110));
    assert_eq!(found.quality, Quality::A);
    assert_eq!(fewer_than(&Rung::drawn(12.0, NOISE), &weight(33.0), 10.0), 1_130);
}

#[test]
fn what_is_left_of_a_sum_has_the_errors_of_both() {
    let gross = Total { value: 1_000, low: 800, high: 1_200 };
    // A part that is known for certain lessens value and interval alike.
    assert_eq!(gross.without((0.25, 0.0), 10.0), Total { value: 750, low: 600, high: 900 });
    let net = gross.without((0.25, 0.1), 10.0);
    assert_eq!(net.value, 750);
    assert!(net.low < 510 && net.high > 990, "196 of the part beside 150 of the sum: {net:?}");
    // More gone on days of telework than was saved.
    assert!(gross.without((1.1, 0.05), 10.0).value < 0);
}
