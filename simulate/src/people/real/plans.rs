//! Plans of real lives: those of plain lives, and one function for each kind that only real lives have.
//!
//! In: who somebody is, when they move house, and their days off. Out: spells in order. The main habit of a kind
//! is planned first; kin, days off and occasional trips take the days that are left.

use kayoi_schemas::calendar::is_kin_visit_period;
use kayoi_schemas::time::{Day, Month};
use rand::Rng;
use rand::rngs::SmallRng;

use crate::land::{Land, Spot};
use crate::people::trips::{Planner, Wishes};
use crate::people::{Aim, Persona, Spell};
use crate::random::{chance, poisson, round};
use crate::world::World;

/// Where in a town's places its hospital is, and the building of those who are away for months.
const HOSPITAL: usize = 3;
/// Whose days off are nobody's holiday away: they plan together.
const LEAVE_TRIPS: f64 = 0.35;

pub(super) fn plan(
    world: &World,
    land: &Land,
    rng: &mut SmallRng,
    wishes: &Wishes,
    moves: Option<Day>,
    leave: &[Day],
) -> Vec<Spell> {
    let mut planner = Planner::new(world, land, wishes.home);
    match (wishes.persona, wishes.target) {
        (Persona::Driver, _) => planner.lorry(rng),
        (persona, Some(target)) => planner.real_habit(rng, wishes, persona, target, moves),
        _ => {}
    }
    let has_kin_plans = matches!(wishes.persona, Persona::Birth | Persona::Student | Persona::LongAbsence);
    if !has_kin_plans {
        planner.kin_of(rng, wishes);
    }
    if wishes.persona.party().is_none() {
        planner.days_off(rng, leave);
    }
    for _ in 0..poisson(rng, occasional(wishes.persona) * planner.years) {
        if let Some(town) = land.destination_from(rng, wishes.home.town) {
            planner.visit(rng, town, 0.4);
        }
    }
    let mut spells = planner.calendar.finish();
    let has_long_stay = matches!(wishes.persona, Persona::Hospital | Persona::Birth | Persona::LongAbsence);
    if has_long_stay {
        // Nothing else leads to the town of the long stay, but kin of a mother.
        let is_there = |spell: &Spell| Some(spell.town) == wishes.target;
        spells.retain(|spell| !is_there(spell) || is_long_stay(spell.aim) || is_of_mother(wishes, spell));
        // She comes in the days when everybody does.
        for spell in spells.iter_mut().filter(|spell| is_of_mother(wishes, spell) && spell.from < spell.until)
        {
            spell.from = if is_kin_visit_period(spell.from) { spell.from } else { spell.from.plus(1) };
        }
    }
    spells
}

fn is_long_stay(aim: Aim) -> bool {
    matches!(aim, Aim::Hospital | Aim::Birth | Aim::Absence)
}

fn is_of_mother(wishes: &Wishes, spell: &Spell) -> bool {
    wishes.persona == Persona::Birth && spell.aim == Aim::Kin
}

/// Trips a year beside the habit.
fn occasional(persona: Persona) -> f64 {
    match persona {
        Persona::Resident
        | Persona::Commuter
        | Persona::ShiftWorker
        | Persona::RotatingShifts
        | Persona::NightWorker
        | Persona::OfficeNeighbour
        | Persona::Hospital => 1.2,
        Persona::Dual
        | Persona::DualThenMoved
        | Persona::Mover
        | Persona::Kin
        | Persona::Posted
        | Persona::Student
        | Persona::Driver => 0.5,
        _ => 0.0,
    }
}

impl Planner<'_, '_> {
    fn real_habit(
        &mut self,
        rng: &mut SmallRng,
        wishes: &Wishes,
        persona: Persona,
        target: usize,
        moves: Option<Day>,
    ) {
        match (persona, wishes.second) {
            (Persona::Hospital, _) => {
                let nights = rng.random_range(35..=45);
                self.once(rng, target, Aim::Hospital, nights, HOSPITAL);
            }
            (Persona::LongAbsence, _) => {
                let nights = rng.random_range(100..=250);
                self.once(rng, target, Aim::Absence, nights, HOSPITAL + 1);
            }
            (Persona::Birth, _) => {
                let nights = rng.random_range(60..=89);
                let parents = self.spell(rng, target, Aim::Birth, 0).bed;
                self.once_in(rng, target, Aim::Birth, nights, parents);
                if chance(rng, 1.0 / 3.0) {
                    self.kin(rng, target, true);
                }
            }
            (Persona::DualThenMoved, Some(_)) => {
                let dual = Wishes { persona: Persona::Dual, ..*wishes };
                self.habit(rng, &dual, target);
                if let Some(moves) = moves {
                    self.calendar.end(moves);
                }
            }
            (Persona::Posted, Some(family)) => self.weekends(rng, target, family),
            (Persona::Student, Some(parents)) => self.holidays(rng, target, parents),
            (Persona::Crew, _) => self.projects(rng),
            (Persona::Family, _) => {
                for _ in 0..round(rng, 5.0 * self.years).max(1) {
                    let town = self.land.destination_from(rng, self.home.town).filter(|_| chance(rng, 0.6));
                    self.visit(rng, town.unwrap_or(target), 0.4);
                }
            }
            (Persona::RoomWorkation, _) => {
                let stays = rng.random_range(1..=3);
                for _ in 0..round(rng, f64::from(stays) * self.years).max(1) {
                    let nights = rng.random_range(2..=9);
                    let spell = self.spell(rng, target, Aim::Workation, nights);
                    self.calendar.add_somewhere(rng, 0.7, Spell { desk: spell.bed, ..spell });
                }
            }
            (Persona::Satellite, _) => {
                self.habit(rng, wishes, target);
                let office = self.land.office(target);
                let beside = self.land.spots(target)[0];
                self.calendar.change(|spell| {
                    spell.desk = office;
                    if spell.bed == office {
                        spell.bed = beside;
                    }
                });
            }
            _ => self.habit(rng, wishes, target),
        }
    }

