//! The sums themselves.
//!
//! In: what each person adds, in the order of people. Out: [`Figures`]: a number for each key, and for each place
//! the people at each hour. Their size goes by municipalities and classes, not by people.

use std::collections::BTreeMap;
use std::fmt;

use kayoi_schemas::ids::{MunicipalityCode, PrefectureCode};
use kayoi_schemas::time::Month;

/// What is counted, but for presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Measure {
    Pattern,
    Nights,
    PersonNights,
    PersonNightsCapped,
    Hours,
    Before,
    After,
    Lodging,
    TripSize,
    Pair,
    Commuters,
    Teleworkers,
    TeleworkDays,
    WorkDays,
    KmGross,
    ReboundKm,
    MunicipalitiesPerPerson,
}

impl Measure {
    /// The word in the truth.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Pattern => "pattern",
            Self::Nights => "nights",
            Self::PersonNights => "person_nights",
            Self::PersonNightsCapped => "person_nights_capped",
            Self::Hours => "hours",
            Self::Before => "before",
            Self::After => "after",
            Self::Lodging => "lodging",
            Self::TripSize => "trip_size",
            Self::Pair => "pair",
            Self::Commuters => "commuters",
            Self::Teleworkers => "teleworkers",
            Self::TeleworkDays => "telework_days",
            Self::WorkDays => "work_days",
            Self::KmGross => "km_gross",
            Self::ReboundKm => "rebound_km",
            Self::MunicipalitiesPerPerson => "municipalities_per_person",
        }
    }
}

/// What a figure is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Area {
    Municipality(MunicipalityCode),
    Prefecture(PrefectureCode),
    Japan,
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Municipality(code) => code.fmt(f),
            Self::Prefecture(code) => code.fmt(f),
            Self::Japan => f.write_str("JP"),
        }
    }
}

/// Where somebody's primary residence lies, seen from a municipality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// In it.
    Resident,
    /// In another municipality of its prefecture.
    Inside,
    /// In another prefecture.
    Outside,
    /// Anywhere.
    All,
}

impl Group {
    pub(super) fn of(town: MunicipalityCode, primary: MunicipalityCode) -> Self {
        match () {
            () if town == primary => Self::Resident,
            () if town.prefecture() == primary.prefecture() => Self::Inside,
            () => Self::Outside,
        }
    }

    /// The word in the truth.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Resident => "resident",
            Self::Inside => "inside",
            Self::Outside => "outside",
            Self::All => "all",
        }
    }
}

/// What one sum is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub month: Month,
    pub measure: Measure,
    pub area: Area,
    pub group: Group,
    /// Empty where the measure has none.
    pub class: &'static str,
    pub other: Option<MunicipalityCode>,
}

impl Key {
    /// Of everybody, without a class.
    pub(super) fn of(month: Month, measure: Measure, area: Area) -> Self {
        Self { month, measure, area, group: Group::All, class: "", other: None }
    }
}

/// The least minutes of a time in a municipality in which somebody is present.
pub(super) const LEAST_MINUTES: [i64; 2] = [30, 120];

/// Days on which somebody is present: by [`LEAST_MINUTES`], working days before days off, and clock hour.
pub(super) type Hours = [[[u32; 24]; 2]; LEAST_MINUTES.len()];

type Place = (Month, MunicipalityCode, Group);

/// What one person adds.
#[derive(Debug, Default)]
pub(in crate::truth) struct Added {
    sums: Vec<(Key, f64)>,
    presence: Vec<(Place, Hours)>,
}

impl Added {
    pub(super) fn add(&mut self, key: Key, value: f64) {
        self.sums.push((key, value));
    }

    pub(super) fn add_presence(&mut self, place: Place, hours: Hours) {
        self.presence.push((place, hours));
    }
}

/// The sums of everybody.
#[derive(Debug, Default)]
pub(in crate::truth) struct Figures {
    pub(super) sums: BTreeMap<Key, f64>,
    pub(super) presence: BTreeMap<Place, Hours>,
}

impl Figures {
    pub(in crate::truth) fn add(&mut self, added: Added) {
        for (key, value) in added.sums {
            *self.sums.entry(key).or_default() += value;
        }
        for ((month, town, group), hours) in added.presence {
            for group in [group, Group::All] {
                let sums = self.presence.entry((month, town, group)).or_default();
                let counts = hours.as_flattened().as_flattened();
                for (sum, count) in sums.as_flattened_mut().as_flattened_mut().iter_mut().zip(counts) {
                    *sum += count;
                }
            }
        }
    }
}
