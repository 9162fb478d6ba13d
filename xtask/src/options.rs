//! Options of a command line. In: `--name value` pairs and flags. Out: values that were checked, or what is
//! wrong with them: the value and what is allowed.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use kayoi_harness::parts::PartError;

/// The options of one command.
pub(crate) struct Options {
    values: Vec<(String, String)>,
    flags: Vec<String>,
}

impl Options {
    /// Reads them. `names` need a value, `flags` have none.
    pub(crate) fn read(words: Vec<String>, names: &[&str], flags: &[&str]) -> Result<Self, PartError> {
        let mut options = Self { values: Vec::new(), flags: Vec::new() };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").unwrap_or_default().to_owned();
            if flags.contains(&name.as_str()) {
                options.flags.push(name);
            } else if names.contains(&name.as_str()) {
                let value = words.next().ok_or_else(|| wrong(format!("option `{word}` needs a value")))?;
                options.values.push((name, value));
            } else {
                return Err(wrong(format!("unknown option `{word}`")));
            }
        }
        Ok(options)
    }

    /// Whether a flag is there.
    pub(crate) fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|name| name == flag)
    }

    /// All values of an option that may be given several times.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.values.iter().filter(|(other, _)| other == name).map(|(_, value)| value.clone()).collect()
    }

    /// The value of an option that may be missing; the last one when it is given twice.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.values.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The value of an option that is needed.
    pub(crate) fn need(&self, name: &str) -> Result<&str, PartError> {
        let value = self.find(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| wrong(format!("option `--{name}` is missing")))
    }

    /// A folder that is needed.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf, PartError> {
        self.need(name).map(PathBuf::from)
    }

    /// A port that is needed.
    pub(crate) fn port(&self, name: &str) -> Result<u16, PartError> {
        self.need(name)?;
        self.find_port(name)?.ok_or_else(|| wrong(format!("option `--{name}` is missing")))
    }

    /// A port that may be missing.
    pub(crate) fn find_port(&self, name: &str) -> Result<Option<u16>, PartError> {
        let port = |value: &str| match value.parse() {
            Ok(port) if port > 0 => Ok(port),
            _ => Err(wrong(format!("{name} `{value}` is not a port: 1 to 65535 is allowed"))),
        };
        self.find(name).map(port).transpose()
    }

    /// A whole number that is needed.
    pub(crate) fn number<N>(&self, name: &str, allowed: RangeInclusive<N>) -> Result<N, PartError>
    where
        N: FromStr + PartialOrd + Display,
    {
        self.need(name)?;
        let number = self.find_number(name, allowed)?;
        number.ok_or_else(|| wrong(format!("option `--{name}` is missing")))
    }

    /// A whole number that may be missing.
    pub(crate) fn find_number<N>(
        &self,
        name: &str,
        allowed: RangeInclusive<N>,
    ) -> Result<Option<N>, PartError>
    where
        N: FromStr + PartialOrd + Display,
    {
        let number = |value: &str| match value.parse() {
            Ok(number) if allowed.contains(&number) => Ok(number),
            _ => Err(wrong(format!(
                "{name} `{value}` is not allowed: {} to {} is",
                allowed.start(),
                allowed.end()
            ))),
        };
        self.find(name).map(number).transpose()
    }
}

fn wrong(what: String) -> PartError {
    PartError::WrongUse(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Options, PartError> {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Options::read(words, &["dir", "port", "node", "config"], &["kill"])
    }

    fn refusal<T>(result: Result<T, PartError>) -> String {
        result.err().map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn values_flags_and_repeated_options_are_read() {
        let options =
            read(&["--dir", "a", "--kill", "--config", "x=1", "--config", "y=2", "--port", "9092"]).unwrap();
        assert_eq!(options.folder("dir").unwrap(), PathBuf::from("a"));
        assert!(options.has("kill") && options.find("node").is_none());
        assert_eq!(options.all("config"), ["x=1", "y=2"]);
        assert_eq!(options.port("port").unwrap(), 9092);
    }

    #[test]
    fn what_is_wrong_is_told_with_what_is_allowed() {
        assert_eq!(refusal(read(&["--fnord", "a"])), "unknown option `--fnord`");
        assert_eq!(refusal(read(&["dir", "a"])), "unknown option `dir`");
        assert_eq!(refusal(read(&["--dir"])), "option `--dir` needs a value");
        let options = read(&["--port", "65536", "--node", "4"]).unwrap();
        assert_eq!(refusal(options.port("port")), "port `65536` is not a port: 1 to 65535 is allowed");
        assert_eq!(refusal(options.number("node", 1..=3)), "node `4` is not allowed: 1 to 3 is");
        assert_eq!(refusal(options.need("dir")), "option `--dir` is missing");
    }
}
