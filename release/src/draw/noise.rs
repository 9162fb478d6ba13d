//! The draw: each figure of a month with its noise.
//!
//! In: exact counts, the seeds of twelve months, parameters. Out: [`MonthNoised`]. The noise of a figure in month
//! m is sigma C Σ a_j z(m-j), j from 0 to 11, where z(m) is drawn from a stream that month m's seed and the
//! figure's own place key, and a_j falls by 2/3 with each month. Days of a month share half of the variance of their
//! noise, or a group that comes every day would be read off their mean. Figures of what is done in one month have
//! noise of that month alone. A figure of fewer than k devices comes out
//! as one below its threshold, whatever noise says: that is the only decision made here.

use std::collections::BTreeMap;
use std::sync::Arc;

use kayoi_schemas::disclosure::{AR_TERMS, Parameters};
use kayoi_schemas::figure::Cube;
use kayoi_schemas::time::{Covered, Month};
use rayon::prelude::*;

use super::counts::{Exact, MonthCounts};
use super::grid::{Drawn, Layout, Noised, Shape};
use super::keyed::KeyedNoised;
use super::quantile::{noised, normal};
use super::seed::{Seed, Seeds};

/// a_j in units of 2⁻³⁰: c (2/3)^j with Σ a_j² = 1. Numbers, not a formula, so that no machine rounds otherwise.
const WEIGHTS: [i64; AR_TERMS] = [
    800_343_675,
    533_562_450,
    355_708_300,
    237_138_867,
    158_092_578,
    105_395_052,
    70_263_368,
    46_842_245,
    31_228_164,
    20_818_776,
    13_879_184,
    9_252_789,
];
const WEIGHT_BITS: u32 = 30;
/// √½ in the same units.
const ROOT_OF_A_HALF: i64 = 759_250_125;

/// The noised counts of a month.
#[derive(Debug, Clone)]
pub struct MonthNoised {
    month: Month,
    grids: BTreeMap<Drawn, Noised>,
    keyed: BTreeMap<Cube, KeyedNoised>,
    covered: Covered,
}

impl MonthNoised {
    /// Counts that were drawn before.
    pub(crate) fn kept(month: Month, grids: BTreeMap<Drawn, Noised>) -> Self {
        // What was published before is not written again, so nobody asks.
        Self { month, grids, keyed: BTreeMap::new(), covered: Covered::WHOLE }
    }

    /// The month.
    pub fn month(&self) -> Month {
        self.month
    }

    /// How much of its time the data cover.
    pub(crate) fn covered(&self) -> Covered {
        self.covered
    }

    /// What was drawn of it; `None` when it was not.
    pub fn get(&self, drawn: Drawn) -> Option<&Noised> {
        self.grids.get(&drawn)
    }

    /// What was drawn of a cube that is keyed; `None` when it was not.
    pub fn keyed(&self, cube: Cube) -> Option<&KeyedNoised> {
        self.keyed.get(&cube)
    }

    /// Adds what was drawn before.
    pub(crate) fn add(&mut self, before: Self) {
        self.grids.extend(before.grids);
    }

    /// Some of what was drawn.
    pub(crate) fn only(mut self, wanted: &[Drawn]) -> Self {
        self.keep_only(wanted);
        self
    }

    /// Lets go of the rest.
    pub(crate) fn keep_only(&mut self, wanted: &[Drawn]) {
        self.grids.retain(|drawn, _| wanted.contains(drawn));
        self.keyed.clear();
    }

    /// All that was drawn.
    pub fn all(&self) -> impl Iterator<Item = (Drawn, &Noised)> {
        self.grids.iter().map(|(drawn, noised)| (*drawn, noised))
    }
}

/// Draws some of a month's figures, as far as they were counted.
pub fn draw(counts: &MonthCounts, wanted: &[Drawn], seeds: &Seeds, parameters: &Parameters) -> MonthNoised {
    let is_wanted = |drawn: Drawn| wanted.contains(&drawn) && counts.has(drawn);
    let grids = counts.grids().iter().filter(|grid| is_wanted(grid.layout.drawn()));
    let grids = grids.map(|grid| (grid.layout.drawn(), draw_grid(grid, seeds, parameters)));
    MonthNoised {
        month: counts.month(),
        grids: grids.collect(),
        keyed: BTreeMap::new(),
        covered: counts.covered(),
    }
}

