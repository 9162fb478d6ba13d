use crate::config::fixture::{MINIMAL, read, refused, with};

const LOGIN: &str =
    "protocol = \"sasl_ssl\"\nmechanism = \"SCRAM-SHA-512\"\nusername = \"u\"\npassword_file = \"p\"";

fn kafka(keys: &str) -> Result<crate::config::Config, crate::config::ConfigError> {
    with("", keys, "", "")
}

#[test]
fn without_brokers_or_feeds_there_is_nothing_to_do() {
    let error = refused(read(&MINIMAL.replace("b:9092", "")));
    assert!(error.starts_with("`kafka.brokers` is missing (kayoi.toml line 3)"), "{error}");
    let error = refused(read("[kafka]\nbrokers = \"b\""));
    assert!(error.starts_with("`feed` is missing") && error.contains("[[feed]]"), "{error}");
    let error = refused(read(&MINIMAL.replace("[\"pings\"]", "[]")));
    assert!(error.starts_with("`feed.0.topics` is missing"), "{error}");
    assert!(refused(read(&MINIMAL.replace("b:9092", "a,,b"))).contains("`kafka.brokers` is `a,,b`"));
}

#[test]
fn a_topic_belongs_to_one_feed_once() {
    let error = refused(with("", "", "", "[[feed]]\npartner = \"b\"\ntopics = [\"other\", \"pings\"]"));
    assert!(error.contains("topic `pings` stands twice, at `feed.0.topics` and `feed.1.topics`"), "{error}");
    assert!(error.contains("(kayoi.toml line 11)"), "{error}");
    let error = refused(read(&MINIMAL.replace("[\"pings\"]", "[\"t\", \"t\"]")));
    assert!(error.contains("topic `t` stands twice"), "{error}");
}

#[test]
fn names_are_plain() {
    for name in ["", "a b", "東京", "a/b", "..", ".", &"x".repeat(250)] {
        let partner = refused(read(&MINIMAL.replace("acme", name)));
        assert!(partner.starts_with(&format!("`feed.0.partner` is `{name}`")), "{partner}");
        let topic = refused(read(&MINIMAL.replace("pings", name)));
        assert!(topic.starts_with(&format!("`feed.0.topics` is `{name}`")), "{topic}");
        let job = refused(with(&format!("job = \"{name}\""), "", "", ""));
        assert!(job.starts_with("`job` is ") && job.contains("letters, digits"), "{job}");
    }
    assert!(read(&MINIMAL.replace("acme", "Acme_2.jp-x")).is_ok());
}

#[test]
fn durations_and_sizes_are_positive() {
    let zero = [
        (with("stop_deadline = \"0s\"", "", "", ""), "stop_deadline"),
        (kafka("session_timeout = \"0ms\""), "kafka.session_timeout"),
        (with("", "", "", "[registry]\ntimeout = \"0s\""), "registry.timeout"),
        (with("", "", "", "[event_time]\nallowed_lateness = \"0d\""), "event_time.allowed_lateness"),
        (with("", "", "", "[memory]\nqueue = \"0B\""), "memory.queue"),
        (with("", "", "max_record_bytes = \"0B\"", ""), "feed.0.max_record_bytes"),
    ];
    for (result, key) in zero {
        let error = refused(result);
        assert!(error.starts_with(&format!("`{key}` is `0")) && error.contains("more than 0"), "{error}");
    }
    assert!(with("", "", "", "[commit]\nafter = \"0s\"").is_ok(), "each chunk its own commit");
}

#[test]
fn the_largest_record_fits_in_the_queue() {
    let error = refused(with("", "", "max_record_bytes = \"2MiB\"", "[memory]\nqueue = \"1MiB\""));
    assert!(error.contains("`feed.0.max_record_bytes` is `2MiB`") && error.contains("1MiB"), "{error}");
}

#[test]
fn a_lake_is_a_folder_or_a_bucket_with_a_key() {
    let lake = |keys: &str| with("", "", "", &format!("[lake]\n{keys}"));
    for url in ["", "s3://", "s3:///x", "gs://bucket", "https://host/x"] {
        let error = refused(lake(&format!("url = \"{url}\"")));
        assert!(
            error.contains(&format!("`lake.url` is `{url}`")) && error.contains("s3://bucket/prefix"),
            "{error}"
        );
    }
    assert!(refused(lake("url = \"s3://b/p\"")).contains("`lake.key_file` is missing"));
    assert!(lake("url = \"s3://b/p\"\nkey_file = \"k\"").is_ok());
    assert!(lake("url = \"/srv/lake\"").is_ok());
    assert!(refused(lake("coast_m = 5001")).contains("`lake.coast_m` is `5001`"));
}

#[test]
fn a_login_has_all_it_needs() {
    assert!(kafka(LOGIN).is_ok());
    for key in ["mechanism", "username", "password_file"] {
        let keys: Vec<_> = LOGIN.lines().filter(|line| !line.starts_with(key)).collect();
        let error = refused(kafka(&keys.join("\n")));
        assert!(error.starts_with(&format!("`kafka.{key}` is missing")), "{error}");
    }
    let bearer = "protocol = \"sasl_plaintext\"\nmechanism = \"OAUTHBEARER\"\n";
    assert!(refused(kafka(bearer)).starts_with("`kafka.token_file` is missing"));
    assert!(kafka(&format!("{bearer}token_file = \"t\"")).is_ok());
    let error = refused(kafka(&format!("{bearer}token_file = \"t\"\nusername = \"u\"")));
    assert!(error.starts_with("`kafka.username` has no effect"), "{error}");
    assert!(
        refused(kafka(&format!("{LOGIN}\ntoken_file = \"t\"")))
            .starts_with("`kafka.token_file` has no effect")
    );
}

