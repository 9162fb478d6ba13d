//! People of real lives: those of plain lives and fifteen kinds more, seen through a panel.
//!
//! In: a world of [`crate::world::Lives::Real`] and the shares of its kinds. Out: all people, of whom the panel's
//! have phones. Each life is drawn first, from seed and index alone, and only then is it asked who is in the
//! panel: another panel is another look at the same people. Those who travel together (`family`, `crew`) draw
//! home and plans from the numbers of the first of them, and the rest from their own.

use std::collections::BTreeMap;

use rand::Rng;
use rayon::prelude::*;

use super::persona::persona;
use super::{Person, Persona, Regime};
use crate::land::Land;
use crate::random::{Purpose, generator};
use crate::world::World;

mod abroad;
pub(crate) mod citizen;
mod draw;
mod leave;
mod panel;
mod plans;

/// Who somebody is going to be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Role {
    pub index: u32,
    /// The first of those who travel together.
    pub leader: u32,
    pub persona: Persona,
    pub regime: Option<Regime>,
}

/// Draws everybody.
pub(super) fn people(world: &World, land: &Land, shares: &[(Persona, f64)]) -> Vec<Person> {
    let roles = roles(world, shares);
    let mut people: Vec<Person> = roles.par_iter().map(|role| draw::person(world, land, role)).collect();
    panel::hand_out(world, &mut people);
    people
}

/// Parties are filled in the order of indices.
fn roles(world: &World, shares: &[(Persona, f64)]) -> Vec<Role> {
    let mut parties: BTreeMap<Persona, (u32, u32)> = BTreeMap::new();
    let mut role = |index| {
        let (persona, regime) = persona(shares, index);
        let Some((least, most)) = persona.party() else {
            return Role { index, leader: index, persona, regime };
        };
        let (leader, left) = parties.entry(persona).or_default();
        if *left == 0 {
            let size = generator(world.seed, u64::from(index), 0, Purpose::Party).random_range(least..=most);
            (*leader, *left) = (index, size);
        }
        *left -= 1;
        Role { index, leader: *leader, persona, regime }
    };
    (0..world.devices).map(&mut role).collect()
}

#[cfg(test)]
#[path = "real_tests.rs"]
mod tests;