/// Draws the figures of a month that are keyed, and adds them to those that were drawn.
pub fn draw_keyed(counts: &MonthCounts, noised: &mut MonthNoised, seeds: &Seeds, parameters: &Parameters) {
    let Some(seed) = seeds.newest_first().first() else { return };
    let cubes = Cube::KEYED.into_par_iter().filter(|cube| counts.has_cube(*cube));
    let drawn = cubes.map(|cube| (cube, counts.keyed().draw(cube, seed, parameters)));
    noised.keyed = drawn.collect::<Vec<_>>().into_iter().collect();
}

fn draw_grid(exact: &Exact, seeds: &Seeds, parameters: &Parameters) -> Noised {
    let layout = &exact.layout;
    let drawn = layout.drawn();
    let noise = drawn.strength().noise(parameters);
    let scale = i64::from(noise.sigma) * i64::from(drawn.cap());
    let shape = drawn.shape();
    let seeds = &seeds.newest_first()[..if shape == Shape::Months { AR_TERMS } else { 1 }];
    // Of a sum it is not known how many devices are in it; it is shown by the count of its devices.
    let per_one = drawn.per_one();
    let cut = drawn
        .counts_devices()
        .then_some((u64::from(parameters.least_devices * per_one), (noise.threshold * per_one) as i32 - 1));
    let mut values = vec![0; layout.len()];
    let rows = values.par_chunks_mut(layout.width()).zip(exact.counts.par_chunks(layout.width()));
    rows.enumerate().for_each(|(place, (values, counts))| {
        let mut stream = Stream::new(layout);
        for class in 0..layout.classes().len() {
            let noise = stream.noise(place, class, shape, seeds);
            let at = class * layout.origins()..(class + 1) * layout.origins();
            for ((value, count), unit) in values[at.clone()].iter_mut().zip(&counts[at]).zip(noise) {
                let noised = noised(*count, scale * unit);
                *value = match cut {
                    Some((least, most)) if *count < least => noised.min(most),
                    _ => noised,
                };
            }
        }
    });
    Noised { layout: Arc::clone(layout), values }
}

/// The streams of noise of a layout.
struct Stream<'a> {
    layout: &'a Layout,
    bytes: Vec<u8>,
    sums: Vec<i64>,
}

impl<'a> Stream<'a> {
    fn new(layout: &'a Layout) -> Self {
        Self { layout, bytes: vec![0; 8 * layout.origins()], sums: vec![0; layout.origins()] }
    }

    /// Noise of standard deviation one for each origin of a class of an area, in units of 2⁻²⁴. Each figure has
    /// eight bytes of its own in a stream that is keyed by draw, area and class.
    fn noise(
        &mut self,
        place: usize,
        class: usize,
        shape: Shape,
        seeds: &[Seed],
    ) -> impl Iterator<Item = i64> {
        let layout = self.layout;
        let area = format!("{}\0{}\0", layout.drawn().name(), layout.areas()[place]);
        let label = format!("{area}{}", layout.classes()[class]);
        self.sums.fill(0);
        match (shape, seeds) {
            (Shape::Months, seeds) => {
                seeds.iter().zip(WEIGHTS).for_each(|(seed, weight)| self.add(seed, &label, weight));
            }
            (Shape::Days, [seed, ..]) => {
                self.add(seed, &label, ROOT_OF_A_HALF);
                self.add(seed, &area, ROOT_OF_A_HALF);
            }
            (Shape::Alone, [seed, ..]) => self.add(seed, &label, 1 << WEIGHT_BITS),
            (Shape::Days | Shape::Alone, []) => {}
        }
        self.sums.iter().map(|sum| sum >> WEIGHT_BITS)
    }

    /// Adds a draw of each origin.
    fn add(&mut self, seed: &Seed, label: &str, weight: i64) {
        let mut hasher = blake3::Hasher::new_keyed(seed.bytes());
        hasher.update(label.as_bytes()).finalize_xof().fill(&mut self.bytes);
        for (sum, bytes) in self.sums.iter_mut().zip(self.bytes.chunks_exact(8)) {
            let bits = u64::from_le_bytes(bytes.try_into().unwrap_or_default());
            *sum += weight * normal(bits);
        }
    }
}
