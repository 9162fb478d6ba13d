//! A small generator whose numbers are the same on every machine.
//!
//! In: what the numbers are for, as numbers. Out: uniform, normal, Poisson and binomial draws. Each town and
//! month has a stream of its own, so nothing depends on the order in which towns are visited. The generator
//! is SplitMix64 (Steele, Lea and Flood 2014): it is written out here, because those of `rand` may change
//! with a version or a word size.

use kayoi_schemas::figure::{Area, Atom, Cube};

use crate::random::mix;

/// What a stream is for; keeps streams of one town and month apart.
#[derive(Debug, Clone, Copy)]
pub(super) enum Use {
    Prefecture = 101,
    Town,
    Residents,
    Ties,
    Daily,
    Weather,
    Overlap,
    Gap,
    Traits,
    Purposes,
    Stays,
    Commuters,
    Telework,
    Flows,
    Spots,
    Trips,
    TieDays,
    Workation,
    Offices,
    Yearly,
    Origins,
    PerPerson,
    Road,
    Ownership,
    Panel,
    Friends,
    People,
    DaysAtHome,
}

/// Splits a whole into parts with the shares that so many devices have by chance, when these shares are expected of
/// them. The parts add up to the whole; nothing where no share is expected.
pub(super) fn split<const N: usize>(
    stream: &mut Stream,
    whole: u64,
    devices: f64,
    expected: [f64; N],
) -> [u64; N] {
    let sum: f64 = expected.iter().sum();
    if whole == 0 || sum <= 0.0 {
        return [0; N];
    }
    let drawn = expected.map(|share| {
        let share = share / sum;
        let sigma = (share * (1.0 - share) / devices.max(1.0)).sqrt();
        (share + sigma * stream.normal()).max(0.0)
    });
    let of_drawn: f64 = drawn.iter().sum();
    let (shares, sum) = if of_drawn > 0.0 { (drawn, of_drawn) } else { (expected, sum) };
    // Rounding the running sum loses nothing.
    let (mut running, mut before) = (0.0, 0);
    shares.map(|share| {
        running += share / sum;
        let until = ((running * whole as f64).round() as u64).min(whole);
        let part = until - before;
        before = until;
        part
    })
}

/// A mean from which the normal approximation is exact enough, and an inversion would take long.
const MANY: f64 = 30.0;

/// A stream of random numbers.
pub(super) struct Stream(u64);

impl Stream {
    /// The stream of a seed, a use, a month or day, and a town or prefecture.
    pub(super) fn new(seed: u64, what: Use, when: i32, who: u32) -> Self {
        Self(mix([seed, what as u64, i64::from(when) as u64, u64::from(who)]))
    }

    /// The stream of a cell of a cube, the same in each period: what is drawn from it moves as the cell does.
    pub(super) fn of_cell(seed: u64, cube: Cube, atom: &Atom) -> Self {
        let area = match atom.area {
            Area::Municipality(code) => u64::from(code.number()),
            Area::Prefecture(code) => 1 << 32 | u64::from(code.number()),
            Area::Country => 1 << 33,
            Area::Cell(cell) => cell.h3(),
            Area::Mesh(mesh) => 1 << 34 | u64::from(mesh),
        };
        let [a, b, c, d, e] = atom.class.values().map(u64::from);
        // No value of a class has more than twelve bits.
        let class = (((a << 12 | b) << 12 | c) << 12 | d) << 12 | e;
        let place = mix([area, u64::from(atom.origin.number()), class, cube as u64]);
        Self(mix([seed, Use::Panel as u64, place, 0]))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number below `end`, by the multiplication of Lemire (2019) without its rejection: the bias is
    /// below 1e-17 for the few dozen choices there are.
    pub(super) fn below(&mut self, end: u32) -> u32 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u32
    }

    /// Standard normal (Box and Muller 1958).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Lognormal with mean 1.
    pub(super) fn factor(&mut self, sigma: f64) -> f64 {
        (sigma * self.normal() - sigma * sigma / 2.0).exp()
    }

    /// Poisson: by inversion, for large means by the normal approximation.
    pub(super) fn poisson(&mut self, mean: f64) -> u32 {
        if mean > MANY {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as u32;
        }
        let next = |share: f64, count: u32| share * mean / f64::from(count + 1);
        invert(self.unit(), (-mean).exp(), u32::MAX, next)
    }

    /// Binomial with a share of at most a half: by inversion, for many by the normal approximation.
    pub(super) fn binomial(&mut self, of: u32, share: f64) -> u32 {
        if of == 0 {
            return 0;
        }
        let (number, odds) = (f64::from(of), share / (1.0 - share));
        let mean = number * share;
        if mean > MANY {
            let drawn = (mean + (mean * (1.0 - share)).sqrt() * self.normal()).round();
            return (drawn.max(0.0) as u32).min(of);
        }
        let next = |chance: f64, count: u32| chance * odds * f64::from(of - count) / f64::from(count + 1);
        invert(self.unit(), (number * (1.0 - share).ln()).exp(), of, next)
    }
}

/// The count at which the running sum of probabilities passes `at`: `first` is that of 0, `next` makes the
/// following one. What is lost to rounding beyond the tail ends the search.
fn invert(mut at: f64, first: f64, most: u32, next: impl Fn(f64, u32) -> f64) -> u32 {
    let (mut chance, mut count) = (first, 0);
    while at > chance && count < most && chance > f64::MIN_POSITIVE {
        at -= chance;
        chance = next(chance, count);
        count += 1;
    }
    count
}
