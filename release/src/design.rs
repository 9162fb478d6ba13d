//! How much more counts of ties differ than those of people who come into the panel one by one: the design effect.
//!
//! In: noised ties of municipalities, by which half of all homes people live in, in meshes of 125 m and of 500 m. Out: one
//! number for each kind, pooled over the nation. Halves are drawn by lot, mesh by mesh: where each phone has a home of its
//! own, the two halves of a count n differ by a variance of n; where a family of three goes together, or somebody has two
//! phones, by more (a delete-a-group jackknife with two groups, Kott 2001). Neighbours share a mesh too, and go to the
//! same place now and then: of a mesh sixteen times as large there are sixteen times as many, which is taken off.

use kayoi_schemas::figure::Dimension;

use crate::draw::Noised;

/// What is taken where too little is known: second phones and families make a count differ by some 15 % more.
pub(crate) const DESIGN_EFFECT: f64 = 1.15;
/// No count differs more than this.
const MOST: f64 = 4.0;
/// Devices of both halves, with noise, from which a municipality counts.
const LEAST_DEVICES: f64 = 200.0;
/// Municipalities from which a kind has a number of its own.
const LEAST_TOWNS: usize = 50;
/// How many meshes of 125 m one of 500 m has.
const MESHES: f64 = 16.0;

const KINDS: usize = Dimension::MainKind.words().len();

/// The design effect of each kind, by what is known of homes; with noise of a standard deviation.
pub(crate) fn design_effects(halves: Option<&Noised>, sigma: f64) -> [f64; KINDS] {
    std::array::from_fn(|kind| {
        // Of dual residents, who are few, homes are not drawn.
        let kind = kind.min(1);
        let of = |mesh: usize| halves.and_then(|halves| between_halves(halves, kind, mesh, sigma));
        of(0).zip(of(1)).map_or(DESIGN_EFFECT, |(fine, coarse)| {
            let neighbours = ((coarse - fine) / (MESHES - 1.0)).max(0.0);
            (fine - neighbours).clamp(1.0, MOST)
        })
    })
}

/// The mean square of the difference of two halves, less that of their noise, for each device. Municipalities weigh by how
/// little noise is in theirs.
fn between_halves(halves: &Noised, kind: usize, mesh: usize, sigma: f64) -> Option<f64> {
    let noise = 2.0 * sigma * sigma;
    let first = 2 * (2 * kind + mesh);
    let (mut sum, mut weights, mut towns) = (0.0, 0.0, 0);
    for place in 0..halves.layout().areas().len() {
        let values = halves.of_area(place);
        let (one, other) = (f64::from(*values.get(first)?), f64::from(*values.get(first + 1)?));
        let devices = one + other;
        if devices < LEAST_DEVICES {
            continue;
        }
        let weight = (1.0 + noise / devices).powi(-2);
        sum += weight * ((one - other).powi(2) - noise) / devices;
        weights += weight;
        towns += 1;
    }
    (towns >= LEAST_TOWNS).then(|| sum / weights)
}

#[cfg(test)]
mod tests {
    use kayoi_geography::Register;
    use kayoi_schemas::definition::Definition;
    use kayoi_schemas::figure::Cube;
    use kayoi_schemas::time::Month;

    use super::*;
    use crate::draw::{Drawn, Layout};

    /// Halves whose differences have so many times the variance of people one by one, in each mesh.
    fn halves(fine: f64, coarse: f64) -> Noised {
        let definition = Definition::connected_2026().unwrap();
        let drawn = Drawn::Classed(Cube::HomeHalvesYearly);
        let layout = Layout::new(drawn, Month::parse("2026-03").unwrap(), &definition, Register::japan());
        // The quantiles of a normal distribution in turn, so that the mean square is known.
        let quantile =
            |place: usize| crate::attack::normal::quantile((place % 97) as f64 / 97.0 + 0.5 / 97.0);
        let values = (0..layout.areas().len()).flat_map(|place| {
            (0..KINDS).flat_map(move |_| {
                [fine, coarse].map(|effect| {
                    let apart = (4_000.0 * effect + 450.0).sqrt() * quantile(place) / 2.0;
                    [(2_000.0 + apart).round() as i32, (2_000.0 - apart).round() as i32]
                })
            })
        });
        Noised::kept(layout.clone(), values.flatten().collect()).unwrap()
    }

    #[test]
    fn families_are_seen_neighbours_are_taken_off_and_little_is_not_guessed_from() {
        let near = |found: [f64; KINDS], expected: f64| found.iter().all(|of| (of - expected).abs() < 0.05);
        let one_by_one = design_effects(Some(&halves(1.0, 1.0)), 15.0);
        assert!(near(one_by_one, 1.0), "{one_by_one:?}");
        let families = design_effects(Some(&halves(2.0, 2.0)), 15.0);
        assert!(near(families, 2.0), "{families:?}");
        // Neighbours alone: a half as much again in the small mesh is eight times that in the large one.
        let neighbours = design_effects(Some(&halves(1.5, 9.0)), 15.0);
        assert!(near(neighbours, 1.0), "{neighbours:?}");
        assert_eq!(design_effects(None, 10.0), [DESIGN_EFFECT; KINDS]);
    }
}
