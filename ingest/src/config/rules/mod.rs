//! Rules between values: what no single value can know.
//!
//! In: a typed configuration and where its keys stand. Out: nothing, or the first broken rule. Rules are
//! pure: no file is opened, no host is asked; `kayoi ingest` does that when it starts.

mod feeds;
mod kafka;
pub(super) mod librdkafka;

use kayoi_schemas::name::{LONGEST_NAME, is_plain_name};
use kayoi_settings::{Document, HumanDuration};

use super::Config;
use super::error::ConfigError;

/// How far from the coast a point may lie and still be placed, metres: what `geography` allows.
const LARGEST_COAST_M: f64 = 5_000.0;

/// Checks everything.
///
/// # Errors
/// The first rule that is broken.
pub(super) fn check(config: &Config, document: &Document) -> Result<(), ConfigError> {
    let rules = Rules { config, document };
    rules.name("job", &config.job)?;
    rules.durations_and_sizes()?;
    rules.lake()?;
    rules.registry()?;
    rules.kafka()?;
    rules.feeds()
}

struct Rules<'a> {
    config: &'a Config,
    document: &'a Document,
}

impl Rules<'_> {
    fn durations_and_sizes(&self) -> Result<(), ConfigError> {
        let config = self.config;
        self.positive("stop_deadline", config.stop_deadline)?;
        self.positive("kafka.session_timeout", config.kafka.session_timeout)?;
        self.positive("registry.timeout", config.registry.timeout)?;
        if let Some(lateness) = config.event_time.allowed_lateness {
            self.positive("event_time.allowed_lateness", lateness)?;
        }
        let queue = config.memory.queue;
        if queue.bytes() == 0 {
            return Err(self.wrong("memory.queue", queue, "more than 0"));
        }
        Ok(())
    }

    fn positive(&self, key: &str, duration: HumanDuration) -> Result<(), ConfigError> {
        if duration.as_millis() == 0 { Err(self.wrong(key, duration, "more than 0")) } else { Ok(()) }
    }

    fn lake(&self) -> Result<(), ConfigError> {
        let lake = &self.config.lake;
        let bucket = lake.url.strip_prefix("s3://");
        let is_location = match bucket {
            Some(bucket) => !bucket.is_empty() && !bucket.starts_with('/'),
            None => !lake.url.is_empty() && !lake.url.contains("://"),
        };
        if !is_location {
            return Err(self.wrong("lake.url", &lake.url, "a folder, or `s3://bucket/prefix`"));
        }
        if bucket.is_some() && lake.key_file.is_none() {
            return Err(self.missing(
                "lake.key_file",
                "a lake in a bucket has no folder beside it for the key".to_owned(),
                "name a file that every process of this lake can read, from a secret store",
            ));
        }
        if lake.coast_m > LARGEST_COAST_M {
            return Err(self.wrong("lake.coast_m", lake.coast_m, "metres in 0..=5000"));
        }
        Ok(())
    }

    fn registry(&self) -> Result<(), ConfigError> {
        let registry = &self.config.registry;
        let Some(urls) = &registry.url else {
            let given = [
                ("registry.username", registry.username.is_some()),
                ("registry.password_file", registry.password_file.is_some()),
            ];
            let useless = given.iter().find(|(_, is_given)| *is_given);
            return useless
                .map_or(Ok(()), |(key, _)| Err(self.no_effect(key, "`registry.url`", "set the URL")));
        };
        for url in urls.split(',').map(str::trim) {
            let host =
                url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
            // Checked first: the next error repeats the value.
            if url.contains('@') {
                return Err(ConfigError::UrlWithPassword {
                    key: "registry.url",
                    place: self.document.place("registry.url"),
                });
            }
            if host.is_empty() {
                return Err(self.wrong(
                    "registry.url",
                    url,
                    "URLs with `http://` or `https://`, comma-separated",
                ));
            }
        }
        match (registry.username.is_some(), registry.password_file.is_some()) {
            (true, false) => Err(self.missing(
                "registry.password_file",
                "`registry.username` needs a password".to_owned(),
                "name the file that holds it",
            )),
            (false, true) => {
                Err(self.no_effect("registry.password_file", "`registry.username`", "say who logs in"))
            }
            _ => Ok(()),
        }
    }

    /// Partners, jobs and topics become parts of paths, group names and metric labels.
    fn name(&self, key: &str, name: &str) -> Result<(), ConfigError> {
        if is_plain_name(name) {
            return Ok(());
        }
        Err(self.wrong(
            key,
            name,
            &format!("1 to {LONGEST_NAME} letters, digits, `.`, `_` and `-`, and more than dots"),
        ))
    }

    fn wrong(&self, key: &str, value: impl ToString, allowed: &str) -> ConfigError {
        self.document.wrong(key, value, allowed).into()
    }

    fn missing(&self, key: &str, because: String, hint: &'static str) -> ConfigError {
        self.document.missing(key, because, hint).into()
    }

    fn no_effect(&self, key: &str, needs: &'static str, needs_hint: &'static str) -> ConfigError {
        self.document.no_effect(key, needs, needs_hint).into()
    }
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
