//! Teleworkers and their ways → the two sums that rebound is measured by, once a fiscal year.
//!
//! In: teleworkers by where they live and how far away they work. Out: cells of each 地方ブロック and of the country. The same
//! part of the way is left everywhere, so that what a release makes of the noised sums can be held against one
//! number.

use kayoi_geography::region::Region;
use kayoi_schemas::figure::{Area, Cube, Dimension};
use kayoi_schemas::ids::PrefectureCode;
use kayoi_schemas::rebound::{BANDS, Share};

use super::sheet::Sheet;

/// What people of a [`Nation`](crate::Nation) go on days of telework all the same, as a part of the way to work: a number to be found
/// again, from which nothing about Japan follows.
pub const NATION_REBOUND: f64 = 0.15;
/// Part of teleworkers of whom five days of each kind are well seen.
const WELL_SEEN: f64 = 0.1;
/// Nobody who commutes works nearer, kilometres.
const NEAREST_KM: f64 = 1.0;
/// All blocks, and the country after them.
const AREAS: usize = Region::ALL.len() + 1;

/// Sums of a distance band, in farthest ways.
#[derive(Clone, Copy, Default)]
struct Sums {
    ways: f64,
    rebound_and_ways: f64,
}

/// The sums of blocks and of the country.
#[derive(Default)]
pub(super) struct Ways([[Sums; BANDS]; AREAS]);

impl Ways {
    /// Adds teleworkers of a prefecture, by its position, who work so far away.
    pub(super) fn add(&mut self, prefecture: usize, teleworkers: u32, km: f64) {
        let km = km.max(NEAREST_KM);
        let seen = f64::from(teleworkers) * WELL_SEEN;
        let Ok(home) = PrefectureCode::new(prefecture as u8 + 1) else { return };
        let block = Region::ALL.iter().position(|block| *block == Region::of(home));
        let Some(share) = Share::of(km, 2.0 * km * (1.0 - NATION_REBOUND)) else { return };
        for area in block.into_iter().chain([AREAS - 1]) {
            if let Some(sums) = self.0.get_mut(area).and_then(|bands| bands.get_mut(share.band)) {
                sums.ways += seen * share.way;
                sums.rebound_and_ways += seen * share.rebound_and_way;
            }
        }
    }

    /// Writes them, where the month has them.
    pub(super) fn put(&self, sheet: &mut Sheet) {
        let blocks = Region::ALL.map(|block| block.first_prefecture().map(Area::Prefecture));
        for (area, bands) in blocks.into_iter().chain([Some(Area::Country)]).zip(&self.0) {
            let Some(area) = area else { continue };
            for (band, sums) in bands.iter().enumerate() {
                let class = [(Dimension::DistanceBand, band)];
                let cells = [(Cube::WaysYearly, sums.ways), (Cube::ReboundWaysYearly, sums.rebound_and_ways)];
                for (cube, ones) in cells {
                    let parts = f64::from(cube.declaration().per_one);
                    sheet.put(cube, area, class, (ones * parts).round() as u64);
                }
            }
        }
    }
}
