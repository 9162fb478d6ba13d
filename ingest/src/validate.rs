//! [`Ping`] → [`ValidPing`], or the reason why not.
//!
//! In: a decoded ping and the rules. Out: a ping on the canonical grid. Its identifier is still the
//! partner's, so it goes straight to `sensitive`, to `pseudonymize` and nowhere else. Nobody but [`validate`]
//! can make a [`ValidPing`] or the [`CheckedFix`] in it, so that no later stage can be handed a fix that was not
//! checked. The first rule that fails names the reason. Details name what is allowed, never a value.

use std::ops::RangeInclusive;

use kayoi_schemas::person::{AgeBand, Sex};
use kayoi_schemas::ping::{FixSource, Ping, RejectReason};
use kayoi_schemas::placeholder::{is_placeholder, plain};
use kayoi_schemas::spelling::trimmed;
use kayoi_schemas::time::{DAY_MS, UtcMillis};
use kayoi_schemas::units::GridPoint;
use kayoi_schemas::units::speed::GroundSpeed;

use crate::rejection::{Bound, Detail, Rejection};

/// The box that holds Japan, degrees: west, south, east, north.
const JAPAN: (f64, f64, f64, f64) = (122.9, 20.4, 154.0, 45.6);
/// Points nearer to (0, 0) than this many degrees are a default value, not a fix.
const NULL_ISLAND_DEGREES: f64 = 0.01;
/// Both coordinates on this grid of 1e-7 degree (3 decimals, about 100 m) are an area's coordinate.
const COARSE_E7: i32 = 10_000;

/// What is accepted.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Fixes before this instant are too old.
    pub earliest: UtcMillis,
    /// How far a fix may be ahead of the clock at its arrival, milliseconds.
    pub ahead_ms: i64,
    /// Worst accuracy, metres.
    pub max_accuracy_m: f64,
    /// Words that a partner writes for no identifier, beside those of the contract; each [`plain`].
    pub placeholder_ids: Vec<String>,
    /// Whether a record without consent is rejected.
    pub require_consent: bool,
    /// A fix older than this at its arrival is kept apart, milliseconds; `None`: nothing comes too late.
    pub allowed_lateness_ms: Option<i64>,
}

impl Default for Rules {
    /// Fixes since 2000, up to a day ahead (phones' clocks are wrong by hours), 200 m or better, never too
    /// late.
    fn default() -> Self {
        Self {
            earliest: UtcMillis(946_684_800_000),
            ahead_ms: DAY_MS,
            max_accuracy_m: 200.0,
            placeholder_ids: Vec::new(),
            require_consent: false,
            allowed_lateness_ms: None,
        }
    }
}

impl Rules {
    /// Whether a fix that arrives `now` is too old to count.
    pub(crate) fn is_late(&self, instant: UtcMillis, now: UtcMillis) -> bool {
        self.allowed_lateness_ms.is_some_and(|allowed| instant.0 < now.0 - allowed)
    }
}

/// A ping that breaks no rule, still under the partner's identifier.
#[derive(Clone, Copy, PartialEq)]
pub struct ValidPing<'p> {
    device_id: &'p str,
    fix: CheckedFix,
}

/// The parts of a valid ping that do not name its device.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheckedFix {
    instant: UtcMillis,
    point: GridPoint,
    accuracy_m: Option<f32>,
    speed: Option<GroundSpeed>,
    source: Option<FixSource>,
    age: Option<AgeBand>,
    sex: Option<Sex>,
}

impl ValidPing<'_> {
    /// The partner's identifier, for the one who hides it.
    pub(crate) fn device_id(&self) -> &str {
        self.device_id
    }

    /// What remains when the identifier is gone.
    pub(crate) fn fix(&self) -> CheckedFix {
        self.fix
    }
}

impl std::fmt::Debug for ValidPing<'_> {
    /// Without the identifier: it must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValidPing").field("fix", &self.fix).finish_non_exhaustive()
    }
}

impl CheckedFix {
    /// When the device was there.
    #[inline]
    pub fn instant(&self) -> UtcMillis {
        self.instant
    }

    /// Where it was, on the canonical grid.
    #[inline]
    pub fn point(&self) -> GridPoint {
        self.point
    }

    /// How far off the point may be, metres; `None` when the partner does not say.
    #[inline]
    pub fn accuracy_m(&self) -> Option<f32> {
        self.accuracy_m
    }

    /// How fast the device was; `None` when the partner does not say, or nothing that can be.
    #[inline]
    pub fn speed(&self) -> Option<GroundSpeed> {
        self.speed
    }

    /// How the point was found; `None` when the partner does not say.
    #[inline]
    pub fn source(&self) -> Option<FixSource> {
        self.source
    }

    /// How old the person is; `None` when the partner does not say.
    #[inline]
    pub fn age(&self) -> Option<AgeBand> {
        self.age
    }

    /// The person's sex; `None` when the partner does not say.
    #[inline]
    pub fn sex(&self) -> Option<Sex> {
        self.sex
    }
}

