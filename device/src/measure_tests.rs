use kayoi_schemas::definition::shipped_text;
use kayoi_schemas::time::{HOUR_MS, UtcMillis};
use kayoi_schemas::units::GridPoint;
use proptest::prelude::*;

use super::*;
use kayoi_schemas::tie::TieKind;
use kayoi_schemas::time::DayRule;

/// Municipality, and a point in it.
pub(super) type Place = (u32, f64, f64);

pub(super) const HOME: Place = (13101, 35.694, 139.753);
pub(super) const OFFICE: Place = (14100, 35.444, 139.638);
pub(super) const SECOND: Place = (20321, 36.3486, 138.597);
const SEA: Place = (22205, 35.096, 139.072);

const RULE: DayRule = DayRule::JAPAN;

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

pub(super) fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

/// A fix every so many minutes from 2025-04-01 04:00 on; where, by the day's number and the hour since 04:00.
pub(super) fn life(days: i32, minutes: i64, place: impl Fn(i32, i64) -> Place) -> Vec<Fix> {
    let first = RULE.day_start(day("2025-04-01"));
    let count = i64::from(days) * 24 * 60 / minutes;
    let fixes = (0..count).map(|number| {
        let instant = UtcMillis(first.0 + number * minutes * 60_000);
        let hours = (instant.0 - first.0) / HOUR_MS;
        let (code, latitude, longitude) = place((hours / 24) as i32, hours % 24);
        Fix {
            device: DeviceId::from_hash(2),
            instant,
            point: GridPoint::from_degrees(latitude, longitude),
            accuracy_m: 20.0,
            attributes: kayoi_schemas::person::Attributes::default(),
            speed_m_s: None,
            municipality: MunicipalityCode::from_number(code),
        }
    });
    fixes.collect()
}

fn measured(fixes: &[Fix]) -> Option<DeviceRecord> {
    let definition = Definition::connected_2026().unwrap();
    let period = Period::new(day("2025-04-01"), day("2026-03-31"), vec![month("2026-03")], RULE);
    let (definition, offices, register) = (&definition, &Offices::none(), Register::japan());
    let neighbours = Neighbours::none();
    Measure { definition, offices, register, neighbours, ports: &PortsOfEntry::japan(), period: &period }
        .device(fixes)
}

pub(super) fn record(fixes: &[Fix]) -> DeviceRecord {
    measured(fixes).unwrap()
}

fn lives(record: &DeviceRecord, text: &str) -> Vec<u32> {
    let residences = record.residences.get(&month(text)).into_iter().flatten();
    residences.map(|residence| residence.municipality.number()).collect()
}

fn tie(record: &DeviceRecord, place: Place) -> Option<&Tie> {
    record.ties[&month("2026-03")].iter().find(|tie| tie.municipality.number() == place.0)
}

/// Three nights of five at home, two at the second residence; changes over at noon.
fn sixty_forty(number: i32, hour: i64) -> Place {
    let evening = if hour < 8 { number - 1 } else { number };
    if evening.rem_euclid(5) < 3 { HOME } else { SECOND }
}

#[test]
fn a_sixty_forty_person_is_a_dual_resident_from_raw_fixes() {
    let record = record(&life(365, 60, sixty_forty));
    assert_eq!(record.nights.nights.len(), 365);
    assert_eq!(lives(&record, "2026-03"), [HOME.0, SECOND.0]);
    let residences = &record.residences[&month("2026-03")];
    assert!((residences[0].nights_estimated - 219.0).abs() < 2.0, "{residences:?}");
    assert!((residences[1].nights_estimated - 146.0).abs() < 2.0, "{residences:?}");
    let tie = tie(&record, SECOND).unwrap();
    assert_eq!((tie.kind, tie.excluded), (TieKind::DualResident, Excluded::No));
    assert!((72..=74).contains(&tie.visits), "{}", tie.visits);
    assert_eq!(tie.origin.map(MunicipalityCode::number), Some(HOME.0));
    // Every day at the second residence counts as a visit from the primary one.
    let from_home =
        |visit: &&VisitorDay| (visit.municipality.number(), visit.origin.number()) == (SECOND.0, HOME.0);
    assert!(record.visitor_days.iter().filter(from_home).count() >= 140);
}

