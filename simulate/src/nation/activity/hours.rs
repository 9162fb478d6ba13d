//! What share of people is where at each hour.
//!
//! In: nothing. Out: constants, on weekdays and on days off, at half past each clock hour. They are a model that gives
//! the shapes that are known of 滞在人口: centres full at noon, suburbs empty, days off flat, and no survey's.

/// Hours of a day, on weekdays and on days off.
pub(super) type Hours = [[f64; 24]; 2];

/// Of those who work on the day, the share at the workplace.
pub(super) const AT_WORK: Hours = [
    [
        0.012, 0.012, 0.012, 0.012, 0.015, 0.03, 0.06, 0.2, 0.55, 0.85, 0.93, 0.94, 0.92, 0.94, 0.94, 0.93,
        0.88, 0.7, 0.46, 0.28, 0.17, 0.1, 0.05, 0.03,
    ],
    [
        0.012, 0.012, 0.012, 0.012, 0.015, 0.03, 0.07, 0.18, 0.42, 0.68, 0.82, 0.86, 0.86, 0.86, 0.86, 0.84,
        0.78, 0.64, 0.46, 0.32, 0.2, 0.12, 0.06, 0.03,
    ],
];

/// Of the residents, the share who are on an outing, in the town or near by.
pub(super) const OUTING: Hours = [
    [
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.005, 0.01, 0.02, 0.04, 0.07, 0.08, 0.08, 0.08, 0.08, 0.075, 0.07,
        0.065, 0.06, 0.055, 0.045, 0.03, 0.015, 0.005,
    ],
    [
        0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.005, 0.01, 0.03, 0.08, 0.16, 0.21, 0.24, 0.26, 0.25, 0.23, 0.19,
        0.14, 0.1, 0.07, 0.045, 0.025, 0.012, 0.005,
    ],
];

/// Of the guests of a night, the share who are in the town: they leave it for the day.
pub(super) const GUEST: [f64; 24] = [
    1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.99, 0.92, 0.7, 0.4, 0.15, 0.1, 0.1, 0.1, 0.12, 0.25, 0.45, 0.62, 0.76,
    0.86, 0.92, 0.96, 0.98, 1.0,
];

/// Of the visitors of a day, the share who are in the town for the day.
pub(super) const DAY_VISITOR: [f64; 24] = [
    0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.01, 0.02, 0.06, 0.17, 0.32, 0.43, 0.49, 0.51, 0.48, 0.41, 0.3, 0.19,
    0.12, 0.08, 0.05, 0.02, 0.01, 0.0,
];

/// The share of all who are under way, and so nowhere.
pub(super) const UNDER_WAY: Hours = [
    [
        0.003, 0.002, 0.002, 0.002, 0.003, 0.01, 0.03, 0.06, 0.055, 0.03, 0.025, 0.025, 0.025, 0.025, 0.025,
        0.03, 0.04, 0.055, 0.055, 0.04, 0.03, 0.02, 0.012, 0.006,
    ],
    [
        0.004, 0.002, 0.002, 0.002, 0.003, 0.006, 0.012, 0.02, 0.03, 0.04, 0.045, 0.045, 0.04, 0.04, 0.04,
        0.045, 0.05, 0.05, 0.04, 0.03, 0.025, 0.016, 0.01, 0.006,
    ],
];
