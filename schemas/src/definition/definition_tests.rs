use super::*;

#[test]
fn the_shipped_definition_has_a_precedent_for_each_threshold() {
    let definition = Definition::connected_2026().unwrap();
    assert_eq!(definition.id(), "connected-2026/2");
    assert_eq!(definition.parameters.len(), Thresholds::KEYS.len());
    assert!(definition.parameters.values().all(|p| !p.precedent.is_empty() && !p.unit.is_empty()));
    assert_eq!(definition.thresholds.disclosure_min_devices, 10.0);
}

#[test]
fn a_misspelt_threshold_is_refused_with_the_nearest_one() {
    let text = CONNECTED_2026.replace("[parameter.stay_min_minutes]", "[parameter.stay_min_minute]");
    let error = Definition::parse(&text).unwrap_err().to_string();
    assert_eq!(
        error,
        "unknown threshold `stay_min_minute`\nhint: did you mean `stay_min_minutes`? `kayoi definitions` lists them all"
    );
}

#[test]
fn a_missing_or_negative_threshold_is_refused() {
    let without: String = CONNECTED_2026
        .split("\n\n")
        .filter(|p| !p.contains("[parameter.home_min_nights]"))
        .collect::<Vec<_>>()
        .join("\n\n");
    assert_eq!(Definition::parse(&without).unwrap_err(), DefinitionError::Missing { key: "home_min_nights" });
    let negative = CONNECTED_2026.replacen("value = 30", "value = -30", 1);
    assert!(matches!(Definition::parse(&negative).unwrap_err(), DefinitionError::Impossible { .. }));
}

#[test]
fn the_hash_changes_with_any_value_and_with_nothing_else() {
    let shipped = Definition::connected_2026().unwrap();
    let changed = Definition::parse(&CONNECTED_2026.replacen("value = 30", "value = 31", 1)).unwrap();
    let commented = Definition::parse(&format!("# a comment\n{CONNECTED_2026}")).unwrap();
    assert_ne!(shipped.hash(), changed.hash());
    assert_eq!(shipped.hash(), commented.hash());
}

#[test]
fn classes_of_visit_days_cover_every_number_once() {
    let definition = Definition::connected_2026().unwrap();
    for days in 1..400 {
        let (from, to) = definition.visit_day_class(days);
        assert!(u32::from(from) <= days && to.is_none_or(|to| days <= u32::from(to)));
    }
    assert_eq!(definition.visit_day_class(7), (3, Some(7)));
    assert_eq!(definition.visit_day_class(24), (24, None));
}
