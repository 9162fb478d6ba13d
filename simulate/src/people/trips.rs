//! Plans: when each persona is away, and where.
//!
//! In: who somebody is. Out: spells in order. Lengths and frequencies are per year and shrink with a shorter
//! world; the main habit of a persona is planned first, kin and occasional trips take the days that are left.
//! The kinds of real lives start from the same planner.

use kayoi_schemas::time::{Day, Month};
use rand::Rng;
use rand::rngs::SmallRng;

use super::calendar::Calendar;
use super::{Aim, Persona, Regime, Spell};
use crate::land::{Land, Spot};
use crate::random::{between, chance, one_of, poisson, round};
use crate::world::{Lives, World};

/// Farthest day trip, kilometres between towns.
pub(super) const DAY_TRIP_KM: f64 = 150.0;

/// Days between a season at the second residence and the visits that open and close the house.
const SEASON_APART_DAYS: i32 = 10;

/// What the plans start from.
pub(super) struct Wishes {
    pub persona: Persona,
    pub regime: Option<Regime>,
    pub home: Spot,
    /// The town of the persona's habit.
    pub target: Option<usize>,
    pub second: Option<Spot>,
}

pub(super) struct Planner<'a, 'g> {
    pub(super) land: &'a Land<'g>,
    pub(super) calendar: Calendar,
    pub(super) home: Spot,
    pub(super) years: f64,
    lives: Lives,
}

pub(super) fn plan(world: &World, land: &Land, rng: &mut SmallRng, wishes: &Wishes) -> Vec<Spell> {
    let mut planner = Planner::new(world, land, wishes.home);
    if let Some(target) = wishes.target {
        planner.habit(rng, wishes, target);
    }
    planner.kin_of(rng, wishes);
    let occasional = match wishes.persona {
        Persona::Resident | Persona::Commuter => 1.5,
        Persona::Dual | Persona::Mover | Persona::Kin => 0.5,
        _ => 0.0,
    };
    for _ in 0..poisson(rng, occasional * planner.years) {
        if let Some(town) = land.destination_from(rng, wishes.home.town) {
            planner.visit(rng, town, 0.4);
        }
    }
    planner.calendar.finish()
}

impl<'a, 'g> Planner<'a, 'g> {
    pub(super) fn new(world: &World, land: &'a Land<'g>, home: Spot) -> Self {
        let years = f64::from(world.days) / 365.0;
        Self { land, calendar: Calendar::new(world), home, years, lives: world.lives }
    }

    /// Visits to kin, for who has any: always in the habit's town for who lives for them.
    pub(super) fn kin_of(&mut self, rng: &mut SmallRng, wishes: &Wishes) {
        if wishes.persona == Persona::Kin || chance(rng, 0.15) {
            let town = match wishes.persona {
                Persona::Kin => wishes.target,
                _ => self.land.destination_from(rng, wishes.home.town),
            };
            if let Some(town) = town {
                self.kin(rng, town, wishes.persona == Persona::Kin);
            }
        }
    }

    pub(super) fn habit(&mut self, rng: &mut SmallRng, wishes: &Wishes, target: usize) {
        match wishes.persona {
            Persona::OneOff => {
                for _ in 0..round(rng, self.years).max(1) {
                    self.visit(rng, target, 0.5);
                }
            }
            Persona::Repeat => {
                let a_year = one_of(rng, &[2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 8, 10, 12, 15, 20, 30]).unwrap_or(2);
                for _ in 0..round(rng, f64::from(a_year) * self.years).max(2) {
                    self.visit(rng, target, 0.6);
                }
            }
            Persona::Dual => {
                if let (Some(regime), Some(second)) = (wishes.regime, wishes.second) {
                    self.second_home(rng, regime, target, second);
                }
            }
            Persona::Workation => {
                let stays = rng.random_range(1..=4);
                for _ in 0..round(rng, f64::from(stays) * self.years).max(1) {
                    let days = rng.random_range(3..=10);
                    let spell = self.spell(rng, target, Aim::Workation, days - 1);
                    self.calendar.add_somewhere(rng, 0.7, spell);
                }
            }
            Persona::Satellite => self.satellite(rng, target),
            Persona::Business => {
                let trips = between(rng, 2.0, 8.0) * self.years;
                for _ in 0..round(rng, trips).max(1) {
                    let nights = rng.random_range(1..=2);
                    let spell = self.spell(rng, target, Aim::Business, nights);
                    (0..10).any(|_| {
                        let from = self.calendar.first.plus(rng.random_range(0..self.calendar.days));
                        let until = from.plus(nights);
                        from.is_working_day()
                            && until.is_working_day()
                            && self.calendar.add(Spell { from, until, ..spell })
                    });
                }
            }
            Persona::Itinerant => self.road(rng, target),
            Persona::SeasonalWorker => self.season(rng, target),
            Persona::Passing => {
                let drives = between(rng, 6.0, 20.0) * self.years;
                for _ in 0..round(rng, drives).max(1) {
                    let spell = self.spell(rng, target, Aim::Passing, 0);
                    self.calendar.add_somewhere(rng, 0.6, spell);
                }
            }
            // Of real lives: they have plans of their own.
            _ => {}
        }
    }

