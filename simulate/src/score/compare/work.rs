//! Workplaces and days of telework.

use std::collections::{BTreeMap, BTreeSet};

use super::Pair;
use crate::score::report::Work;
use crate::score::seen::Seen;
use crate::score::share::{ratio, share};
use crate::score::truth::Known;

/// Days at the workplace in the month that make a commuter.
const COMMUTER_MIN_DAYS: i64 = 8;

/// A device with several seen workplaces has the same days at home for each: the most is taken, not the sum.
pub(super) fn work(known: &Known, seen: &Seen) -> Work {
    let places = || seen.workplaces.iter().filter(|place| known.devices.contains_key(&place.device));
    let pairs: BTreeSet<Pair> = places().map(|place| (place.device, place.town)).collect();
    let mut seen_days: BTreeMap<i64, f64> = BTreeMap::new();
    for place in places() {
        let days = seen_days.entry(place.device).or_default();
        *days = (*days).max(place.telework_days);
    }
    let commuters = || known.workplaces.iter().filter(|(_, place)| place.work_days >= COMMUTER_MIN_DAYS);
    let found = commuters().filter(|(device, place)| pairs.contains(&(**device, place.town))).count() as u64;
    let devices: BTreeSet<i64> = known.workplaces.keys().chain(seen_days.keys()).copied().collect();
    let (mut truth_sum, mut seen_sum, mut difference) = (0, 0.0, 0.0);
    for device in &devices {
        let truth = known.workplaces.get(device).map_or(0, |place| place.telework_days);
        let seen = seen_days.get(device).copied().unwrap_or_default();
        truth_sum += truth.unsigned_abs();
        seen_sum += seen;
        difference += (truth as f64 - seen).abs();
    }
    let (commuters, device_months) = (commuters().count() as u64, devices.len() as u64);
    Work {
        commuters,
        found,
        found_share: share(found, commuters),
        device_months,
        telework_days_truth: truth_sum,
        telework_days_seen: seen_sum.round() as u64,
        telework_ratio: ratio(seen_sum, truth_sum as f64),
        telework_mean_absolute_error: ratio(difference, device_months as f64),
    }
}
