//! Figures of what people do in a month, as the rows of its tables name them.
//!
//! In: cells of classed and keyed cubes. Out: sums by area, kind and the other municipality, if any. A cell here is not by
//! prefecture of residence: its phones have the weight of the place's prefecture.

use kayoi_schemas::figure::{Area, Atom, Cube, Dimension, SLEPT};

use super::{Add, Figures};
use crate::nation::town::position;

/// In which levels of presence a group is.
const LEVELS: [&[&str]; 4] = [
    &["all", "resident"],
    &["all", "inside"],
    &["all", "outside", "same_block"],
    &["all", "outside", "other_block"],
];

impl Figures {
    /// Adds a cell; beside its cube, [`crate::Cells::counted_teleworkers`].
    pub(super) fn activity(
        &mut self,
        (cube, counted_teleworkers): (Cube, &[f64]),
        atom: &Atom,
        value: f64,
        add: Add<'_>,
    ) {
        let own = match atom.area {
            Area::Municipality(town) => position(town.prefecture()),
            Area::Prefecture(code) => position(code),
            // The municipality of a mesh stands in the place of the origin.
            Area::Mesh(_) => position(atom.origin.prefecture()),
            // The country is the sum of its prefectures; of finer cells no truth is asked.
            Area::Country | Area::Cell(_) => return,
        };
        let declaration = cube.declaration();
        let at = |dimension: Dimension| usize::from(atom.class.get(declaration.dimensions, dimension));
        let word = |dimension: Dimension| dimension.words().get(at(dimension)).copied().unwrap_or("");
        let value = value / f64::from(declaration.per_one);
        let mut put_in = |area: Area, table: &'static str, kind: String, origin: &str, prefecture: usize| {
            let sum =
                self.keyed.entry(table).or_default().entry((area, kind, origin.to_owned())).or_default();
            add(sum, value, prefecture);
        };
        let mut put = |table: &'static str, kind: &str| put_in(atom.area, table, kind.to_owned(), "all", own);
        match cube {
            Cube::DualRegimesYearly => {
                put("dual_regimes_yearly", word(Dimension::Regime));
                put("dual_regimes_yearly", "all");
            }
            Cube::CommutersMonthly => put("work_monthly", &format!("{}/commuters", word(Dimension::Side))),
            Cube::TeleworkersMonthly => {
                put("work_monthly", &format!("{}/teleworkers", word(Dimension::Side)));
                // Where people work they come from several prefectures.
                if word(Dimension::Side) == "residence"
                    && let Some(counted) = counted_teleworkers.get(own).filter(|counted| **counted > 0.0)
                {
                    let kind = "residence/true_teleworkers".to_owned();
                    let sums = self.keyed.entry("work_monthly").or_default();
                    let sum = sums.entry((atom.area, kind, "all".to_owned())).or_default();
                    add(sum, value / counted, own);
                }
            }
            Cube::StayNightsMonthly => {
                put("stays_monthly", &format!("nights/{}", word(Dimension::StayNights)));
                put("stays_monthly", "nights/all");
            }
            Cube::StayHoursMonthly => {
                put("stays_monthly", &format!("hours/{}", word(Dimension::StayHours)));
                put("stays_monthly", "hours/all");
            }
            Cube::TripSizesMonthly => {
                put("trips_monthly", &format!("municipalities/{}", word(Dimension::TripSize)));
                put("trips_monthly", "municipalities/all");
            }
            Cube::MunicipalitiesPerPersonYearly => {
                for area in [atom.area, Area::Country] {
                    for class in [word(Dimension::Municipalities), "all"] {
                        let table = "municipalities_per_person_yearly";
                        put_in(area, table, class.to_owned(), "all", own);
                    }
                }
            }
            Cube::StaysMonthly => {
                let level = if at(Dimension::Group) == 1 { "inside" } else { "outside" };
                for class in [word(Dimension::Pattern), "all"] {
                    for level in ["all", level] {
                        put_in(atom.area, "stays_monthly", format!("pattern/{class}"), level, own);
                    }
                }
            }
            Cube::MeshesMonthly => {
                let kind = format!("{}/{}", word(Dimension::DayType), word(Dimension::Band));
                put_in(atom.area, "cells_monthly", kind, &atom.origin.to_string(), own);
            }
            Cube::TripPairsMonthly => {
                let other = atom.origin.to_string();
                put_in(atom.area, "trips_monthly", "with/all".to_owned(), &other, own);
            }
            Cube::OriginsYearly => {
                let kind = format!("{}/{}", word(Dimension::Side), word(Dimension::Kind));
                let home = position(atom.origin.prefecture());
                put_in(atom.area, "matching_yearly", kind, &atom.origin.to_string(), home);
            }
            Cube::FlowsMonthly => {
                let is_own = Area::Municipality(atom.origin) == atom.area;
                let direction = at(Dimension::Direction);
                let (direction, other) = match () {
                    () if direction == usize::from(SLEPT) => (2, "all".to_owned()),
                    () if is_own && direction != 2 => (direction, "all".to_owned()),
                    () => (direction, atom.origin.to_string()),
                };
                let direction = Dimension::Direction.words()[direction].to_owned();
                put_in(atom.area, "flows_monthly", direction, &other, own);
            }
            Cube::PresenceMonthly | Cube::LongPresenceMonthly => {
                let (hour, minutes) = match cube {
                    Cube::PresenceMonthly => (word(Dimension::Hour), 30),
                    _ => (word(Dimension::ResasHour), 120),
                };
                let kind = format!("{}/{hour}/{minutes}", word(Dimension::DayType));
                for level in LEVELS[at(Dimension::Group)] {
                    put_in(atom.area, "presence_hourly", kind.clone(), level, own);
                }
            }
            _ => {}
        }
    }
}
