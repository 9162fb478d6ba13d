//! What a way is made of: walks to the station, roads in town, motorways, rides, changes.
//!
//! In: a route. Out: its [`Section`]s in order, each with its length, speeds and halts. Hours from door to
//! door and the line itself are both drawn from these, so that they cannot tell two stories.

use super::{Mode, Route, SHINKANSEN_KM, part};

/// Above this length of the straight line a car takes the motorway, kilometres.
pub(super) const MOTORWAY_KM: f64 = 60.0;
/// Roads in town at each end of a drive, kilometres; a short drive is all in town.
const TOWN_KM: f64 = 6.0;
/// To the station and from it, kilometres at most.
const WALK_KM: f64 = 0.7;
/// A ride on local trains that may need a change, and one that does, kilometres.
const CHANGES_KM: (f64, f64) = (10.0, 25.0);
/// An express ride that may need a change on the way, kilometres.
const HUB_KM: f64 = 350.0;

/// Why somebody under way stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Halt {
    /// A traffic light, or what holds up traffic.
    Light,
    /// A station of a local train.
    Station,
    /// A station of an express.
    ExpressStation,
    /// Waiting on the platform for the first train.
    Platform,
    /// From one local train to the next, or from the express to a local train.
    Change,
    /// To the express, or from one express to the next.
    Hub,
    /// A service area of the motorway.
    Rest,
}

impl Halt {
    /// How long it takes at least and at most, seconds.
    pub(crate) fn seconds(self) -> (f64, f64) {
        match self {
            Self::Light => (20.0, 90.0),
            Self::Station => (30.0, 60.0),
            Self::ExpressStation => (60.0, 120.0),
            Self::Platform => (120.0, 480.0),
            Self::Change => (180.0, 900.0),
            Self::Hub => (600.0, 1_500.0),
            Self::Rest => (600.0, 1_200.0),
        }
    }

    fn mean_hours(self) -> f64 {
        mean(self.seconds()) / 3_600.0
    }
}

/// A part of a way with one kind of traffic.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Section {
    pub km: f64,
    /// Least and greatest speed between halts, kilometres an hour.
    pub km_h: (f64, f64),
    /// From one corner to the next, kilometres.
    pub corner_km: (f64, f64),
    /// Halts within it, and from one to the next, kilometres.
    pub halts: Option<(Halt, (f64, f64))>,
    /// The halt at its end.
    pub then: Option<Halt>,
}

impl Section {
    /// Travelled at the mean of everything.
    pub(super) fn hours(&self) -> f64 {
        let halts = |(halt, every_km): (Halt, _)| (self.km / mean(every_km)).floor() * halt.mean_hours();
        self.km / mean(self.km_h) + self.halts.map_or(0.0, halts) + self.then.map_or(0.0, Halt::mean_hours)
    }

    fn of(km: f64, km_h: (f64, f64), corner_km: (f64, f64)) -> Self {
        Self { km, km_h, corner_km, ..Self::default() }
    }

    fn on_foot(km: f64) -> Self {
        Self::of(km, (4.0, 5.0), (0.1, 0.3))
    }

    fn in_town(km: f64) -> Self {
        Self { halts: Some((Halt::Light, (0.5, 2.0))), ..Self::of(km, (30.0, 40.0), (0.3, 1.0)) }
    }

    fn in_the_country(km: f64) -> Self {
        Self { halts: Some((Halt::Light, (4.0, 10.0))), ..Self::of(km, (40.0, 60.0), (1.0, 3.0)) }
    }

    fn motorway(km: f64) -> Self {
        Self { halts: Some((Halt::Rest, (160.0, 190.0))), ..Self::of(km, (80.0, 100.0), (5.0, 9.0)) }
    }

    fn local(km: f64, then: Option<Halt>) -> Self {
        let halts = Some((Halt::Station, (2.0, 4.0)));
        Self { halts, then, ..Self::of(km, (45.0, 65.0), (1.0, 2.0)) }
    }

