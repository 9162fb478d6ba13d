//! Neighbours: which municipalities lie side by side.
//!
//! In: the index of the borders. Out: [`Neighbours`], pairs of municipalities whose land comes into one cell of the
//! index's grid, about 300 m wide, wards of designated cities rolled up to their city. Borders of simplified files do
//! not meet point by point, and a river or a narrow strait with a bridge divides towns that people call adjacent, so
//! nearness is asked for and not a common edge.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use kayoi_schemas::ids::MunicipalityCode;

use crate::municipality::Register;
use crate::place::Geography;

/// The municipalities that lie beside each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Each pair once, the lower code first.
    pairs: BTreeSet<(MunicipalityCode, MunicipalityCode)>,
}

impl Neighbours {
    /// Nobody is anybody's neighbour: for rules that do not ask.
    pub fn none() -> &'static Self {
        static NONE: Neighbours = Neighbours { pairs: BTreeSet::new() };
        &NONE
    }

    /// Those of the simplified borders, found once. There are none should the embedded borders be broken, which a
    /// test rules out.
    pub fn simplified() -> &'static Self {
        static SIMPLIFIED: OnceLock<Neighbours> = OnceLock::new();
        SIMPLIFIED.get_or_init(|| {
            Geography::simplified().map(|borders| Self::of_borders(&borders)).unwrap_or_default()
        })
    }

    /// Those of any borders.
    pub fn of_borders(geography: &Geography) -> Self {
        Self::of(geography.pairs_in_a_cell(), Register::japan())
    }

    /// Pairs of codes, rolled up to their cities. Undetermined land (所属未定地) is nobody's neighbour.
    fn of(
        pairs: impl IntoIterator<Item = (MunicipalityCode, MunicipalityCode)>,
        register: &Register,
    ) -> Self {
        let rolled_up = pairs.into_iter().map(|(a, b)| (register.basic(a), register.basic(b)));
        let known =
            rolled_up.filter(|(a, b)| a != b && register.get(*a).is_some() && register.get(*b).is_some());
        Self { pairs: known.map(|(a, b)| (a.min(b), a.max(b))).collect() }
    }

    /// Whether two municipalities lie side by side; one is no neighbour of itself.
    pub fn are(&self, a: MunicipalityCode, b: MunicipalityCode) -> bool {
        self.pairs.contains(&(a.min(b), a.max(b)))
    }

    /// How many pairs there are.
    pub fn count(&self) -> usize {
        self.pairs.len()
    }

    /// All pairs, the lower code first.
    pub fn pairs(&self) -> impl Iterator<Item = (MunicipalityCode, MunicipalityCode)> {
        self.pairs.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(number: u32) -> MunicipalityCode {
        MunicipalityCode::from_number(number).unwrap()
    }

    #[test]
    fn towns_that_share_a_border_are_neighbours_and_others_are_not() {
        let neighbours = Neighbours::simplified();
        // 軽井沢町 and 御代田町; 軽井沢町 and 安中市 across the prefecture's border; 横浜市 and 川崎市, both of wards.
        for (a, b) in [(20_321, 20_323), (10_211, 20_321), (14_100, 14_130), (13_101, 13_104)] {
            assert!(neighbours.are(code(a), code(b)) && neighbours.are(code(b), code(a)), "{a} {b}");
        }
        // 佐久穂町 lies behind 佐久市, 八丈町 in the sea, and nobody beside itself.
        for (a, b) in [(20_321, 20_309), (13_401, 13_101), (20_321, 20_321), (20_321, 13_101)] {
            assert!(!neighbours.are(code(a), code(b)), "{a} {b}");
        }
        // A municipality of the mainland has five or six.
        let municipalities = Register::japan().all().len();
        let of_each = 2.0 * neighbours.count() as f64 / municipalities as f64;
        assert!((4.5..6.5).contains(&of_each), "{of_each}");
    }

    #[test]
    fn wards_are_rolled_up_and_undetermined_land_is_left_out() {
        let pairs = [(28_102, 28_204), (28_101, 28_102), (28_000, 28_204)].map(|(a, b)| (code(a), code(b)));
        let neighbours = Neighbours::of(pairs, Register::japan());
        assert_eq!(neighbours.pairs().collect::<Vec<_>>(), [(code(28_100), code(28_204))]);
    }
}
