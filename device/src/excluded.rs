//! Why a tie does not count. In: nothing. Out: [`Excluded`], with its word in the table `ties`.

/// Why a tie does not count, when it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excluded {
    /// Nothing excludes the tie: it counts.
    No,
    /// The device lives there.
    PrimaryResidence,
    /// The device works there.
    Commuter,
    /// It lies nearer to the residence than the definition's distance.
    NearHome,
    /// It is not known where the device lives.
    NoResidence,
    /// It was there for one long run of nights and did not come back: in a hospital, or for a birth.
    LongStay,
    /// It comes on more days than the definition allows a visitor.
    Frequent,
    /// It sleeps there on more nights than the definition allows a visitor.
    ManyNights,
    /// The device visits from abroad, and is counted apart.
    FromAbroad,
}

impl Excluded {
    /// The word in `ties.excluded`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::PrimaryResidence => "primary_residence",
            Self::Commuter => "commuter",
            Self::NearHome => "near_home",
            Self::NoResidence => "no_residence",
            Self::LongStay => "long_stay",
            Self::Frequent => "frequent",
            Self::ManyNights => "many_nights",
            Self::FromAbroad => "from_abroad",
        }
    }
}
