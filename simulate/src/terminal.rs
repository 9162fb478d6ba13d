//! What the phone of a visitor from abroad reports on the days of the flights.
//!
//! In: the fixes of a day as if the visitor had been there for all of it. Out: those between landing and take-off,
//! and often a burst in the terminal: a phone finds a network after the landing, and who waits at a gate looks at
//! it. How many do is a model, see [`OPENS_AN_APP`].

use kayoi_schemas::time::{Day, HOUR_MS, MINUTE_MS};

use crate::date::Date;
use crate::diary::{Activity, Piece};
use crate::land::{Land, Spot};
use crate::observe::{Fix, observe};
use crate::people::Person;
use crate::people::carried::Carried;
use crate::random::{Purpose, between, chance, generator};

/// Share of landings, and of waits for the flight home, on which an app with the partner's code is opened.
const OPENS_AN_APP: f64 = 0.7;
/// Passport, baggage, customs.
const AFTER_LANDING_MS: i64 = 6 * HOUR_MS / 5;
/// Check-in, security, and the wait at the gate.
const BEFORE_TAKE_OFF_MS: i64 = 14 * HOUR_MS / 5;
/// Above the numbers of all phones: a generator of its own.
const AT_TERMINAL: u32 = 1 << 29;

/// Leaves what is seen of a visitor's day, and adds what is seen in the terminal; people who live in the country are
/// left alone.
pub(crate) fn limit(
    land: &Land,
    (person, phone): (&Person, &Carried),
    date: Date,
    pieces: &[Piece],
    fixes: &mut Vec<Fix>,
) {
    let Some((landing, take_off)) = in_country(person, date.day, pieces) else { return };
    fixes.retain(|fix| (landing..take_off).contains(&fix.instant_ms));
    let ways = || pieces.iter().filter(|piece| piece.is_way());
    let arrival = ways().next().filter(|_| landing > i64::MIN).map(|way| (way.start, landing, way.from_ms));
    let departure =
        ways().next_back().filter(|_| take_off < i64::MAX).map(|way| (way.end, way.until_ms, take_off));
    let who = Carried::who(person.index, phone.number) | AT_TERMINAL;
    let mut rng = generator(land.seed(), u64::from(who), date.day.0, Purpose::Terminal);
    for (terminal, from_ms, until_ms) in [arrival, departure].into_iter().flatten() {
        let minutes = between(&mut rng, 5.0, 40.0);
        if !chance(&mut rng, OPENS_AN_APP) {
            continue;
        }
        let mut there = Vec::new();
        observe(land, who, &phone.habits, date, &[all_day(date, terminal)], &mut there);
        let Some(first) = there.first().copied() else { continue };
        let burst = fixes.iter().map(|fix| fix.burst + 1).max().unwrap_or_default();
        let later_ms = from_ms + (minutes * MINUTE_MS as f64) as i64 - first.instant_ms;
        let of_burst = there.into_iter().filter(|fix| fix.burst == first.burst);
        let moved = of_burst.map(|fix| Fix { instant_ms: fix.instant_ms + later_ms, burst, ..fix });
        fixes.extend(moved.filter(|fix| fix.instant_ms < until_ms));
    }
    fixes.sort_by_key(|fix| fix.instant_ms);
    // One fix per millisecond: two could not be told from a duplicate.
    fixes.dedup_by_key(|fix| fix.instant_ms);
}

/// The instants of a day at which the phone of a visitor from abroad is first and last seen, on the days of
/// the flights: a good hour at the airport before the first way, and nearly three after the last one.
fn in_country(person: &Person, day: Day, pieces: &[Piece]) -> Option<(i64, i64)> {
    let (first, last) = person.visit()?;
    let ways = || pieces.iter().filter(|piece| piece.is_way());
    let landing = ways().next().filter(|_| day == first).map(|way| way.from_ms - AFTER_LANDING_MS);
    let take_off = ways().next_back().filter(|_| day == last).map(|way| way.until_ms + BEFORE_TAKE_OFF_MS);
    Some((landing.unwrap_or(i64::MIN), take_off.unwrap_or(i64::MAX)))
}

fn all_day(date: Date, terminal: Spot) -> Piece {
    let instant = |hour: i64| date.midnight_ms + hour * HOUR_MS;
    Piece {
        from_ms: instant(4),
        until_ms: instant(28),
        start: terminal,
        end: terminal,
        activity: Activity::Transit,
        mode: None,
    }
}
