//! What a phone reports of where its owner is.
//!
//! In: the true pieces of a day and the phone's habits. Out: fixes in order of time, in bursts (an app wakes,
//! looks around, sleeps again), with noise that grows with the stated accuracy, shared drift within a burst,
//! and, indoors, jumps of 200 to 400 m as in the Kobe loggers. Whole days and weeks are silent. Real ways are
//! followed here, and only those on which the phone looks.

use kayoi_schemas::ping::FixSource;
use kayoi_schemas::time::HOUR_MS;
use kayoi_schemas::units::E7;
use kayoi_schemas::units::near::METRES_PER_DEGREE;
use rand::Rng;
use rand::rngs::SmallRng;

use crate::date::Date;
use crate::diary::{Journey, Piece};
use crate::land::Land;
use crate::people::phone::{Phone, Speeds};
use crate::random::{Purpose, between, chance, generator, normal, normal_pair, poisson, weighted};

/// A burst lasts at most this many hours: [`LONGEST_BURST`] fixes, 90 seconds apart.
const BURST_HOURS: f64 = 0.35;
const LONGEST_BURST: u32 = 12;
/// Share of bursts that start under way, on days with a way: phones wake when they move.
const BURSTS_UNDER_WAY: f64 = 0.25;
/// Both coordinates on this grid of 1e-7 degree would be taken for an area's coordinate.
const COARSE_E7: i32 = 10_000;
/// Error of a speed from satellites, metres per second.
const SPEED_DEVIATION_M_S: f64 = 0.3;
/// Share of fixes from networks that state no speed.
const SPEED_MISSING: f64 = 0.4;

/// A fix as the phone has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fix {
    pub instant_ms: i64,
    pub latitude_e7: i32,
    pub longitude_e7: i32,
    /// Tenths of a metre.
    pub accuracy_dm: u16,
    /// Tenths of a metre per second; often not known without satellites.
    pub speed_dm_s: Option<u16>,
    pub source: FixSource,
    /// Number of its burst on this day.
    pub burst: u16,
}

/// The error that all fixes of a burst share.
#[derive(Debug, Clone, Copy)]
struct Burst {
    number: u16,
    drift: (f64, f64),
    /// Metres north and east, while indoors.
    jump: (f64, f64),
    source: FixSource,
}

/// Where the phone truly is.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Degrees.
    latitude: f64,
    /// Degrees.
    longitude: f64,
    speed_m_s: f64,
    is_indoors: bool,
}

/// Draws the fixes of a day into `fixes`, which is emptied first.
pub(crate) fn observe(
    land: &Land,
    index: u32,
    phone: &Phone,
    date: Date,
    pieces: &[Piece],
    fixes: &mut Vec<Fix>,
) {
    fixes.clear();
    let seed = land.seed();
    if phone.is_silent(seed, index, date) {
        return;
    }
    let mut rng = generator(seed, u64::from(index), date.day.0, Purpose::Fixes);
    let rng = &mut rng;
    let burst_size = (phone.rate / 3.0).clamp(1.0, 5.0);
    let bursts = phone.rate / burst_size;
    let count = if bursts >= 1.0 { 1 + poisson(rng, bursts - 1.0) } else { poisson(rng, bursts) };
    let mut instants: Vec<(i64, usize)> = Vec::with_capacity(2 * phone.rate as usize);
    let mut shared: Vec<Burst> = Vec::with_capacity(count as usize);
    for number in 0..count {
        let mut instant_ms = burst_start_ms(rng, phone, date, pieces);
        for _ in 0..size(rng, burst_size) {
            instants.push((instant_ms, shared.len()));
            instant_ms += between(rng, 15_000.0, 90_000.0) as i64;
        }
        shared.push(burst(rng, phone, number as u16));
    }
    instants.sort_unstable();
    let mut last_ms = i64::MIN;
    let mut piece = 0;
    let mut journey: Option<(usize, Journey)> = None;
    for (wished_ms, burst) in instants {
        // One fix per millisecond: two could not be told from a duplicate.
        let instant_ms = wished_ms.max(last_ms + 1);
        last_ms = instant_ms;
        while piece + 1 < pieces.len() && pieces[piece].until_ms <= instant_ms {
            piece += 1;
        }
        if let Some(mode) = pieces[piece].mode
            && journey.as_ref().is_none_or(|(followed, _)| *followed != piece)
        {
            journey = Some((piece, Journey::follow(&pieces[piece], mode, seed, land)));
        }
        let journey = journey.as_ref().filter(|(followed, _)| *followed == piece).map(|(_, journey)| journey);
        let place = place(&pieces[piece], journey, instant_ms);
        fixes.push(fix(rng, phone, &shared[burst], place, instant_ms));
    }
}

/// 1 or more, geometric, with the given mean.
fn size(rng: &mut SmallRng, mean: f64) -> u32 {
    let mut size = 1;
    while size < LONGEST_BURST && chance(rng, 1.0 - 1.0 / mean) {
        size += 1;
    }
    size
}