    /// A spell of some nights; the days are set later. A bed belongs to person and town: it is drawn from the
    /// town's places by the home's coordinates, so that somebody who comes again sleeps in the same place.
    pub(super) fn spell(&self, rng: &mut SmallRng, town: usize, aim: Aim, nights: i32) -> Spell {
        let spots = self.land.spots(town);
        let steady = (self.home.latitude.to_bits() ^ self.home.longitude.to_bits()) as usize;
        let place = match aim {
            Aim::Road | Aim::Cab => rng.random_range(0..spots.len()),
            _ => steady % spots.len(),
        };
        let from = self.calendar.first;
        let (bed, desk) = (spots[place], spots[(place + 7) % spots.len()]);
        Spell { from, until: from.plus(nights), aim, town, bed, desk }
    }

    /// A leisure trip: a day or 1 to 2 nights; too far for a day means nights.
    pub(super) fn visit(&mut self, rng: &mut SmallRng, town: usize, day_trips: f64) {
        let spell = self.spell(rng, town, Aim::Leisure, 0);
        let near = self.land.towns_apart_km(self.home.town, spell.bed.town) <= DAY_TRIP_KM;
        let nights = if near && chance(rng, day_trips) { 0 } else { rng.random_range(1..=2) };
        let until = spell.from.plus(nights);
        self.calendar.add_somewhere(rng, 0.2, Spell { until, ..spell });
    }

    /// Obon and New Year of each year: 2 to 5 nights within them.
    pub(super) fn kin(&mut self, rng: &mut SmallRng, town: usize, always: bool) {
        let first_year = self.calendar.first.ymd().0;
        let last_year = self.calendar.first.plus(self.calendar.days).ymd().0;
        for year in first_year..=last_year {
            for (month, date) in [(8, 12), (12, 29)] {
                let Some(start) = Day::from_ymd(year, month, date) else { continue };
                if !always && chance(rng, 0.4) {
                    continue;
                }
                let nights = rng.random_range(2..=if month == 8 { 4 } else { 5 });
                let latest = if month == 8 { 4 - nights } else { 5 - nights };
                let from = start.plus(rng.random_range(0..=latest));
                let spell = self.spell(rng, town, Aim::Kin, nights);
                self.calendar.add(Spell { from, until: from.plus(nights), ..spell });
            }
        }
    }

    fn second_home(&mut self, rng: &mut SmallRng, regime: Regime, town: usize, bed: Spot) {
        let spell = Spell { bed, desk: bed, ..self.spell(rng, town, Aim::SecondHome, 0) };
        let (first, days) = (self.calendar.first, self.calendar.days);
        let end = first.plus(days + 14);
        let start = first.plus(-rng.random_range(7..30));
        let mut stay =
            |from: Day, nights: i32| self.calendar.add(Spell { from, until: from.plus(nights), ..spell });
        match regime {
            Regime::Weekly => {
                let thursday = start.plus((10 - start.days_after_monday() as i32) % 7);
                (0..).map(|week| thursday.plus(7 * week)).take_while(|day| *day < end).for_each(|day| {
                    stay(day, 3);
                });
            }
            Regime::AlternateWeeks => {
                let sunday = start.plus((13 - start.days_after_monday() as i32) % 7);
                (0..).map(|week| sunday.plus(14 * week)).take_while(|day| *day < end).for_each(|day| {
                    stay(day, 7);
                });
            }
            Regime::SixtyForty | Regime::EightyTwenty => {
                let (there, here): (i32, i32) = if regime == Regime::SixtyForty { (2, 3) } else { (1, 4) };
                let mut day = start;
                while day < end {
                    let blocks = rng.random_range(1..=4 / there.min(2));
                    stay(day.plus(here * blocks), there * blocks);
                    day = day.plus((here + there) * blocks);
                }
            }
            Regime::Seasonal => {
                for (from, nights) in seasons(rng, first, days) {
                    stay(from, nights);
                }
                self.open_and_close(rng, town, bed);
            }
            Regime::ThreeDaysMonthly => {
                let months = first.month().0..=end.month().0;
                for month in months.map(Month) {
                    let nights = rng.random_range(3..=4);
                    stay(month.first_day().plus(rng.random_range(1..23)), nights);
                }
            }
        }
    }

