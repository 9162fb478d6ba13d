//! Noised counts → which figures are shown, on every rung.
//!
//! In: the noised counts of an area's classes, each for everybody and by prefecture of origin. Out: a [`Rung`]
//! for each of them and for what is computed from them: blocks of prefectures, the own prefecture and all others.
//! A rung is shown when its noised value reaches its own threshold, k + 3 sigma of the noise that it carries. Then
//! what contains a shown figure is shown, and is at least as large. No exact count is known here, so nothing
//! of it can show.

use std::sync::LazyLock;

use kayoi_geography::region::Region;
use kayoi_schemas::disclosure::{Noise, Parameters};
use kayoi_schemas::figure::OriginLevel;
use kayoi_schemas::ids::PrefectureCode;

use crate::draw::ORIGINS;

/// A noised figure on some rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rung {
    /// Devices, with noise.
    pub value: f64,
    /// Standard deviation of the noise, devices.
    pub sigma: f64,
    /// The least value that is shown.
    pub threshold: u32,
    /// Whether it is.
    pub is_shown: bool,
}

impl Rung {
    /// A figure that was drawn with a noise and its threshold.
    pub fn drawn(value: f64, noise: Noise) -> Self {
        let threshold = noise.threshold;
        Self { value, sigma: f64::from(noise.sigma), threshold, is_shown: value >= f64::from(threshold) }
    }

    /// A figure that was computed, whose noise has a standard deviation.
    pub fn computed(value: f64, sigma: f64, parameters: &Parameters) -> Self {
        let threshold = parameters.threshold_of(sigma);
        Self { value, sigma, threshold, is_shown: value >= f64::from(threshold) }
    }

    /// Shows it, and makes it as large, when it contains a figure that is shown.
    pub fn contain(&mut self, part: &Self) {
        if part.is_shown {
            self.is_shown = true;
            self.value = self.value.max(part.value);
        }
    }
}

/// What can be larger than, and shown for, a part of it.
pub(crate) trait Contain: Clone {
    /// Takes into account that `part` is contained in it.
    fn contain(&mut self, part: &Self);

    /// Makes a part that was computed no larger, and shown only where it is.
    fn bound(&self, part: &mut Self);
}

impl Contain for Rung {
    fn contain(&mut self, part: &Self) {
        Rung::contain(self, part);
    }

    fn bound(&self, part: &mut Self) {
        part.is_shown &= self.is_shown;
        part.value = part.value.min(self.value);
    }
}

/// All rungs of one class of an area.
#[derive(Debug, Clone)]
pub(crate) struct Ladder<T> {
    pub(crate) all: T,
    pub(crate) outside: T,
    /// By [`Region::ALL`].
    pub(crate) blocks: [T; Region::ALL.len()],
    /// By number, from 1 at index 0.
    pub(crate) prefectures: [T; ORIGINS - 1],
    own: usize,
}

impl Ladder<Rung> {
    /// The ladder of a class: its value for everybody and by prefecture. `scale` is the standard deviation of
    /// the noise of these values in units of `noise`'s: 1, or less where they are means over months.
    pub(crate) fn new(
        values: &[f64],
        own: PrefectureCode,
        noise: Noise,
        scale: f64,
        parameters: &Parameters,
    ) -> Self {
        let sigma = f64::from(noise.sigma) * scale;
        let one = |value: f64| match scale {
            1.0 => Rung::drawn(value, noise),
            _ => Rung::computed(value, sigma, parameters),
        };
        let several = |value: f64, count: usize| match count {
            1 => one(value),
            _ => Rung::computed(value, sigma * (count as f64).sqrt(), parameters),
        };
        let own = usize::from(own.number()) - 1;
        let by_prefecture = &values[1..ORIGINS];
        let blocks = Region::ALL.map(|region| {
            let members = region.prefectures().map(|code| by_prefecture[usize::from(code.number()) - 1]);
            let (sum, count) = members.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
            several(sum, count)
        });
        let prefectures = std::array::from_fn(|index| one(by_prefecture[index]));
        let outside = several(values[0] - by_prefecture[own], 2);
        Self { all: one(values[0]), outside, blocks, prefectures, own }
    }
}

