//! What people do on a day: at home, arriving, away, going on, leaving, out for the day.
//!
//! In: a walk that stands at this morning's bed. Out: the same walk, somewhere before the evening, and of a
//! day at home whether it was worked there. The way to the bed is taken by the caller.

use super::Activity::{Leisure, Meeting, SecondHome, Telework, Transit, Work};
use super::walk::Walk;
use crate::land::{Land, Spot};
use crate::people::{Aim, Home, Person, Spell};

/// Share of telework days with an errand, for who runs errands.
const ERRANDS: f64 = 0.4;

/// An ordinary day, or the day of moving house (then `bed` is the new home). True when it was a day of
/// telework.
pub(super) fn at_home(walk: &mut Walk, person: &Person, home: &Home, bed: Spot) -> bool {
    if bed != home.spot {
        walk.stay_until(10.0);
        walk.go(bed, super::Activity::Home);
        return false;
    }
    let is_planned_off = person.is_on_leave(walk.date.day);
    let works = walk.date.works && !is_planned_off && !walk.chance(person.working.unplanned_off);
    match person.work.filter(|_| works) {
        Some(_) if walk.chance(person.telework_share) => {
            walk.stay_until(12.0);
            let lunches = walk.count(0, 1);
            walk.wander(&home.haunts, lunches, Leisure, (0.4, 1.0), (bed, 14.0));
            if !person.working.errands.is_empty() && walk.chance(ERRANDS) {
                walk.go(bed, super::Activity::Home);
                walk.stay_until(15.5);
                walk.wander(&person.working.errands, 1, Leisure, (0.4, 1.2), (bed, 20.0));
            }
            rebound(walk, person, bed);
            return true;
        }
        Some(work) => {
            work_day(walk, work);
            if walk.chance(0.25) {
                walk.wander(&home.haunts, 1, Leisure, (0.7, 2.0), (bed, 23.0));
            }
        }
        None => {
            let hour = walk.between(9.0, 14.0);
            walk.stay_until(hour);
            let outings = walk.count(0, 3);
            walk.wander(&home.haunts, outings, Leisure, (0.5, 2.5), (bed, 21.0));
        }
    }
    false
}

/// From home and back: the day is longer by the whole way.
fn rebound(walk: &mut Walk, person: &Person, bed: Spot) {
    if person.working.rebounds.is_empty() {
        return;
    }
    walk.go(bed, super::Activity::Home);
    let hour = walk.between(17.0, 18.5);
    walk.stay_until(hour);
    if let Some(place) = walk.one_of(&person.working.rebounds)
        && walk.go(place, Leisure)
    {
        let hours = walk.between(0.4, 1.2);
        walk.stay_until(walk.hour + hours);
    }
}

fn work_day(walk: &mut Walk, work: Spot) {
    let start = walk.about(9.0, 0.4);
    walk.be_at(work, Work, start);
    let end = walk.about(18.0, 0.7);
    walk.stay_until(end);
}

/// A day trip.
pub(super) fn outing(walk: &mut Walk, land: &Land, trip: &Spell) {
    let (home, spots) = (walk.at, land.spots(trip.town));
    match trip.aim {
        Aim::Passing => {
            let hour = walk.between(7.0, 15.0);
            walk.stay_until(hour);
            for _ in 0..walk.count(1, 2) {
                let Some(spot) = walk.one_of(spots) else { return };
                if walk.go(spot, Transit) {
                    let minutes = walk.between(3.0, 18.0);
                    walk.stay_until(walk.hour + minutes / 60.0);
                }
            }
        }
        Aim::SatelliteOffice => {
            walk.be_at(trip.desk, Telework, 9.5);
            let end = walk.about(17.0, 0.3);
            walk.stay_until(end);
        }
        _ => {
            let hour = walk.between(7.0, 9.5);
            walk.stay_until(hour);
            let visits = walk.count(2, 4);
            walk.wander(spots, visits, Leisure, (1.0, 3.0), (home, 21.5));
        }
    }
}

/// From home to where the spell sleeps.
pub(super) fn arrival(walk: &mut Walk, person: &Person, land: &Land, spell: &Spell) {
    let works = walk.date.works;
    match spell.aim {
        Aim::SecondHome => {
            match person.work.filter(|_| works) {
                Some(work) => work_day(walk, work),
                None => {
                    let hour = walk.between(9.0, 16.0);
                    walk.stay_until(hour);
                }
            }
            walk.go(spell.bed, SecondHome);
        }
        Aim::SatelliteOffice | Aim::Workation if works => {
            let hour = if walk.chance(0.5) { 9.5 } else { 13.0 };
            walk.be_at(spell.desk, Telework, hour);
            walk.stay_until(17.0);
        }
        Aim::SeasonalWork | Aim::Hospital | Aim::Birth | Aim::Absence | Aim::Parents => {
            let hour = walk.between(9.0, 14.0);
            walk.stay_until(hour);
        }
        Aim::Project => {
            walk.be_at(spell.desk, Work, 13.0);
            let end = walk.about(17.5, 0.3);
            walk.stay_until(end);
        }
        Aim::Cab => {
            let hour = walk.between(5.0, 8.0);
            walk.stay_until(hour);
            deliveries(walk, land, spell.town, spell.bed);
            let evening = walk.between(18.0, 21.0);
            walk.be_at(spell.bed, super::Activity::Lodging, evening);
        }
        Aim::Tour => {
            let hour = walk.between(9.0, 19.0);
            walk.stay_until(hour);
            walk.wander(land.spots(spell.town), 1, Leisure, (1.0, 2.5), (spell.bed, 21.5));
        }
        Aim::Business => {
            let hour = walk.between(6.5, 8.5);
            walk.stay_until(hour);
            meetings(walk, land, spell);
        }
        _ => {
            let hour = walk.between(8.0, 11.0);
            walk.stay_until(hour);
            let visits = walk.count(1, 3);
            walk.wander(land.spots(spell.town), visits, Leisure, (1.0, 2.5), (spell.bed, 21.0));
        }
    }
}

