use kayoi_geography::cell::cell_at;
use kayoi_schemas::ids::MunicipalityCode;

use super::compare::compare;
use super::seen::{Seen, SeenNight, SeenResidence, SeenStay, SeenTie, SeenWorkplace, centre};
use super::*;
use crate::toy::{Chessboard, small_world};
use crate::write::write_on;
use crate::{Format, World};

/// Any hash will do: here the bytes of the text, mixed.
fn device_of(text: &str) -> DeviceId {
    let fold = |hash: u64, byte: u8| crate::random::mix([hash, u64::from(byte), 0, 0]);
    DeviceId::from_hash(text.bytes().fold(0, fold))
}

fn known_world() -> (tempfile::TempDir, truth::Known) {
    let folder = tempfile::tempdir().unwrap();
    let world = World { days: 200, pings_per_day: Some(1.0), ..small_world() };
    write_on(&world, &Chessboard, folder.path(), Format::Parquet, &mut |_| {}).unwrap();
    let known = truth::read(&folder.path().join("truth"), None, &device_of).unwrap();
    (folder, known)
}

fn town(code: &str) -> MunicipalityCode {
    MunicipalityCode::parse(code).unwrap()
}

/// Tables without an error.
fn perfect(known: &truth::Known) -> Seen {
    let residence = |device: i64, rank, town, regime: &str| {
        let regime = regime.to_owned();
        SeenResidence { device, rank, town, regime }
    };
    let primary = known.primary.iter().map(|(device, town)| residence(*device, 1, *town, "primary"));
    let seconds = known.seconds.iter().map(|((device, town), regime)| residence(*device, 2, *town, regime));
    let nights = known.nights.iter().map(|((device, night), town)| SeenNight {
        device: *device,
        night: *night,
        town: *town,
        status: if night.0 % 2 == 0 { "observed" } else { "inferred" }.to_owned(),
    });
    let ties = known.ties.iter().map(|((device, town), tie)| SeenTie {
        device: *device,
        town: *town,
        class: tie.class.clone(),
        kind: tie.kind.clone(),
        is_dual_resident: tie.is_dual_resident,
        is_workation: tie.is_workation,
    });
    let stay = |stay: &diary::TrueStay| SeenStay {
        from_ms: stay.from_ms,
        until_ms: stay.until_ms,
        centre: centre(cell_at(stay.latitude, stay.longitude)),
    };
    let stays = known.diaries.iter().map(|(id, diary)| (*id, diary.stays.iter().map(stay).collect()));
    let workplaces = known.workplaces.iter().map(|(device, place)| SeenWorkplace {
        device: *device,
        town: place.town,
        telework_days: place.telework_days as f64,
    });
    Seen {
        nights: nights.collect(),
        residences: primary.chain(seconds).collect(),
        ties: ties.collect(),
        stays: stays.collect(),
        workplaces: workplaces.collect(),
    }
}

#[test]
fn perfect_tables_score_one_everywhere() {
    let (_folder, known) = known_world();
    assert_eq!(known.month.to_string(), "2025-09");
    let score = compare(&known, &perfect(&known));
    for share in [
        score.nights.given_share,
        score.nights.right_share,
        score.nights.by_status["observed"].right_share,
        score.nights.by_status["inferred"].right_share,
        score.primary.precision,
        score.primary.recall,
        score.dual.f1,
        score.dual_devices.f1,
        score.classes.equal_share,
        score.classes.equal_coarse_share,
        score.classes.often.f1,
        score.workation.f1,
        score.kinds.repeat_or_stronger.f1,
        score.stays.precision,
        score.stays.recall,
        score.work.found_share,
        score.work.telework_ratio,
    ] {
        assert_eq!(share, Some(1.0), "{score}");
    }
    assert!(score.dual_recall_by_regime.len() >= 4, "{score}");
    assert_eq!((score.dual_counts.bias, score.work.telework_mean_absolute_error), (Some(0.0), Some(0.0)));
    assert_eq!((score.stays.missed, score.stays.merged, score.stays.split), (0, 0, 0));
    assert!(score.stays.truth > 5_000, "{}", score.stays.truth);
    for (truth, seen) in score.kinds.confusion.iter().chain(&score.dual_regimes) {
        assert!(seen.len() == 1 && seen.contains_key(truth), "{truth}: {seen:?}");
    }
    assert!(serde_json::to_string(&score).unwrap().contains("dual_recall_by_regime"));
    for words in ["second residence", "merged", "true kind, seen as", "telework days seen"] {
        assert!(score.to_string().contains(words), "{words}");
    }
}

#[test]
fn a_mover_taken_for_a_dual_resident_is_named() {
    let (_folder, known) = known_world();
    let mut seen = perfect(&known);
    let device = *known.devices.iter().find(|(_, device)| device.persona == "mover").unwrap().0;
    let regime = "weekly".to_owned();
    seen.residences.push(SeenResidence { device, rank: 2, town: town("24204"), regime });
    seen.nights.truncate(known.nights.len() / 2);
    let score = compare(&known, &seen);
    assert_eq!(score.dual_false_positives.get("mover"), Some(&1));
    assert_eq!((score.dual.invented, score.dual.recall), (1, Some(1.0)));
    assert_eq!((score.dual_counts.seen, score.dual_counts.truth), (score.dual.found + 1, score.dual.found));
    assert!((0.49..0.51).contains(&score.nights.given_share.unwrap()));
}