    /// Once in a world, at one of the town's places.
    fn once(&mut self, rng: &mut SmallRng, town: usize, aim: Aim, nights: i32, place: usize) {
        let bed = self.land.spots(town)[place];
        self.once_in(rng, town, aim, nights, bed);
    }

    /// The whole of it lies within the world.
    fn once_in(&mut self, rng: &mut SmallRng, town: usize, aim: Aim, nights: i32, bed: Spot) {
        let nights = nights.min(self.calendar.days * 2 / 3).max(1);
        (0..20).any(|_| {
            let latest = (self.calendar.days - nights).max(1);
            let from = self.calendar.first.plus(rng.random_range(0..latest));
            self.calendar.add(Spell { from, until: from.plus(nights), aim, town, bed, desk: bed })
        });
    }

    /// Two to four weekends a month with the family, and the holidays.
    fn weekends(&mut self, rng: &mut SmallRng, town: usize, family: Spot) {
        let (first, last) = (self.calendar.first, self.calendar.first.plus(self.calendar.days));
        let mut stay = |from: Day, nights: i32| {
            let until = from.plus(nights);
            self.calendar.add(Spell { from, until, aim: Aim::SecondHome, town, bed: family, desk: family })
        };
        for year in first.ymd().0..=last.ymd().0 {
            for (month, date, nights) in [(8, 11, 5), (12, 28, 6)] {
                if let Some(from) = Day::from_ymd(year, month, date) {
                    stay(from, nights);
                }
            }
        }
        let a_month: i32 = rng.random_range(2..=4);
        for month in (first.month().0..=last.month().0).map(Month) {
            let days = (0..31).map(|number| month.first_day().plus(number));
            let mut fridays: Vec<Day> =
                days.filter(|day| day.month() == month && day.days_after_monday() == 4).collect();
            for _ in 0..a_month {
                if fridays.is_empty() {
                    break;
                }
                let friday = fridays.swap_remove(rng.random_range(0..fridays.len()));
                stay(friday, 2);
            }
        }
    }

    /// The holidays of a university: summer, New Year, spring.
    fn holidays(&mut self, rng: &mut SmallRng, town: usize, parents: Spot) {
        let (first, last) = (self.calendar.first, self.calendar.first.plus(self.calendar.days));
        for year in first.ymd().0 - 1..=last.ymd().0 {
            for ((month, date), late, (least, most)) in
                [((8, 5), 15, (15, 35)), ((12, 24), 4, (8, 12)), ((2, 10), 10, (10, 30))]
            {
                let Some(start) = Day::from_ymd(year, month, date) else { continue };
                let from = start.plus(rng.random_range(0..=late));
                let until = from.plus(rng.random_range(least..=most));
                self.calendar.add(Spell {
                    from,
                    until,
                    aim: Aim::Parents,
                    town,
                    bed: parents,
                    desk: parents,
                });
            }
        }
    }

    /// Two to four nights a week in the cab, each in another town.
    fn lorry(&mut self, rng: &mut SmallRng) {
        let Some(home) = self.land.town_index(self.home.town) else { return };
        let monday = self.calendar.first.plus(-(self.calendar.first.days_after_monday() as i32));
        for week in 0..=self.calendar.days / 7 {
            if chance(rng, 0.08) {
                continue;
            }
            let mut day = monday.plus(7 * week + rng.random_range(0..=1));
            let mut town = home;
            let mut chain = Vec::new();
            for _ in 0..rng.random_range(2..=4) {
                town = self.land.nearby(rng, town, 220.0);
                let spell = self.spell(rng, town, Aim::Cab, 1);
                chain.push(Spell { from: day, until: day.plus(1), ..spell });
                day = day.plus(1);
            }
            self.calendar.add_chain(&chain);
        }
    }

    /// Eight to twelve projects a year, each a team's work of 1 to 3 weeks in another town.
    fn projects(&mut self, rng: &mut SmallRng) {
        let a_year = rng.random_range(8..=12);
        for _ in 0..round(rng, f64::from(a_year) * self.years).max(1) {
            let Some(town) = self.land.destination_from(rng, self.home.town) else { return };
            let spell = self.spell(rng, town, Aim::Project, 0);
            (0..20).any(|_| {
                let day = self.calendar.first.plus(rng.random_range(0..self.calendar.days));
                let from = day.plus(-(day.days_after_monday() as i32));
                let until = from.plus(7 * rng.random_range(1..=3) - 3);
                self.calendar.add(Spell { from, until, ..spell })
            });
        }
    }

    /// Some runs of days off are a trip.
    fn days_off(&mut self, rng: &mut SmallRng, leave: &[Day]) {
        for run in leave.chunk_by(|a, b| b.0 - a.0 <= 3) {
            let (Some(from), Some(last)) = (run.first(), run.last()) else { continue };
            if run.len() < 2 || !chance(rng, LEAVE_TRIPS) {
                continue;
            }
            let Some(town) = self.land.destination_from(rng, self.home.town) else { continue };
            let nights = rng.random_range(1..=(last.0 - from.0).clamp(1, 4));
            let spell = self.spell(rng, town, Aim::Leisure, nights);
            self.calendar.add(Spell { from: *from, until: from.plus(nights), ..spell });
        }
    }
}
