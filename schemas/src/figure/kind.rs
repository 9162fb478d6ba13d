//! Words of the release: which ties are counted.
//!
//! In: nothing. Out: the closed lists that the release tables' text columns draw from. What a tie *is*, to
//! the device, is [`crate::tie::TieKind`]; a tie counts under every [`CountedKind`] that contains it.

use std::fmt;

use crate::definition::Definition;

/// What a figure counts of the ties of a municipality or area.
///
/// `Visitor` contains all others, `DualResident` contains `SeasonalWorker`. `Repeat` contains `Connected`. The classes of visit days partition
/// `Visitor`; they are made from the definition's bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CountedKind {
    /// At least one visit in the window.
    Visitor,
    /// At least the definition's separate visits of a repeat visitor.
    Repeat,
    /// The connected population (core).
    Connected,
    /// People who live there too.
    DualResident,
    /// People who work there, away from home and office.
    Workation,
    /// People who work in an office there that an operator named.
    SatelliteOffice,
    /// People on the road for months, who slept there.
    Itinerant,
    /// People who come for business.
    Business,
    /// People who live and work there for a season.
    SeasonalWorker,
    /// A class of visit days, from its lower end to its upper; `None` is without an upper end.
    Days(u16, Option<u16>),
}

impl CountedKind {
    /// The kinds that are counted for prefectures and the country.
    pub const OF_AREAS: [Self; 5] =
        [Self::Visitor, Self::Repeat, Self::Connected, Self::DualResident, Self::Workation];

    /// What else a tie may be for, counted for municipalities alone, the strongest first.
    pub const PURPOSES: [Self; 4] =
        [Self::SeasonalWorker, Self::SatelliteOffice, Self::Itinerant, Self::Business];

    /// The kinds that a definition counts for municipalities, in the order of a release: the same ones, its classes
    /// of visit days, then purposes.
    pub fn of_municipalities(definition: &Definition) -> Vec<Self> {
        let bins = &definition.visit_day_bins;
        let upper_end = |index: usize| bins.get(index + 1).map(|next| next - 1);
        let classes = bins.iter().enumerate().map(|(index, low)| Self::Days(*low, upper_end(index)));
        Self::OF_AREAS.into_iter().chain(classes).chain(Self::PURPOSES).collect()
    }
}

impl fmt::Display for CountedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Visitor => f.write_str("visitor"),
            Self::Repeat => f.write_str("repeat"),
            Self::Connected => f.write_str("connected"),
            Self::DualResident => f.write_str("dual_resident"),
            Self::Workation => f.write_str("workation"),
            Self::SatelliteOffice => f.write_str("satellite_office"),
            Self::Itinerant => f.write_str("itinerant"),
            Self::Business => f.write_str("business"),
            Self::SeasonalWorker => f.write_str("seasonal_worker"),
            Self::Days(from, Some(to)) if from == to => write!(f, "days_{from}"),
            Self::Days(from, Some(to)) => write!(f, "days_{from}_{to}"),
            Self::Days(from, None) => write!(f, "days_{from}_plus"),
        }
    }
}

/// How often a device comes: each rung contains those above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    /// Fewer visits than make a repeat visitor.
    OneOff,
    /// A repeat visitor who is not connected.
    Repeat,
    /// A person of the connected population.
    Connected,
}
