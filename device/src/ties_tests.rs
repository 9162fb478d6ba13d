use kayoi_geography::Neighbours;
use kayoi_geography::offices::Offices;
use proptest::prelude::*;

use super::*;
use crate::beds::BedEvidence;
use crate::night_work::NightWork;
use crate::residences::Regime;
use crate::spots::{HourAt, Spot, SpotIndex, Spots};
use crate::window::NightHours;

#[path = "ties_kinds_tests.rs"]
mod kinds;
#[path = "ties_presets_tests.rs"]
mod presets;

const HOME: u32 = 13101;
const TOWN: u32 = 20321;
const OLD_HOME: u32 = 27100;

/// Spots in the town: the inn, a desk, and others beyond.
const INN: u32 = 0;
const DESK: u32 = 2;

fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn march() -> Month {
    Month::parse("2026-03").unwrap()
}

fn residence(municipality: u32, regime: Regime) -> Residence {
    let (nights_observed, nights_estimated, nights_known) = (300, 300.0, 300);
    Residence { municipality: code(municipality), regime, nights_observed, nights_estimated, nights_known }
}

struct Person {
    presence: PresenceByDay,
    nights: BTreeMap<Day, MunicipalityCode>,
    residences: BTreeMap<Month, Vec<Residence>>,
    workplaces: BTreeMap<Month, Workplace>,
    long_stays: BTreeMap<Month, Vec<LongStay>>,
    spots: Spots,
    offices: Offices,
}

impl Person {
    /// Lives at home, known every night of the year to March 2026, and works nowhere.
    fn resident() -> Self {
        let (first, last) = window(march());
        let spot = |number: u32| Spot {
            latitude: 36.3 + f64::from(number) * 300.0 / 111_195.0,
            longitude: 138.6,
            municipality: Some(code(TOWN)),
        };
        Self {
            presence: PresenceByDay::new(),
            nights: (first.0..=last.0).map(|n| (Day(n), code(HOME))).collect(),
            residences: (0..12).map(|n| (march().plus(-n), vec![residence(HOME, Regime::Primary)])).collect(),
            workplaces: BTreeMap::new(),
            long_stays: BTreeMap::new(),
            spots: Spots { spots: (0..30).map(spot).collect(), hours: Vec::new(), ..Spots::default() },
            offices: Offices::none(),
        }
    }

    fn is_in(&mut self, town: u32, date: Day, minutes: f64) {
        let presence = Presence { minutes, stood: true, likely_minutes: minutes, ..Presence::default() };
        self.presence.insert((date, code(town)), presence);
    }

    /// A day in the town.
    fn visits(&mut self, date: Day) {
        self.is_in(TOWN, date, 300.0);
    }

    /// A day in a town and the night after it.
    fn sleeps_in(&mut self, town: u32, date: Day) {
        self.nights.insert(date, code(town));
        for date in [date, date.plus(1)] {
            let presence = self.presence.entry((date, code(town))).or_default();
            (presence.minutes, presence.slept) = (presence.minutes.max(300.0), true);
        }
        if town == TOWN {
            self.stands(date, 22, INN);
        }
    }

    /// Seen at a spot of the town at an hour.
    fn stands(&mut self, date: Day, hour: u8, spot: u32) {
        self.spots.hours.push(HourAt { day: date, slot: hour - 4, spot: SpotIndex(spot) });
        self.spots.hours.sort_unstable();
        self.spots.hours.dedup();
    }

    fn has_second(&mut self, town: u32, regime: Regime) {
        self.residences.values_mut().for_each(|lives| lives.push(residence(town, regime)));
    }

    fn works_in(&mut self, town: u32, months: std::ops::RangeInclusive<i32>) {
        let workplace = Workplace {
            municipality: code(town),
            work_days: 15.0,
            telework_days: 0.0,
            days_seen: 15,
            telework_probability: 0.0,
            home_days: kayoi_schemas::telework::HomeDays::default(),
            way: Way::new((35.7, 139.7), (36.3, 138.6)),
            commute_km: 60.0,
            day_ways: crate::track::DayWays::default(),
            km_avoided: 0.0,
            kg_co2_avoided: 0.0,
        };
        self.workplaces.extend(months.map(|back| (march().plus(-back), workplace)));
    }

    fn ties(&self, distance_km: &dyn Fn(MunicipalityCode, MunicipalityCode) -> f64) -> Vec<Tie> {
        self.ties_by("connected-2026", distance_km)
    }

