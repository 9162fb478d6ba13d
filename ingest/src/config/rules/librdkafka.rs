//! Which settings of librdkafka the file cannot change.
//!
//! In: the names in `[kafka.librdkafka]`. Out: nothing, or the first that is refused, with the reason. Values
//! are never repeated: a password may have been put there. That is also why this rule comes before values are
//! read.

use kayoi_settings::Document;

use crate::config::error::ConfigError;

const IN_THE_LAKE: &str = "positions are kept in the lake, in the commit of their rows, and nowhere else";
const OWN_KEY: &str = "a key of [kafka] sets it";
const SECRET: &str = "it holds a secret or a key, and those are only ever named as files";
const LEAVE: &str = "leave it out";

/// Names, why each is refused, and what to do.
const OWNED: &[(&str, &str, &str)] = &[
    ("enable.auto.commit", IN_THE_LAKE, LEAVE),
    ("enable.auto.offset.store", IN_THE_LAKE, LEAVE),
    ("auto.commit.enable", IN_THE_LAKE, LEAVE),
    ("auto.commit.interval.ms", IN_THE_LAKE, LEAVE),
    ("offset.store.method", IN_THE_LAKE, LEAVE),
    ("isolation.level", "records of aborted transactions must not become pings", LEAVE),
    (
        "partition.assignment.strategy",
        "rows are committed before a partition moves, for one strategy only",
        LEAVE,
    ),
    ("group.protocol", "the consumer is made for one group protocol only", LEAVE),
    ("group.remote.assignor", "the consumer is made for one group protocol only", LEAVE),
    ("enable.partition.eof", "the end of a partition is read from it", LEAVE),
    ("bootstrap.servers", OWN_KEY, "use `brokers`"),
    ("metadata.broker.list", OWN_KEY, "use `brokers`"),
    ("group.id", OWN_KEY, "use `group`"),
    ("group.instance.id", OWN_KEY, "use `instance`"),
    ("session.timeout.ms", OWN_KEY, "use `session_timeout`"),
    ("auto.offset.reset", OWN_KEY, "use `start` and `on_lost_offset`"),
    ("security.protocol", OWN_KEY, "use `protocol`"),
    ("sasl.mechanism", OWN_KEY, "use `mechanism`"),
    ("sasl.mechanisms", OWN_KEY, "use `mechanism`"),
    ("sasl.username", OWN_KEY, "use `username`"),
    ("sasl.password", SECRET, "use `password_file`"),
    ("sasl.oauthbearer.config", SECRET, "use `token_file`"),
    ("ssl.ca.location", OWN_KEY, "use `ca_file`"),
    ("ssl.certificate.location", OWN_KEY, "use `certificate_file`"),
    ("ssl.key.location", OWN_KEY, "use `private_key_file`"),
    ("ssl.key.password", SECRET, "use `private_key_password_file`"),
];

/// Checks the names.
///
/// # Errors
/// [`ConfigError::OwnSetting`].
pub(in crate::config) fn check(document: &Document) -> Result<(), ConfigError> {
    for setting in document.names_in("kafka.librdkafka") {
        if let Some((because, hint)) = refusal(setting) {
            let place = document.place(&format!("kafka.librdkafka.{setting}"));
            return Err(ConfigError::OwnSetting { setting: setting.to_owned(), place, because, hint });
        }
    }
    Ok(())
}

fn refusal(setting: &str) -> Option<(&'static str, &'static str)> {
    let owned = OWNED.iter().find(|(name, _, _)| *name == setting);
    let is_secret = ["password", "secret", ".pem"].iter().any(|part| setting.contains(part));
    let secret = is_secret.then_some((SECRET, "use the keys of [kafka] that end in `_file`"));
    owned.map(|(_, because, hint)| (*because, *hint)).or(secret)
}
