//! A way as a phone sees it: where it is at each instant, and how fast.
//!
//! In: a way that is one piece of a day. Out: [`Journey`], legs and halts that fill exactly the time of the
//! piece, so that a day has the same hours whether its ways are looked at or not. Legs are as fast as their
//! traffic, and halts wait for what is left of the time. Where it is too short for that, as for somebody who
//! must be in bed when the day ends, the train stops less.

use kayoi_schemas::time::HOUR_MS;
use kayoi_schemas::units::distance_km;

use super::line::Line;
use super::sections::Halt;
use super::{Mode, Route};
use crate::diary::Piece;
use crate::land::Land;
use crate::random::{Purpose, between, generator};

/// Legs are travelled at most this much faster than on an ordinary day.
const FASTEST: f64 = 1.1;

/// A part of a journey: on its way, or at a halt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Leg {
    /// When it starts, milliseconds UTC.
    pub from_ms: i64,
    /// When it ends, milliseconds UTC.
    pub until_ms: i64,
    /// Where it starts, degrees.
    pub start: (f64, f64),
    /// Where it ends, degrees.
    pub end: (f64, f64),
    /// Why it stands, if it does.
    pub halt: Option<Halt>,
}

impl Leg {
    /// Metres per second.
    pub(crate) fn speed_m_s(&self) -> f64 {
        1e6 * distance_km(self.start, self.end) / (self.until_ms - self.from_ms).max(1) as f64
    }

    /// Latitude and longitude at an instant of it, degrees.
    fn at(&self, instant_ms: i64) -> (f64, f64) {
        let share = (instant_ms - self.from_ms) as f64 / (self.until_ms - self.from_ms).max(1) as f64;
        let along = |start: f64, end: f64| start + (end - start) * share.clamp(0.0, 1.0);
        (along(self.start.0, self.end.0), along(self.start.1, self.end.1))
    }
}

/// The legs and halts of a way, without gap or overlap.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Journey {
    pub legs: Vec<Leg>,
}

impl Journey {
    /// Follows a way by the mode in which it was gone.
    pub(crate) fn follow(piece: &Piece, mode: Mode, seed: u64, land: &Land) -> Self {
        let route = Route::again(seed, mode, &piece.start, &piece.end);
        let line = Line::of(&route, &piece.start, &piece.end, land);
        let mut parts = parts(&route, &line, piece.from_ms);
        fit(&mut parts, (piece.until_ms - piece.from_ms) as f64);
        let mut legs = Vec::with_capacity(parts.len());
        let (mut until, mut from_ms) = (piece.from_ms as f64, piece.from_ms);
        for part in parts.iter().filter(|part| part.ms > 0.0) {
            until += part.ms;
            let until_ms = (until.round() as i64).min(piece.until_ms);
            let (start, end) = (part.start, part.end);
            legs.push(Leg { from_ms, until_ms, start, end, halt: part.halt });
            from_ms = until_ms;
        }
        if let Some(last) = legs.last_mut() {
            last.until_ms = piece.until_ms;
        }
        Self { legs }
    }

    /// Latitude and longitude in degrees and speed in metres per second at an instant.
    pub(crate) fn at(&self, instant_ms: i64) -> Option<((f64, f64), f64)> {
        let passed = self.legs.partition_point(|leg| leg.until_ms <= instant_ms);
        let leg = self.legs.get(passed).or(self.legs.last())?;
        Some((leg.at(instant_ms), leg.speed_m_s()))
    }
}

/// A leg or halt that has no time of day yet.
struct Part {
    start: (f64, f64),
    end: (f64, f64),
    halt: Option<Halt>,
    ms: f64,
}

/// The parts with the time that each takes on its own.
fn parts(route: &Route, line: &Line, from_ms: i64) -> Vec<Part> {
    let mut rng = generator(route.key, from_ms as u64, 0, Purpose::Ways);
    let mut parts = Vec::with_capacity(2 * line.corners.len());
    for (pair, km_h) in line.corners.windows(2).zip(&line.km_h) {
        let (start, end) = (pair[0].at, pair[1].at);
        let hours = distance_km(start, end) / (km_h * between(&mut rng, 0.9, 1.1));
        parts.push(Part { start, end, halt: None, ms: hours * HOUR_MS as f64 });
        if let Some(halt) = pair[1].halt {
            let (least, most) = halt.seconds();
            let ms = 1_000.0 * between(&mut rng, least, most);
            parts.push(Part { start: end, end, halt: Some(halt), ms });
        }
    }
    parts
}

/// How long the way takes on that day when nobody minds how much time there is, milliseconds.
#[cfg(test)]
pub(super) fn ordinary_ms(route: &Route, line: &Line, from_ms: i64) -> f64 {
    parts(route, line, from_ms).iter().map(|part| part.ms).sum()
}

/// Gives the parts as much time as there is: halts wait shorter or longer as far as such halts do, then the
/// legs are travelled faster or slower, and halts are left out before a train flies.
fn fit(parts: &mut [Part], total_ms: f64) {
    let moving_ms: f64 = parts.iter().filter(|part| part.halt.is_none()).map(|part| part.ms).sum();
    let sum = |parts: &[Part], ms: fn(&Part, Halt) -> f64| -> f64 {
        parts.iter().filter_map(|part| part.halt.map(|halt| ms(part, halt))).sum()
    };
    let mut halts_ms = sum(parts, |part, _| part.ms);
    let wished_ms = total_ms - moving_ms;
    let to_bound: fn(&Part, Halt) -> f64 = if wished_ms < halts_ms {
        |part, halt| 1_000.0 * halt.seconds().0 - part.ms
    } else {
        |part, halt| 1_000.0 * halt.seconds().1 - part.ms
    };
    let room_ms = sum(parts, to_bound);
    let share = if room_ms == 0.0 { 0.0 } else { ((wished_ms - halts_ms) / room_ms).min(1.0) };
    for part in parts.iter_mut() {
        part.ms += part.halt.map_or(0.0, |halt| share * to_bound(part, halt));
    }
    halts_ms += share * room_ms;
    for part in parts.iter_mut().rev().filter(|part| part.halt.is_some()) {
        if total_ms - halts_ms >= moving_ms / FASTEST {
            break;
        }
        halts_ms -= part.ms;
        part.ms = 0.0;
    }
    let factor = (total_ms - halts_ms) / moving_ms.max(1.0);
    for part in parts.iter_mut().filter(|part| part.halt.is_none()) {
        part.ms *= factor;
    }
}
