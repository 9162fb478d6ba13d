//! Rules of `[kafka]`: a login has all it needs, and nothing is given that would be ignored. A certificate
//! that is ignored because the protocol has no TLS looks like security and is none.

use super::Rules;
use crate::config::error::ConfigError;
use crate::config::kafka::{KafkaConfig, Mechanism};

impl Rules<'_> {
    pub(super) fn kafka(&self) -> Result<(), ConfigError> {
        let kafka = &self.config.kafka;
        if kafka.brokers.is_empty() {
            let because = "there is nowhere to read from".to_owned();
            return Err(self.missing("kafka.brokers", because, "write `host:port`, comma-separated"));
        }
        if kafka.brokers.split(',').any(|broker| broker.trim().is_empty()) {
            return Err(self.wrong("kafka.brokers", &kafka.brokers, "`host:port`, comma-separated"));
        }
        if let Some(group) = &kafka.group {
            self.name("kafka.group", group)?;
        }
        if let Some(instance) = &kafka.instance {
            self.name("kafka.instance", instance)?;
        }
        self.tls(kafka)?;
        self.login(kafka)
    }

    fn tls(&self, kafka: &KafkaConfig) -> Result<(), ConfigError> {
        let given = [
            ("kafka.ca_file", kafka.ca_file.is_some()),
            ("kafka.certificate_file", kafka.certificate_file.is_some()),
            ("kafka.private_key_file", kafka.private_key_file.is_some()),
            ("kafka.private_key_password_file", kafka.private_key_password_file.is_some()),
        ];
        let useless = given.iter().find(|(_, is_given)| *is_given && !kafka.protocol.has_tls());
        if let Some((key, _)) = useless {
            return Err(self.no_effect(key, "`kafka.protocol` `ssl` or `sasl_ssl`", "set the protocol"));
        }
        match (&kafka.certificate_file, &kafka.private_key_file) {
            (Some(_), None) => Err(self.missing(
                "kafka.private_key_file",
                "`kafka.certificate_file` needs its private key".to_owned(),
                "name the PEM file of the key",
            )),
            (None, Some(_)) => Err(self.missing(
                "kafka.certificate_file",
                "`kafka.private_key_file` needs its certificate".to_owned(),
                "name the PEM file of the certificate",
            )),
            (None, None) if kafka.private_key_password_file.is_some() => Err(self.no_effect(
                "kafka.private_key_password_file",
                "`kafka.private_key_file`",
                "name the key",
            )),
            _ => Ok(()),
        }
    }

    fn login(&self, kafka: &KafkaConfig) -> Result<(), ConfigError> {
        let given = [
            ("kafka.mechanism", kafka.mechanism.is_some()),
            ("kafka.username", kafka.username.is_some()),
            ("kafka.password_file", kafka.password_file.is_some()),
            ("kafka.token_file", kafka.token_file.is_some()),
        ];
        let useless = given.iter().find(|(_, is_given)| *is_given && !kafka.protocol.has_login());
        if let Some((key, _)) = useless {
            let needs = "`kafka.protocol` `sasl_plaintext` or `sasl_ssl`";
            return Err(self.no_effect(key, needs, "set the protocol"));
        }
        match kafka.mechanism {
            Some(Mechanism::OauthBearer) => self.token_login(kafka),
            Some(mechanism) => self.password_login(kafka, mechanism),
            None if kafka.protocol.has_login() => Err(self.missing(
                "kafka.mechanism",
                format!("`kafka.protocol` `{}` logs in", kafka.protocol.as_str()),
                "write `PLAIN`, `SCRAM-SHA-256`, `SCRAM-SHA-512` or `OAUTHBEARER`",
            )),
            None => Ok(()),
        }
    }

    fn token_login(&self, kafka: &KafkaConfig) -> Result<(), ConfigError> {
        let passwords = [
            ("kafka.username", kafka.username.is_some()),
            ("kafka.password_file", kafka.password_file.is_some()),
        ];
        if let Some((key, _)) = passwords.iter().find(|(_, is_given)| *is_given) {
            return Err(self.no_effect(key, "`kafka.mechanism` PLAIN or SCRAM", "set the mechanism"));
        }
        if kafka.token_file.is_none() {
            let because = "mechanism `OAUTHBEARER` needs a token".to_owned();
            return Err(self.missing("kafka.token_file", because, "name the file that holds it"));
        }
        Ok(())
    }

    fn password_login(&self, kafka: &KafkaConfig, mechanism: Mechanism) -> Result<(), ConfigError> {
        if kafka.token_file.is_some() {
            return Err(self.no_effect(
                "kafka.token_file",
                "`kafka.mechanism` `OAUTHBEARER`",
                "set the mechanism",
            ));
        }
        let because = |what| format!("mechanism `{}` needs a {what}", mechanism.as_str());
        if kafka.username.as_deref().is_none_or(str::is_empty) {
            return Err(self.missing("kafka.username", because("username"), "write who logs in"));
        }
        if kafka.password_file.is_none() {
            let hint = "name the file that holds it; the password itself never stands here";
            return Err(self.missing("kafka.password_file", because("password"), hint));
        }
        Ok(())
    }
}
