//! Noised numbers of classed cubes, drawn or added up, and whether they are shown.
//!
//! In: noised values. Out: a [`Value`]. A drawn figure is shown from its threshold; so few devices that noise alone could
//! have made it were held below that when it was drawn. A sum of drawn figures has no such guard, and there are very
//! many sums: it is shown where one of its parts is, or where noise alone makes as much only once in ten millions.

use kayoi_schemas::disclosure::Noise;

use crate::decide::Rung;

/// Standard deviations above the least devices from which a sum is shown by itself: noise alone passes with a
/// probability of 1e-7.
const SIGMAS_OF_A_SUM: f64 = 5.2;

/// A noised number with what its noise is: devices, or a sum of something that they have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Value {
    /// In ones, not in parts.
    pub(super) value: f64,
    /// Standard deviation of its noise.
    pub(super) sigma: f64,
    /// From which it is shown by itself.
    threshold: f64,
    pub(super) is_shown: bool,
    /// The least devices of a figure.
    least: f64,
}

impl Value {
    /// A figure that was drawn.
    pub(super) fn drawn(value: f64, noise: Noise, least_devices: u32) -> Self {
        let threshold = f64::from(noise.threshold);
        let (sigma, least) = (f64::from(noise.sigma), f64::from(least_devices));
        Self { value, sigma, threshold, is_shown: value >= threshold, least }
    }

    /// The same number as a sum of which each device has at most so much: its noise is larger by as much, and whether it
    /// is shown hangs on its devices.
    pub(super) fn of_sum(self, cap: f64) -> Self {
        Self { sigma: self.sigma * cap, is_shown: false, ..self }
    }

    /// The sum of figures that were drawn, each with noise of its own.
    pub(super) fn sum(parts: &[Self]) -> Self {
        if let [one] = parts {
            return *one;
        }
        let sigma = parts.iter().map(|part| part.sigma * part.sigma).sum::<f64>().sqrt();
        let value: f64 = parts.iter().map(|part| part.value).sum();
        let least = parts.iter().map(|part| part.least).fold(0.0, f64::max);
        let threshold = least + SIGMAS_OF_A_SUM * sigma;
        let shown = parts.iter().filter(|part| part.is_shown);
        // No smaller than a part that is shown.
        let value = shown.clone().map(|part| part.value).fold(value, f64::max);
        let is_shown = value >= threshold || shown.count() > 0;
        Self { value, sigma, threshold, is_shown, least }
    }

    /// The same times a number that is known from noised counts. Whether it is shown was decided before.
    pub(super) fn times(self, factor: f64) -> Self {
        let of = |value: f64| value * factor;
        Self { value: of(self.value), sigma: of(self.sigma), threshold: of(self.threshold), ..self }
    }

    /// As a rung of devices.
    pub(super) fn rung(self) -> Rung {
        let Self { value, sigma, is_shown, .. } = self;
        Rung { value, sigma, threshold: self.threshold.ceil() as u32, is_shown }
    }
}

#[cfg(test)]
mod tests {
    use kayoi_schemas::disclosure::Parameters;

    use super::*;

    fn drawn(value: f64) -> Value {
        Value::drawn(value, Parameters::STANDARD.tie_month, 10)
    }

    #[test]
    fn a_sum_of_noise_is_not_shown_and_a_sum_with_a_shown_part_is() {
        let noise: Vec<Value> = [31.0, -12.0, 28.0, 35.0].into_iter().map(drawn).collect();
        let sum = Value::sum(&noise);
        assert!(!sum.is_shown && (sum.value, sum.sigma) == (82.0, 20.0), "{sum:?}");
        let one = Value::sum(&[drawn(40.0), drawn(-30.0), drawn(5.0)]);
        assert!(one.is_shown && one.value >= 40.0, "no smaller than its part: {one:?}");
        let many: Vec<Value> = [38.0; 4].into_iter().map(drawn).collect();
        assert!(Value::sum(&many).is_shown, "{:?}", Value::sum(&many));
        assert!(!drawn(39.9).is_shown && drawn(40.0).is_shown);
    }
}