    fn express(km: f64, is_shinkansen: bool, then: Option<Halt>) -> Self {
        let (km_h, every_km) =
            if is_shinkansen { ((200.0, 260.0), (40.0, 80.0)) } else { ((120.0, 160.0), (20.0, 40.0)) };
        let halts = Some((Halt::ExpressStation, every_km));
        Self { halts, then, ..Self::of(km, km_h, (6.0, 10.0)) }
    }
}

/// The sections of a way, at most six.
#[derive(Debug, Default)]
pub(super) struct Sections {
    list: [Section; 6],
    count: usize,
}

impl Sections {
    pub(super) fn of(route: &Route) -> Self {
        let mut sections = Self::default();
        match route.mode {
            Mode::Foot => sections.push(Section::on_foot(route.km)),
            Mode::Car => sections.drive(route),
            Mode::Local => sections.local(route),
            Mode::Express => sections.express(route),
        }
        sections
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Section> {
        self.list[..self.count].iter()
    }

    fn push(&mut self, section: Section) {
        if let Some(free) = self.list.get_mut(self.count) {
            *free = section;
            self.count += 1;
        }
    }

    fn drive(&mut self, route: &Route) {
        let between_km = route.km - 2.0 * TOWN_KM;
        if between_km < TOWN_KM {
            self.push(Section::in_town(route.km));
            return;
        }
        let is_long = route.straight_km > MOTORWAY_KM;
        self.push(Section::in_town(TOWN_KM));
        self.push(if is_long { Section::motorway(between_km) } else { Section::in_the_country(between_km) });
        self.push(Section::in_town(TOWN_KM));
    }

    fn local(&mut self, route: &Route) {
        let walk_km = self.go_to_the_station(route);
        let ride_km = route.km - 2.0 * walk_km;
        let changes = match ride_km {
            km if km < CHANGES_KM.0 => 0.0,
            km if km < CHANGES_KM.1 => (2.0 * part(route.key, 3)).floor(),
            _ => 1.0 + (2.0 * part(route.key, 3)).floor(),
        };
        // Trains are changed after 35 to 65 % of what is left.
        let mut left_km = ride_km;
        for number in 0..changes as u32 {
            let km = left_km * (0.35 + 0.3 * part(route.key, 4 + number));
            self.push(Section::local(km, Some(Halt::Change)));
            left_km -= km;
        }
        self.push(Section::local(left_km, None));
        self.push(Section::on_foot(walk_km));
    }

    fn express(&mut self, route: &Route) {
        let walk_km = self.go_to_the_station(route);
        let access_km = |number| (3.0 + 5.0 * part(route.key, number)).min(0.1 * route.km);
        let (first_km, last_km) = (access_km(3), access_km(4));
        let ride_km = route.km - 2.0 * walk_km - first_km - last_km;
        let is_shinkansen = route.straight_km > SHINKANSEN_KM;
        self.push(Section::local(first_km, Some(Halt::Hub)));
        let changes_km = if ride_km > HUB_KM && part(route.key, 5) < 0.5 { ride_km } else { 0.0 };
        let until_hub_km = changes_km * (0.35 + 0.3 * part(route.key, 6));
        if until_hub_km > 0.0 {
            self.push(Section::express(until_hub_km, is_shinkansen, Some(Halt::Hub)));
        }
        self.push(Section::express(ride_km - until_hub_km, is_shinkansen, Some(Halt::Change)));
        self.push(Section::local(last_km, None));
        self.push(Section::on_foot(walk_km));
    }

    /// The walk to the first train; gives its length, which is that from the last one too.
    fn go_to_the_station(&mut self, route: &Route) -> f64 {
        let walk_km = WALK_KM.min(0.12 * route.km);
        self.push(Section { then: Some(Halt::Platform), ..Section::on_foot(walk_km) });
        walk_km
    }
}

/// The middle of a range.
pub(super) fn mean((low, high): (f64, f64)) -> f64 {
    (low + high) / 2.0
}