#[test]
fn a_login_without_its_protocol_is_refused() {
    for protocol in ["plaintext", "ssl"] {
        let error = refused(kafka(&LOGIN.replace("sasl_ssl", protocol)));
        assert!(error.starts_with("`kafka.mechanism` has no effect (kayoi.toml line 5)"), "{error}");
        assert!(error.contains("`sasl_plaintext` or `sasl_ssl`"), "{error}");
    }
}

#[test]
fn certificates_without_tls_are_refused() {
    for key in ["ca_file", "certificate_file", "private_key_file", "private_key_password_file"] {
        let error = refused(kafka(&format!("{key} = \"f\"")));
        assert!(error.starts_with(&format!("`kafka.{key}` has no effect")), "{error}");
    }
    let tls = |keys: &str| kafka(&format!("protocol = \"ssl\"\n{keys}"));
    assert!(tls("ca_file = \"f\"").is_ok());
    assert!(
        tls("certificate_file = \"f\"\nprivate_key_file = \"k\"\nprivate_key_password_file = \"p\"").is_ok()
    );
    assert!(refused(tls("certificate_file = \"f\"")).starts_with("`kafka.private_key_file` is missing"));
    assert!(refused(tls("private_key_file = \"f\"")).starts_with("`kafka.certificate_file` is missing"));
    assert!(refused(tls("private_key_password_file = \"f\"")).contains("needs `kafka.private_key_file`"));
}

#[test]
fn framed_records_need_a_registry_and_bare_ones_a_schema() {
    for format in ["avro", "protobuf"] {
        let format = format!("format = \"{format}\"\n");
        let error = refused(with("", "", &format, ""));
        assert!(
            error.starts_with("`registry.url` is missing") && error.contains("`feed.0.format`"),
            "{error}"
        );
        assert!(with("", "", &format, "[registry]\nurl = \"http://r:8081\"").is_ok());
        assert!(with("", "", &format!("{format}schema_file = \"s\""), "").is_ok());
    }
    for format in ["json", "auto"] {
        let error = refused(with("", "", &format!("format = \"{format}\"\nschema_file = \"s\""), ""));
        assert!(error.starts_with("`feed.0.schema_file` has no effect"), "{error}");
    }
    let error = refused(with("", "", "format = \"avro\"\nschema_file = \"s\"\nmessage = \"M\"", ""));
    assert!(error.starts_with("`feed.0.message` has no effect"), "{error}");
    assert!(with("", "", "format = \"protobuf\"\nschema_file = \"s\"\nmessage = \"M\"", "").is_ok());
}

#[test]
fn a_registry_has_urls_and_a_whole_login() {
    let registry = |keys: &str| with("", "", "", &format!("[registry]\n{keys}"));
    assert!(registry("url = \"http://a:8081,https://b\"").is_ok());
    for url in ["r:8081", "ftp://r", "http://", "http://a,"] {
        assert!(refused(registry(&format!("url = \"{url}\""))).contains("`registry.url` is"), "{url}");
    }
    assert!(
        refused(registry("url = \"http://r\"\nusername = \"u\""))
            .contains("`registry.password_file` is missing")
    );
    assert!(refused(registry("url = \"http://r\"\npassword_file = \"p\"")).contains("has no effect"));
}

#[test]
fn a_password_in_a_url_is_refused_and_not_repeated() {
    for url in ["https://u:hunter2@r", "http://ok,u:hunter2@r", "u:hunter2@r"] {
        let error = refused(with("", "", "", &format!("[registry]\nurl = \"{url}\"")));
        assert!(error.contains("`registry.url`") && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn settings_that_exactly_once_rests_on_cannot_be_changed() {
    let names = [
        "enable.auto.commit",
        "enable.auto.offset.store",
        "partition.assignment.strategy",
        "group.id",
        "bootstrap.servers",
        "auto.offset.reset",
        "isolation.level",
        "group.instance.id",
        "security.protocol",
    ];
    for name in names {
        let error = refused(with("", "", "", &format!("[kafka.librdkafka]\n\"{name}\" = \"x\"")));
        assert!(error.starts_with(&format!("`{name}` cannot be set in [kafka.librdkafka]")), "{error}");
        assert!(error.contains("line 10") && error.contains("hint: "), "{error}");
    }
}

#[test]
fn secrets_are_refused_among_librdkafkas_settings_and_not_repeated() {
    for name in
        ["sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem", "a.client.secret"]
    {
        for value in ["\"hunter2\"", "[\"hunter2\"]"] {
            let error = refused(with("", "", "", &format!("[kafka.librdkafka]\n{name} = {value}")));
            assert!(
                error.contains(name) && error.contains("_file`") && !error.contains("hunter2"),
                "{error}"
            );
        }
    }
}

#[test]
fn a_mapping_to_no_field_of_the_contract_names_the_nearest() {
    let error = refused(with("", "", "", "[feed.map]\nlon = \"longtude\""));
    assert!(error.contains("`feed.0.map.lon` is `longtude`") && error.contains("`longitude`"), "{error}");
    assert!(error.contains("line 10"), "{error}");
}