#[test]
fn a_sparse_phone_shows_the_same_two_residences() {
    // Four fixes a day, none of them at night.
    let sparse: Vec<Fix> = life(365, 60, sixty_forty)
        .into_iter()
        .filter(|fix| {
            [5, 9, 13, 17].contains(&((fix.instant.0 - RULE.day_start(day("2025-04-01")).0) / HOUR_MS % 24))
        })
        .collect();
    let (sparse, chatty) = (record(&sparse), record(&life(365, 60, sixty_forty)));
    assert_eq!(lives(&sparse, "2026-03"), lives(&chatty, "2026-03"));
    let nights = |record: &DeviceRecord| record.residences[&month("2026-03")][1].nights_estimated;
    assert!((nights(&sparse) - nights(&chatty)).abs() < 5.0);
    assert_eq!(tie(&sparse, SECOND).map(|tie| tie.kind), Some(TieKind::DualResident));
}

#[test]
fn who_is_always_at_home_and_who_is_there_by_night_only_both_have_a_residence() {
    // One device must not decide by which rule the other is measured.
    let always = record(&life(365, 30, |_, _| HOME));
    let by_night = record(&life(365, 30, |_, hour| if (4..16).contains(&hour) { OFFICE } else { HOME }));
    assert_eq!(lives(&always, "2026-03"), [HOME.0]);
    assert_eq!(lives(&by_night, "2026-03"), [HOME.0]);
    // Someone who never leaves has one stay for all that time, and no ties; the office does not count as a
    // connection.
    assert_eq!((always.stays.len(), always.visitor_days.len()), (1, 0));
    assert!(always.workplaces.is_empty());
    assert!(by_night.visitor_days.is_empty());
    let work = by_night.workplaces[&month("2026-03")];
    assert_eq!((work.municipality.number(), work.telework_days), (OFFICE.0, 0.0));
    assert!((work.commute_km - 29.7).abs() < 1.0, "{}", work.commute_km);
    let ties = &by_night.ties[&month("2026-03")];
    assert_eq!(tie(&by_night, OFFICE).map(|tie| tie.excluded), Some(Excluded::Commuter));
    assert!(ties.iter().all(|tie| tie.excluded != Excluded::No));
}

#[test]
fn three_days_at_the_sea_connect_and_make_no_residence() {
    let record = record(&life(365, 60, |number, hour| {
        if [40, 140, 240].contains(&number) && (6..14).contains(&hour) { SEA } else { HOME }
    }));
    let tie = tie(&record, SEA).unwrap();
    assert_eq!((tie.kind, tie.visits, tie.visit_days, tie.nights), (TieKind::Connected, 3, 3, 0));
    assert_eq!(record.visitor_days.len(), 3);
    assert_eq!(lives(&record, "2026-03"), [HOME.0]);
}

#[test]
fn who_moves_house_has_one_residence_in_every_month() {
    let record = record(&life(365, 60, |number, hour| if (number, hour) < (200, 8) { HOME } else { SECOND }));
    assert_eq!(lives(&record, "2025-09"), [HOME.0]);
    assert_eq!(lives(&record, "2026-03"), [SECOND.0]);
    assert!(record.residences.values().all(|residences| residences.len() == 1));
    // The life before moving does not count as a tie.
    assert!(record.ties[&month("2026-03")].iter().all(|tie| tie.excluded != Excluded::No));
}

