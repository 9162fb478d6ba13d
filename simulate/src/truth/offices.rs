//! The satellite offices of a world.
//!
//! In: everybody's plans. Out: the places where somebody works in a satellite office, or in a shop beside one: the
//! truth asks whether a desk stands in one of them, whatever brought a person there, and `offices.csv` is the list
//! that `kayoi aggregate --offices` takes.

use std::collections::BTreeSet;
use std::path::Path;

use kayoi_schemas::ids::MunicipalityCode;

use crate::error::SimulateError;
use crate::land::{Land, Spot};
use crate::people::{Aim, Person, Persona};

/// Where the offices are.
#[derive(Debug, Default)]
pub(super) struct OfficeList {
    /// With the town whose office it is, in the order of the file.
    listed: BTreeSet<(MunicipalityCode, u64, u64)>,
    points: BTreeSet<(u64, u64)>,
}

impl OfficeList {
    pub(super) fn of(people: &[Person], land: &Land) -> Self {
        let office_spells = |person: &'_ Person| {
            let spells = person.spells.iter().filter(|spell| spell.aim == Aim::SatelliteOffice);
            spells.map(|spell| (land.code(spell.town), spell.desk)).collect::<Vec<_>>()
        };
        // A shop beside an office is of interest where the office is known.
        let beside_office = |person: &'_ Person| {
            let work = person.work.filter(|_| person.persona == Persona::OfficeNeighbour)?;
            Some((work.town, land.office(land.town_index(work.town)?)))
        };
        let mut list = Self::default();
        for (town, desk) in
            people.iter().flat_map(office_spells).chain(people.iter().filter_map(beside_office))
        {
            let (latitude, longitude) = point(desk);
            list.listed.insert((town, latitude, longitude));
            list.points.insert((latitude, longitude));
        }
        list
    }

    /// Whether a desk stands in an office.
    pub(super) fn has(&self, desk: Spot) -> bool {
        self.points.contains(&point(desk))
    }

    /// Writes the list.
    ///
    /// # Errors
    /// [`SimulateError`] when the file cannot be written.
    pub(super) fn write(&self, folder: &Path) -> Result<(), SimulateError> {
        let mut text = String::from("name,latitude,longitude,radius_m\n");
        for (number, (town, latitude, longitude)) in self.listed.iter().enumerate() {
            let (latitude, longitude) = (f64::from_bits(*latitude), f64::from_bits(*longitude));
            text.push_str(&format!("office {} in {town},{latitude:.7},{longitude:.7},100\n", number + 1));
        }
        let path = folder.join("offices.csv");
        std::fs::write(&path, text).map_err(SimulateError::io(&path))
    }
}

/// Of exactly this place: two offices of a town lie apart.
fn point(spot: Spot) -> (u64, u64) {
    (spot.latitude.to_bits(), spot.longitude.to_bits())
}
