//! The shortest configuration, for tests.

use super::{Config, ConfigError};

/// All that has no default.
pub(super) const MINIMAL: &str = r#"
[kafka]
brokers = "b:9092"
[[feed]]
partner = "acme"
topics = ["pings"]
"#;

/// Reads a file without any environment.
pub(super) fn read(text: &str) -> Result<Config, ConfigError> {
    Config::from_toml(text, "kayoi.toml", std::iter::empty())
}

/// Reads [`MINIMAL`] with lines added: top-level keys, keys of `[kafka]`, keys of the feed, further tables.
pub(super) fn with(top: &str, kafka: &str, feed: &str, tables: &str) -> Result<Config, ConfigError> {
    read(&format!(
        "{top}\n[kafka]\nbrokers = \"b:9092\"\n{kafka}\n[[feed]]\npartner = \"acme\"\ntopics = [\"pings\"]\n{feed}\n{tables}\n"
    ))
}

/// The error's text.
pub(super) fn refused(result: Result<Config, ConfigError>) -> String {
    result.expect_err("must be refused").to_string()
}

/// Reads [`MINIMAL`] with variables.
pub(super) fn with_variables(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Config::from_toml(text, "kayoi.toml", variables)
}
