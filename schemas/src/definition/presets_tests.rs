use super::*;

fn shipped(name: &str) -> Definition {
    Definition::shipped(name).unwrap().unwrap()
}

#[test]
fn every_shipped_definition_is_complete_and_says_what_it_cannot_copy() {
    let mut hashes = Vec::new();
    for name in shipped_names() {
        let definition = shipped(name);
        assert_eq!(definition.name, name);
        let own = definition.parameters.values();
        assert!(own.clone().all(|p| !p.precedent.is_empty() && !p.unit.is_empty() && !p.meaning.is_empty()));
        if name != "connected-2026" {
            let said = definition.cannot_copy.iter().chain(&definition.compares_with);
            assert!(said.clone().count() >= 3, "{name}");
            assert!(
                said.clone().all(|sentence| !sentence.en.is_empty() && !sentence.ja.is_empty()),
                "{name}"
            );
            assert!(!definition.tables.is_empty(), "{name}");
        }
        hashes.push(definition.hash());
    }
    hashes.sort();
    hashes.dedup();
    assert_eq!(hashes.len(), shipped_names().count());
    assert!(Definition::shipped("connected-2025").is_none());
}

#[test]
fn a_file_with_a_base_states_what_differs() {
    let docomo = shipped("docomo-tourism");
    assert_eq!(docomo.id(), "docomo-tourism/1");
    assert_eq!(docomo.thresholds.visitor_min_km.get(), 80.0);
    assert_eq!(docomo.thresholds.near_visit_min_hours.map(Hours::get), Some(8.0));
    assert!(docomo.thresholds.asks_for_neighbours());
    // Unit and meaning are those of the base, and so is all that the file leaves out.
    let base = shipped("connected-2026");
    assert_eq!(docomo.parameters["visitor_min_km"].unit, base.parameters["visitor_min_km"].unit);
    assert_eq!(docomo.parameters["night_start_hour"], base.parameters["night_start_hour"]);
    assert_eq!(docomo.visit_day_bins, base.visit_day_bins);
    let keys: Vec<&str> = base.differences(&docomo).iter().map(|difference| difference.key).collect();
    assert_eq!(keys, ["stay_min_minutes", "visitor_min_km", "near_visit_min_hours", "adjacent_excluded"]);
    assert!(base.differences(&base).is_empty());
}

#[test]
fn a_rule_that_nobody_stated_is_in_no_hash() {
    let base = shipped("connected-2026");
    assert!(base.parameters.keys().all(|key| !Thresholds::RULES.contains(&key.as_str())));
    let rule = "[parameter.max_nights]\nvalue = 30\nunit = \"nights\"\nmeaning = \"m\"\nprecedent = \"p\"\n";
    let with_rule = Definition::parse(&format!("{CONNECTED_2026}\n{rule}")).unwrap();
    assert_ne!(base.hash(), with_rule.hash());
    assert_eq!(with_rule.thresholds.max_nights.map(Count::get), Some(30));
}

const OWN: &str = "name = \"own\"\nversion = 1\ntitle_ja = \"自\"\ntitle_en = \"own\"\n";

#[test]
fn a_base_that_does_not_ship_is_refused_with_those_that_do() {
    let error = Definition::parse(&format!("{OWN}base = \"connected\"\n")).unwrap_err().to_string();
    assert!(error.contains("`connected` is none") && error.contains("docomo-tourism"), "{error}");
}

#[test]
fn another_value_needs_a_precedent_of_its_own() {
    let own = |rest: &str| Definition::parse(&format!("{OWN}base = \"connected-2026\"\n{rest}"));
    assert_eq!(own("").unwrap().parameters, shipped("connected-2026").parameters);
    let error = own("[parameter.visitor_min_km]\nvalue = 5\n").unwrap_err();
    assert_eq!(error, DefinitionError::Incomplete { key: "visitor_min_km".to_owned(), what: "precedent" });
    let error = own("[parameter.max_nights]\nvalue = 5\nprecedent = \"p\"\n").unwrap_err();
    assert_eq!(error, DefinitionError::Incomplete { key: "max_nights".to_owned(), what: "unit" });
    // Classes of days are such a value too.
    let error = own("visit_day_bins = [1, 5]\n").unwrap_err();
    assert_eq!(error, DefinitionError::Missing { key: "visit_day_bins_precedent" });
    let refused =
        own("[parameter.adjacent_excluded]\nvalue = 2\nunit = \"u\"\nmeaning = \"m\"\nprecedent = \"p\"\n");
    assert!(refused.unwrap_err().to_string().contains("a whole number from 0 to 1 is allowed"));
}
