//! Stays and fixes → spots: which of its own places a device stood at, hour by hour.
//!
//! In: fixes, stays and motions of one device. Out: for each hour in which it was seen standing, the spot;
//! spots are numbered for this device alone, stays first, and two points within the reach of a spot are the
//! same. This is what tells a desk from a stroll, a workplace from a bed. The points of spots stay in here.

use kayoi_schemas::ids::MunicipalityCode;
use kayoi_schemas::time::{Day, DayRule, HOUR_MS, MINUTE_MS};
use kayoi_schemas::units::near::metres_between;

use crate::fix::Fix;
use crate::motion::Motion;
use crate::settled::Settled;
use crate::slot::day_and_slot;
use crate::stays::Stay;

/// Number of a spot among those of one device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SpotIndex(pub u32);

/// An hour of a day in which the device stood at a spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HourAt {
    /// The local day of the hour.
    pub day: Day,
    /// Hours after the start of the local day.
    pub slot: u8,
    /// The spot at which it stood.
    pub spot: SpotIndex,
}

/// A place of one device, about a building and its yard.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    /// Latitude of the first point found there, degrees.
    pub latitude: f64,
    /// Longitude of the first point found there, degrees.
    pub longitude: f64,
    /// The municipality where most of its fixes lie; `None` when most are at sea or abroad.
    pub municipality: Option<MunicipalityCode>,
}

/// The spots of a device and its hours there, by day and hour.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spots {
    /// All spots, those of stays first.
    pub spots: Vec<Spot>,
    /// Hours at spots by day and hour, each (hour, spot) once.
    pub hours: Vec<HourAt>,
    /// The spot of each fix; `None` while the device moved.
    pub of_fix: Vec<Option<SpotIndex>>,
    /// Hours with a fix, by day: a stay may bridge hours without any.
    pub(crate) fix_hours: Vec<(Day, u8)>,
    pub(crate) finder: Finder,
}

/// Points within this of a spot belong to it: indoor fixes jump 200 to 400 m, buildings are 100 m wide.
pub(crate) const REACH_M: f64 = 250.0;
/// A stay shows an hour when it covers this much of it.
const LEAST_MINUTES: i64 = 20;

impl Spots {
    /// The spots of one device. Fixes on the move are at no spot. A spot lies in the municipality of most of
    /// its fixes, and with it they and its stays: noise at a border would otherwise make one house two homes.
    pub(crate) fn of(fixes: &[Fix], motions: &[Motion], stays: &[Stay], rule: DayRule) -> (Self, Settled) {
        let mut spots = Self::default();
        let mut finder = Finder::default();
        let mut votes = Votes::default();
        let mut of_stay = Vec::with_capacity(stays.len());
        for stay in stays {
            let index = finder.find(&mut spots.spots, stay.latitude, stay.longitude, stay.municipality);
            votes.add(index, stay.municipality, stay.ping_count);
            of_stay.push(index);
            // Hour by hour in local time; a stay of several days goes on with the next day's slots.
            let (from, to) = (stay.arrival.0, stay.departure.0);
            let mut day = rule.day(stay.arrival);
            let mut start = rule.day_start(day).0;
            let mut slot = (from - start) / HOUR_MS;
            while start + slot * HOUR_MS < to {
                if slot >= 24 {
                    (day, slot) = (day.plus(1), 0);
                    start = rule.day_start(day).0;
                }
                let hour = start + slot * HOUR_MS;
                if to.min(hour + HOUR_MS) - from.max(hour) >= LEAST_MINUTES * MINUTE_MS {
                    spots.hours.push(HourAt { day, slot: slot as u8, spot: index });
                }
                slot += 1;
            }
        }
        // Stays are found without regard to motions, so a fix within one may be on the move all the same: it
        // belongs to the stay's spot and shows no hour.
        let mut next_stay = 0;
        let mut of_fix: Vec<Option<SpotIndex>> = vec![None; fixes.len()];
        for ((fix, motion), own) in fixes.iter().zip(motions).zip(&mut of_fix) {
            while stays.get(next_stay).is_some_and(|stay| stay.departure < fix.instant) {
                next_stay += 1;
            }
            let stay = stays.get(next_stay).filter(|stay| stay.arrival <= fix.instant);
            if stay.is_some() {
                *own = Some(of_stay[next_stay]);
            }
            let hour = day_and_slot(fix.instant, rule);
            if spots.fix_hours.last() != Some(&hour) {
                spots.fix_hours.push(hour);
            }
            let is_long = stay.is_some_and(|s| s.departure.0 - s.arrival.0 >= LEAST_MINUTES * MINUTE_MS);
            // A long stay has shown its hours above; its fixes would add hours that it merely touched.
            if *motion == Motion::Moving || is_long {
                continue;
            }
            let index =
                finder.find(&mut spots.spots, fix.point.latitude(), fix.point.longitude(), fix.municipality);
            // A fix within a stay has voted with the stay already.
            if stay.is_none() {
                *own = Some(index);
                votes.add(index, fix.municipality, 1);
            }
            let (day, slot) = day_and_slot(fix.instant, rule);
            spots.hours.push(HourAt { day, slot, spot: index });
        }
        spots.hours.sort_unstable();
        spots.hours.dedup();
        spots.fix_hours.sort_unstable();
        spots.fix_hours.dedup();
        votes.decide(&mut spots.spots);
        spots.finder = finder;
        spots.of_fix = of_fix;
        let settled = spots.settle(fixes, stays, &of_stay);
        (spots, settled)
    }

