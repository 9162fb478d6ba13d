use std::collections::BTreeMap;

use kayoi_device::nights::{Night, Nights, Slept};
use kayoi_device::residences::{Regime, Residence};
use kayoi_device::{Excluded, PanelMonth, Tie, VisitorDay};
use kayoi_schemas::figure::{Class, Dimension, Rung};
use kayoi_schemas::ids::{DeviceId, MunicipalityCode};
use kayoi_schemas::standing::Standing;
use kayoi_schemas::tie::TieKind;
use kayoi_schemas::time::{Day, Month};

use super::*;

pub(super) const TOKYO: u32 = 13101;
pub(super) const KARUIZAWA: u32 = 20321;
pub(super) const HAKUBA: u32 = 20485;

pub(super) fn code(number: u32) -> MunicipalityCode {
    MunicipalityCode::from_number(number).unwrap()
}

pub(super) fn march() -> Month {
    Month::parse("2026-03").unwrap()
}

fn definition() -> Definition {
    Definition::connected_2026().unwrap()
}

/// A device that lives in Tokyo in March, and slept where `slept` says on its first evenings.
pub(super) fn record(slept: &[u32]) -> DeviceRecord {
    let first = march().first_day();
    let night = |(number, place): (usize, &u32)| Night {
        night: first.plus(number as i32),
        slept: Slept::Observed(code(*place)),
        minutes: 400.0,
        probability: 1.0,
    };
    let nights = slept.iter().enumerate().map(night).collect();
    DeviceRecord {
        device: DeviceId::from_hash(2),
        person: None,
        home_halves: BTreeMap::new(),
        stays: Vec::new(),
        nights: Nights { nights, ..Nights::default() },
        residences: BTreeMap::from([(march(), vec![lives_in(TOKYO)])]),
        panel: BTreeMap::from([(march(), of_both_panels())]),
        workplaces: BTreeMap::new(),
        ties: BTreeMap::new(),
        visitor_days: Vec::new(),
        local_office_days: BTreeMap::new(),
        visits: Vec::new(),
        whereabouts: BTreeMap::new(),
    }
}

pub(super) fn of_both_panels() -> PanelMonth {
    PanelMonth { days_seen: 25, standing: Standing::Located, is_of_month: true, is_of_year: true }
}

fn lives_in(place: u32) -> Residence {
    Residence {
        municipality: code(place),
        regime: Regime::Primary,
        nights_observed: 20,
        nights_estimated: 20.0,
        nights_known: 20,
    }
}

pub(super) fn tie(place: u32, visit_days: u32) -> Tie {
    Tie {
        municipality: code(place),
        origin: Some(code(TOKYO)),
        visits: visit_days,
        visit_days,
        nights: 0,
        quarters: 1,
        working_days: 0,
        telework_days: 0,
        office_days: 0,
        kin_visit_days: 0,
        first_day: Day(20_000),
        last_day: Day(20_000),
        mean_interval_days: None,
        distance_km: None,
        excluded: Excluded::No,
        kind: TieKind::OneOff,
        is_repeat: false,
        is_connected: false,
        is_dual_resident: false,
        is_workation: false,
        is_seasonal_work: false,
        uses_an_office: false,
        is_on_the_road: false,
        is_business: false,
    }
}

pub(super) fn counts(records: &[DeviceRecord]) -> Counts {
    let mut counts = Counts::default();
    records.iter().for_each(|record| counts.count(record, &definition()));
    counts
}

/// The cells of a cube without their class: area, origin, value.
pub(super) fn cells(counts: &Counts, cube: Cube) -> Vec<(String, u32, u64)> {
    let cell = |(atom, value): (&Atom, &u64)| (atom.area.to_string(), atom.origin.number(), *value);
    counts.of(cube).iter().map(cell).collect()
}

