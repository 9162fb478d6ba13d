use kayoi_settings::Document;

use crate::config::fixture::{read, refused, with};
use crate::config::shape;

#[test]
fn broken_toml_is_refused_with_its_line_and_without_its_text() {
    let error = read("job = \"a\"\n[kafka]\npassword = \"hunter2").unwrap_err();
    assert!(error.to_string().starts_with("kayoi.toml line 3 is no TOML"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let error = refused(read("job = \"a\"\njob = \"b\""));
    assert!(error.contains("line 2"), "{error}");
}

#[test]
fn every_key_knows_its_line_and_a_missing_one_that_of_its_table() {
    let text = "job = \"a\"\n\n[kafka]\nbrokers = \"b\"\n[[feed]]\npartner = \"p\"\n[[feed]]\nmap = { lat = \"latitude\" }\n";
    let document = Document::read(text, "kayoi.toml", shape::config()).unwrap();
    let lines =
        [("job", 1), ("kafka.brokers", 4), ("kafka.group", 3), ("feed.0.partner", 6), ("feed.1.map.lat", 8)];
    for (path, line) in lines {
        assert_eq!(document.place(path).to_string(), format!("kayoi.toml line {line}"), "{path}");
    }
    assert_eq!(document.place("lake.url").to_string(), "kayoi.toml");
}

#[test]
fn settings_of_librdkafka_need_no_quotes() {
    let tables = "[kafka.librdkafka]\nfetch.min.bytes = \"1\"\n\"fetch.wait.max.ms\" = \"100\"";
    let config = with("", "", "", tables).unwrap();
    let settings: Vec<_> = config.kafka.librdkafka.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(settings, [("fetch.min.bytes", "1"), ("fetch.wait.max.ms", "100")]);
}

#[test]
fn a_wrong_value_where_a_secret_may_stand_is_not_repeated() {
    let setting = refused(with("", "", "", "[kafka.librdkafka]\nsome.token = 1234567"));
    let file = refused(with("", "password_file = 1234567", "", ""));
    for error in [setting, file] {
        assert!(!error.contains("1234567") && error.contains("a string"), "{error}");
    }
}
