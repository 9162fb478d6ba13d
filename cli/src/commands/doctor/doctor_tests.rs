use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use kayoi_ingest::pseudonymize::PseudonymKey;
use kayoi_lake::Lake;

use super::*;

fn config(folder: &Path) -> Config {
    let mut config = Config::default();
    config.lake.url = folder.join("lake").to_string_lossy().into_owned();
    config.lake.key_file = Some(folder.join("key"));
    config
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn nothing_is_made_where_there_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (config, mut findings) = (config(folder.path()), Vec::new());
    let place = PathBuf::from(&config.lake.url);
    assert!(lake::open(&place, &mut findings).is_none());
    assert_eq!(findings[0].state, State::Warning);
    let key = key::check(&config, &place, None);
    assert_eq!(key.state, State::Ok, "{key}");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_lake_is_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (config, mut findings) = (config(folder.path()), Vec::new());
    let place = PathBuf::from(&config.lake.url);
    drop(Lake::open(&place).unwrap());
    let before = names(&place);
    let lake = lake::open(&place, &mut findings).unwrap();
    assert!(lake::tables(&lake, &mut findings).is_none());
    assert!(findings.iter().all(|finding| finding.state <= State::Skipped), "{findings:?}");
    assert_eq!(names(&place), before);
    assert_eq!(lake.key_fingerprint().unwrap(), None);
}

#[test]
fn a_key_that_is_not_the_lakes_is_a_problem_and_one_that_all_can_read_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let config = config(folder.path());
    let (place, path) = (PathBuf::from(&config.lake.url), folder.path().join("key"));
    let lake = Lake::open(&place).unwrap();
    let check = || key::check(&config, &place, Some(&lake));
    let key = PseudonymKey::load_or_create(&path).unwrap();
    lake.check_key(&key.fingerprint()).unwrap();
    assert_eq!(check().state, State::Ok);
    std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let readable = check();
    assert!(readable.state == State::Warning && readable.says.contains("644"), "{readable}");
    std::fs::remove_file(&path).unwrap();
    let gone = check();
    assert!(gone.state == State::Problem && gone.says.contains(&key.fingerprint()), "{gone}");
    PseudonymKey::load_or_create(&path).unwrap();
    assert!(check().to_string().contains("hint: name the first key"), "{}", check());
    std::fs::write(&path, "secret").unwrap();
    let broken = check();
    assert!(broken.state == State::Problem && !broken.to_string().contains("secret"), "{broken}");
}

#[test]
fn borders_are_named_by_their_file_and_simplified_ones_are_a_warning() {
    assert_eq!(boundaries(None).state, State::Warning);
    let missing = boundaries(Some(Path::new("nowhere.kayoi")));
    assert!(missing.state == State::Problem && missing.says.contains("`nowhere.kayoi`"), "{missing}");
}

#[test]
fn sensitive_places_are_read_where_a_list_is_named() {
    let mut config = Config::default();
    assert!(sensitive_places(&config).is_none());
    config.places.sensitive = Some("nowhere.csv".into());
    let missing = sensitive_places(&config).unwrap();
    assert!(missing.state == State::Problem && missing.says.contains("`nowhere.csv`"), "{missing}");
}

#[test]
fn a_registry_that_does_not_answer_is_told_from_none() {
    let mut config = Config::default();
    assert_eq!(registry(&config).state, State::Skipped);
    config.registry.url = Some("http://127.0.0.1:1".to_owned());
    let silent = registry(&config);
    assert!(silent.state == State::Problem && silent.hint.is_some(), "{silent}");
}
