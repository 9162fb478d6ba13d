//! Figures that are keyed by another municipality or a cell: exact counts → the noised ones that are shown.
//!
//! In: cells of [`Cube::KEYED`]. Out: [`KeyedNoised`]. There are millions of such figures and nearly all hold nobody,
//! so only those of ten devices or more are drawn: all others would be hidden, whatever noise says, and nothing is
//! computed from hidden ones. What is shown is decided here, by the noised count alone among these.

use std::collections::BTreeMap;

use kayoi_geography::cell::{Resolution, parent};
use kayoi_schemas::disclosure::Parameters;
use kayoi_schemas::figure::{Area, Atom, Class, Cube};
use kayoi_schemas::ids::MunicipalityCode;

use super::grid::strength;
use super::quantile::{noised, normal};
use super::seed::Seed;

/// Which figure of a cube: an area, the other municipality or that of a cell, and a class.
pub(super) type Key = (Area, MunicipalityCode, Class);

/// Exact counts by cube and key.
#[derive(Default)]
pub(super) struct KeyedCounts(BTreeMap<Cube, BTreeMap<Key, u64>>);

impl KeyedCounts {
    /// Adds a cell; an H3 cell to its parents as well, which are figures of their own.
    pub(super) fn add(&mut self, cube: Cube, atom: &Atom, value: u64) {
        let counts = self.0.entry(cube).or_default();
        let mut put = |area| *counts.entry((area, atom.origin, atom.class)).or_default() += value;
        put(atom.area);
        if let Area::Cell(cell) = atom.area {
            let coarser = [Resolution::Seven, Resolution::Six].into_iter();
            coarser.filter_map(|resolution| parent(resolution, cell)).for_each(|cell| put(Area::Cell(cell)));
        }
    }

    /// Adds all counts to a digest, in the order of their keys.
    pub(super) fn hash(&self, hasher: &mut blake3::Hasher) {
        for (cube, counts) in &self.0 {
            hasher.update(cube.declaration().name.as_bytes());
            for ((area, other, class), count) in counts {
                hasher.update(label(*cube, *area, *other, *class).as_bytes()).update(&count.to_le_bytes());
            }
        }
    }

    /// Draws the figures of a cube with the seed of its month.
    pub(super) fn draw(&self, cube: Cube, seed: &Seed, parameters: &Parameters) -> KeyedNoised {
        let noise = strength(cube).noise(parameters);
        let declaration = cube.declaration();
        let per_one = u64::from(declaration.per_one);
        let least = u64::from(parameters.least_devices) * per_one;
        let threshold = i64::from(noise.threshold) * i64::from(declaration.per_one);
        let scale = i64::from(noise.sigma) * i64::from(declaration.most_of_a_device);
        let counts = self.0.get(&cube).into_iter().flatten().filter(|(_, count)| **count >= least);
        let shown = counts.filter_map(|((area, other, class), count)| {
            let mut bytes = [0; 8];
            let mut hasher = blake3::Hasher::new_keyed(seed.bytes());
            hasher.update(label(cube, *area, *other, *class).as_bytes()).finalize_xof().fill(&mut bytes);
            let value = noised(*count, scale * normal(u64::from_le_bytes(bytes)));
            (i64::from(value) >= threshold).then_some(((*area, *other, *class), value))
        });
        KeyedNoised(shown.collect())
    }
}

/// The name of a figure in the streams of noise. It must never change.
fn label(cube: Cube, area: Area, other: MunicipalityCode, class: Class) -> String {
    let declaration = cube.declaration();
    format!("keyed\0{}\0{area}\0{other}\0{}\0", declaration.name, class.text(declaration.dimensions))
}

/// The noised counts that are shown, in the order of their keys.
#[derive(Debug, Clone, Default)]
pub struct KeyedNoised(Vec<(Key, i32)>);

impl KeyedNoised {
    /// All of them.
    pub fn all(&self) -> &[(Key, i32)] {
        &self.0
    }

    /// Those of an area.
    pub fn of_area(&self, area: Area) -> &[(Key, i32)] {
        let first = self.0.partition_point(|((known, ..), _)| *known < area);
        let last = self.0.partition_point(|((known, ..), _)| *known <= area);
        self.0.get(first..last).unwrap_or_default()
    }
}
