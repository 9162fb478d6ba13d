//! What a tie is: the words of `ties.kind`.
//!
//! In: nothing. Out: the kinds, the strongest first. Aggregation infers them, and the truth of a simulated
//! world knows them; both use the same words in the same order, or comparing them would mean nothing. What a
//! release counts of ties is [`crate::figure::CountedKind`].

/// What a tie is, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TieKind {
    /// It lives there for one long run of nights and works at a fixed spot.
    SeasonalWorker,
    /// It lives there too: a second residence.
    DualResident,
    /// It works in one of the places of the offices file.
    SatelliteOffice,
    /// It passes through, sleeping in many municipalities over months.
    Itinerant,
    /// It works at a desk by day and sleeps there.
    Workation,
    /// It is not on the road, and comes on short trips, nearly all on working days, with nights there.
    Business,
    /// It belongs to the connected population (core).
    Connected,
    /// It comes often enough for a repeat visitor.
    Repeat,
    /// It came, and not often enough for any other kind.
    OneOff,
    /// It was there for one long run of nights without a return, which is no tie to the life of a town.
    LongStay,
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
            Self::LongStay => "long_stay",
        }
    }
}
