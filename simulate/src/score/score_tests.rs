use kayoi_schemas::ids::DeviceId;

use super::compare::compare;
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

/// Tables without an error.
fn perfect(known: &truth::Known) -> Seen {
    let seconds = known.seconds.keys().map(|(device, town)| (*device, 2, *town));
    let ties = known.ties.iter().map(|((device, town), tie)| SeenTie {
        device: *device,
        town: *town,
        class: tie.class.clone(),
        is_dual_resident: tie.is_dual_resident,
        is_workation: tie.is_workation,
    });
    Seen {
        nights: known.nights.iter().map(|((device, night), town)| (*device, *night, *town)).collect(),
        residences: known.primary.iter().map(|(device, town)| (*device, 1, *town)).chain(seconds).collect(),
        ties: ties.collect(),
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
        score.primary.precision,
        score.primary.recall,
        score.dual.f1,
        score.dual_devices.f1,
        score.classes.equal_share,
        score.classes.often.f1,
        score.workation.f1,
    ] {
        assert_eq!(share, Some(1.0), "{score}");
    }
    assert!(score.dual_recall_by_regime.len() >= 4, "{score}");
    assert!(serde_json::to_string(&score).unwrap().contains("dual_recall_by_regime"));
    assert!(score.to_string().contains("second residence"));
}

#[test]
fn a_mover_taken_for_a_dual_resident_is_named() {
    let (_folder, known) = known_world();
    let mut seen = perfect(&known);
    let mover = known.devices.iter().find(|(_, device)| device.persona == "mover").unwrap().0;
    let town = MunicipalityCode::parse("24204").unwrap();
    seen.residences.push((*mover, 2, town));
    seen.nights.truncate(known.nights.len() / 2);
    let score = compare(&known, &seen);
    assert_eq!(score.dual_false_positives.get("mover"), Some(&1));
    assert_eq!((score.dual.invented, score.dual.recall), (1, Some(1.0)));
    assert!((0.49..0.51).contains(&score.nights.given_share.unwrap()));
}

#[test]
fn a_lake_is_read_through_its_tables() {
    let (folder, known) = known_world();
    let lake = Lake::open(&folder.path().join("lake")).unwrap();
    let score = score(&folder.path().join("truth"), &lake, None, &device_of).unwrap();
    assert_eq!((score.nights.given, score.primary.located), (0, 0));
    assert_eq!(score.nights.truth, known.nights.len() as u64);
    let unknown = super::score(&folder.path().join("truth"), &lake, Some(Month(0)), &device_of);
    assert!(unknown.unwrap_err().to_string().contains("2025-09"));
}
