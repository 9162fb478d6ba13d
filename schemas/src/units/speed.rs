//! A speed over ground, in tenths of a metre per second.
//!
//! In: metres per second as partners send them. Out: [`GroundSpeed`], or nothing for what no device on the
//! ground or in an airliner does. Tenths because a phone's receiver is hardly more exact than that, and because
//! fewer different values are fewer bytes in a column.

use std::num::NonZeroU16;

/// A speed over ground as a device reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroundSpeed(
    /// Tenths of a metre per second, and one more: so the absence of a speed takes no room, of which a fix has none.
    NonZeroU16,
);

impl GroundSpeed {
    /// The greatest speed, metres per second: about that of sound, which no scheduled flight passes.
    pub const MOST_M_S: f32 = 340.0;

    /// Rounds to tenths of a metre per second; `None` for what is no speed: negative (phones write -1 for an
    /// unknown one), not finite, or above [`Self::MOST_M_S`].
    pub fn from_m_s(metres_per_second: f64) -> Option<Self> {
        // By way of single precision, which some formats hold: 0.35 lies above the middle of two tenths in one
        // precision and below it in the other, and a record must not differ by its format.
        let metres_per_second = metres_per_second as f32;
        let is_speed = (0.0..=Self::MOST_M_S).contains(&metres_per_second);
        let tenths = is_speed.then(|| (f64::from(metres_per_second) * 10.0).round() as u16)?;
        NonZeroU16::new(tenths + 1).map(Self)
    }

    /// Metres per second, the number of single precision that is nearest to the tenths.
    pub fn m_s(self) -> f32 {
        f32::from(self.0.get() - 1) / 10.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(metres_per_second: f64) -> Option<f32> {
        GroundSpeed::from_m_s(metres_per_second).map(GroundSpeed::m_s)
    }

    #[test]
    fn a_speed_is_rounded_to_tenths() {
        assert_eq!([1.25, 1.24, 0.04, 88.888_888].map(stored), [Some(1.3), Some(1.2), Some(0.0), Some(88.9)]);
        assert_eq!([0.0, 340.0].map(stored), [Some(0.0), Some(340.0)]);
    }

    #[test]
    fn what_is_no_speed_is_none() {
        for none in [-1.0, -0.1, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 340.1, 1e300] {
            assert_eq!(stored(none), None, "{none}");
        }
    }

    #[test]
    fn a_speed_is_the_same_in_both_precisions() {
        for hundredths in 0..34_000_u16 {
            let double = f64::from(hundredths) / 100.0;
            assert_eq!(stored(double), stored(f64::from(double as f32)), "{double}");
        }
    }

    #[test]
    fn a_standing_device_has_one_zero() {
        assert_eq!(stored(-0.0).map(f32::to_bits), Some(0));
    }
}
