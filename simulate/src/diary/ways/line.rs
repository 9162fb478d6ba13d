//! The line of a way on the map: corners, and where it halts.
//!
//! In: a route, its two ends, the land. Out: [`Line`], in the direction of travel. Between its ends the way
//! swings to one side, or first to one and then to the other, and zigzags about that bow with corners as far
//! apart as its traffic has them: every leg leans against the straight line by the angle that makes the whole
//! as long as the route says. Corners that would stand in the sea move to the other side if that is dry.
//! Stations of expresses, and those where trains are changed, move to the middle of the largest town nearby.

use rand::rngs::SmallRng;

use super::sections::{Halt, Section, Sections};
use super::{Route, is_backwards, part};
use crate::land::{KM_PER_DEGREE, Land, Spot};
use crate::random::{Purpose, between, generator};

/// How far the way swings to a side, as a share of the straight line.
const BOW: (f64, f64) = (0.04, 0.14);
/// How far a station of an express, a hub, and a change between local trains look for a town, kilometres.
const EXPRESS_TOWN_KM: f64 = 12.0;
const HUB_TOWN_KM: f64 = 6.0;
const CHANGE_TOWN_KM: f64 = 3.0;

/// A corner of a way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Corner {
    /// Latitude and longitude, degrees.
    pub at: (f64, f64),
    pub halt: Option<Halt>,
    is_dry: bool,
    ends_section: bool,
}

/// Corners from one end to the other.
#[derive(Debug)]
pub(super) struct Line {
    pub corners: Vec<Corner>,
    /// The speed from each corner to the next, kilometres an hour: one less than corners.
    pub km_h: Vec<f64>,
}

impl Line {
    pub(super) fn of(route: &Route, from: &Spot, to: &Spot, land: &Land) -> Self {
        let backwards = is_backwards(from, to);
        let (first, last) = if backwards { (to, from) } else { (from, to) };
        let sections = Sections::of(route);
        let mut line = Drawing::new(route, first, last, land).draw(&sections);
        if backwards {
            line.corners.reverse();
            line.km_h.reverse();
        }
        // Who comes back waits for the first train and changes in the same order as who goes.
        let mut ends = line.corners.iter_mut().filter(|corner| corner.ends_section);
        for section in sections.iter() {
            let Some(end) = ends.next() else { break };
            end.halt = section.then.filter(|_| end.is_dry);
        }
        line
    }
}

/// A line being drawn, from the first end of its pair.
struct Drawing<'d> {
    route: &'d Route,
    ends: (&'d Spot, &'d Spot),
    land: &'d Land<'d>,
    rng: SmallRng,
    /// Unit vector to the left of the straight line, north and east.
    left: (f64, f64),
    /// Kilometres to the side for each kilometre of the way.
    lean: f64,
    /// Kilometres behind, and to the left of the straight line.
    km: f64,
    aside_km: f64,
    line: Line,
}

impl<'d> Drawing<'d> {
    fn new(route: &'d Route, first: &'d Spot, last: &'d Spot, land: &'d Land<'d>) -> Self {
        let middle = (first.latitude + last.latitude) / 2.0;
        let north = last.latitude - first.latitude;
        let east = (last.longitude - first.longitude) * middle.to_radians().cos();
        let length = north.hypot(east).max(1e-9);
        let straightness = route.straight_km / route.km.max(1e-9);
        Self {
            route,
            ends: (first, last),
            land,
            rng: generator(route.key, 0, 0, Purpose::Ways),
            left: (east / length, -north / length),
            lean: (1.0 - straightness * straightness).max(0.0).sqrt(),
            km: 0.0,
            aside_km: 0.0,
            line: Line { corners: Vec::new(), km_h: Vec::new() },
        }
    }

    fn draw(mut self, sections: &Sections) -> Line {
        let (first, last) = self.ends;
        self.line.corners.push(corner((first.latitude, first.longitude), None));
        let mut sections = sections.iter().peekable();
        while let Some(section) = sections.next() {
            self.section(section, sections.peek().copied());
        }
        if let Some(corner) = self.line.corners.last_mut() {
            (corner.at, corner.is_dry, corner.ends_section) = ((last.latitude, last.longitude), true, false);
        }
        self.line
    }

    fn section(&mut self, section: &Section, next: Option<&Section>) {
        let end_km = self.km + section.km;
        let mut halt_km = self.next_halt_km(section);
        while self.km < end_km {
            let corner_km = self.km + between(&mut self.rng, section.corner_km.0, section.corner_km.1);
            // A last leg of a few metres would be no leg.
            let reached_km = corner_km.min(halt_km);
            let reached_km = if end_km - reached_km < section.corner_km.0 { end_km } else { reached_km };
            let halts = reached_km >= halt_km && reached_km < end_km;
            self.advance(reached_km);
            let halt = section.halts.map(|(halt, _)| halt).filter(|_| halts);
            if halts {
                halt_km = self.next_halt_km(section);
            }
            self.push(halt, section.km_h);
        }
        let meets = next.and_then(|next| town_reach_km(section, next));
        let at = self.line.corners.last().map(|corner| corner.at);
        let town = meets.zip(at).and_then(|(km, at)| self.town(at, km));
        if let Some(corner) = self.line.corners.last_mut() {
            corner.ends_section = true;
            if let Some(town) = town {
                (corner.at, corner.is_dry) = (town, true);
            }
        }
    }

