use super::*;

fn set(name: &str, value: &str) -> Change {
    Change::Set { name: name.to_owned(), value: value.to_owned(), lasting: Lasting::Session }
}

fn zone_after(value: &str) -> Result<String, QueryError> {
    let change = set("timezone", value);
    SessionSettings::check(&change)?;
    let mut settings = SessionSettings::default();
    settings.apply(&change);
    Ok(settings.time_zone().to_owned())
}

#[test]
fn a_zone_is_a_name_or_hours_east_and_nothing_that_postgres_reads_otherwise() {
    assert_eq!(SessionSettings::default().time_zone(), "Asia/Tokyo");
    for (said, taken) in [
        ("UTC", "UTC"),
        ("utc", "UTC"),
        ("asia/tokyo", "Asia/Tokyo"),
        ("America/New_York", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("9", "+09:00"),
        ("-3.5", "-03:30"),
        ("interval +09:00", "+09:00"),
    ] {
        assert_eq!(zone_after(said).unwrap(), taken, "{said}");
    }
    for wrong in ["+09:00", "UTC+9", "Mars/Olympus", "", "99"] {
        assert_eq!(zone_after(wrong).unwrap_err().sqlstate(), "22023", "{wrong}");
    }
}

#[test]
fn what_is_not_honoured_is_an_error_or_a_warning() {
    let state = |name: &str, value: &str| {
        SessionSettings::check(&set(name, value)).err().map(|error| error.sqlstate().to_owned())
    };
    for (name, value) in [
        ("datestyle", "ISO"),
        ("client_encoding", "utf-8"),
        ("extra_float_digits", "3"),
        ("search_path", "\"$user\", public"),
        ("application_name", "psql"),
        ("my.own", "1"),
        ("jit", "off"),
    ] {
        assert_eq!(state(name, value), None, "{name}");
    }
    assert_eq!(state("datestyle", "German").as_deref(), Some("22023"));
    assert_eq!(state("client_encoding", "SJIS").as_deref(), Some("22023"));
    assert_eq!(state("search_path", "secret").as_deref(), Some("22023"));
    assert_eq!(state("server_version", "9.0").as_deref(), Some("55P02"));
    assert_eq!(state("nonsense", "1").as_deref(), Some("42704"));
    assert_eq!(state("datafusion.execution.batch_size", "1").as_deref(), Some("42704"));
    assert!(SessionSettings::warning(&set("transaction_isolation", "serializable")).is_some());
    assert!(SessionSettings::warning(&set("transaction_read_only", "on")).is_none());
}

#[test]
fn a_rollback_takes_back_what_its_transaction_set() {
    let mut settings = SessionSettings::at_start([("TimeZone", "UTC"), ("user", "me")].into_iter());
    assert_eq!(settings.time_zone(), "UTC");
    settings.begin();
    settings.apply(&set("timezone", "Asia/Seoul"));
    let local =
        Change::Set { name: "statement_timeout".into(), value: "2s".into(), lasting: Lasting::Transaction };
    settings.apply(&local);
    assert_eq!(settings.statement_timeout(), Some(Duration::from_secs(2)));
    settings.end(false);
    assert_eq!((settings.time_zone(), settings.statement_timeout()), ("UTC", None));
    settings.begin();
    settings.apply(&set("timezone", "Asia/Seoul"));
    settings.end(true);
    assert_eq!(settings.time_zone(), "Asia/Seoul");
    settings.apply(&Change::ResetAll);
    assert_eq!(settings.time_zone(), "UTC");
    settings.apply(&local);
    assert_eq!(settings.statement_timeout(), None, "outside a transaction SET LOCAL does nothing");
}
