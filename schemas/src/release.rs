//! Words of the release: kinds of tie and status.
//!
//! In: nothing. Out: the closed lists that the release tables' text columns draw from.

use std::fmt;

/// A kind of tie that is counted.
///
/// `Visitor` contains all others. `Repeat` contains `Connected`. The classes of visit days partition
/// `Visitor`; they are made from the definition's bins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TieKind {
    /// At least one visit in the window.
    Visitor,
    /// Several separate visits.
    Repeat,
    /// Connected population (core).
    Connected,
    /// Lives there too.
    DualResident,
    /// Works there away from home and office.
    Workation,
    /// A class of visit days: from and to (`None`: and more).
    Days(u16, Option<u16>),
}

impl fmt::Display for TieKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Visitor => f.write_str("visitor"),
            Self::Repeat => f.write_str("repeat"),
            Self::Connected => f.write_str("connected"),
            Self::DualResident => f.write_str("dual_resident"),
            Self::Workation => f.write_str("workation"),
            Self::Days(from, Some(to)) if from == to => write!(f, "days_{from}"),
            Self::Days(from, Some(to)) => write!(f, "days_{from}_{to}"),
            Self::Days(from, None) => write!(f, "days_{from}_plus"),
        }
    }
}

/// Whether a figure may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It may.
    Published,
    /// It is withheld: too few devices, or it would give a withheld figure back. Which of the two is not
    /// said.
    Suppressed,
}

impl Status {
    /// The word in the `status` column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Suppressed => "suppressed",
        }
    }
}
