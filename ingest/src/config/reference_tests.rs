use kayoi_settings::{Document, Shape, value_paths};
use toml::{Table, Value};

use super::fixture::read;
use super::*;

#[test]
fn the_reference_is_the_default_with_an_example_feed() {
    let feed =
        FeedConfig { partner: "example".into(), topics: vec!["pings".into()], ..FeedConfig::default() };
    let kafka = KafkaConfig { brokers: "localhost:9092".into(), ..KafkaConfig::default() };
    assert_eq!(read(Config::REFERENCE).unwrap(), Config { kafka, feed: vec![feed], ..Config::default() });
}

/// The reference with its optional keys: `#key = value` has no blank after the mark, a remark has.
fn reference_with_optional_keys() -> String {
    let bare = |line: &str| {
        line.strip_prefix('#').filter(|rest| !rest.is_empty() && !rest.starts_with(' ')).map(str::to_owned)
    };
    Config::REFERENCE.lines().map(|line| bare(line).unwrap_or(line.to_owned()) + "\n").collect()
}

fn value_at<'t>(table: &'t Table, path: &[String]) -> Option<&'t Value> {
    let (first, rest) = path.split_first()?;
    let value = table.get(first)?;
    rest.iter().try_fold(value, |value, name| match value {
        Value::Array(list) => list.get(name.parse::<usize>().ok()?),
        value => value.get(name),
    })
}

#[test]
fn every_key_of_the_structs_stands_in_the_reference() {
    let table: Table = toml::from_str(&reference_with_optional_keys()).unwrap();
    let paths = value_paths(&shape::config());
    assert!(paths.len() >= 39, "the structs were asked for their keys: {}", paths.len());
    for (path, _) in paths {
        assert!(value_at(&table, &path).is_some(), "`{}` is not in config.toml", path.join("."));
    }
    for free in [["kafka", "librdkafka"].as_slice(), &["feed", "0", "map"]] {
        let path: Vec<String> = free.iter().map(|name| (*name).to_owned()).collect();
        assert!(value_at(&table, &path).is_some_and(Value::is_table), "{free:?}");
    }
}

#[test]
fn every_example_in_the_reference_is_a_value_that_the_key_allows() {
    let text = reference_with_optional_keys();
    let document = Document::read(&text, "config.toml", shape::config()).unwrap();
    let config: Config = document.typed().unwrap();
    assert_eq!(config.group(), "kayoi-ingest");
    assert_eq!(config.feed[0].map["lat"], "latitude");
}

#[test]
fn every_key_of_the_reference_has_a_remark_above_it() {
    let mut has_remark = false;
    for line in Config::REFERENCE.lines() {
        match line {
            "" => has_remark = false,
            remark if remark.starts_with("# ") => has_remark = true,
            heading if heading.starts_with('[') => {}
            key => assert!(has_remark, "`{key}` stands without a remark"),
        }
    }
}

#[test]
fn every_table_of_the_structs_is_known_as_one() {
    let defaults =
        Table::try_from(Config { feed: vec![FeedConfig::default()], ..Config::default() }).unwrap();
    for (name, shape) in shape::config() {
        let is_table = defaults.get(name).is_some_and(|value| value.is_table() || name == "feed");
        assert_eq!(is_table, !matches!(shape, Shape::Value(_)), "{name}");
    }
}