/// Where the block of each prefecture stands in [`Region::ALL`], by its number from 1 at index 0.
pub(crate) static BLOCK_OF: LazyLock<[usize; ORIGINS - 1]> = LazyLock::new(|| {
    std::array::from_fn(|index| {
        let region = PrefectureCode::new(index as u8 + 1).map(Region::of);
        Region::ALL.iter().position(|one| Ok(*one) == region).unwrap_or(0)
    })
});

impl<T: Contain> Ladder<T> {
    /// The index of the own prefecture.
    pub(crate) fn own(&self) -> usize {
        self.own
    }

    /// People from the own prefecture.
    pub(crate) fn inside(&self) -> &T {
        &self.prefectures[self.own]
    }

    /// The same ladder of something that follows from each rung, by level and index.
    pub(crate) fn map<U>(&self, mut of: impl FnMut(OriginLevel, usize, &T) -> U) -> Ladder<U> {
        Ladder {
            all: of(OriginLevel::All, 0, &self.all),
            outside: of(OriginLevel::Outside, 0, &self.outside),
            blocks: std::array::from_fn(|index| of(OriginLevel::Block, index, &self.blocks[index])),
            prefectures: std::array::from_fn(|index| {
                of(OriginLevel::Prefecture, index, &self.prefectures[index])
            }),
            own: self.own,
        }
    }

    /// Within the class: everybody, blocks and outside contain prefectures, outside contains blocks. A block is a
    /// sum of figures that are hidden one by one, and noise alone passes its threshold now and then among so
    /// many: so it is shown only where everybody is, and is no larger.
    fn close(&mut self) {
        for index in 0..self.prefectures.len() {
            let part = self.prefectures[index].clone();
            self.all.contain(&part);
        }
        self.all.bound(&mut self.outside);
        for index in 0..self.blocks.len() {
            self.all.bound(&mut self.blocks[index]);
        }
        for index in 0..self.prefectures.len() {
            let part = self.prefectures[index].clone();
            self.blocks[BLOCK_OF[index]].contain(&part);
            if index != self.own {
                self.outside.contain(&part);
            }
        }
        for index in (0..self.blocks.len()).filter(|index| *index != BLOCK_OF[self.own]) {
            let part = self.blocks[index].clone();
            self.outside.contain(&part);
        }
    }

    /// Contains another class.
    fn contain(&mut self, part: &Self) {
        self.all.contain(&part.all);
        self.outside.contain(&part.outside);
        self.blocks.iter_mut().zip(&part.blocks).for_each(|(rung, part)| rung.contain(part));
        self.prefectures.iter_mut().zip(&part.prefectures).for_each(|(rung, part)| rung.contain(part));
    }
}

/// Closes the ladders of an area's classes. `within` names classes that contain another, the contained one second,
/// in an order in which what is contained comes first.
pub(crate) fn close<T: Contain>(ladders: &mut [Ladder<T>], within: &[(usize, usize)]) {
    ladders.iter_mut().for_each(Ladder::close);
    for (container, part) in within {
        let part = ladders[*part].clone();
        ladders[*container].contain(&part);
    }
    // A prefecture that another class has shown shows its block, and so on.
    if !within.is_empty() {
        ladders.iter_mut().for_each(Ladder::close);
    }
}

/// Closes totals without origins in the same way.
pub(crate) fn close_totals<T: Contain>(totals: &mut [T], within: &[(usize, usize)]) {
    for (container, part) in within {
        let part = totals[*part].clone();
        totals[*container].contain(&part);
    }
}

/// Which kinds contain which, by their place among the kinds of municipalities: connected is repeat, and all
/// are visitors. `count` is the number of kinds, five and then the classes of days.
pub(crate) fn kinds_within(count: usize) -> Vec<(usize, usize)> {
    let (visitor, repeat, connected) = (0, 1, 2);
    let visitors = (1..count).map(|kind| (visitor, kind));
    std::iter::once((repeat, connected)).chain(visitors).collect()
}
