//! The kinds of ties as rows name them.
//!
//! In: the definition that ships, a cell of ties. Out: which kinds the cell is counted under.

use std::cell::RefCell;
use std::collections::HashMap;

use kayoi_schemas::definition::Definition;
use kayoi_schemas::figure::{Atom, Class, CountedKind, Cube, TieClass};

use crate::error::SimulateError;

/// Kinds and their words.
pub(super) struct Words {
    kinds: Vec<CountedKind>,
    of_municipalities: Vec<String>,
    of_areas: Vec<String>,
    known: RefCell<HashMap<Class, Vec<usize>>>,
}

impl Words {
    pub(super) fn new() -> Result<Self, SimulateError> {
        let kinds = CountedKind::of_municipalities(&Definition::connected_2026()?);
        Ok(Self {
            of_municipalities: kinds.iter().map(CountedKind::to_string).collect(),
            of_areas: CountedKind::OF_AREAS.iter().map(CountedKind::to_string).collect(),
            kinds,
            known: RefCell::default(),
        })
    }

    pub(super) fn of_municipalities(&self) -> &[String] {
        &self.of_municipalities
    }

    pub(super) fn of_areas(&self) -> &[String] {
        &self.of_areas
    }

    /// The kinds of a cell of a municipality; there are few classes and millions of cells.
    pub(super) fn kinds(&self, cube: Cube, atom: &Atom) -> Vec<usize> {
        let mut known = self.known.borrow_mut();
        let kinds = known.entry(atom.class).or_insert_with(|| counted(&self.kinds, cube, atom.class));
        kinds.clone()
    }

    /// The kinds of a cell of a prefecture or the country.
    pub(super) fn kinds_of_areas(&self, atom: &Atom) -> Vec<usize> {
        counted(&CountedKind::OF_AREAS, Cube::ConnectedTotalsMonthly, atom.class)
    }
}

fn counted(kinds: &[CountedKind], cube: Cube, class: Class) -> Vec<usize> {
    let Some(class) = TieClass::of(cube, class) else { return Vec::new() };
    kinds.iter().enumerate().filter(|(_, kind)| class.is(**kind)).map(|(index, _)| index).collect()
}