/// A whole day at the spell's town.
pub(super) fn away(walk: &mut Walk, land: &Land, spell: &Spell) {
    let (spots, bed) = (land.spots(spell.town), spell.bed);
    let works = walk.date.works;
    let saturday = walk.date.day.days_after_monday() == 5 && !walk.date.holiday;
    match spell.aim {
        Aim::Workation | Aim::SatelliteOffice if works => {
            let start = walk.about(9.5, 0.2);
            walk.be_at(spell.desk, Telework, start);
            let end = walk.about(17.0, 0.3);
            walk.stay_until(end);
            let evenings = walk.count(0, 1);
            walk.wander(spots, evenings, Leisure, (1.0, 2.0), (bed, 22.0));
        }
        Aim::Business => {
            walk.stay_until(9.0);
            meetings(walk, land, spell);
        }
        Aim::SecondHome if works && walk.chance(0.5) => {
            walk.stay_until(17.5);
            walk.wander(spots, 1, Leisure, (0.5, 1.5), (bed, 21.0));
        }
        Aim::Hospital | Aim::Absence => {}
        Aim::Birth => {
            walk.stay_until(11.0);
            let outings = u32::from(walk.chance(0.25));
            walk.wander(spots, outings, Leisure, (0.4, 1.2), (bed, 16.0));
        }
        Aim::SeasonalWork | Aim::Project if works || saturday => {
            let start = walk.about(8.0, 0.2);
            walk.be_at(spell.desk, Work, start);
            let end = walk.about(17.0, 0.3);
            walk.stay_until(end);
            let evenings = walk.count(0, 1);
            walk.wander(spots, evenings, Leisure, (0.5, 1.5), (bed, 21.0));
        }
        Aim::SecondHome | Aim::Kin | Aim::SeasonalWork | Aim::Project | Aim::Parents => {
            let hour = walk.between(9.0, 13.0);
            walk.stay_until(hour);
            let outings = walk.count(0, 3);
            walk.wander(spots, outings, Leisure, (0.5, 2.5), (bed, 21.0));
        }
        _ => {
            let hour = walk.between(8.5, 10.5);
            walk.stay_until(hour);
            let visits = walk.count(2, 4);
            walk.wander(spots, visits, Leisure, (1.0, 3.0), (bed, 21.0));
        }
    }
}

/// From one bed away to the next one.
pub(super) fn onward(walk: &mut Walk, land: &Land, before: &Spell, spell: &Spell) {
    if spell.aim == Aim::Cab {
        let hour = walk.between(4.5, 7.0);
        walk.stay_until(hour);
        deliveries(walk, land, before.town, spell.bed);
        deliveries(walk, land, spell.town, spell.bed);
        let evening = walk.between(18.0, 21.0);
        walk.be_at(spell.bed, super::Activity::Lodging, evening);
        return;
    }
    let hour = walk.between(9.0, 11.0);
    walk.stay_until(hour);
    walk.wander(land.spots(before.town), 1, Leisure, (0.5, 1.5), (spell.bed, 17.0));
    walk.wander(land.spots(spell.town), 1, Leisure, (0.5, 2.0), (spell.bed, 20.0));
}

/// From the spell's bed home.
pub(super) fn departure(walk: &mut Walk, land: &Land, spell: &Spell, home: Spot) {
    let (spots, works) = (land.spots(spell.town), walk.date.works);
    match spell.aim {
        Aim::SeasonalWork | Aim::Hospital | Aim::Birth | Aim::Absence => {
            let hour = walk.between(9.0, 13.0);
            walk.stay_until(hour);
        }
        Aim::Project => {
            walk.be_at(spell.desk, Work, 8.0);
            walk.stay_until(13.0);
        }
        Aim::Cab => {
            let hour = walk.between(4.5, 7.0);
            walk.stay_until(hour);
            deliveries(walk, land, spell.town, home);
        }
        Aim::SecondHome | Aim::Parents => {
            let hour = walk.between(14.0, 18.0);
            walk.stay_until(hour);
        }
        Aim::Workation | Aim::SatelliteOffice if works => {
            walk.be_at(spell.desk, Telework, 9.5);
            let end = if walk.chance(0.5) { 12.0 } else { 15.0 };
            walk.stay_until(end);
        }
        Aim::Business => {
            walk.stay_until(9.0);
            walk.wander(spots, 2, Meeting, (0.7, 1.8), (home, 20.0));
        }
        _ => {
            let hour = walk.between(9.0, 11.0);
            walk.stay_until(hour);
            let visits = walk.count(0, 2);
            walk.wander(spots, visits, Leisure, (0.7, 2.0), (home, 20.0));
        }
    }
}

/// A lorry's stops of a day in a town.
fn deliveries(walk: &mut Walk, land: &Land, town: usize, bed: Spot) {
    let count = walk.count(1, 2);
    walk.wander(land.spots(town), count, Meeting, (0.5, 1.3), (bed, 19.0));
}

fn meetings(walk: &mut Walk, land: &Land, spell: &Spell) {
    let count = walk.count(2, 4);
    walk.wander(land.spots(spell.town), count, Meeting, (0.8, 1.8), (spell.bed, 18.5));
}
