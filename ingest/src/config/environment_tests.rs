use kayoi_settings::{Kind, value_paths};

use crate::config::fixture::{MINIMAL, read, refused, with_variables};
use crate::config::{Config, Place, RecordFormat, shape};

fn changed(variables: &[(&str, &str)]) -> Config {
    with_variables(MINIMAL, variables).unwrap()
}

#[test]
fn a_variable_goes_before_the_file_and_the_default() {
    assert_eq!(changed(&[("KAYOI_INGEST__KAFKA__BROKERS", "c:1,d:2")]).kafka.brokers, "c:1,d:2");
    assert_eq!(changed(&[("KAYOI_INGEST__JOB", "123")]).job, "123");
    assert_eq!(changed(&[("KAYOI_INGEST__COMMIT__ROWS", "5_000")]).commit.rows, 5_000);
    assert_eq!(changed(&[("KAYOI_INGEST__LAKE__COAST_M", "0")]).lake.coast_m, 0.0);
    let lateness =
        changed(&[("KAYOI_INGEST__EVENT_TIME__ALLOWED_LATENESS", "45d")]).event_time.allowed_lateness;
    assert_eq!(lateness.unwrap().to_string(), "45d");
}

#[test]
fn keys_of_a_feed_in_the_file_can_be_changed() {
    let config = changed(&[
        ("KAYOI_INGEST__FEED__0__PARTNER", "other"),
        ("KAYOI_INGEST__FEED__0__TOPICS", "a, b"),
        ("KAYOI_INGEST__FEED__0__REQUIRE_CONSENT", "true"),
        ("KAYOI_INGEST__FEED__0__FORMAT", "json"),
    ]);
    let feed = &config.feed[0];
    assert_eq!(
        (feed.partner.as_str(), feed.require_consent, feed.format),
        ("other", true, RecordFormat::Json)
    );
    assert_eq!(feed.topics, ["a", "b"]);
}

#[test]
fn a_feed_cannot_be_added_and_its_map_not_be_written() {
    for name in ["KAYOI_INGEST__FEED__1__PARTNER", "KAYOI_INGEST__FEED__0__MAP__LAT"] {
        let error = refused(with_variables(MINIMAL, &[(name, "latitude")]));
        assert!(error.contains(name) && error.contains("feeds in the file: 1"), "{error}");
    }
}

#[test]
fn an_unknown_variable_names_the_nearest_and_not_its_value() {
    let cases = [
        ("KAYOI_INGEST__KAFKA__BROKER", "`KAYOI_INGEST__KAFKA__BROKERS`?"),
        ("KAYOI_INGEST__KAFKA__PASSWORD", "`KAYOI_INGEST__KAFKA__PASSWORD_FILE`?"),
        ("KAYOI_INGEST__FEED__0__PARTENR", "`KAYOI_INGEST__FEED__0__PARTNER`?"),
        ("KAYOI_INGEST__KAFKA_BROKERS", "`KAYOI_INGEST__KAFKA__BROKERS`?"),
        ("KAYOI_INGEST__kafka__brokers", "`KAYOI_INGEST__"),
        ("KAYOI_INGEST__COMMIT", "`KAYOI_INGEST__COMMIT__"),
    ];
    for (name, hint) in cases {
        let error = refused(with_variables(MINIMAL, &[(name, "hunter2")]));
        assert!(error.contains(name) && error.contains(hint) && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn a_wrong_value_names_its_variable() {
    let error = refused(with_variables(MINIMAL, &[("KAYOI_INGEST__COMMIT__ROWS", "many")]));
    let place = Place::Variable("KAYOI_INGEST__COMMIT__ROWS".into()).to_string();
    assert!(error.contains("`commit.rows` is `many`") && error.contains(&place), "{error}");
    let error = refused(with_variables(MINIMAL, &[("KAYOI_INGEST__FEED__0__PARTNER", "a b")]));
    assert!(error.contains("`feed.0.partner` is `a b` (environment variable"), "{error}");
}

#[test]
fn a_literal_cannot_smuggle_in_another_key() {
    let error = refused(with_variables(MINIMAL, &[("KAYOI_INGEST__COMMIT__ROWS", "5\nafter = \"1s\"")]));
    assert!(error.contains("`commit.rows`"), "{error}");
}

#[test]
fn settings_of_librdkafka_are_written_with_underscores() {
    let config = changed(&[("KAYOI_INGEST__KAFKA__LIBRDKAFKA__FETCH_MIN_BYTES", "1")]);
    assert_eq!(config.kafka.librdkafka["fetch.min.bytes"], "1");
    let name = "KAYOI_INGEST__KAFKA__LIBRDKAFKA__ENABLE_AUTO_COMMIT";
    let error = refused(with_variables(MINIMAL, &[(name, "true")]));
    assert!(error.contains("`enable.auto.commit`") && error.contains(name), "{error}");
}

#[test]
fn variables_of_others_do_not_matter() {
    let others = [("KAYOI_INGEST_SERVICE_HOST", "10.0.0.1"), ("KAYOI_LAKE", "x"), ("PATH", "/bin")];
    assert_eq!(changed(&others), read(MINIMAL).unwrap());
}

#[test]
fn every_key_can_be_set_from_the_environment() {
    for (path, kind) in value_paths(&shape::config()) {
        // A value that no key allows must be refused by the key itself, so the variable has reached it.
        let text = if kind == Kind::List { "" } else { "\u{1}" };
        let name = format!("KAYOI_INGEST__{}", path.join("__").to_uppercase());
        match with_variables(MINIMAL, &[(&name, text)]) {
            Err(error) => assert!(error.to_string().contains(&path.join(".")), "{error}"),
            Ok(config) => assert_ne!(config, read(MINIMAL).unwrap(), "{name}"),
        }
    }
}

#[test]
fn the_error_does_not_depend_on_the_order_of_the_variables() {
    let (a, b) = (("KAYOI_INGEST__A", "1"), ("KAYOI_INGEST__B", "1"));
    let errors = [[a, b], [b, a]].map(|variables| refused(with_variables(MINIMAL, &variables)));
    assert_eq!(errors[0], errors[1]);
}
