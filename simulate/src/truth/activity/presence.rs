//! Who is where at which hour (滞在人口).
//!
//! In: a walk. Out: for each month and municipality the days on which the person stands there at half past each
//! hour, in an unbroken time there of 30 and of 120 minutes. Ways within the municipality do not break that time,
//! a way that leads elsewhere does. Who is under way at the instant is nowhere. Residents at home count.

use std::collections::BTreeMap;

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, MINUTE_MS, Month};

use super::Lives;
use super::figures::{Added, Group, Hours, LEAST_MINUTES};
use crate::diary::Piece;
use crate::truth::life::Life;
use crate::truth::rules::Rules;

pub(super) fn add(rules: &Rules, life: &Life, lives: &[Lives], added: &mut Added) {
    let Some(days) = Days::of(rules, lives) else { return };
    let mut present: BTreeMap<(Month, MunicipalityCode), Hours> = BTreeMap::new();
    for time in times(&life.walk) {
        let (Some(first), Some(last)) = (time.first(), time.last()) else { continue };
        let minutes = (last.until_ms - first.from_ms) / MINUTE_MS;
        for instant_ms in time.iter().filter(|piece| !piece.is_way()).flat_map(|piece| days.half_hours(piece))
        {
            let Some((month, day_type, hour)) = days.at(instant_ms) else { continue };
            let hours = present.entry((month, first.start.town)).or_default();
            for (counts, _) in hours.iter_mut().zip(LEAST_MINUTES).filter(|(_, least)| minutes >= *least) {
                counts[day_type][hour] += 1;
            }
        }
    }
    for ((month, town), hours) in present {
        let primary = lives.iter().find(|lives| lives.month == month).map(|lives| lives.primary);
        if let Some(primary) = primary {
            added.add_presence((month, town, Group::of(town, primary)), hours);
        }
    }
}

/// The days that are counted: each is looked up once, and not for each of its hours.
struct Days {
    start_ms: i64,
    /// Month, and 1 for a day off; `None` in a month without a residence.
    types: Vec<Option<(Month, usize)>>,
}

impl Days {
    fn of(rules: &Rules, lives: &[Lives]) -> Option<Self> {
        let (first, last) = (lives.first()?.month, lives.last()?.month);
        let first = first.first_day().max(rules.world.first_day);
        let last = last.last_day().min(rules.world.last_day());
        let day_type = |day: Day| {
            let month = day.month();
            let counts = lives.iter().any(|lives| lives.month == month);
            counts.then(|| (month, usize::from(!rules.almanac.is_working_day(day))))
        };
        let types = (first.0..=last.0).map(|day| day_type(Day(day))).collect();
        Some(Self { start_ms: DayRule::JAPAN.day_start(first).0, types })
    }

    /// The instants at half past an hour within a piece, but for those before the first day.
    fn half_hours(&self, piece: &Piece) -> impl Iterator<Item = i64> + use<> {
        const HALF: i64 = HOUR_MS / 2;
        let from_ms = piece.from_ms.max(self.start_ms);
        let first = (from_ms + HALF - 1).div_euclid(HOUR_MS) * HOUR_MS + HALF;
        let until_ms = piece.until_ms;
        (0..).map(move |hour| first + hour * HOUR_MS).take_while(move |instant| *instant < until_ms)
    }

    /// Month, day type and clock hour of an instant.
    fn at(&self, instant_ms: i64) -> Option<(Month, usize, usize)> {
        let slot = usize::try_from((instant_ms - self.start_ms).div_euclid(HOUR_MS)).ok()?;
        let (month, day_type) = (*self.types.get(slot / 24)?)?;
        // A local day begins at four.
        Some((month, day_type, (slot % 24 + DayRule::JAPAN.day_start_hour as usize) % 24))
    }
}

/// The unbroken times in one municipality.
fn times(walk: &[Piece]) -> impl Iterator<Item = &[Piece]> {
    let town = |piece: &Piece| (piece.start.town == piece.end.town).then_some(piece.start.town);
    walk.chunk_by(move |a, b| town(a).is_some() && town(a) == town(b))
        .filter(move |pieces| pieces.first().is_some_and(|first| town(first).is_some()))
}