    /// Under a definition that ships.
    fn ties_by(
        &self,
        definition: &str,
        distance_km: &dyn Fn(MunicipalityCode, MunicipalityCode) -> f64,
    ) -> Vec<Tie> {
        let definition = Definition::shipped(definition).unwrap().unwrap();
        let (first, last) = window(march());
        let almanac = Almanac::new(first, last);
        let evidence = TieEvidence {
            presence: &self.presence,
            nights: &self.nights,
            residences: &self.residences,
            workplaces: &self.workplaces,
            ways: &BTreeMap::new(),
            long_stays: &self.long_stays,
            night_work: &NightWork::default(),
            is_from_abroad: false,
            desks: DeskEvidence {
                spots: &self.spots,
                beds: BedEvidence {
                    spots: &self.spots,
                    nights: &self.nights,
                    hours: NightHours::of(&definition.thresholds),
                    night_work: &NightWork::default(),
                },
                offices: &self.offices,
                thresholds: &definition.thresholds,
                almanac: &almanac,
            },
            reaches: Reaches {
                distance_km,
                neighbours: Neighbours::simplified(),
                thresholds: &definition.thresholds,
            },
            almanac: &almanac,
            definition: &definition,
        };
        evidence.ties(march())
    }

    /// The tie with the town, which lies so far from everywhere.
    fn tie_at(&self, distance_km: f64) -> Option<Tie> {
        let apart = |a, b| if a == b { 0.0 } else { distance_km };
        self.ties(&apart).into_iter().find(|tie| tie.municipality == code(TOWN))
    }

    fn tie(&self) -> Tie {
        self.tie_at(130.0).unwrap()
    }
}

/// Monday to Wednesday, no holidays.
fn three_days() -> [Day; 3] {
    ["2025-07-14", "2025-07-15", "2025-07-16"].map(day)
}

#[test]
fn three_visits_in_two_quarters_connect() {
    let mut person = Person::resident();
    person.sleeps_in(TOWN, day("2025-05-03"));
    person.visits(day("2025-08-10"));
    person.visits(day("2025-09-20"));
    let tie = person.tie();
    assert_eq!((tie.visits, tie.visit_days, tie.nights, tie.quarters), (3, 4, 1, 2));
    assert!(tie.is_connected && tie.is_repeat && !tie.is_workation && !tie.is_dual_resident);
    assert_eq!((tie.kind, tie.excluded, tie.origin), (TieKind::Connected, Excluded::No, Some(code(HOME))));
    assert_eq!((tie.first_day, tie.last_day), (day("2025-05-03"), day("2025-09-20")));
    assert_eq!((tie.mean_interval_days, tie.distance_km), (Some(70.0), Some(130.0)));
}

#[test]
fn three_visits_in_one_quarter_repeat_and_one_is_one_off() {
    let mut person = Person::resident();
    person.visits(day("2025-04-12"));
    assert_eq!((person.tie().kind, person.tie().mean_interval_days), (TieKind::OneOff, None));
    person.visits(day("2025-05-10"));
    person.visits(day("2025-06-14"));
    let tie = person.tie();
    assert_eq!((tie.kind, tie.visits, tie.is_repeat, tie.is_connected), (TieKind::Repeat, 3, true, false));
}

#[test]
fn two_days_with_a_night_at_home_between_are_two_visits() {
    let mut person = Person::resident();
    person.visits(day("2025-05-03"));
    person.visits(day("2025-05-04"));
    assert_eq!((person.tie().visits, person.tie().is_repeat), (2, true));
    // With the night in the town, or not known, it is one.
    person.nights.remove(&day("2025-05-03"));
    assert_eq!(person.tie().visits, 1);
}

#[test]
fn visits_before_the_twelve_months_and_after_them_do_not_count() {
    let mut person = Person::resident();
    let (first, last) = window(march());
    person.visits(first.plus(-1));
    person.visits(last.plus(1));
    assert_eq!(person.tie_at(130.0), None);
    person.visits(first);
    person.visits(last);
    assert_eq!(person.tie().visits, 2);
}

#[test]
fn passing_through_is_no_visit_and_near_home_does_not_count() {
    let mut person = Person::resident();
    person
        .presence
        .insert((day("2025-05-03"), code(TOWN)), Presence { minutes: 20.0, ..Presence::default() });
    assert_eq!(person.tie_at(130.0), None);
    person.visits(day("2025-05-03"));
    assert_eq!(person.tie_at(19.0), None);
    assert_eq!(person.tie_at(21.0).unwrap().excluded, Excluded::No);
}

#[test]
fn a_stop_on_the_way_to_work_is_no_visit_and_a_long_one_is() {
    let mut person = Person::resident();
    person.works_in(OLD_HOME, 0..=11);
    let stop = Presence {
        minutes: 10.0,
        likely_minutes: 45.0,
        stood: true,
        point: Some((36.0, 139.15)),
        ..Presence::default()
    };
    person.presence.insert((day("2025-05-12"), code(TOWN)), stop);
    assert_eq!(person.tie_at(130.0), None);
    person.presence.insert((day("2025-05-12"), code(TOWN)), Presence { minutes: 40.0, ..stop });
    assert_eq!(person.tie().visits, 1);
    // The same stop far off the way.
    let off = Presence { point: Some((38.0, 141.0)), ..stop };
    person.presence.insert((day("2025-05-12"), code(TOWN)), off);
    assert_eq!(person.tie().visits, 1);
}

