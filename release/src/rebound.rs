//! Noised sums of ways → rebound: the part of the kilometres that telework saves which people go all the same.
//!
//! In: noised ways to work of teleworkers, and what of them is left on days of telework, by distance band, of a
//! 地方ブロック and of the country. Out: the quotient of both, with an interval. A rebound below 0 or above 1 is one that noise or
//! sampling made, and stands as such: cut off at 0, a mean over blocks would be too large.
//!
//! The interval is that of the quotient, linearized: the noise of both sums, and sampling. How much rebound differs
//! from one device to the next is not drawn. It lies between known bounds, and of numbers between bounds with a known
//! mean the variance is at most (most - mean) (mean - least) (Bhatia and Davis 2000): the interval is too wide
//! rather than too narrow, and drawing squares would cost as much as the sums do.
//! Bands differ in how far their farthest way is, and noise goes by that: the total of an area is that of the bands
//! that are large enough by themselves.

use kayoi_geography::region::Region;
use kayoi_schemas::disclosure::Noise;
use kayoi_schemas::figure::Area;
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::rebound::{BANDS, MOST_WAYS, PARTS, REBOUND, farthest_km};
use kayoi_schemas::time::Month;

use crate::draw::Noised;
use crate::estimate::Ratio;

/// The two-sided 95 % point of the normal distribution.
const Z95: f64 = 1.96;
/// A rebound is shown when it is known to so much on either side: of a part of 1 there is then a quarter at most to
/// doubt.
const MOST_ERROR: f64 = 0.25;

/// A part of the kilometres saved, with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rebound {
    pub(crate) part: f64,
    pub(crate) error: f64,
}

impl Rebound {
    /// In percent with its 95 % interval, to a tenth.
    pub(crate) fn percent(self) -> Ratio {
        let tenth = |part: f64, round: fn(f64) -> f64| round(1000.0 * part) / 10.0;
        Ratio {
            percent: tenth(self.part, f64::round),
            low: tenth(self.part - Z95 * self.error, f64::floor),
            high: tenth(self.part + Z95 * self.error, f64::ceil),
        }
    }

    /// The rebound of some bands together; `None` where it is not known well enough.
    fn pooled(bands: &[Band], sigma: f64) -> Option<Self> {
        let sum = |of: fn(&Band) -> f64| bands.iter().map(of).sum::<f64>();
        let ways_km = sum(|band| band.farthest_km * band.ways);
        let ratio = sum(|band| band.farthest_km * band.rebound_and_ways) / ways_km;
        let part = ratio - 1.0;
        let most_ways = f64::from(MOST_WAYS);
        let noise = sigma * sigma * (most_ways * most_ways + ratio * ratio);
        let (least, most) = REBOUND;
        let inside = part.clamp(least, most);
        let between_devices = (most - inside) * (inside - least);
        let squares_km2 = sum(|band| band.farthest_km * band.farthest_km);
        // No way is longer than the farthest, so the squares of ways are at most this.
        let of_ways_km2 = sum(|band| band.farthest_km * band.farthest_km * band.ways);
        let variance = (noise * squares_km2 + between_devices * of_ways_km2) / (ways_km * ways_km);
        let found = Self { part, error: variance.sqrt() };
        (ways_km > 0.0 && Z95 * found.error <= MOST_ERROR).then_some(found)
    }
}

/// The noised sums of a distance band, in farthest ways.
#[derive(Debug, Clone, Copy)]
struct Band {
    farthest_km: f64,
    ways: f64,
    rebound_and_ways: f64,
}

/// What stands in an area: by distance band, and in all bands together that are large enough.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct OfArea {
    pub(crate) bands: [Option<Rebound>; BANDS],
    pub(crate) all: Option<Rebound>,
}

impl OfArea {
    /// `values` are the noised numbers of the bands: ways, and rebound with ways.
    fn of(values: (&[i32], &[i32]), noise: Noise) -> Self {
        let (sigma, threshold) = (f64::from(noise.sigma), f64::from(noise.threshold));
        let ones = |value: &i32| f64::from(*value) / f64::from(PARTS);
        let bands = values.0.iter().zip(values.1).enumerate().map(|(band, (ways, rebound))| Band {
            farthest_km: farthest_km(band),
            ways: ones(ways),
            rebound_and_ways: ones(rebound),
        });
        // A way is at most a farthest one: ways of so many are of as many devices or more.
        let large: Vec<Option<Band>> = bands.map(|band| (band.ways >= threshold).then_some(band)).collect();
        let mut found = Self::default();
        for (own, band) in found.bands.iter_mut().zip(&large) {
            *own = band.and_then(|band| Rebound::pooled(&[band], sigma));
        }
        let large: Vec<Band> = large.into_iter().flatten().collect();
        found.all = if large.is_empty() { None } else { Rebound::pooled(&large, sigma) };
        found
    }
}

/// The rebound of a fiscal year.
#[derive(Debug, Clone)]
pub(crate) struct Rebounds {
    /// The month with which the year ends.
    pub(crate) month: Month,
    pub(crate) country: OfArea,
    /// By [`Region::ALL`].
    pub(crate) blocks: [OfArea; Region::ALL.len()],
}

impl Rebounds {
    /// Those of a month in which both sums were drawn.
    pub(crate) fn of(month: Month, ways: &Noised, rebound: &Noised, noise: Noise) -> Self {
        let found = |area: Area| {
            let places = ways.layout().place(area).zip(rebound.layout().place(area));
            places.map_or(OfArea::default(), |(of_ways, of_rebound)| {
                OfArea::of((ways.of_area(of_ways), rebound.of_area(of_rebound)), noise)
            })
        };
        let block = |region: Region| {
            region.first_prefecture().map_or(OfArea::default(), |first| found(Area::Prefecture(first)))
        };
        Self { month, country: found(Area::Country), blocks: Region::ALL.map(block) }
    }

    /// What holds for who lives in a prefecture, and the block that it is of; of the country where the block has none.
    pub(crate) fn in_prefecture(&self, prefecture: PrefectureCode) -> Option<(Option<Region>, Rebound)> {
        let region = Region::of(prefecture);
        let own = Region::ALL.iter().zip(&self.blocks).find(|(block, _)| **block == region);
        let own = own.and_then(|(_, of_block)| of_block.all).map(|rebound| (Some(region), rebound));
        own.or(self.country.all.map(|rebound| (None, rebound)))
    }
}

#[cfg(test)]
#[path = "rebound_tests.rs"]
mod tests;
