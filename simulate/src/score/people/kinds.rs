//! Which kinds a tie is counted under, by the marks that the truth and the tables have alike.
//!
//! In: a row of `person_ties` or of `ties`. Out: each [`CountedKind`] of it, as a release counts them: a connected tie is
//! a repeat visitor's and a visitor's too. Of what a tie is for, both sides tell the strongest alone, where a release
//! counts two: the same people on both sides, a few less than a release has.

use std::collections::BTreeMap;

use kayoi_schemas::figure::CountedKind;

/// How many ties of each kind somebody has.
pub(super) type Ties = BTreeMap<CountedKind, u64>;

/// What a row says of a tie.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks<'r> {
    /// The strongest kind.
    pub kind: &'r str,
    /// Class of visit days, as `1`, `3-7` or `24+`.
    pub class: &'r str,
    pub is_repeat: bool,
    pub is_connected: bool,
    pub is_dual_resident: bool,
    pub is_workation: bool,
}

impl Marks<'_> {
    /// Adds the tie to those of somebody.
    pub(super) fn add_to(self, ties: &mut Ties) {
        let marked = [
            (CountedKind::Visitor, true),
            (CountedKind::Repeat, self.is_repeat),
            (CountedKind::Connected, self.is_connected),
            (CountedKind::DualResident, self.is_dual_resident),
            (CountedKind::Workation, self.is_workation),
        ];
        let marked = marked.into_iter().filter(|(_, is_one)| *is_one).map(|(kind, _)| kind);
        let purpose = CountedKind::PURPOSES.into_iter().find(|kind| kind.to_string() == self.kind);
        for kind in marked.chain(purpose).chain(days(self.class)) {
            *ties.entry(kind).or_default() += 1;
        }
    }
}

/// The kind of a class of visit days.
fn days(class: &str) -> Option<CountedKind> {
    if let Some(from) = class.strip_suffix('+') {
        return Some(CountedKind::Days(from.parse().ok()?, None));
    }
    let (from, to) = class.split_once('-').unwrap_or((class, class));
    Some(CountedKind::Days(from.parse().ok()?, Some(to.parse().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(marks: Marks<'_>) -> Vec<String> {
        let mut ties = Ties::new();
        marks.add_to(&mut ties);
        assert!(ties.values().all(|count| *count == 1));
        ties.keys().map(ToString::to_string).collect()
    }

    #[test]
    fn a_tie_is_counted_under_every_kind_that_contains_it() {
        let once = Marks { kind: "one_off", class: "1", ..Marks::default() };
        assert_eq!(kinds(once), ["visitor", "days_1"]);
        let season = Marks {
            kind: "seasonal_worker",
            class: "24+",
            is_repeat: true,
            is_connected: true,
            is_dual_resident: true,
            is_workation: false,
        };
        let expected = ["visitor", "repeat", "connected", "dual_resident", "seasonal_worker", "days_24_plus"];
        assert_eq!(kinds(season), expected);
        let business = Marks { kind: "business", class: "3-7", is_repeat: true, ..Marks::default() };
        assert_eq!(kinds(business), ["visitor", "repeat", "business", "days_3_7"]);
    }
}