    /// Two to four short visits a year beside the season, to open the house and to close it.
    fn open_and_close(&mut self, rng: &mut SmallRng, town: usize, bed: Spot) {
        let seasons: Vec<(Day, Day)> = self.calendar.spells().iter().map(|at| (at.from, at.until)).collect();
        let is_apart = |from: Day, until: Day| {
            seasons.iter().all(|season| {
                until.0 + SEASON_APART_DAYS <= season.0.0 || from.0 >= season.1.0 + SEASON_APART_DAYS
            })
        };
        let visits = rng.random_range(2..=4);
        for _ in 0..round(rng, f64::from(visits) * self.years).max(2) {
            (0..60).any(|_| {
                let from = self.calendar.first.plus(rng.random_range(0..self.calendar.days));
                let until = from.plus(rng.random_range(1..=2));
                let spell = Spell { from, until, aim: Aim::SecondHome, town, bed, desk: bed };
                is_apart(from, until) && self.calendar.add(spell)
            });
        }
    }

    /// A season of work a year.
    fn season(&mut self, rng: &mut SmallRng, town: usize) {
        let spell = self.spell(rng, town, Aim::SeasonalWork, 0);
        for (from, nights) in seasons(rng, self.calendar.first, self.calendar.days) {
            self.calendar.add(Spell { from, until: from.plus(nights), ..spell });
        }
    }

    /// One to four times a month, on working days; two in five with a night.
    fn satellite(&mut self, rng: &mut SmallRng, town: usize) {
        let a_month = rng.random_range(1..=4);
        for month in self.calendar.first.month().0..=self.calendar.first.plus(self.calendar.days).month().0 {
            for _ in 0..a_month {
                let spell = self.spell(rng, town, Aim::SatelliteOffice, 0);
                let near = self.land.towns_apart_km(self.home.town, spell.bed.town) <= DAY_TRIP_KM;
                let nights = if near && chance(rng, 0.6) { 0 } else { rng.random_range(1..=2) };
                let from = Month(month).first_day().plus(rng.random_range(0..28));
                if from.is_working_day() {
                    self.calendar.add(Spell { from, until: from.plus(nights), ..spell });
                }
            }
        }
    }

    /// How far from home the road leads. In plain lives who sets out for a town beyond it never leaves that town.
    fn farthest_km(&self, target: usize) -> f64 {
        let far_km = 600.0;
        match self.lives {
            Lives::Plain => far_km,
            Lives::Real => {
                f64::max(far_km, self.land.towns_apart_km(self.home.town, self.land.code(target)) + 150.0)
            }
        }
    }

    /// Three to ten months on the road, 1 to 4 nights in a town, then the next one within 120 km.
    fn road(&mut self, rng: &mut SmallRng, target: usize) {
        let days = self.calendar.days;
        let total = rng.random_range(90..=300).min((days * 4 / 5).max(2));
        let mut day = self.calendar.first.plus(rng.random_range(0..(days - total).max(1)));
        let end = day.plus(total);
        let mut town = target;
        let farthest_km = self.farthest_km(target);
        let mut chain = Vec::new();
        while day < end {
            let nights = rng.random_range(1..=4);
            let spell = self.spell(rng, town, Aim::Road, nights);
            chain.push(Spell { from: day, until: day.plus(nights), ..spell });
            day = day.plus(nights);
            let next = self.land.nearby(rng, town, 120.0);
            let too_far = self.land.towns_apart_km(self.home.town, self.land.code(next)) > farthest_km;
            town = if too_far || chance(rng, 0.1) { target } else { next };
        }
        self.calendar.add_chain(&chain);
    }
}

/// First day and nights of a season in each year: one to three months, shorter in a short world.
fn seasons(rng: &mut SmallRng, first: Day, days: i32) -> Vec<(Day, i32)> {
    let year_days = days.min(365);
    let season = |year: i32| {
        let nights = rng.random_range(30..=90).min(year_days * 2 / 3);
        (first.plus(365 * year + rng.random_range(0..(year_days - nights).max(1))), nights)
    };
    (0..(days + 364) / 365).map(season).collect()
}
