//! Which kinds a tie is counted under.
//!
//! In: the class of a cell of ties. Out: [`TieClass`]: how often it comes and what for, and whether a kind
//! contains it.

use super::cube::Cube;
use super::dimension::{Class, Dimension};
use super::kind::{CountedKind, Rung};

/// What a cell of ties says of each tie in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TieClass {
    /// Class of visit days, by its lower end; 0 where an area has several municipalities.
    pub days_from: u16,
    /// How often the device comes.
    pub rung: Rung,
    /// Whether it lives there too.
    pub is_dual_resident: bool,
    /// Whether it works there, away from home.
    pub is_workation: bool,
    /// What else it is for: a bit for each of [`CountedKind::PURPOSES`].
    pub purposes: u16,
}

/// Of dual residence, workation and the purposes, as many are counted of one tie, the strongest: each is a figure
/// more that a tie can be read from, and the ledger counts so many.
pub const MOST_PURPOSES: u32 = 2;

impl TieClass {
    /// Reads the class of a cell of a cube of ties; `None` when it has a rung that there is not.
    pub fn of(cube: Cube, class: Class) -> Option<Self> {
        let declared = cube.declaration().dimensions;
        let value = |dimension| class.get(declared, dimension);
        Some(Self {
            days_from: value(Dimension::VisitDays),
            rung: Rung::from_value(value(Dimension::Rung))?,
            is_dual_resident: value(Dimension::DualResident) == 1,
            is_workation: value(Dimension::Workation) == 1,
            purposes: value(Dimension::Purposes),
        })
    }

    /// Whether a kind contains it.
    pub fn is(self, kind: CountedKind) -> bool {
        match kind {
            CountedKind::Visitor => true,
            CountedKind::Repeat => self.rung >= Rung::Repeat,
            CountedKind::Connected => self.rung >= Rung::Connected,
            CountedKind::DualResident => self.is_dual_resident,
            CountedKind::Workation => self.is_workation,
            CountedKind::Days(from, _) => self.days_from == from,
            purpose => CountedKind::PURPOSES
                .iter()
                .position(|known| *known == purpose)
                .is_some_and(|bit| self.purposes >> bit & 1 == 1),
        }
    }

    /// In how many kinds it is counted that another class is not.
    pub fn kinds_beyond(self, other: Self) -> u32 {
        let kinds = CountedKind::OF_AREAS.into_iter();
        let beyond = kinds.filter(|kind| self.is(*kind) && !other.is(*kind)).count() as u32
            + (self.purposes & !other.purposes).count_ones();
        // Where an area has no classes of days, both are 0.
        beyond + u32::from(self.days_from != other.days_from)
    }

    /// In how many kinds it is counted.
    pub fn kinds(self) -> u32 {
        let kinds = CountedKind::OF_AREAS.into_iter();
        let all = kinds.filter(|kind| self.is(*kind)).count() as u32 + self.purposes.count_ones();
        all + u32::from(self.days_from != 0)
    }
}
