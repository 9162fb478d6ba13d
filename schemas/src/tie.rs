//! What a tie is: the words of `ties.kind`.
//!
//! In: nothing. Out: the kinds, the strongest first. Aggregation infers them, a truth knows them; both speak the same words in the
//! same order, or their comparison would mean nothing. What a release counts of ties is
//! [`crate::figure::CountedKind`].

/// What a tie is, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TieKind {
    /// Lives there for one run of nights and works at a fixed spot.
    SeasonalWorker,
    /// Lives there too.
    DualResident,
    /// Works in one of the places of the offices file.
    SatelliteOffice,
    /// Passes through while sleeping in many municipalities over months.
    Itinerant,
    /// Works at a desk by day and sleeps there.
    Workation,
    /// Short trips on working days only, to changing spots.
    Business,
    /// Connected population (core).
    Connected,
    /// Several visits.
    Repeat,
    /// One visit.
    OneOff,
}

impl TieKind {
    /// The word in `ties.kind`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SeasonalWorker => "seasonal_worker",
            Self::DualResident => "dual_resident",
            Self::SatelliteOffice => "satellite_office",
            Self::Workation => "workation",
            Self::Business => "business",
            Self::Itinerant => "itinerant",
            Self::Connected => "connected",
            Self::Repeat => "repeat",
            Self::OneOff => "one_off",
        }
    }
}
