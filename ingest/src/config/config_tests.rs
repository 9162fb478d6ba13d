use super::fixture::{MINIMAL, read, refused, with};
use super::*;

#[test]
fn all_that_is_not_written_has_its_default() {
    let config = read(MINIMAL).unwrap();
    let feed = FeedConfig { partner: "acme".into(), topics: vec!["pings".into()], ..FeedConfig::default() };
    let kafka = KafkaConfig { brokers: "b:9092".into(), ..KafkaConfig::default() };
    assert_eq!(config, Config { kafka, feed: vec![feed], ..Config::default() });
}

#[test]
fn the_group_follows_the_job_unless_it_is_given() {
    let tokyo = with("job = \"tokyo\"", "", "", "").unwrap();
    assert!(tokyo.group().starts_with("kayoi-tokyo-"));
    let mut other = tokyo.clone();
    other.lake.url = "s3://bucket/lake".to_owned();
    assert_ne!(other.group(), tokyo.group());
    let mut same = other.clone();
    same.lake.url = "s3://bucket/lake/".to_owned();
    assert_eq!(other.group(), same.group());
    assert_eq!(with("", "group = \"ours\"", "", "").unwrap().group(), "ours");
}

#[test]
fn sensitive_places_are_named_by_their_file() {
    assert_eq!(read(MINIMAL).unwrap().places.sensitive, None);
    let config = with("", "", "", "[places]\nsensitive = \"places.csv\"").unwrap();
    assert_eq!(config.places.sensitive, Some("places.csv".into()));
    let error = refused(with("", "", "", "[lake]\nsensitive = \"places.csv\""));
    assert!(error.ends_with("hint: `sensitive` belongs in [places]"), "{error}");
}

#[test]
fn durations_and_sizes_name_their_units() {
    let error = refused(with("", "session_timeout = \"45x\"", "", ""));
    assert!(error.starts_with("`kafka.session_timeout` is `45x` (kayoi.toml line 4): it must be"), "{error}");
    assert!(["`ms`", "`s`", "`m`", "`h`", "`d`"].iter().all(|unit| error.contains(unit)), "{error}");
    let error = refused(with("", "", "", "[memory]\nqueue = \"128MB\""));
    assert!(error.contains("`memory.queue` is `128MB`"), "{error}");
    assert!(["`B`", "`KiB`", "`MiB`", "`GiB`"].iter().all(|unit| error.contains(unit)), "{error}");
}

#[test]
fn a_bare_number_is_no_duration_and_no_size() {
    let error = refused(with("stop_deadline = 30", "", "", ""));
    assert!(error.contains("`stop_deadline` is `30`") && error.contains("such as `30s`"), "{error}");
    let error = refused(with("", "", "max_record_bytes = 1048576", ""));
    assert!(error.contains("`feed.0.max_record_bytes` is `1048576`") && error.contains("`MiB`"), "{error}");
}

#[test]
fn a_wrong_word_names_the_allowed_ones() {
    let cases = [
        (with("", "protocol = \"tls\"", "", ""), "`kafka.protocol` is `tls`", "`sasl_ssl`"),
        (with("", "protocol = 5", "", ""), "`kafka.protocol` is `5`", "one of its words"),
        (with("", "mechanism = \"plain\"", "", ""), "`kafka.mechanism` is `plain`", "`SCRAM-SHA-512`"),
        (with("", "on_lost_offset = \"go\"", "", ""), "`kafka.on_lost_offset` is `go`", "`stop` or `skip`"),
        (with("", "start = \"now\"", "", ""), "`kafka.start` is `now`", "`earliest` or `latest`"),
        (with("", "", "format = \"csv\"", ""), "`feed.0.format` is `csv`", "`protobuf`"),
        (with("", "", "timestamp_unit = \"us\"", ""), "`feed.0.timestamp_unit` is `us`", "`iso`"),
        (with("", "", "require_consent = \"yes\"", ""), "`feed.0.require_consent` is `yes`", "true or false"),
        (with("", "", "", "[metrics]\nlisten = \"9095\""), "`metrics.listen` is `9095`", "`127.0.0.1:9095`"),
        (with("", "", "", "[commit]\nrows = 0"), "`commit.rows` is `0`", "1 or more"),
        (with("", "", "", "[commit]\nrows = 1.5"), "`commit.rows` is `1.5`", "1 or more"),
        (with("", "", "max_accuracy_m = -1", ""), "`feed.0.max_accuracy_m` is `-1`", "0 or more"),
        (with("", "", "max_accuracy_m = nan", ""), "`feed.0.max_accuracy_m` is `nan`", "0 or more"),
        (with("job = 7", "", "", ""), "`job` is `7`", "a string"),
    ];
    for (result, value, allowed) in cases {
        let error = refused(result);
        assert!(
            error.contains(value) && error.contains(allowed) && error.contains("(kayoi.toml line "),
            "{error}"
        );
    }
}

#[test]
fn whole_metres_need_no_decimal_point() {
    assert_eq!(with("", "", "max_accuracy_m = 50", "").unwrap().feed[0].max_accuracy_m, 50.0);
}

#[test]
fn what_is_printed_reads_as_the_same_configuration() {
    let everything = r#"
        job = "j"
        [lake]
        url = "s3://bucket/prefix"
        key_file = "k"
        [kafka]
        brokers = "a:1,b:2"
        instance = "i"
        protocol = "sasl_ssl"
        ca_file = "ca"
        mechanism = "SCRAM-SHA-256"
        username = "u"
        password_file = "/run/secrets/password"
        librdkafka = { "fetch.min.bytes" = "1", "socket.keepalive.enable" = "true" }
        [registry]
        url = "http://r:8081, https://s"
        [event_time]
        allowed_lateness = "45d"
        [metrics]
        listen = "[::1]:9095"
        [[feed]]
        partner = "a"
        topics = ["t1", "t2"]
        format = "avro"
        map = { lat = "latitude", "geo.lon" = "longitude" }
        [[feed]]
        partner = "b"
        topics = ["t3"]
        max_record_bytes = "500KiB"
    "#;
    for text in [MINIMAL, everything, Config::REFERENCE] {
        let config = read(text).unwrap();
        assert_eq!(read(&config.to_toml().unwrap()).unwrap(), config);
    }
}

#[test]
fn neither_print_nor_debug_reads_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, "hunter2\n").unwrap();
    let login =
        format!("protocol = \"sasl_ssl\"\nmechanism = \"PLAIN\"\nusername = \"u\"\npassword_file = {path:?}");
    let config = with("", &login, "", "").unwrap();
    let printed = config.to_toml().unwrap() + &format!("{config:?}");
    assert!(printed.contains("password_file") && !printed.contains("hunter2"), "{printed}");
}
