//! The two ways in which a change of codes is crossed, and what lies on its other side.
//!
//! In: a code, the date of a change and a [`Direction`]. Out: the codes on the other side. Conversion goes
//! there, and shares that a caller supplies are checked against it.

use kayoi_schemas::ids::MunicipalityCode;

use super::{CodeDate, CodeHistory, Share};

/// Which way a change is crossed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// To later codes.
    Forward,
    /// To earlier codes.
    Back,
}

impl Direction {
    /// Both ways.
    pub(super) const BOTH: [Self; 2] = [Self::Forward, Self::Back];
}

impl CodeHistory {
    /// The other side of a change, in order; empty when the code took no part in it.
    pub(super) fn neighbours(
        &self,
        code: MunicipalityCode,
        date: CodeDate,
        direction: Direction,
    ) -> Vec<MunicipalityCode> {
        self.across(code, date, direction).into_iter().map(|(part, _)| part).collect()
    }

    /// The other side of a change with the shares that the table itself gives. Back in time, a code that came
    /// from one other came from it as a whole; the table's shares divide old codes, not new ones.
    pub(super) fn across(
        &self,
        code: MunicipalityCode,
        date: CodeDate,
        direction: Direction,
    ) -> Vec<(MunicipalityCode, Option<Share>)> {
        let changes = self.changes.iter().filter(|change| change.date == date);
        let mut parts: Vec<_> = match direction {
            Direction::Forward => {
                changes.filter(|change| change.from == code).map(|change| (change.to, change.share)).collect()
            }
            Direction::Back => {
                changes.filter(|change| change.to == code).map(|change| (change.from, None)).collect()
            }
        };
        parts.sort_unstable_by_key(|&(part, _)| part);
        if let (Direction::Back, [(_, share)]) = (direction, parts.as_mut_slice()) {
            *share = Some(Share::WHOLE);
        }
        parts
    }
}
