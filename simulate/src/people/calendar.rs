//! A person's calendar: which days are taken, so that no two plans overlap.
//!
//! In: wishes. Out: spells on free days, in order. It reaches beyond both ends of the world, because plans
//! are under way on the first day and not over on the last.

use kayoi_schemas::time::Day;
use rand::Rng;
use rand::rngs::SmallRng;

use super::Spell;
use crate::random::chance;
use crate::world::World;

const MARGIN: i32 = 40;

pub(super) struct Calendar {
    pub(super) first: Day,
    pub(super) days: i32,
    taken: Vec<bool>,
    spells: Vec<Spell>,
}

impl Calendar {
    pub(super) fn new(world: &World) -> Self {
        let days = world.days as i32;
        let taken = vec![false; (days + 2 * MARGIN) as usize];
        Self { first: world.first_day, days, taken, spells: Vec::new() }
    }

    fn slots(&self, spell: &Spell) -> Option<std::ops::RangeInclusive<usize>> {
        let slot = |day: Day| usize::try_from(day.0 - self.first.0 + MARGIN).ok();
        let (from, until) = (slot(spell.from)?, slot(spell.until)?);
        (until < self.taken.len()).then_some(from..=until)
    }

    /// Takes the spell's days when all are free.
    pub(super) fn add(&mut self, spell: Spell) -> bool {
        let Some(slots) = self.slots(&spell) else { return false };
        let free = self.taken[slots.clone()].iter().all(|taken| !taken);
        if free {
            self.taken[slots].fill(true);
            self.spells.push(spell);
        }
        free
    }

    /// Takes a chain of spells, each starting on the day the one before ends; days that are taken end it.
    pub(super) fn add_chain(&mut self, chain: &[Spell]) {
        for spell in chain {
            let Some(slots) = self.slots(spell) else { return };
            let first_free =
                slots.start() + usize::from(self.spells.last().is_some_and(|last| last.until == spell.from));
            if self.taken[first_free..=*slots.end()].contains(&true) {
                return;
            }
            self.taken[slots].fill(true);
            self.spells.push(*spell);
        }
    }

    /// Tries some starts in the world, and takes the first that is free. `workdays` is the chance that a
    /// start on a working day is good enough.
    pub(super) fn add_somewhere(&mut self, rng: &mut SmallRng, workdays: f64, spell: Spell) -> bool {
        (0..40).any(|_| {
            let from = self.first.plus(rng.random_range(0..self.days));
            let until = from.plus(spell.until.0 - spell.from.0);
            let suits = !from.is_working_day() || chance(rng, workdays);
            suits && self.add(Spell { from, until, ..spell })
        })
    }

    /// The spells so far, in the order in which they were planned.
    pub(super) fn spells(&self) -> &[Spell] {
        &self.spells
    }

    /// Ends all plans on a day.
    pub(super) fn end(&mut self, day: Day) {
        self.spells.retain(|spell| spell.from < day);
        self.spells.iter_mut().for_each(|spell| spell.until = spell.until.min(day));
        let slot = usize::try_from(day.0 - self.first.0 + MARGIN).unwrap_or_default();
        self.taken.iter_mut().skip(slot + 1).for_each(|taken| *taken = false);
    }

    /// Changes where the plans lead, not when.
    pub(super) fn change(&mut self, change: impl Fn(&mut Spell)) {
        self.spells.iter_mut().for_each(change);
    }

    /// The spells in order.
    pub(super) fn finish(mut self) -> Vec<Spell> {
        self.spells.sort_by_key(|spell| (spell.from, spell.until));
        self.spells
    }
}