/// A device with two residences, and tables that name them in the other order.
fn exchanged(known: &truth::Known) -> (i64, Seen) {
    let (device, second) = *known.seconds.keys().next().unwrap();
    let primary = known.primary[&device];
    let mut seen = perfect(known);
    for residence in seen.residences.iter_mut().filter(|residence| residence.device == device) {
        residence.town = if residence.rank == 1 { second } else { primary };
    }
    for tie in seen.ties.iter_mut().filter(|tie| tie.device == device && tie.town == second) {
        tie.town = primary;
    }
    (device, seen)
}

#[test]
fn exchanged_residences_are_right_where_both_are_nearly_even() {
    let (_folder, mut known) = known_world();
    let (device, seen) = exchanged(&known);
    known.nearly_even = [device].into();
    let score = compare(&known, &seen);
    assert_eq!((score.primary.recall, score.primary.nearly_even), (Some(1.0), 1));
    assert_eq!((score.dual.f1, score.kinds.by_kind["dual_resident"].f1), (Some(1.0), Some(1.0)));
    assert_eq!(score.dual_counts.mean_absolute_difference.unwrap_or(0.0), 0.0);
}

#[test]
fn exchanged_residences_are_wrong_where_one_is_clearly_the_first() {
    let (_folder, mut known) = known_world();
    let (_, seen) = exchanged(&known);
    known.nearly_even.clear();
    let score = compare(&known, &seen);
    assert_eq!(score.primary.right, score.primary.truth - 1);
    assert_eq!((score.dual.missed, score.dual.invented), (1, 1));
    assert_eq!((score.dual_devices.f1, score.dual_counts.bias), (Some(1.0), Some(0.0)));
    assert_eq!(score.kinds.by_kind["dual_resident"].missed, 1);
}

#[test]
fn a_tie_of_another_kind_is_missed_in_one_and_invented_in_the_other() {
    let (_folder, known) = known_world();
    let mut seen = perfect(&known);
    let count = |kind: &str| known.ties.values().filter(|tie| tie.kind == kind).count() as u64;
    let is_business = |tie: &&mut SeenTie| tie.kind == "business";
    let tie = seen.ties.iter_mut().find(is_business).unwrap();
    tie.kind = "one_off".to_owned();
    let repeat = seen.ties.iter().position(|tie| tie.kind == "repeat").unwrap();
    seen.ties.remove(repeat);
    let score = compare(&known, &seen);
    assert_eq!(score.kinds.confusion["business"]["one_off"], 1);
    assert_eq!(score.kinds.confusion["repeat"]["none"], 1);
    assert_eq!(score.kinds.by_kind["business"].found, count("business") - 1);
    assert_eq!((score.kinds.by_kind["business"].missed, score.kinds.by_kind["one_off"].invented), (1, 1));
    assert_eq!((score.kinds.repeat_or_stronger.missed, score.kinds.repeat_or_stronger.invented), (2, 0));
}

#[test]
fn telework_that_is_not_seen_lowers_the_ratio() {
    let (_folder, known) = known_world();
    let mut seen = perfect(&known);
    let teleworks = |place: &&mut SeenWorkplace| place.telework_days > 0.0;
    let place = seen.workplaces.iter_mut().find(teleworks).unwrap();
    let lost = place.telework_days as u64;
    let elsewhere = if place.town == town("20200") { town("20201") } else { town("20200") };
    (place.telework_days, place.town) = (0.0, elsewhere);
    let commuted = known.workplaces[&place.device].work_days >= 8;
    let work = compare(&known, &seen).work;
    assert_eq!(work.telework_days_seen + lost, work.telework_days_truth);
    let error = work.telework_mean_absolute_error.unwrap() * work.device_months as f64;
    assert!((error - lost as f64).abs() < 1e-6, "{error}");
    assert_eq!(work.found + u64::from(commuted), work.commuters);
    assert!(work.commuters > 20, "{}", work.commuters);
}

#[test]
fn a_lake_is_read_through_its_tables() {
    let (folder, known) = known_world();
    let lake = Lake::open(&folder.path().join("lake")).unwrap();
    let score = score(&folder.path().join("truth"), &lake, None, &device_of).unwrap();
    assert_eq!((score.nights.given, score.primary.located), (0, 0));
    assert_eq!(score.nights.truth, known.nights.len() as u64);
    assert_eq!((score.stays.missed, score.stays.seen), (score.stays.truth, 0));
    assert!(score.kinds.confusion.values().all(|seen| seen.len() == 1 && seen.contains_key("none")));
    let unknown = super::score(&folder.path().join("truth"), &lake, Some(Month(0)), &device_of);
    assert!(unknown.unwrap_err().to_string().contains("2025-09"));
}
