use kayoi_geography::Register;
use kayoi_schemas::definition::Definition;
use kayoi_schemas::disclosure::{PHI, Parameters};
use kayoi_schemas::figure::{Area, Atom, Class, Cube, Dimension, Rung};
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::Month;
use proptest::prelude::*;

use super::*;

fn definition() -> Definition {
    Definition::connected_2026().unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

/// Connected people of a town, on 3 to 7 days.
fn tie(month: Month, town: u32, origin: u32) -> Atom {
    let declared = Cube::ConnectedMonthly.declaration().dimensions;
    let class = Class::ALL.with(declared, Dimension::VisitDays, 3).with(
        declared,
        Dimension::Rung,
        Rung::Connected.value(),
    );
    Atom { period: month.0, area: Area::Municipality(code(town)), origin: code(origin), class }
}

fn counts(month: Month, cells: &[(u32, u32, u64)]) -> MonthCounts {
    let mut counts = MonthCounts::new(month, &definition(), Register::japan());
    for (town, origin, value) in cells {
        counts.add(Cube::ConnectedMonthly, &tie(month, *town, *origin), *value).unwrap();
    }
    counts
}

fn seeds(secret: &Secret, month: Month, digest: &[u8; 32]) -> Seeds {
    let edition = Edition::Final(1);
    Seeds::of(month, |of| {
        Ok::<_, ()>(if of == month {
            secret.seed(edition, of, digest)
        } else {
            secret.seed_before(edition, of)
        })
    })
    .unwrap()
}

fn drawn(counts: &MonthCounts, secret: &Secret) -> MonthNoised {
    let seeds = seeds(secret, counts.month(), &counts.digest());
    draw(counts, &[Drawn::Connected], &seeds, &Parameters::STANDARD)
}

#[test]
fn the_same_counts_give_the_same_bits_in_any_order_and_on_any_number_of_workers() {
    let cells = [(20321, 13101, 40), (20321, 14100, 3), (1101, 13101, 700), (47201, 1101, 12)];
    let secret = Secret::new([3; 32]);
    let once = drawn(&counts(month("2026-03"), &cells), &secret);
    // Backwards, in pieces of one, on one worker.
    let backwards: Vec<_> = cells.iter().rev().flat_map(|(t, o, n)| (0..*n).map(|_| (*t, *o, 1))).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let again = pool.install(|| drawn(&counts(month("2026-03"), &backwards), &secret));
    let values = |noised: &MonthNoised| noised.get(Drawn::Connected).unwrap().values().to_vec();
    assert_eq!(values(&once), values(&again));
    let bytes: Vec<u8> = values(&once).iter().flat_map(|value| value.to_le_bytes()).collect();
    assert_eq!(
        blake3::hash(&bytes).to_hex()[..16],
        *"661cfd4617221788",
        "the bits are those of every machine"
    );
}

#[test]
fn one_device_more_changes_the_noise_of_every_figure() {
    let secret = Secret::new([3; 32]);
    let before = drawn(&counts(month("2026-03"), &[(20321, 13101, 40)]), &secret);
    let after = drawn(&counts(month("2026-03"), &[(20321, 13101, 41)]), &secret);
    let (before, after) = (before.get(Drawn::Connected).unwrap(), after.get(Drawn::Connected).unwrap());
    let changed = before.values().iter().zip(after.values()).filter(|(a, b)| a != b).count();
    // Two draws of sigma 5 round to the same number one time in some eighteen, and are both cut now and then.
    assert!(changed as f64 > 0.9 * before.values().len() as f64, "{changed}");
}

#[test]
fn noise_has_the_mean_variance_and_correlation_that_the_ledger_counts_on() {
    let secret = Secret::new([9; 32]);
    let first = month("2024-01");
    // Counts large enough that nothing is cut.
    let cells: Vec<_> = Register::japan().all().iter().map(|m| (m.code.number(), 13101, 1_000)).collect();
    let (mut series, mut all): (Vec<Vec<f64>>, Vec<Seed>) = (Vec::new(), Vec::new());
    for index in 0..26 {
        let counts = counts(first.plus(index), &cells);
        all.push(secret.seed(Edition::Final(1), counts.month(), &counts.digest()));
        let seeds = Seeds::of(counts.month(), |of| {
            let back = (of.0 - first.0) as usize;
            Ok::<_, ()>(if of < first {
                secret.seed_before(Edition::Final(1), of)
            } else {
                all[back].clone()
            })
        });
        let noised = draw(&counts, &[Drawn::Connected], &seeds.unwrap(), &Parameters::STANDARD);
        let grid = noised.get(Drawn::Connected).unwrap();
        let layout = grid.layout();
        let connected = layout.classes().iter().position(|class| class == "connected").unwrap();
        let noise = (0..layout.areas().len()).flat_map(|place| {
            [0, 13].map(|origin| f64::from(grid.of_area(place)[layout.index(0, connected, origin)]) - 1_000.0)
        });
        series.push(noise.collect());
    }
    let values: Vec<f64> = series.iter().flatten().copied().collect();
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
    assert!(mean.abs() < 0.2, "{mean}");
    assert!((variance - 25.08).abs() < 0.6, "{variance}");
    for lag in 1..5 {
        let pairs = series.windows(lag + 1).flat_map(|w| w[0].iter().zip(&w[lag]));
        let (mut sum, mut pairs_count) = (0.0, 0.0);
        for (a, b) in pairs {
            sum += a * b;
            pairs_count += 1.0;
        }
        let correlation = sum / pairs_count / variance;
        assert!((correlation - PHI.powi(lag as i32)).abs() < 0.03, "lag {lag}: {correlation}");
    }
    // The streams of everybody and of Tokyo are two.
    let (mut sum, mut pairs) = (0.0, 0.0);
    for month in &series {
        for pair in month.chunks_exact(2) {
            sum += pair[0] * pair[1];
            pairs += 1.0;
        }
    }
    assert!((sum / pairs / variance).abs() < 0.03);
    let beyond = values.iter().filter(|v| v.abs() > 15.5).count() as f64 / count;
    assert!(
        (0.0012..0.0030).contains(&beyond),
        "{beyond} beyond 3.1 sigma, 0.0019 by the normal distribution"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn fewer_than_ten_devices_never_reach_the_threshold(count in 0_u64..10, secret in any::<[u8; 32]>()) {
        let counts = counts(month("2026-03"), &[(20321, 13101, count)]);
        let noised = drawn(&counts, &Secret::new(secret));
        let grid = noised.get(Drawn::Connected);
        let highest = grid.into_iter().flat_map(Noised::values).max().copied().unwrap_or(0);
        prop_assert!(highest < Parameters::STANDARD.tie_year.threshold as i32);
    }

    #[test]
    fn the_digest_knows_every_device(cells in prop::collection::vec((0_usize..1741, 0_usize..1741, 1_u64..50), 1..20)) {
        let all = Register::japan().all();
        let cells: Vec<_> = cells.iter().map(|(t, o, n)| (all[*t].code.number(), all[*o].code.number(), *n)).collect();
        let one = counts(month("2026-03"), &cells);
        let mut more = cells.clone();
        more[0].2 += 1;
        prop_assert_ne!(one.digest(), counts(month("2026-03"), &more).digest());
        let mut turned = cells.clone();
        turned.reverse();
        prop_assert_eq!(one.digest(), counts(month("2026-03"), &turned).digest());
    }
}