#[test]
fn nights_away_from_home_are_counted_and_one_device_adds_no_more_than_the_cap() {
    let mut month = vec![TOKYO; 4];
    month.extend([HAKUBA; 3]);
    month.extend([KARUIZAWA; 24]);
    let nights = cells(&counts(&[record(&month)]), Cube::PersonNightsMonthly);
    let most = u64::from(Cube::PersonNightsMonthly.declaration().most_of_a_device);
    assert!(most < 24, "a cap that no month reaches is none");
    assert_eq!(nights, [("20321".to_owned(), TOKYO, most), ("20485".to_owned(), TOKYO, 3)]);
    // Two such devices weigh twice as much.
    let two = cells(&counts(&[record(&month), record(&month)]), Cube::PersonNightsMonthly);
    assert_eq!(two[0].2, 2 * most);
}

#[test]
fn nights_of_a_device_that_cannot_be_located_count_nowhere() {
    let mut lost = record(&[KARUIZAWA; 5]);
    lost.residences.clear();
    let mut unknown = record(&[KARUIZAWA; 5]);
    unknown.nights.nights.iter_mut().for_each(|night| night.slept = Slept::Uncertain);
    for record in [lost, unknown] {
        assert_eq!(cells(&counts(&[record]), Cube::PersonNightsMonthly), []);
    }
}

#[test]
fn a_device_with_two_ties_is_one_person_of_the_prefecture_with_the_stronger_of_each() {
    let mut twice = record(&[]);
    let repeat = Tie { is_repeat: true, ..tie(KARUIZAWA, 4) };
    let worker = Tie { is_workation: true, ..tie(HAKUBA, 1) };
    let not_counted = Tie { excluded: Excluded::Commuter, is_connected: true, ..tie(20201, 9) };
    twice.ties.insert(march(), vec![repeat, worker, not_counted]);
    let counts = counts(&[twice]);
    let declared = Cube::ConnectedTotalsMonthly.declaration().dimensions;
    let strongest = Class::ALL.with(declared, Dimension::Rung, Rung::Repeat.value()).with(
        declared,
        Dimension::Workation,
        1,
    );
    for (atom, value) in counts.of(Cube::ConnectedTotalsMonthly) {
        assert_eq!((atom.class, *value), (strongest, 1), "{}", atom.area);
    }
    let areas = cells(&counts, Cube::ConnectedTotalsMonthly);
    assert_eq!(areas, [("20".to_owned(), TOKYO, 1), ("JP".to_owned(), TOKYO, 1)]);
    let places = cells(&counts, Cube::ConnectedMonthly);
    assert_eq!(places, [("20321".to_owned(), TOKYO, 1), ("20485".to_owned(), TOKYO, 1)]);
    let classes = Cube::ConnectedMonthly.declaration().dimensions;
    let days =
        counts.of(Cube::ConnectedMonthly).keys().map(|atom| atom.class.get(classes, Dimension::VisitDays));
    assert_eq!(days.collect::<Vec<_>>(), [3, 1], "the class of visit days, by its lower end");
    assert!(counts.check().is_ok());
}

#[test]
fn residents_and_visitors_are_counted_where_they_live_and_where_they_were() {
    let mut visitor = record(&[]);
    let day = Day::parse("2026-03-14").unwrap();
    visitor.visitor_days.push(VisitorDay {
        day,
        municipality: code(HAKUBA),
        origin: code(TOKYO),
        minutes: 90.0,
    });
    let counts = counts(&[visitor, record(&[])]);
    assert_eq!(cells(&counts, Cube::YearPanelMonthly), [("13101".to_owned(), TOKYO, 2)]);
    assert_eq!(cells(&counts, Cube::MonthPanelMonthly), [("13101".to_owned(), TOKYO, 2)]);
    assert_eq!(cells(&counts, Cube::VisitorsDaily), [("20485".to_owned(), TOKYO, 1)]);
    let (atom, _) = counts.of(Cube::VisitorsDaily).first_key_value().unwrap();
    assert_eq!(atom.period_text(Cube::VisitorsDaily), "2026-03-14");
}