    /// Fixes and stays in the municipalities of their spots; a fix on the move keeps its own.
    fn settle(&self, fixes: &[Fix], stays: &[Stay], of_stay: &[SpotIndex]) -> Settled {
        let settled_fix = |(fix, spot): (&Fix, &Option<SpotIndex>)| {
            let municipality = spot.map_or(fix.municipality, |spot| self.municipality(spot));
            Fix { municipality, ..*fix }
        };
        let settled_stay = |(stay, spot): (&Stay, &SpotIndex)| {
            let municipality = self.municipality(*spot);
            Stay { municipality, ..stay.clone() }
        };
        let fixes = fixes.iter().zip(&self.of_fix).map(settled_fix).collect();
        Settled::new(fixes, stays.iter().zip(of_stay).map(settled_stay).collect())
    }

    /// The spot's point and municipality.
    pub(crate) fn get(&self, index: SpotIndex) -> Option<&Spot> {
        self.spots.get(index.0 as usize)
    }

    /// The municipality of a spot.
    pub(crate) fn municipality(&self, index: SpotIndex) -> Option<MunicipalityCode> {
        self.get(index).and_then(|spot| spot.municipality)
    }

    /// The spot nearest to a stay, within reach.
    pub(crate) fn at(&self, stay: &Stay) -> Option<SpotIndex> {
        self.finder.nearest(&self.spots, stay.latitude, stay.longitude)
    }

    /// The hours at spots of `first..=last`, by day and hour.
    pub(crate) fn between(&self, first: Day, last: Day) -> &[HourAt] {
        let from = self.hours.partition_point(|hour| hour.day < first);
        let to = self.hours.partition_point(|hour| hour.day <= last);
        &self.hours[from..to.max(from)]
    }

    /// Metres between two spots.
    pub(crate) fn metres(&self, a: SpotIndex, b: SpotIndex) -> f64 {
        match (self.get(a), self.get(b)) {
            (Some(a), Some(b)) => metres_between((a.latitude, a.longitude), (b.latitude, b.longitude)),
            _ => f64::INFINITY,
        }
    }
}

/// How many fixes of each spot lie in which municipality.
#[derive(Default)]
struct Votes(Vec<Vec<(Option<MunicipalityCode>, u32)>>);

impl Votes {
    fn add(&mut self, spot: SpotIndex, municipality: Option<MunicipalityCode>, fixes: u32) {
        let index = spot.0 as usize;
        if self.0.len() <= index {
            self.0.resize(index + 1, Vec::new());
        }
        match self.0[index].iter_mut().find(|(code, _)| *code == municipality) {
            Some((_, count)) => *count += fixes,
            None => self.0[index].push((municipality, fixes)),
        }
    }

    /// Gives each spot the municipality of most of its fixes; ties go to the lowest code.
    fn decide(&self, spots: &mut [Spot]) {
        for (spot, votes) in spots.iter_mut().zip(&self.0) {
            if let Some((code, _)) =
                votes.iter().min_by_key(|(code, count)| (std::cmp::Reverse(*count), *code))
            {
                spot.municipality = *code;
            }
        }
    }
}

/// Finds the spot of a point on a grid as wide as the reach.
#[derive(Debug, Clone, Default)]
pub(crate) struct Finder {
    by_square: std::collections::BTreeMap<(i32, i32), Vec<u32>>,
    last: Option<u32>,
}

/// Degrees of a grid square: more than the reach to the north, and to the east anywhere in Japan.
const SQUARE_DEGREES: f64 = 0.0035;

fn square(latitude: f64, longitude: f64) -> (i32, i32) {
    ((latitude / SQUARE_DEGREES) as i32, (longitude / SQUARE_DEGREES) as i32)
}

fn reach_of(spot: &Spot, latitude: f64, longitude: f64) -> f64 {
    metres_between((spot.latitude, spot.longitude), (latitude, longitude))
}

impl Finder {
    /// The nearest spot within reach; ties go to the one found first.
    fn nearest(&self, spots: &[Spot], latitude: f64, longitude: f64) -> Option<SpotIndex> {
        let (row, column) = square(latitude, longitude);
        let around = (-1..=1).flat_map(|north| (-1..=1).map(move |east| (north, east)));
        around
            .filter_map(|(north, east)| self.by_square.get(&(row + north, column + east)))
            .flatten()
            .map(|index| (reach_of(&spots[*index as usize], latitude, longitude), *index))
            .filter(|(apart, _)| *apart <= REACH_M)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, index)| SpotIndex(index))
    }

    fn find(
        &mut self,
        spots: &mut Vec<Spot>,
        latitude: f64,
        longitude: f64,
        municipality: Option<MunicipalityCode>,
    ) -> SpotIndex {
        // Most points lie where the one before did: that spot is tried before the grid is searched.
        let is_last = |last: &u32| reach_of(&spots[*last as usize], latitude, longitude) <= REACH_M;
        if let Some(last) = self.last.filter(is_last) {
            return SpotIndex(last);
        }
        let nearest = self.nearest(spots, latitude, longitude);
        let index = match nearest {
            Some(SpotIndex(index)) => index,
            None => {
                let index = spots.len() as u32;
                spots.push(Spot { latitude, longitude, municipality });
                self.by_square.entry(square(latitude, longitude)).or_default().push(index);
                index
            }
        };
        self.last = Some(index);
        SpotIndex(index)
    }
}

#[cfg(test)]
#[path = "spots_tests.rs"]
mod tests;
