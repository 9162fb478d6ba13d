use crate::config::fixture::{MINIMAL, read, refused, with};

#[test]
fn an_unknown_key_names_its_table_its_line_and_the_nearest_known_key() {
    let error = refused(with("jbo = \"a\"", "", "", ""));
    assert_eq!(
        error,
        "unknown key `jbo` above the first table (kayoi.toml line 1)\nhint: did you mean `job`?"
    );
    let error = refused(with("", "instence = \"a\"", "", ""));
    assert_eq!(
        error,
        "unknown key `instence` in [kafka] (kayoi.toml line 4)\nhint: did you mean `instance`?"
    );
    let error = refused(with("", "", "timestamp_units = \"s\"", ""));
    assert!(error.contains("`timestamp_units` in [[feed]] number 0 (kayoi.toml line 8)"), "{error}");
    assert!(error.contains("`timestamp_unit`?"), "{error}");
}

#[test]
fn unknown_keys_are_refused_in_every_table() {
    for table in ["lake", "places", "registry", "commit", "memory", "event_time", "metrics"] {
        let error = refused(with("", "", "", &format!("[{table}]\nxyz = 1")));
        assert!(error.starts_with(&format!("unknown key `xyz` in [{table}]")), "{error}");
    }
    let error = refused(read(&format!("{MINIMAL}[regsitry]\nurl = \"http://r\"")));
    assert!(error.contains("unknown key `regsitry`") && error.contains("`registry`?"), "{error}");
    let second = "[[feed]]\npartner = \"b\"\ntopics = [\"u\"]\ntopic = \"v\"";
    let error = refused(with("", "", "", second));
    assert!(error.contains("`topic` in [[feed]] number 1") && error.contains("`topics`?"), "{error}");
}

#[test]
fn a_known_key_in_the_wrong_table_is_told_where_it_belongs() {
    let error = refused(with("brokers = \"b\"", "", "", ""));
    assert!(error.ends_with("hint: `brokers` belongs in [kafka]"), "{error}");
    let error = refused(with("partner = \"p\"", "", "", ""));
    assert!(error.ends_with("hint: `partner` belongs in [[feed]]"), "{error}");
    let error = refused(with("", "", "", "[lake]\nusername = \"u\""));
    assert!(error.ends_with("hint: `username` belongs in [kafka] or in [registry]"), "{error}");
    let error = refused(with("", "stop_deadline = \"1s\"", "", ""));
    assert!(error.ends_with("hint: `stop_deadline` belongs above the first table"), "{error}");
}

#[test]
fn an_inline_password_is_not_repeated_and_the_file_key_is_named() {
    let error = refused(with("", "password = \"hunter2\"", "", ""));
    assert!(error.contains("did you mean `password_file`?") && !error.contains("hunter2"), "{error}");
}

#[test]
fn a_table_must_be_a_table_and_a_feed_has_two_brackets() {
    let error = refused(read("[kafka]\nbrokers = \"b\"\n[feed]\npartner = \"a\""));
    assert!(error.contains("`feed` is `a single table`") && error.contains("[[feed]]"), "{error}");
    let error = refused(with("lake = \"folder\"", "", "", ""));
    assert!(error.contains("`lake` is `a string`") && error.contains("[lake]"), "{error}");
    let error = refused(with("", "", "map = \"lat=latitude\"", ""));
    assert!(error.contains("`feed.0.map`") && error.contains("[feed.map]"), "{error}");
}

#[test]
fn fields_of_a_partner_and_settings_of_librdkafka_are_not_ours_to_know() {
    let tables = "[feed.map]\nanything = \"latitude\"\n[kafka.librdkafka]\n\"some.setting\" = \"1\"";
    assert!(with("", "", "", tables).is_ok());
}
