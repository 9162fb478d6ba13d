use super::*;

#[test]
fn the_shipped_definition_has_a_precedent_for_each_threshold() {
    let definition = Definition::connected_2026().unwrap();
    assert_eq!(definition.id(), "connected-2026/5");
    assert_eq!(definition.parameters.len(), Thresholds::KEYS.len());
    assert!(definition.parameters.values().all(|p| !p.precedent.is_empty() && !p.unit.is_empty()));
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

/// The shipped text with another value for a threshold.
fn with(key: &str, value: &str) -> String {
    let (before, after) = CONNECTED_2026.split_once(&format!("[parameter.{key}]\nvalue = ")).unwrap();
    let (_, rest) = after.split_once('\n').unwrap();
    format!("{before}[parameter.{key}]\nvalue = {value}\n{rest}")
}

fn refused(key: &str, value: &str) -> String {
    Definition::parse(&with(key, value)).unwrap_err().to_string()
}

#[test]
fn a_threshold_outside_its_range_is_refused_with_the_range() {
    assert!(refused("commuter_end_hour", "99").ends_with("a whole number from 5 to 28 is allowed"));
    assert!(refused("connected_min_visits", "2.5").ends_with("a whole number from 1 to 366 is allowed"));
    assert!(refused("night_min_probability", "1.5").ends_with("a number from 0.5 to 1 is allowed"));
    assert!(refused("night_min_probability", "nan").contains("a number from 0.5 to 1 is allowed"));
    assert_eq!(
        refused("telework_end_hour", "10"),
        "`telework_end_hour` must be later than `telework_start_hour`"
    );
}

#[test]
fn the_start_of_the_day_is_the_lakes() {
    assert!(refused("day_start_hour", "5").contains("days of a lake start at 4:00"));
}

#[test]
fn thresholds_that_contradict_each_other_are_refused() {
    for (key, value, refusal) in [
        ("night_end_hour", "2", "`night_core_end_hour` must be at most `night_end_hour`"),
        ("stay_gap_night_minutes", "1", "`stay_gap_day_minutes` must be at most `stay_gap_night_minutes`"),
        ("home_min_nights", "100", "`home_min_nights` must be at most `home_window_days`"),
    ] {
        assert_eq!(refused(key, value), refusal);
    }
}