fn burst_start_ms(rng: &mut SmallRng, phone: &Phone, date: Date, pieces: &[Piece]) -> i64 {
    let hour_of = |ms: i64| (ms - date.midnight_ms) as f64 / HOUR_MS as f64;
    let (first, last) = if phone.sleeps { (6.0, 24.0 - BURST_HOURS) } else { (4.0, 28.0 - BURST_HOURS) };
    let ways = pieces.iter().filter(|piece| piece.is_way());
    let mut hour = between(rng, first, last);
    if !(6.0..24.0).contains(&hour) && chance(rng, 0.5) {
        hour = between(rng, first, last);
    }
    if chance(rng, BURSTS_UNDER_WAY) {
        let count = ways.clone().count();
        let chosen = if count > 0 { ways.clone().nth(rng.random_range(0..count)) } else { None };
        if let Some(way) = chosen {
            hour = between(rng, hour_of(way.from_ms), hour_of(way.until_ms)).clamp(first, last);
        }
    }
    date.midnight_ms + (hour * HOUR_MS as f64) as i64
}

fn burst(rng: &mut SmallRng, phone: &Phone, number: u16) -> Burst {
    const SOURCES: [FixSource; 4] = [FixSource::Fused, FixSource::Gps, FixSource::Wifi, FixSource::Network];
    let source = SOURCES[weighted(rng, &[0.5, 0.75, 0.92, 1.0]).unwrap_or_default()];
    let jump = if chance(rng, phone.jumps) {
        let (sine, cosine) = between(rng, 0.0, std::f64::consts::TAU).sin_cos();
        let metres = between(rng, 200.0, 400.0);
        (metres * cosine, metres * sine)
    } else {
        (0.0, 0.0)
    };
    Burst { number, drift: normal_pair(rng), jump, source }
}

fn place(piece: &Piece, journey: Option<&Journey>, instant_ms: i64) -> Place {
    let ((latitude, longitude), speed_m_s) = journey
        .and_then(|journey| journey.at(instant_ms))
        .unwrap_or_else(|| (piece.at(instant_ms), piece.speed_m_s()));
    Place { latitude, longitude, speed_m_s, is_indoors: !piece.is_way() }
}

fn fix(rng: &mut SmallRng, phone: &Phone, burst: &Burst, place: Place, instant_ms: i64) -> Fix {
    let median_m = match burst.source {
        FixSource::Gps => 9.0,
        FixSource::Fused => 14.0,
        FixSource::Wifi => 25.0,
        FixSource::Network => 50.0,
    };
    let accuracy_m = (median_m * (0.5 * normal(rng)).exp()).clamp(5.0, 80.0);
    // Stated accuracy is the radius that holds 68 % of fixes: 1.51 deviations of each axis (Rayleigh). Half
    // of the variance is drift that the burst shares.
    let deviation_m = accuracy_m / 1.51 * std::f64::consts::FRAC_1_SQRT_2;
    let noise = normal_pair(rng);
    let jump = if place.is_indoors { burst.jump } else { (0.0, 0.0) };
    let north_m = deviation_m * (burst.drift.0 + noise.0) + jump.0;
    let east_m = deviation_m * (burst.drift.1 + noise.1) + jump.1;
    let Place { latitude, longitude, .. } = place;
    let grid = f64::from(phone.grid_e7);
    let rounded = |degrees: f64| (degrees * E7 / grid).round() as i32 * phone.grid_e7;
    let mut latitude_e7 = rounded(latitude + north_m / METRES_PER_DEGREE);
    let longitude_e7 = rounded(longitude + east_m / (METRES_PER_DEGREE * latitude.to_radians().cos()));
    if latitude_e7 % COARSE_E7 == 0 && longitude_e7 % COARSE_E7 == 0 {
        latitude_e7 += phone.grid_e7;
    }
    Fix {
        instant_ms,
        latitude_e7,
        longitude_e7,
        accuracy_dm: (accuracy_m * 10.0) as u16,
        speed_dm_s: speed_dm_s(rng, phone.speeds, burst.source, place.speed_m_s),
        source: burst.source,
        burst: burst.number,
    }
}

/// The speed that a fix states.
fn speed_dm_s(rng: &mut SmallRng, speeds: Speeds, source: FixSource, true_m_s: f64) -> Option<u16> {
    let tenths = |speed_m_s: f64| (speed_m_s * 10.0).clamp(0.0, 60_000.0) as u16;
    let has_satellites = matches!(source, FixSource::Gps | FixSource::Fused);
    match speeds {
        Speeds::Guessed => Some(tenths(true_m_s * between(rng, 0.8, 1.0))),
        Speeds::Measured if !has_satellites && chance(rng, SPEED_MISSING) => None,
        Speeds::Measured => Some(tenths(true_m_s + SPEED_DEVIATION_M_S * normal(rng))),
    }
}

#[cfg(test)]
#[path = "observe_tests.rs"]
mod tests;
