use std::fs;

use super::*;
use crate::import::{ImportOptions, import_file};

fn import(rings: &[&str]) -> ImportReport {
    let feature = |rings: &&str| {
        let geometry = format!(r#"{{"type":"Polygon","coordinates":[{rings}]}}"#);
        format!(r#"{{"type":"Feature","properties":{{"N03_007":"13101"}},"geometry":{geometry}}}"#)
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("areas.ndjson");
    fs::write(&path, rings.iter().map(feature).collect::<Vec<_>>().join("\n")).unwrap();
    import_file(&path, &ImportOptions::default(), &mut |_| {}).unwrap().1
}

const SQUARE: &str = "[[139,35],[140,35],[140,36],[139,36],[139,35]]";

#[test]
fn a_bow_tie_and_a_hole_that_reaches_out_are_counted_and_kept() {
    let report = import(&[
        SQUARE,
        "[[141,35],[142,36],[142,35],[141,36],[141,35]]",
        &format!("{SQUARE},[[139.2,35.2],[139.4,35.2],[139.4,35.4],[139.2,35.2]]"),
        &format!("{SQUARE},[[139.5,35.5],[140.5,35.5],[140.5,35.7],[139.5,35.5]]"),
    ]);
    assert_eq!((report.features, report.polygons, report.skipped_features()), (4, 4, 0));
    assert_eq!((report.rings_crossing_themselves, report.holes_outside_exterior), (1, 1));
    let words: Vec<_> =
        report.treatments.iter().map(|treatment| (treatment.found, treatment.count)).collect();
    assert_eq!(
        words,
        [("rings that cross or touch themselves", 1), ("holes that reach outside their exterior", 1)]
    );
    assert!(report.treatments.iter().all(|treatment| treatment.treatment.starts_with("kept; ")));
}

#[test]
fn what_is_repaired_is_said_with_its_count_and_what_is_right_is_not_mentioned() {
    assert!(import(&[SQUARE]).treatments.is_empty());
    let report =
        import(&[SQUARE, "[[139,35],[140,35],[140,35],[140,36]],[[1,1],[2,2],[1,1]]", "[[139,35],[139,35]]"]);
    let words: Vec<_> =
        report.treatments.iter().map(|treatment| (treatment.count, treatment.treatment)).collect();
    assert_eq!(words, [(1, "closed"), (1, "removed"), (2, "dropped"), (1, "dropped")]);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["rings_closed"], &json["treatments"][0]["treatment"]), (&1.into(), &"closed".into()));
    assert!(json["code_column"].is_null() && json["credit"].is_string());
}

#[test]
fn every_reason_is_a_different_word() {
    let all = [
        Skip::NoKey,
        Skip::NoCodeColumn,
        Skip::NoCode,
        Skip::DeletedRow,
        Skip::InvalidCode,
        Skip::Prefecture,
        Skip::OtherDigits,
        Skip::WrongCheckDigit,
        Skip::NoPrefecture,
        Skip::UnknownPrefecture,
        Skip::PrefectureOutline,
        Skip::PrefectureOrNobody,
        Skip::NotPolygon,
        Skip::NotWkb,
        Skip::NotDegrees,
        Skip::LatitudeFirst,
        Skip::Degenerate,
    ];
    let reasons: std::collections::BTreeSet<_> = all.iter().map(|skip| skip.reason()).collect();
    assert_eq!(reasons.len(), all.len());
}
