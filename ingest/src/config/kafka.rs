//! `[kafka]`: which brokers, how to prove who we are, where to start.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kayoi_settings::HumanDuration;
use serde::{Deserialize, Serialize};

/// How to reach Kafka.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct KafkaConfig {
    /// `host:port`, comma-separated. Two or three, so that a start does not depend on one node; the rest of
    /// the cluster is learnt from them.
    pub brokers: String,
    /// Consumer group; `kayoi-<job>-` and eight digits of the lake's place when absent. Changed where access
    /// rules of the cluster prescribe a prefix.
    pub group: Option<String>,
    /// Static membership (`group.instance.id`): a restart within `session_timeout` moves no partition. For
    /// whoever runs several processes under names that survive a restart; each needs its own.
    pub instance: Option<String>,
    /// Encryption and login of the connection. Whatever the listener of the brokers speaks.
    pub protocol: Protocol,
    /// Certificates of the authority that signed the brokers', PEM; the system's when absent. For private
    /// authorities.
    pub ca_file: Option<PathBuf>,
    /// Own certificate, PEM, for brokers that ask for one (mutual TLS).
    pub certificate_file: Option<PathBuf>,
    /// Private key of that certificate, PEM.
    pub private_key_file: Option<PathBuf>,
    /// File with the password of that key, when it is encrypted.
    pub private_key_password_file: Option<PathBuf>,
    /// How to log in over `sasl_plaintext` or `sasl_ssl`.
    pub mechanism: Option<Mechanism>,
    /// Who logs in, for PLAIN and SCRAM.
    pub username: Option<String>,
    /// File with the password, for PLAIN and SCRAM.
    pub password_file: Option<PathBuf>,
    /// File with the token, for OAUTHBEARER; read again before the token expires, so that another process can
    /// renew it.
    pub token_file: Option<PathBuf>,
    /// Silence after which the group takes a process for dead. Lower: a crash is noticed sooner; higher: a
    /// long pause (a suspended machine, a slow network) moves no partition.
    pub session_timeout: HumanDuration,
    /// What to do when Kafka no longer has the next record of the lake.
    pub on_lost_offset: OnLostOffset,
    /// Where to start in partitions that the lake has never seen.
    pub start: Start,
    /// Further settings of librdkafka, by its own names. For tuning fetches on an unusual network; those that
    /// exactly-once rests on are refused.
    pub librdkafka: BTreeMap<String, String>,
}

impl Default for KafkaConfig {
    fn default() -> Self {
        Self {
            brokers: String::new(),
            group: None,
            instance: None,
            protocol: Protocol::Plaintext,
            ca_file: None,
            certificate_file: None,
            private_key_file: None,
            private_key_password_file: None,
            mechanism: None,
            username: None,
            password_file: None,
            token_file: None,
            session_timeout: HumanDuration::from_secs(15),
            on_lost_offset: OnLostOffset::Stop,
            start: Start::Earliest,
            librdkafka: BTreeMap::new(),
        }
    }
}

/// Encryption and login of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// Neither.
    Plaintext,
    /// TLS.
    Ssl,
    /// Login without encryption: passwords of PLAIN can be read on the way.
    SaslPlaintext,
    /// Login over TLS.
    SaslSsl,
}

impl Protocol {
    /// librdkafka's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plaintext => "plaintext",
            Self::Ssl => "ssl",
            Self::SaslPlaintext => "sasl_plaintext",
            Self::SaslSsl => "sasl_ssl",
        }
    }

    /// Whether the connection is encrypted.
    pub fn has_tls(self) -> bool {
        matches!(self, Self::Ssl | Self::SaslSsl)
    }

    /// Whether it begins with a login.
    pub fn has_login(self) -> bool {
        matches!(self, Self::SaslPlaintext | Self::SaslSsl)
    }
}

/// How to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Mechanism {
    /// Username and password as they are.
    #[serde(rename = "PLAIN")]
    Plain,
    /// Salted challenge with SHA-256.
    #[serde(rename = "SCRAM-SHA-256")]
    ScramSha256,
    /// Salted challenge with SHA-512.
    #[serde(rename = "SCRAM-SHA-512")]
    ScramSha512,
    /// A token that expires.
    #[serde(rename = "OAUTHBEARER")]
    OauthBearer,
}

impl Mechanism {
    /// librdkafka's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
            Self::OauthBearer => "OAUTHBEARER",
        }
    }
}

/// What to do when the next record is gone, because the topic's retention was shorter than our absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnLostOffset {
    /// Stop and say how many records are lost: somebody decides.
    Stop,
    /// Count them, say so, and go on with the first that is left.
    Skip,
}

/// Where to start in a new partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// With the oldest record there is.
    Earliest,
    /// With what arrives from now on.
    Latest,
}

impl Start {
    /// librdkafka's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Earliest => "earliest",
            Self::Latest => "latest",
        }
    }
}
