//! One person's true year: each night's municipality, each day's presences, days of work, and the diary.
//!
//! In: a person. Out: [`Life`], walked day by day with the same plans as the pings. A night is where most of the
//! hours from 22:00 to 08:00 were spent; in real lives it is where somebody *slept*: the place of the bed with
//! most of these hours, and after a night without two hours near a bed (a shift) that of the bed of the next day.
//! A workplace is never a bed.

use std::collections::BTreeMap;

use kayoi_schemas::calendar::Almanac;
use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, MINUTE_MS, UtcMillis};

use crate::date::Date;
use crate::diary::{self, Activity, Piece};
use crate::land::Land;
use crate::people::Person;
use crate::world::{Lives, World};

/// The night: from 22:00 to 08:00 of the next day, hours after the evening's midnight.
const NIGHT_HOURS: (f64, f64) = (22.0, 32.0);
/// The day after, hours after the evening's midnight: 07:00 to 19:00.
const NEXT_DAY_HOURS: (f64, f64) = (31.0, 43.0);
/// Less of the night than this near a bed is no night's sleep.
const SLEEP_MS: i64 = 2 * HOUR_MS;
/// The telework hours of the definition.
const TELEWORK_HOURS: (f64, f64) = (10.0, 17.0);

/// Minutes at a municipality on a local day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Presence {
    pub day: Day,
    pub town: MunicipalityCode,
    /// Without ways and short stops.
    pub minutes: f64,
    /// Of these, at a desk in telework hours.
    pub telework_minutes: f64,
}

/// What a person truly did.
#[derive(Debug, Default)]
pub(super) struct Life {
    /// By evening, from the world's first day; `None` when the whole night was on the way.
    pub nights: Vec<Option<MunicipalityCode>>,
    /// Where the person was on each day, by day.
    pub presences: Vec<Presence>,
    /// Days with a stay at the workplace.
    pub work_days: Vec<Day>,
    /// Days worked at home instead.
    pub telework_days: Vec<Day>,
    /// Of these, days with an errand that makes up for the way to work, and its straight kilometres, there and back.
    pub rebounds: Vec<(Day, f64)>,
    /// Stays in order, joined across days; empty when nobody asked.
    pub diary: Vec<Piece>,
    /// Everything from the day on that was asked for, ways too, to the end of the morning after the last day.
    pub walk: Vec<Piece>,
}

/// What is kept of the walk itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keep {
    /// Whether the diary is kept.
    pub diary: bool,
    /// The first day of the walk that is kept.
    pub walk_from: Day,
}

impl Life {
    /// Where the night of an evening was slept; `None` outside the world too.
    pub(super) fn night(&self, world: &World, evening: Day) -> Option<MunicipalityCode> {
        let index = usize::try_from(evening.0 - world.first_day.0).ok()?;
        self.nights.get(index).copied().flatten()
    }

    /// The nights of `from..=until` by the town in which they were slept.
    pub(super) fn nights_by_town(
        &self,
        world: &World,
        (from, until): (Day, Day),
    ) -> BTreeMap<MunicipalityCode, Vec<Day>> {
        let mut by_town: BTreeMap<MunicipalityCode, Vec<Day>> = BTreeMap::new();
        for night in (from.0..=until.0).map(Day) {
            if let Some(town) = self.night(world, night) {
                by_town.entry(town).or_default().push(night);
            }
        }
        by_town
    }

    /// Leaves the days of a visit to the country; the last evening is slept elsewhere.
    fn only_within(&mut self, world: &World, (first, last): (Day, Day)) {
        for (number, night) in self.nights.iter_mut().enumerate() {
            let evening = world.first_day.plus(number as i32);
            if !(first..last).contains(&evening) {
                *night = None;
            }
        }
        self.presences.retain(|presence| (first..=last).contains(&presence.day));
        let is_within = |stay: &Piece| {
            let day = DayRule::JAPAN.day(UtcMillis(stay.from_ms));
            (first..=last).contains(&day)
        };
        self.diary.retain(is_within);
    }
}

/// Walks all days of a person. The morning after the last day is walked too: it belongs to the last night.
pub(super) fn live(person: &Person, land: &Land, world: &World, almanac: &Almanac, keep: Keep) -> Life {
    let day = |date: Date, pieces: &mut Vec<Piece>| diary::day(person, land, world.seed, date, pieces);
    live_by(person, (world, almanac), keep, day)
}

