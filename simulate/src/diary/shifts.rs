//! What people with shifts do: days of work at odd hours, and the days around a night at work.
//!
//! In: a walk that stands at home, at work or at the bed of a trip. Out: the same walk, before the evening. Who
//! comes from a night shift sleeps at home by day.

use super::Activity::{Home as AtHome, Leisure, Work};
use super::walk::Walk;
use crate::land::Spot;
use crate::people::roster::Shift;
use crate::people::{Base, Home, Person};

/// Hours at which a night shift starts and ends for who has no roster.
const NIGHT_HOURS: (f64, f64) = (21.0, 6.0);

/// A day at home, with a shift or without.
pub(super) fn at_home(walk: &mut Walk, person: &Person, home: &Home, (shift, bed): (Shift, Spot)) {
    let hours = match shift {
        Shift::Early => Some((6.0, 14.0)),
        Shift::Day => Some((8.5, 17.5)),
        Shift::Late => Some((14.0, 22.0)),
        Shift::Off | Shift::Night => None,
    };
    match (hours, person.work) {
        (Some((start, end)), Some(work)) if !walk.chance(person.working.unplanned_off) => {
            let start = walk.about(start, 0.15);
            walk.be_at(work, Work, start);
            let end = walk.about(end, 0.2);
            walk.stay_until(end);
            if end < 19.0 && walk.chance(0.25) {
                walk.wander(&home.haunts, 1, Leisure, (0.7, 2.0), (bed, 23.0));
            }
        }
        _ => {
            let hour = walk.between(9.0, 14.0);
            walk.stay_until(hour);
            let outings = walk.count(0, 3);
            walk.wander(&home.haunts, outings, Leisure, (0.5, 2.5), (bed, 21.0));
        }
    }
}

/// From work in the morning home to bed, and in the evening wherever the next night is.
pub(super) fn after_night(walk: &mut Walk, person: &Person, evening: Base<'_>) {
    let home = person.home(walk.date.day);
    let (start, end) = person.working.roster.map_or(NIGHT_HOURS, |roster| roster.night_hours());
    let end = walk.about(end, 0.15);
    walk.stay_until(end);
    walk.go(home.spot, AtHome);
    let awake = walk.between(14.0, 16.0);
    walk.stay_until(awake);
    let outings = walk.count(0, 1);
    walk.wander(&home.haunts, outings, Leisure, (0.5, 1.5), (home.spot, 19.0));
    if let Base::OnDuty(work) = evening {
        walk.go(home.spot, AtHome);
        let start = walk.about(start, 0.15);
        walk.be_at(work, Work, start);
    }
}

/// A free day until the evening's shift; who was away comes home first.
pub(super) fn before_night(walk: &mut Walk, person: &Person, (morning, work): (Base<'_>, Spot)) {
    let home = person.home(walk.date.day);
    let (start, _) = person.working.roster.map_or(NIGHT_HOURS, |roster| roster.night_hours());
    if matches!(morning, Base::Away(_)) {
        let hour = walk.between(8.0, 10.0);
        walk.stay_until(hour);
        walk.go(home.spot, AtHome);
    } else {
        let hour = walk.between(9.0, 12.0);
        walk.stay_until(hour);
        let outings = walk.count(0, 2);
        walk.wander(&home.haunts, outings, Leisure, (0.5, 2.0), (home.spot, 17.0));
        walk.go(home.spot, AtHome);
    }
    let start = walk.about(start, 0.15);
    walk.be_at(work, Work, start);
}
