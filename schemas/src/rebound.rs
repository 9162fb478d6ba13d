//! Days of telework beside days at the workplace: which devices tell what errands make of the way saved, and in what
//! parts they are counted.
//!
//! In: the straight way to work of a device, and how long its days are. Out: its distance band, and its share of two
//! sums, the way to work and what of it is walked and driven all the same. Both are parts of the farthest way of the band, there and
//! back: noise goes by what one device may add at most, and a way of 3 km beside the noise of one of 100 would
//! be nothing. Aggregate counts in these parts and the release makes kilometres of them again, so both read this.
//!
//! All lengths are straight lines between places. Roads are longer, those to a shop as those to work, so that
//! the detour cancels in their ratio.

/// Ends of the distance bands, kilometres from bed to workplace. Who works farther away is in none: noise would have to
/// cover the farthest.
pub const BAND_ENDS_KM: [f64; BANDS] = [5.0, 10.0, 20.0, 50.0, 100.0];
/// Distance bands.
pub const BANDS: usize = 5;

/// Parts that the farthest way of a band is counted in.
pub const PARTS: u32 = 500;
/// Days of each kind that a device needs, of the twelve months: one long day among few would decide.
pub const LEAST_DAYS: u32 = 5;
/// Fixes that a day needs, of which each half hour counts one: a burst of many shows one place, and who is silent for hours
/// may have gone anywhere.
pub const LEAST_FIXES: u32 = 24;
/// The rebound of one device counts from minus one to two, in ways to work: from days of telework that are shorter than days at
/// the workplace by two ways to such as are longer by one.
pub const REBOUND: (f64, f64) = (-1.0, 2.0);
/// The most that one device adds to the second sum, in farthest ways: from 0 to the width of [`REBOUND`].
pub const MOST_WAYS: u32 = 3;

/// What one device adds, in parts of the farthest way of its band.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Its distance band.
    pub band: usize,
    /// Its way to work there and back, 0 to 1.
    pub way: f64,
    /// Its rebound, and once more its way, so that it is none below 0: 0 to 3.
    pub rebound_and_way: f64,
}

impl Share {
    /// The share of a device from its straight way to work and how much longer its days at the workplace are than those of
    /// telework, kilometres; `None` where it works too far away.
    ///
    /// ```
    /// use kayoi_schemas::rebound::Share;
    /// // 8 km to work: of 16 km there and back, 4 are gone on days of telework too.
    /// let share = Share::of(8.0, 12.0).unwrap();
    /// assert_eq!((share.band, share.way), (1, 0.8));
    /// assert!((share.rebound_and_way / share.way - 1.25).abs() < 1e-9);
    /// ```
    pub fn of(commute_km: f64, saved_km: f64) -> Option<Self> {
        let band = BAND_ENDS_KM.iter().position(|end| commute_km < *end)?;
        let (way_km, farthest_km) = (2.0 * commute_km, farthest_km(band));
        let (least, most) = REBOUND;
        let rebound_km = (way_km - saved_km).clamp(least * way_km, most * way_km);
        Some(Self { band, way: way_km / farthest_km, rebound_and_way: (rebound_km + way_km) / farthest_km })
    }
}

/// The farthest way of a band, there and back, kilometres.
pub fn farthest_km(band: usize) -> f64 {
    2.0 * BAND_ENDS_KM.get(band).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::figure::Dimension;

    #[test]
    fn bands_have_words_and_who_works_too_far_away_is_in_none() {
        assert_eq!(Dimension::DistanceBand.words().len(), BANDS);
        let band = |km: f64| Share::of(km, 2.0 * km).map(|share| share.band);
        assert_eq!([4.9, 5.0, 19.9, 20.0, 99.9].map(band), [0, 1, 2, 3, 4].map(Some));
        assert_eq!(band(100.0), None);
    }

    proptest! {
        /// What the ledger says of a device holds for any life.
        #[test]
        fn no_device_adds_more_than_is_declared(km in 0.0..120.0_f64, saved in -1e4..1e4_f64) {
            if let Some(share) = Share::of(km, saved) {
                prop_assert!((0.0..=1.0).contains(&share.way));
                prop_assert!((0.0..=f64::from(MOST_WAYS) + 1e-9).contains(&share.rebound_and_way));
            }
        }

        /// Between the bounds the ratio of both is the rebound and one.
        #[test]
        fn a_rebound_comes_back_from_its_share(km in 0.5..99.0_f64, rebound in -1.0..2.0_f64) {
            let share = Share::of(km, 2.0 * km * (1.0 - rebound)).unwrap();
            prop_assert!((share.rebound_and_way / share.way - 1.0 - rebound).abs() < 1e-9);
        }
    }
}
