//! Noise, thresholds and budgets: one set for a lake, outside the definition, with floors in code.
//!
//! In: a preset, or numbers that an operator chose. Out: [`Parameters`] that keep the floors: no lake shows a
//! figure of fewer than ten devices, draws with less than sigma 5, or shows what noise alone could have made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error_code::ErrorCode;

/// Devices below which no figure is shown, whatever else is set. MLIT 全国の人流オープンデータ: under 10 is not output.
pub const LEAST_DEVICES: u32 = 10;

/// The least standard deviation of noise, devices: sigma² is the sampling variance of a count at the
/// threshold of 25, so that noise never exceeds the sampling error of what is shown.
pub const LEAST_SIGMA: u32 = 5;

/// How far a threshold lies above [`LEAST_DEVICES`], in standard deviations of the noise: a count below k
/// passes with a probability under 0.0013.
const SIGMAS_ABOVE: f64 = 3.0;

/// The noise of one kind of figures, and the noised count from which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noise {
    /// Standard deviation, devices.
    pub sigma: u32,
    /// K: the least noised count that is shown, devices.
    pub threshold: u32,
}

/// One set of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// k: no figure of fewer devices is shown.
    pub least_devices: u32,
    /// Figures over the trailing year, by municipality.
    pub tie_year: Noise,
    /// Figures of what is done in one month.
    pub tie_month: Noise,
    /// Totals of prefectures and the country, and panel residents of prefectures, which are large.
    pub wide: Noise,
    /// 速報: municipal totals before the period is sealed.
    pub provisional: Noise,
    /// The most rho that a tie-year may cost.
    pub tie_year_budget: f64,
    /// The most rho that a tie-month may cost.
    pub tie_month_budget: f64,
}

/// Why parameters are refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ParameterError {
    /// Fewer devices than any lake may show.
    #[error("`least_devices` is {0}: {LEAST_DEVICES} or more is allowed")]
    Devices(u32),
    /// Too little noise.
    #[error("sigma of `{0}` is {1}: {LEAST_SIGMA} devices or more are allowed")]
    Sigma(&'static str, u32),
    /// A threshold that noise alone can pass.
    #[error("the threshold of `{0}` is {1}: {2} or more is allowed, which is `least_devices` + 3 sigma")]
    Threshold(&'static str, u32, u32),
    /// A budget that is no number.
    #[error("a budget of `{0}` is not allowed: a number above 0 is")]
    Budget(f64),
}

impl ParameterError {
    /// The code that it is looked up by.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Devices(_) | Self::Sigma(..) | Self::Threshold(..) | Self::Budget(_) => ErrorCode::Argument,
        }
    }
}

/// The least threshold for noise of a standard deviation: k + 3 sigma, rounded up.
pub fn threshold(least_devices: u32, sigma: f64) -> u32 {
    least_devices + (SIGMAS_ABOVE * sigma - 1e-9).ceil().max(0.0) as u32
}

impl Parameters {
    /// What a lake has when nobody says otherwise.
    pub const STANDARD: Self = Self {
        least_devices: LEAST_DEVICES,
        tie_year: Noise { sigma: 5, threshold: 25 },
        tie_month: Noise { sigma: 10, threshold: 40 },
        wide: Noise { sigma: 15, threshold: 55 },
        provisional: Noise { sigma: 10, threshold: 40 },
        tie_year_budget: 3.5,
        tie_month_budget: 1.0,
    };

    /// Four times the noise, a sixteenth of the cost.
    pub const STRICT: Self = Self {
        least_devices: LEAST_DEVICES,
        tie_year: Noise { sigma: 20, threshold: 70 },
        tie_month: Noise { sigma: 40, threshold: 130 },
        wide: Noise { sigma: 60, threshold: 190 },
        provisional: Noise { sigma: 40, threshold: 130 },
        tie_year_budget: 0.22,
        tie_month_budget: 0.07,
    };

    /// The parameters, when they keep the floors.
    ///
    /// # Errors
    /// [`ParameterError`] names the first that does not.
    pub fn checked(self) -> Result<Self, ParameterError> {
        if self.least_devices < LEAST_DEVICES {
            return Err(ParameterError::Devices(self.least_devices));
        }
        let noises = [
            ("tie_year", self.tie_year),
            ("tie_month", self.tie_month),
            ("wide", self.wide),
            ("provisional", self.provisional),
        ];
        for (name, noise) in noises {
            if noise.sigma < LEAST_SIGMA {
                return Err(ParameterError::Sigma(name, noise.sigma));
            }
            let least = threshold(self.least_devices, f64::from(noise.sigma));
            if noise.threshold < least {
                return Err(ParameterError::Threshold(name, noise.threshold, least));
            }
        }
        let budgets = [self.tie_year_budget, self.tie_month_budget];
        match budgets.into_iter().find(|budget| !(budget.is_finite() && *budget > 0.0)) {
            Some(budget) => Err(ParameterError::Budget(budget)),
            None => Ok(self),
        }
    }

    /// The least value that a sum with noise of a standard deviation is shown from.
    pub fn threshold_of(&self, sigma: f64) -> u32 {
        threshold(self.least_devices, sigma)
    }
}

impl Default for Parameters {
    fn default() -> Self {
        Self::STANDARD
    }
}

impl fmt::Display for Noise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sigma {}, K {}", self.sigma, self.threshold)
    }
}