/// [`live`] by any walk of a day, which tells whether it was one of telework.
pub(super) fn live_by(
    person: &Person,
    (world, almanac): (&World, &Almanac),
    keep: Keep,
    day: impl Fn(Date, &mut Vec<Piece>) -> bool,
) -> Life {
    let mut life = Life { nights: Vec::with_capacity(world.days as usize), ..Life::default() };
    let mut pieces = Vec::new();
    let mut tonight: Vec<(MunicipalityCode, i64)> = Vec::new();
    let mut next_day: Vec<(MunicipalityCode, i64)> = Vec::new();
    let is_real = world.lives == Lives::Real;
    for number in 0..=world.days as i32 {
        let date = Date::of(world.first_day.plus(number), almanac);
        let yesterday = Date::of(date.day.plus(-1), almanac);
        let worked_at_home = day(date, &mut pieces);
        if date.day >= keep.walk_from {
            life.walk.extend_from_slice(&pieces);
        }
        let stays = pieces.iter().filter(|piece| !piece.is_way() && piece.activity != Activity::Transit);
        let beds = stays.clone().filter(|stay| !is_real || stay.activity.has_bed());
        if number > 0 {
            beds.clone().for_each(|stay| add(&mut tonight, stay, window_ms(yesterday, NIGHT_HOURS)));
            let slept: i64 = tonight.iter().map(|(_, sum)| sum).sum();
            if is_real && slept < SLEEP_MS {
                beds.clone().for_each(|stay| add(&mut next_day, stay, window_ms(yesterday, NEXT_DAY_HOURS)));
                life.nights.push(longest(&next_day).or_else(|| longest(&tonight)));
                next_day.clear();
            } else {
                life.nights.push(longest(&tonight));
            }
            tonight.clear();
        }
        if number == world.days as i32 {
            break;
        }
        beds.for_each(|stay| add(&mut tonight, stay, window_ms(date, NIGHT_HOURS)));
        if stays.clone().any(|stay| stay.activity == Activity::Work && Some(stay.start) == person.work) {
            life.work_days.push(date.day);
        }
        if worked_at_home {
            life.telework_days.push(date.day);
            let home = person.home(date.day).spot;
            let places = stays.clone().map(|stay| stay.start);
            let errands = places.filter(|place| person.working.rebounds.contains(place));
            let km: f64 = errands.map(|place| 2.0 * home.distance_km(&place)).sum();
            life.rebounds.extend((km > 0.0).then_some((date.day, km)));
        }
        presences(&mut life.presences, date, stays);
        if keep.diary {
            pieces.iter().filter(|piece| !piece.is_way()).for_each(|stay| join(&mut life.diary, stay));
        }
    }
    if let Some(visit) = person.visit() {
        life.only_within(world, visit);
    }
    life
}

fn window_ms(date: Date, (from, until): (f64, f64)) -> (i64, i64) {
    let instant = |hour: f64| date.midnight_ms + (hour * HOUR_MS as f64) as i64;
    (instant(from), instant(until))
}

fn overlap_ms(stay: &Piece, (from, until): (i64, i64)) -> i64 {
    (stay.until_ms.min(until) - stay.from_ms.max(from)).max(0)
}

fn add(sums: &mut Vec<(MunicipalityCode, i64)>, stay: &Piece, window: (i64, i64)) {
    let overlap = overlap_ms(stay, window);
    if overlap == 0 {
        return;
    }
    match sums.iter_mut().find(|(town, _)| *town == stay.start.town) {
        Some((_, sum)) => *sum += overlap,
        None => sums.push((stay.start.town, overlap)),
    }
}

fn longest(sums: &[(MunicipalityCode, i64)]) -> Option<MunicipalityCode> {
    sums.iter().max_by_key(|(town, sum)| (*sum, std::cmp::Reverse(town.number()))).map(|(town, _)| *town)
}

fn presences<'p>(presences: &mut Vec<Presence>, date: Date, stays: impl Iterator<Item = &'p Piece>) {
    let today = presences.len();
    for stay in stays {
        let minutes = |ms: i64| ms as f64 / MINUTE_MS as f64;
        let town = stay.start.town;
        let index = match presences[today..].iter().position(|presence| presence.town == town) {
            Some(index) => today + index,
            None => {
                presences.push(Presence { day: date.day, town, minutes: 0.0, telework_minutes: 0.0 });
                presences.len() - 1
            }
        };
        presences[index].minutes += minutes(stay.until_ms - stay.from_ms);
        if stay.activity == Activity::Telework {
            presences[index].telework_minutes += minutes(overlap_ms(stay, window_ms(date, TELEWORK_HOURS)));
        }
    }
}

/// A stay over 04:00 is one row of the diary.
fn join(diary: &mut Vec<Piece>, stay: &Piece) {
    match diary.last_mut() {
        Some(last)
            if last.until_ms == stay.from_ms
                && last.start == stay.start
                && last.activity == stay.activity =>
        {
            last.until_ms = stay.until_ms;
            last.end = stay.end;
        }
        _ => diary.push(*stay),
    }
}
