//! The truth of people, beside that of device ids.
//!
//! In: what each person of real lives adds. Out: `persons`, `person_residences` and `person_ties`: everybody of
//! the world, the panel and all others. A figure that was computed from the panel is held against these.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int16Array, Int64Array, StringArray};

use super::Truth;
use super::tables::{Columns, Table, codes, flags, residence_columns, texts, tie_columns};
use crate::error::SimulateError;
use crate::people::Person;
use crate::people::carried::Carried;
use crate::world::World;

/// The files.
pub(super) struct Persons<'f> {
    persons: Table<'f>,
    residences: Table<'f>,
    ties: Table<'f>,
}

impl<'f> Persons<'f> {
    /// Files are made with their first rows.
    pub(super) fn create(folder: &'f Path) -> Self {
        let table = |name| Table::new(folder, name);
        Self { persons: table("persons"), residences: table("person_residences"), ties: table("person_ties") }
    }

    pub(super) fn append(&mut self, world: &World, truths: &[Truth]) -> Result<(), SimulateError> {
        self.persons.append(persons(world, truths))?;
        self.residences.append(residences(truths))?;
        self.ties.append(ties(truths))
    }

    pub(super) fn close(self) -> Result<(), SimulateError> {
        [self.persons, self.residences, self.ties].into_iter().try_for_each(Table::close)
    }
}

fn numbers(people: impl Iterator<Item = u32>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(people.map(i64::from)))
}

/// In the pocket, however many partners see them.
fn phones(person: &Person) -> i16 {
    let own = person
        .phones
        .iter()
        .filter(|phone| !Carried::is_of_second_partner(Carried::who(person.index, phone.number)));
    own.count() as i16
}

fn persons(world: &World, truths: &[Truth]) -> Columns {
    let rows = || truths.iter().map(|truth| truth.person);
    let age = |person: &Person| person.citizen.map(|citizen| citizen.age.as_str());
    let sex = |person: &Person| person.citizen.map(|citizen| citizen.sex.as_str());
    vec![
        ("person", numbers(rows().map(|person| person.index))),
        ("kind", texts(rows().map(|person| person.persona.as_str()))),
        ("age_band", Arc::new(StringArray::from_iter(rows().map(age)))),
        ("sex", Arc::new(StringArray::from_iter(rows().map(sex)))),
        ("home", codes(rows().map(|person| person.home_at(world.last_day())))),
        ("regime", Arc::new(StringArray::from_iter(rows().map(|p| p.regime.map(|r| r.as_str()))))),
        ("in_panel", flags(rows().map(|person| !person.phones.is_empty()))),
        ("phones", Arc::new(Int16Array::from_iter_values(rows().map(phones)))),
    ]
}

fn residences(truths: &[Truth]) -> Columns {
    let whole = || truths.iter().filter_map(|truth| Some((truth.person.index, truth.whole.as_ref()?)));
    let rows = || whole().flat_map(|(person, (residences, _))| residences.iter().map(move |r| (person, r)));
    let people = numbers(rows().map(|(person, _)| person));
    [vec![("person", people)], residence_columns(|| rows().map(|(_, residence)| residence))].concat()
}

fn ties(truths: &[Truth]) -> Columns {
    let whole = || truths.iter().filter_map(|truth| Some((truth.person.index, truth.whole.as_ref()?)));
    let rows = || whole().flat_map(|(person, (_, ties))| ties.iter().map(move |tie| (person, tie)));
    let people = vec![("person", numbers(rows().map(|(person, _)| person)))];
    let often = vec![
        ("is_repeat", flags(rows().map(|(_, tie)| tie.is_repeat))),
        ("is_connected", flags(rows().map(|(_, tie)| tie.is_connected))),
    ];
    [people, tie_columns(|| rows().map(|(_, tie)| tie)), often].concat()
}
