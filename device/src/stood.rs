//! Fixes of one device → where it stood and when it was seen, whatever counts as a night, a visit or a residence.
//!
//! In: the fixes of one device, and the limits of a stay. Out: [`Stood`]: stays and fixes settled at their spots, and what
//! follows from them alone. It takes no thresholds, so that definitions which agree in the limits of a stay cannot
//! differ in any of it, and a device that is measured by several is looked through once.

use kayoi_schemas::ids::DeviceId;
use kayoi_schemas::time::DayRule;

use crate::fix::Fix;
use crate::motion::{Motion, motions};
use crate::night_work::NightWork;
use crate::person::{Person, person};
use crate::settled::Settled;
use crate::spots::Spots;
use crate::stays::StayLimits;
use crate::tenure::Tenure;
use crate::track::Track;

/// Where one device stood and when it was seen.
pub(crate) struct Stood {
    /// The limits of its stays.
    pub limits: StayLimits,
    /// The pseudonym of the device.
    pub device: DeviceId,
    /// What is known of the person.
    pub person: Option<Person>,
    /// How it moved at each fix.
    pub motions: Vec<Motion>,
    /// Its places, hour by hour.
    pub spots: Spots,
    /// Fixes and stays in the municipality of their spot.
    pub settled: Settled,
    /// When it was seen.
    pub tenure: Tenure,
    /// Where it works by night.
    pub night_work: NightWork,
    /// Where it went on each day.
    pub track: Track,
}

impl Stood {
    /// Looks through the fixes of one device, which come by time; `None` when there are none.
    pub(crate) fn of(fixes: &[Fix], limits: StayLimits, rule: DayRule) -> Option<Self> {
        let device = fixes.first()?.device;
        let motions = motions(fixes);
        let (spots, settled) = Spots::of(fixes, &motions, &limits.stays(fixes), rule);
        let night_work = NightWork::of(&spots);
        let track = Track::of(fixes, &spots, rule);
        let (person, tenure) = (person(fixes, rule), Tenure::of(fixes, rule));
        Some(Self { limits, device, person, motions, spots, settled, tenure, night_work, track })
    }
}