#[test]
fn a_workplace_is_no_connection() {
    let mut person = Person::resident();
    let first = march().plus(-5).first_day();
    let days: Vec<Day> =
        (first.0..=march().last_day().0).map(Day).filter(|day| day.is_working_day()).collect();
    days.iter().for_each(|date| person.visits(*date));
    person.works_in(TOWN, 0..=5);
    let tie = person.tie_at(60.0).unwrap();
    assert_eq!(tie.excluded, Excluded::Commuter);
    assert!(!tie.is_repeat && !tie.is_connected && !tie.is_workation);
    // Someone who left the job before this month still commuted in most of the months.
    person.workplaces.remove(&march());
    assert_eq!(person.tie_at(60.0).unwrap().excluded, Excluded::Commuter);
    // A job of one month of six does not undo the visits of the others.
    person.workplaces.clear();
    person.works_in(TOWN, 5..=5);
    assert_eq!(person.tie_at(60.0).unwrap().excluded, Excluded::No);
}

#[test]
fn a_device_without_a_residence_has_no_tie_that_counts() {
    let mut person = Person::resident();
    person.visits(day("2025-05-03"));
    person.residences.clear();
    let tie = person.tie();
    assert_eq!((tie.excluded, tie.origin, tie.distance_km), (Excluded::NoResidence, None, None));
    assert!(!tie.is_repeat && !tie.is_connected);
}

#[test]
fn movers_have_no_tie_with_the_neighbourhood_they_left() {
    // Lived 5 km from the town until October, and 400 km from it since.
    let apart = |a: MunicipalityCode, b: MunicipalityCode| match (a.number(), b.number()) {
        (a, b) if a == b => 0.0,
        (OLD_HOME, TOWN) | (TOWN, OLD_HOME) => 5.0,
        _ => 400.0,
    };
    let moved = Month::parse("2025-11").unwrap();
    let mut person = Person::resident();
    for (month, lives) in &mut person.residences {
        if *month < moved {
            *lives = vec![residence(OLD_HOME, Regime::Primary)];
        }
    }
    let daily_life = (day("2025-05-01").0..day("2025-11-15").0).map(Day);
    for date in daily_life.filter(|date| date.0 % 4 == 0) {
        person.is_in(TOWN, date, 300.0);
        person.is_in(OLD_HOME, date, 900.0);
    }
    assert_eq!(person.ties(&apart), []);
    // Someone who comes back later is a visitor.
    person.is_in(OLD_HOME, day("2026-02-14"), 300.0);
    person.visits(day("2026-02-15"));
    let ties = person.ties(&apart);
    let found: Vec<(u32, u32, Excluded)> =
        ties.iter().map(|tie| (tie.municipality.number(), tie.visits, tie.excluded)).collect();
    assert_eq!(found, [(TOWN, 1, Excluded::No), (OLD_HOME, 1, Excluded::No)]);
}

#[test]
fn a_second_residence_counts_however_near_the_rule_for_visitors_is() {
    let mut person = Person::resident();
    person.has_second(TOWN, Regime::Blocks);
    person.sleeps_in(TOWN, day("2025-05-03"));
    let tie = person.tie_at(15.0).unwrap();
    assert!(tie.is_dual_resident && tie.is_connected && tie.excluded == Excluded::No);
    assert_eq!(tie.kind, TieKind::DualResident);
    // Working days at its desk are its life, not a workation.
    for date in three_days() {
        person.sleeps_in(TOWN, date);
        person.stands(date, 11, DESK);
    }
    let tie = person.tie_at(130.0).unwrap();
    assert_eq!((tie.kind, tie.is_workation), (TieKind::DualResident, false));
}

#[test]
fn visits_at_obon_and_new_year_are_flagged() {
    let mut person = Person::resident();
    for date in ["2025-08-13", "2025-12-31", "2025-10-10"] {
        person.visits(day(date));
    }
    assert_eq!(person.tie().kin_visit_days, 2);
}

proptest! {
    #[test]
    fn counts_of_a_tie_are_consistent(
        visits in prop::collection::btree_set(0i32..365, 1..60),
        nights in prop::collection::btree_set(0i32..364, 0..30),
        km in 0.0f64..200.0,
    ) {
        let mut person = Person::resident();
        let (first, _) = window(march());
        visits.iter().for_each(|n| person.visits(first.plus(*n)));
        nights.iter().for_each(|n| person.sleeps_in(TOWN, first.plus(*n)));
        let Some(tie) = person.tie_at(km) else {
            // Near home nothing is a visit.
            prop_assert!(km < 20.0);
            return Ok(());
        };
        prop_assert!(tie.visits >= 1 && tie.visits <= tie.visit_days);
        prop_assert_eq!(tie.nights as usize, nights.len());
        prop_assert!(tie.working_days <= tie.visit_days && tie.telework_days <= tie.working_days);
        prop_assert!((1..=4).contains(&tie.quarters) && tie.kin_visit_days <= tie.visit_days);
        prop_assert!(tie.first_day <= tie.last_day);
        prop_assert!(!tie.is_connected || tie.is_repeat);
        prop_assert!(tie.excluded == Excluded::No || !(tie.is_repeat || tie.is_connected || tie.is_workation));
    }
}