    /// Where the next halt of a section is; infinitely far when it has none.
    fn next_halt_km(&mut self, section: &Section) -> f64 {
        match section.halts {
            Some((_, (least, most))) => self.km + between(&mut self.rng, least, most),
            None => f64::INFINITY,
        }
    }

    /// Goes on to a kilometre of the way, leaning towards the bow, and never so far aside that the rest of the
    /// way could not lead back: nobody walks the detour of a train.
    fn advance(&mut self, km: f64) {
        let leans_km = (km - self.km) * self.lean;
        self.km = km;
        self.aside_km += if self.aside_km > self.bow_km() { -leans_km } else { leans_km };
        self.stay_near();
    }

    fn stay_near(&mut self) {
        let reach_km = (self.route.km - self.km).max(0.0) * self.lean;
        self.aside_km = self.aside_km.clamp(-reach_km, reach_km);
    }

    /// The middle of the largest town about a point; the way goes on from there.
    fn town(&mut self, at: (f64, f64), km: f64) -> Option<(f64, f64)> {
        let town = self.land.largest_near(at, km)?;
        let foot = self.point(0.0);
        let (north, east) = (town.0 - foot.0, (town.1 - foot.1) * town.0.to_radians().cos());
        self.aside_km = KM_PER_DEGREE * (north * self.left.0 + east * self.left.1);
        self.stay_near();
        Some(town)
    }

    /// How far to the left the way swings here.
    fn bow_km(&self) -> f64 {
        let share = self.km / self.route.km;
        let greatest = BOW.0 + (BOW.1 - BOW.0) * part(self.route.key, 8);
        let swing = match (4.0 * part(self.route.key, 9)) as u32 {
            0 => (std::f64::consts::PI * share).sin(),
            1 => -(std::f64::consts::PI * share).sin(),
            2 => 0.5 * (std::f64::consts::TAU * share).sin(),
            _ => -0.5 * (std::f64::consts::TAU * share).sin(),
        };
        greatest * self.route.straight_km * swing
    }

    fn push(&mut self, halt: Option<Halt>, km_h: (f64, f64)) {
        let sides = [self.aside_km, self.aside_km / 2.0, 0.0, -self.aside_km / 2.0, -self.aside_km];
        let is_dry = |land: &Land, (latitude, longitude)| land.town_at(latitude, longitude).is_some();
        let dry = sides.into_iter().find(|side| is_dry(self.land, self.point(*side)));
        self.aside_km = dry.unwrap_or(self.aside_km);
        let mut corner = corner(self.point(self.aside_km), halt.filter(|_| dry.is_some()));
        corner.is_dry = dry.is_some();
        if corner.halt == Some(Halt::ExpressStation)
            && let Some(town) = self.town(corner.at, EXPRESS_TOWN_KM)
        {
            corner.at = town;
        }
        self.line.corners.push(corner);
        self.line.km_h.push(between(&mut self.rng, km_h.0, km_h.1));
    }

    /// The point beside the straight line, after the kilometres behind.
    fn point(&self, aside_km: f64) -> (f64, f64) {
        let (first, last) = self.ends;
        let share = self.km / self.route.km;
        let latitude = first.latitude + (last.latitude - first.latitude) * share;
        let longitude = first.longitude + (last.longitude - first.longitude) * share;
        let degrees = aside_km / KM_PER_DEGREE;
        (latitude + self.left.0 * degrees, longitude + self.left.1 * degrees / latitude.to_radians().cos())
    }
}

fn corner(at: (f64, f64), halt: Option<Halt>) -> Corner {
    Corner { at, halt, is_dry: true, ends_section: false }
}

/// How far from here a town may be in whose middle one changes from one section to the next; none when one
/// of them is no train.
fn town_reach_km(section: &Section, next: &Section) -> Option<f64> {
    let train = |section: &Section| section.halts.map(|(halt, _)| halt);
    match (train(section)?, train(next)?) {
        (Halt::Station, Halt::Station) => Some(CHANGE_TOWN_KM),
        (Halt::ExpressStation, Halt::ExpressStation) => Some(EXPRESS_TOWN_KM),
        (Halt::Station, Halt::ExpressStation) | (Halt::ExpressStation, Halt::Station) => Some(HUB_TOWN_KM),
        _ => None,
    }
}
