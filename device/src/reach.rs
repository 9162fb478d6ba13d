//! Presence, residences and the definition's rules of distance → whether a day somewhere is away from home.
//!
//! In: a residence, a municipality, and what a device did there on a day. Out: whether it was out of the daily living
//! area. The rules are those of distance between municipalities, of municipalities side by side, and of a day so long
//! that it is no daily life however near it was.

use kayoi_geography::Neighbours;
use kayoi_schemas::definition::Thresholds;
use kayoi_schemas::ids::MunicipalityCode;

use crate::presence::Presence;

/// How a municipality lies to a residence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It is the residence's own.
    Own,
    /// It lies beside it, and the definition leaves such out.
    Adjacent,
    /// Nearer than the definition's least distance.
    Near,
    /// Far enough for any visit.
    Far,
}

/// What decides how far a municipality is.
#[derive(Clone, Copy)]
pub(crate) struct Reaches<'a> {
    /// Distance between municipalities, kilometres.
    pub distance_km: &'a dyn Fn(MunicipalityCode, MunicipalityCode) -> f64,
    /// The municipalities side by side.
    pub neighbours: &'a Neighbours,
    pub thresholds: &'a Thresholds,
}

impl Reaches<'_> {
    /// How a municipality lies to one of residence.
    pub(crate) fn reach(&self, home: MunicipalityCode, municipality: MunicipalityCode) -> Reach {
        let is_excluded = || self.thresholds.asks_for_neighbours() && self.neighbours.are(home, municipality);
        if home == municipality {
            Reach::Own
        } else if is_excluded() {
            Reach::Adjacent
        } else if (self.distance_km)(home, municipality) < self.thresholds.visitor_min_km.get() {
            Reach::Near
        } else {
            Reach::Far
        }
    }

    /// Whether some day there may be a visit.
    pub(crate) fn may_visit(&self, home: MunicipalityCode, municipality: MunicipalityCode) -> bool {
        match self.reach(home, municipality) {
            Reach::Own | Reach::Adjacent => false,
            Reach::Near => self.thresholds.near_visit_min_hours.is_some(),
            Reach::Far => true,
        }
    }

    /// Whether a day there was away from the daily living area.
    pub(crate) fn is_away(
        &self,
        home: MunicipalityCode,
        municipality: MunicipalityCode,
        presence: &Presence,
    ) -> bool {
        match self.reach(home, municipality) {
            Reach::Own | Reach::Adjacent => false,
            Reach::Near => self
                .thresholds
                .near_visit_min_hours
                .is_some_and(|hours| presence.slept || presence.minutes_there() >= 60.0 * hours.get()),
            Reach::Far => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use kayoi_geography::Register;
    use kayoi_schemas::definition::Definition;

    use super::*;

    fn code(number: u32) -> MunicipalityCode {
        MunicipalityCode::from_number(number).unwrap()
    }

    fn day(minutes: f64, slept: bool) -> Presence {
        Presence { minutes, slept, ..Presence::default() }
    }

    /// 軽井沢町; 御代田町 beside it, 佐久穂町 behind 佐久市, and 千代田区.
    const HOME: u32 = 20_321;
    const BESIDE: u32 = 20_323;
    const BEHIND: u32 = 20_309;
    const FAR: u32 = 13_101;

    fn of(name: &str, check: impl Fn(&Reaches)) {
        let definition = Definition::shipped(name).unwrap().unwrap();
        let centre = |code| Register::japan().get(code).map(|m| (m.latitude, m.longitude)).unwrap();
        let distance_km = |a, b| kayoi_schemas::units::distance_km(centre(a), centre(b));
        let neighbours = Neighbours::simplified();
        check(&Reaches { distance_km: &distance_km, neighbours, thresholds: &definition.thresholds });
    }

    #[test]
    fn a_long_day_or_a_night_makes_a_near_town_a_visit_where_the_definition_says_so() {
        of("docomo-tourism", |reaches| {
            assert_eq!(reaches.reach(code(HOME), code(BEHIND)), Reach::Near);
            let is_away = |presence: Presence| reaches.is_away(code(HOME), code(BEHIND), &presence);
            assert!(!is_away(day(470.0, false)) && is_away(day(480.0, false)) && is_away(day(130.0, true)));
            assert!(reaches.may_visit(code(HOME), code(BEHIND)));
            assert!(reaches.is_away(code(HOME), code(FAR), &day(120.0, false)));
        });
        of("connected-2026", |reaches| {
            assert_eq!(reaches.reach(code(HOME), code(BESIDE)), Reach::Near);
            assert!(!reaches.is_away(code(HOME), code(BESIDE), &day(600.0, true)));
            assert!(!reaches.may_visit(code(HOME), code(BESIDE)));
        });
    }

    #[test]
    fn a_town_beside_the_residence_is_out_only_where_the_definition_says_so() {
        of("docomo-tourism", |reaches| {
            assert_eq!(reaches.reach(code(HOME), code(BESIDE)), Reach::Adjacent);
            assert!(!reaches.is_away(code(HOME), code(BESIDE), &day(600.0, true)));
        });
        of("hokushin-au", |reaches| assert_eq!(reaches.reach(code(HOME), code(BESIDE)), Reach::Far));
    }

    #[test]
    fn the_own_municipality_is_never_away_even_without_a_least_distance() {
        of("resas-stay", |reaches| {
            assert_eq!(reaches.reach(code(HOME), code(HOME)), Reach::Own);
            assert!(!reaches.is_away(code(HOME), code(HOME), &day(600.0, true)));
            assert!(reaches.is_away(code(HOME), code(BESIDE), &day(120.0, false)));
        });
    }
}