#[test]
fn a_house_at_a_border_is_one_home() {
    let next_door: Place = (13102, HOME.1, HOME.2);
    let record =
        record(&life(
            365,
            60,
            |number, hour| {
                if (i64::from(number) * 24 + hour) * 7 % 10 < 3 { next_door } else { HOME }
            },
        ));
    assert_eq!(lives(&record, "2026-03"), [HOME.0]);
    assert!(record.ties[&month("2026-03")].iter().all(|tie| tie.municipality.number() == HOME.0));
}

#[test]
fn a_device_without_fixes_leaves_nothing() {
    assert!(measured(&[]).is_none());
}

#[test]
fn several_definitions_at_once_find_what_each_finds_alone() {
    let period = Period::new(day("2025-04-01"), day("2025-06-30"), vec![month("2025-06")], RULE);
    let base = shipped_text("connected-2026").unwrap();
    let other = |key: &str, from: u32, to: u32| {
        let value = |number: u32| format!("[parameter.{key}]\nvalue = {number}\n");
        assert!(base.contains(&value(from)), "{key} is {from} no more");
        base.replace(&value(from), &value(to))
    };
    // One stands still by other limits than the rest, and one lives nowhere.
    let (stays, lives) = (other("observed_gap_minutes", 60, 180), other("located_min_days", 30, 366));
    let definitions = [base, &stays[..], &lives[..], base].map(|text| Definition::parse(text).unwrap());
    let (offices, ports) = (Offices::none(), PortsOfEntry::japan());
    let (register, neighbours) = (Register::japan(), Neighbours::none());
    let measures = definitions.each_ref().map(|definition| Measure {
        definition,
        offices: &offices,
        register,
        neighbours,
        ports: &ports,
        period: &period,
    });
    let fixes = patchy();
    let together: Vec<String> =
        super::measured(&measures, &fixes).iter().map(|record| format!("{record:?}")).collect();
    let alone = measures.map(|measure| format!("{:?}", measure.device(&fixes).unwrap()));
    assert_eq!(together, alone);
    assert_eq!(together[0], together[3]);
    assert_ne!(together[0], together[1], "a definition took the stays of another");
    assert_ne!(together[0], together[2], "a definition took the residences of another");
}

/// What is read from the lake: sorted, and each (instant, point) once.
fn as_read(mut fixes: Vec<Fix>) -> Vec<Fix> {
    fixes.sort_unstable_by_key(|fix| (fix.instant, fix.point, fix.accuracy_m.to_bits()));
    fixes.dedup_by_key(|fix| (fix.instant, fix.point));
    fixes
}

/// Ninety days of a phone with gaps, at home, in the office and away.
fn patchy() -> Vec<Fix> {
    let fixes = life(90, 45, |number, hour| match (number % 9, hour) {
        (0..=4, 5..13) => OFFICE,
        (7, 9..) | (8, 0..9) => SECOND,
        _ => HOME,
    });
    fixes.into_iter().enumerate().filter(|(number, _)| number * 7 % 11 < 4).map(|(_, fix)| fix).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn order_of_arrival_and_copies_do_not_matter(
        shuffled in Just([patchy(), patchy()[20..90].to_vec()].concat()).prop_shuffle()
    ) {
        let (one, other) = (record(&as_read(patchy())), record(&as_read(shuffled)));
        prop_assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
}

#[test]
fn copies_that_are_left_in_change_no_night_and_no_residence() {
    let copied: Vec<Fix> = patchy().iter().flat_map(|fix| [*fix, *fix]).collect();
    let (once, twice) = (record(&patchy()), record(&copied));
    let slept =
        |record: &DeviceRecord| record.nights.nights.iter().map(|n| (n.night, n.slept)).collect::<Vec<_>>();
    assert_eq!(slept(&once), slept(&twice));
    // One night of nine for three months: as many as forty a year.
    let both = vec![HOME.0, SECOND.0];
    assert_eq!((lives(&once, "2025-06"), lives(&twice, "2025-06")), (both.clone(), both));
}