/// Checks a ping that arrives `now`.
///
/// # Errors
/// The first rule it breaks.
pub fn validate<'p>(ping: &'p Ping<'_>, rules: &Rules, now: UtcMillis) -> Result<ValidPing<'p>, Rejection> {
    let missing =
        |field| Rejection::new(RejectReason::MissingField, Detail::of_field(field).and(" is missing"));
    let device_id = device(ping.device_id.as_deref().ok_or_else(|| missing("device_id"))?, rules)?;
    if rules.require_consent && ping.consent.as_deref().is_none_or(|consent| consent.trim().is_empty()) {
        return Err(Rejection::new(RejectReason::NoConsent, "consent is required of this partner"));
    }
    let accepted = rules.earliest..=UtcMillis(now.0 + rules.ahead_ms);
    let instant = instant(ping.timestamp_ms.ok_or_else(|| missing("timestamp"))?, &accepted)?;
    let latitude = ping.latitude.ok_or_else(|| missing("latitude"))?;
    let longitude = ping.longitude.ok_or_else(|| missing("longitude"))?;
    let point = point(latitude, longitude)?;
    let accuracy_m = ping.accuracy_m.map(|metres| accuracy(metres, rules)).transpose()?;
    let speed = ping.speed_m_s.and_then(GroundSpeed::from_m_s);
    let Ping { source, age, sex, .. } = *ping;
    let fix = CheckedFix { instant, point, accuracy_m, speed, source, age, sex };
    Ok(ValidPing { device_id, fix })
}

fn device<'i>(device_id: &'i str, rules: &Rules) -> Result<&'i str, Rejection> {
    let device_id = trimmed(device_id);
    if device_id.is_empty() {
        return Err(Rejection::new(RejectReason::EmptyDeviceId, "the device id is empty"));
    }
    // In this order: nearly every identifier has another sign at its start.
    if device_id.bytes().all(|byte| matches!(byte, b'0' | b'-' | b'{' | b'}' | b':' | b'.'))
        && device_id.contains('0')
    {
        let detail = "the device id is all zeros, as of a phone whose owner opted out of tracking";
        return Err(Rejection::new(RejectReason::NilDeviceId, detail));
    }
    let is_own = || rules.placeholder_ids.contains(&plain(device_id));
    if is_placeholder(device_id) || (!rules.placeholder_ids.is_empty() && is_own()) {
        let detail = "the device id is a word that stands for no device";
        return Err(Rejection::new(RejectReason::PlaceholderDeviceId, detail));
    }
    Ok(device_id)
}

fn instant(milliseconds: i64, accepted: &RangeInclusive<UtcMillis>) -> Result<UtcMillis, Rejection> {
    if accepted.contains(&UtcMillis(milliseconds)) {
        return Ok(UtcMillis(milliseconds));
    }
    let in_other_unit = [
        ("seconds", milliseconds.checked_mul(1000)),
        ("microseconds", Some(milliseconds / 1000)),
        ("nanoseconds", Some(milliseconds / 1_000_000)),
    ];
    for (unit, value) in in_other_unit {
        if value.is_some_and(|value| accepted.contains(&UtcMillis(value))) {
            let detail = Detail::of_field("timestamp")
                .and(" looks like ")
                .and(unit)
                .and(", the contract is milliseconds");
            return Err(Rejection::new(RejectReason::TimestampUnit, detail));
        }
    }
    let limit = |words, bound| Detail::of_field("timestamp").and(words).bound(Bound::Instant(bound));
    if milliseconds < accepted.start().0 {
        return Err(Rejection::new(RejectReason::TooOld, limit(" is before ", *accepted.start())));
    }
    Err(Rejection::new(RejectReason::InFuture, limit(" is after ", *accepted.end())))
}

fn point(latitude: f64, longitude: f64) -> Result<GridPoint, Rejection> {
    let (west, south, east, north) = JAPAN;
    if !latitude.is_finite() || !longitude.is_finite() {
        return Err(Rejection::new(RejectReason::NotFinite, "latitude or longitude is not a number"));
    }
    // Asked before the ranges: exchanged coordinates of Japan break a range too, and this reason says more.
    if (west..=east).contains(&latitude) && (south..=north).contains(&longitude) {
        return Err(Rejection::new(RejectReason::SwappedCoordinates, "latitude and longitude are exchanged"));
    }
    if latitude.abs() > 90.0 {
        return Err(Rejection::new(RejectReason::OutOfRange, "latitude is not in -90..=90 degrees"));
    }
    if longitude.abs() > 180.0 {
        return Err(Rejection::new(RejectReason::OutOfRange, "longitude is not in -180..=180 degrees"));
    }
    if latitude.abs() < NULL_ISLAND_DEGREES && longitude.abs() < NULL_ISLAND_DEGREES {
        return Err(Rejection::new(
            RejectReason::NullIsland,
            "latitude and longitude are 0: a default value, not a fix",
        ));
    }
    if !(south..=north).contains(&latitude) || !(west..=east).contains(&longitude) {
        let [south, west, north, east] = [south, west, north, east].map(Bound::Number);
        let latitudes =
            Detail::from("the point is outside ").bound(south).and("..=").bound(north).and(" N, ");
        let detail = latitudes.bound(west).and("..=").bound(east).and(" E");
        return Err(Rejection::new(RejectReason::OutsideJapan, detail));
    }
    let point = GridPoint::from_degrees(latitude, longitude);
    if point.latitude_e7 % COARSE_E7 == 0 && point.longitude_e7 % COARSE_E7 == 0 {
        let detail = "both coordinates have 3 decimals or fewer: those of an area, not of a device";
        return Err(Rejection::new(RejectReason::CoarseCoordinate, detail));
    }
    Ok(point)
}

fn accuracy(metres: f64, rules: &Rules) -> Result<f32, Rejection> {
    if !metres.is_finite() || metres < 0.0 {
        return Err(Rejection::new(RejectReason::InvalidAccuracy, "accuracy must be 0 metres or more"));
    }
    if metres > rules.max_accuracy_m {
        let limit = Bound::Number(rules.max_accuracy_m);
        let detail = Detail::from("accuracy is worse than ").bound(limit).and(" m");
        return Err(Rejection::new(RejectReason::LowAccuracy, detail));
    }
    Ok(metres as f32)
}

#[cfg(test)]
#[path = "validate_tests.rs"]
mod tests;
