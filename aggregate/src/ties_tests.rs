use kayoi_schemas::time::DayRule;

use super::*;
use crate::residences::Regime;

fn code(text: &str) -> MunicipalityCode {
    MunicipalityCode::parse(text).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

struct Person {
    presence: PresenceByDay,
    nights: BTreeMap<Day, MunicipalityCode>,
    residences: BTreeMap<Month, Vec<Residence>>,
}

/// Lives in 千代田区, known every night of the year to March 2026.
fn resident() -> Person {
    let month = Month::parse("2026-03").unwrap();
    let (first, last) = window(month);
    let home = Residence {
        municipality: code("13101"),
        regime: Regime::Primary,
        nights_observed: 300,
        nights_estimated: 300.0,
        nights_known: 300,
    };
    Person {
        presence: PresenceByDay::new(),
        nights: (first.0..=last.0).map(|n| (Day(n), code("13101"))).collect(),
        residences: (0..12).map(|n| (month.plus(-n), vec![home])).collect(),
    }
}

impl Person {
    fn visit(&mut self, date: &str, minutes: f64, telework_minutes: f64, sleeps: bool) {
        let presence = Presence { minutes, commuter_minutes: minutes.min(480.0), telework_minutes };
        self.presence.insert((day(date), code("20321")), presence);
        if sleeps {
            self.nights.insert(day(date), code("20321"));
        }
    }

    fn tie_at(&self, distance_km: f64) -> Option<Tie> {
        let definition = Definition::connected_2026().unwrap();
        let evidence = Evidence {
            presence: &self.presence,
            nights: &self.nights,
            residences: &self.residences,
            distance_km: &|_, _| distance_km,
            definition: &definition,
        };
        evidence
            .ties(Month::parse("2026-03").unwrap())
            .into_iter()
            .find(|tie| tie.municipality == code("20321"))
    }
}

#[test]
fn three_visits_in_two_quarters_connect() {
    let mut person = resident();
    for date in ["2025-05-03", "2025-05-04", "2025-08-10", "2025-09-20"] {
        person.visit(date, 300.0, 0.0, date == "2025-05-03");
    }
    let tie = person.tie_at(130.0).unwrap();
    assert_eq!((tie.visits, tie.visit_days, tie.nights, tie.quarters), (3, 4, 1, 2));
    assert!(tie.is_connected && tie.is_repeat && !tie.is_workation && !tie.is_dual_resident);
}

#[test]
fn two_days_with_a_night_at_home_between_are_two_visits() {
    let mut person = resident();
    person.visit("2025-05-03", 300.0, 0.0, false);
    person.visit("2025-05-04", 300.0, 0.0, false);
    let tie = person.tie_at(130.0).unwrap();
    assert_eq!((tie.visits, tie.is_repeat, tie.is_connected), (2, true, false));
}

#[test]
fn passing_through_is_no_visit_and_near_home_does_not_count() {
    let mut person = resident();
    person.visit("2025-05-03", 20.0, 0.0, false);
    assert_eq!(person.tie_at(130.0), None);
    person.visit("2025-05-03", 45.0, 0.0, false);
    assert_eq!(person.tie_at(19.0).unwrap().excluded, Excluded::NearHome);
}

#[test]
fn a_workplace_is_no_connection() {
    let mut person = resident();
    let month = Month::parse("2026-03").unwrap();
    for date in
        (month.plus(-5).first_day().0..=month.last_day().0).map(Day).filter(|day| day.is_working_day())
    {
        person.visit(&date.to_string(), 500.0, 400.0, false);
    }
    let tie = person.tie_at(60.0).unwrap();
    assert_eq!(tie.excluded, Excluded::Commuter);
    assert!(!tie.is_repeat && !tie.is_connected && !tie.is_workation);
}

#[test]
fn working_days_in_one_place_with_nights_are_a_workation() {
    let mut person = resident();
    for date in ["2025-07-14", "2025-07-15", "2025-07-16"] {
        person.visit(date, 700.0, 360.0, true);
    }
    let tie = person.tie_at(130.0).unwrap();
    assert_eq!((tie.telework_days, tie.is_workation, tie.visits), (3, true, 1));
    // The same on a long weekend with a holiday is leisure (2025-07-21 is 海の日).
    let mut leisure = resident();
    for date in ["2025-07-19", "2025-07-20", "2025-07-21"] {
        leisure.visit(date, 700.0, 360.0, true);
    }
    assert!(!leisure.tie_at(130.0).unwrap().is_workation);
}

#[test]
fn a_second_residence_counts_however_near_the_rule_for_visitors_is() {
    let mut person = resident();
    let second = Residence {
        municipality: code("20321"),
        regime: Regime::Regular,
        ..person.residences[&Month::parse("2026-03").unwrap()][0]
    };
    person.residences.values_mut().for_each(|residences| residences.push(second));
    person.visit("2025-05-03", 800.0, 0.0, true);
    let tie = person.tie_at(15.0).unwrap();
    assert!(tie.is_dual_resident && tie.is_connected && tie.excluded == Excluded::No);
}

#[test]
fn visits_at_obon_and_new_year_are_flagged() {
    let mut person = resident();
    for date in ["2025-08-13", "2025-12-31", "2025-10-10"] {
        person.visit(date, 300.0, 0.0, false);
    }
    assert_eq!(person.tie_at(130.0).unwrap().kin_visit_days, 2);
    assert_eq!(DayRule::JAPAN.day_start_hour, 4);
}
