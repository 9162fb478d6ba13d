//! What is learned of a tie from figures whose noise is correlated in time.
//!
//! In: in how many windows a tie is seen, in how many runs. Out: information in units of 1/sigma², as zCDP's
//! rho is half of it. The noise of a figure is e(m) = sigma Σ a_j z(m-j), j from 0 to 11, a_j proportional to
//! phi^j: to three digits an autoregressive process of order one, whose inverse correlation matrix is
//! tridiagonal. For a tie that is seen in L windows one after the other, s'R⁻¹s is therefore
//! (1 + phi² + (L-1)(1-phi)²) / (1-phi²), and runs that do not touch add up (Gaussian mechanism with correlated
//! noise; Bun and Steinke 2016 for rho).

/// Correlation of the noise of one figure in two successive months. Of 0, 1/2, 2/3 and 0.8 it tells least of
/// a tie that lies in twelve windows.
pub const PHI: f64 = 2.0 / 3.0;

/// Months whose draws make up the noise of one month.
pub const AR_TERMS: usize = 12;

/// Information about a tie in figures with correlated noise of standard deviation one: seen in so many windows
/// altogether, in so many runs of successive windows.
///
/// ```
/// use kayoi_schemas::disclosure::information;
/// assert!((information(1, 1) - 2.6).abs() < 1e-9);
/// assert!((information(12, 1) - 4.8).abs() < 1e-9);
/// ```
pub fn information(windows: u32, runs: u32) -> f64 {
    let runs = f64::from(runs.min(windows));
    (runs * 2.0 * PHI + f64::from(windows) * (1.0 - PHI) * (1.0 - PHI)) / (1.0 - PHI * PHI)
}

/// Standard deviation of the mean of the noise over successive months, noise of standard deviation one.
pub fn standard_deviation_of_a_mean(months: u32) -> f64 {
    let count = f64::from(months.max(1));
    let pairs: f64 = (1..months).map(|lag| 2.0 * f64::from(months - lag) * PHI.powi(lag as i32)).sum();
    ((count + pairs) / (count * count)).sqrt()
}