#[test]
fn only_devices_of_a_panel_are_in_its_figures_and_in_its_weights_alike() {
    let day = Day::parse("2026-03-14").unwrap();
    let guest = |panel: PanelMonth| {
        let mut guest = record(&[]);
        guest.visitor_days.push(VisitorDay {
            day,
            municipality: code(HAKUBA),
            origin: code(TOKYO),
            minutes: 90.0,
        });
        guest.ties.insert(march(), vec![tie(HAKUBA, 3)]);
        guest.panel.insert(march(), panel);
        counts(&[guest])
    };
    let of_year = [Cube::ConnectedMonthly, Cube::ConnectedTotalsMonthly, Cube::YearPanelMonthly];
    let of_month =
        [Cube::VisitorsDaily, Cube::VisitorsMonthly, Cube::VisitorDaysMonthly, Cube::MonthPanelMonthly];
    for (is_of_month, is_of_year) in [(false, false), (true, false), (false, true), (true, true)] {
        let counts = guest(PanelMonth { is_of_month, is_of_year, ..of_both_panels() });
        assert!(of_year.iter().all(|cube| counts.of(*cube).is_empty() != is_of_year));
        assert!(of_month.iter().all(|cube| counts.of(*cube).is_empty() != is_of_month));
        assert_eq!(counts.of(Cube::StandingsMonthly).values().sum::<u64>(), 1);
    }
}

#[test]
fn a_standing_that_changes_too_often_is_counted_as_it_was() {
    let mut record = record(&[]);
    for back in 0..20 {
        let standing = if back % 2 == 0 { Standing::Located } else { Standing::NotEnoughSeen };
        record.panel.insert(march().plus(-back), PanelMonth { standing, ..of_both_panels() });
    }
    let counts = counts(&[record]);
    let declared = Cube::StandingsMonthly.declaration().dimensions;
    let seen: Vec<u16> = counts
        .of(Cube::StandingsMonthly)
        .keys()
        .map(|atom| atom.class.get(declared, Dimension::Standing))
        .collect();
    assert_eq!(seen.len(), 20, "a device is seen in each month, by one standing");
    let changes = seen.windows(2).filter(|pair| pair[0] != pair[1]).count() as u32;
    assert!(changes < kayoi_schemas::disclosure::MOST_STANDING_STARTS, "{seen:?}");
    assert!(counts.left_out()[&Cube::StandingsMonthly] > 0);
}

#[test]
fn more_people_in_a_prefecture_than_in_its_towns_together_is_a_defect() {
    let mut counts = Counts::default();
    let atom = |area| Atom { period: march().0, area, origin: code(TOKYO), class: Class::ALL };
    counts.put(Cube::ConnectedMonthly, atom(Area::Municipality(code(HAKUBA))), 4);
    counts.put(Cube::ConnectedTotalsMonthly, atom(Area::Country), 4);
    assert!(counts.check().is_ok());
    counts.put(Cube::ConnectedTotalsMonthly, atom(Area::Country), 1);
    assert!(counts.check().is_err());
}

#[test]
fn ties_that_are_held_back_leave_no_area_with_more_people_than_its_towns() {
    let mut counts = Counts::default();
    for phase in 0..4 {
        let mut record = record(&[TOKYO]);
        let first = march().plus(-40);
        for index in 0..40 {
            // Two towns of one prefecture, in and out of their windows at different paces, and classes to and fro.
            let days = [1, 2, 5, 9, 30][(index as usize + phase) % 5];
            let towns = [(KARUIZAWA, index % 2 == 0), (HAKUBA, index % 3 == phase as i32 % 3)];
            let ties =
                towns.iter().filter(|(_, is_there)| *is_there).map(|(town, _)| tie(*town, days)).collect();
            record.ties.insert(first.plus(index), ties);
            record.panel.insert(first.plus(index), of_both_panels());
        }
        counts.count(&record, &definition());
    }
    assert!(counts.left_out()[&Cube::ConnectedMonthly] > 0, "nothing was held back");
    counts.check().unwrap();
}
