//! What the walk over one device starts from: its placed pings.
//!
//! In: nothing. Out: [`Fix`]. The crate that reads pings turns them into fixes; nothing here reads a file.

use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::person::Attributes;
use kayoi_schemas::time::UtcMillis;
use kayoi_schemas::units::GridPoint;

/// A placed ping, as far as measuring needs it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// The device that sent it.
    pub device: DeviceId,
    /// When it was taken.
    pub instant: UtcMillis,
    /// Where it was taken.
    pub point: GridPoint,
    /// Reported radius of its error, metres.
    pub accuracy_m: f32,
    /// Reported speed over ground, metres per second; `None` when none is known.
    pub speed_m_s: Option<f32>,
    /// The municipality it lies in, wards rolled up to their city; `None` at sea and abroad.
    pub municipality: Option<MunicipalityCode>,
    /// What the partner says of the person.
    pub attributes: Attributes,
}
