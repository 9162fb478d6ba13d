//! Every way to reach a broker that is not open to all: TLS, logins, tokens, client certificates. What is
//! right reads everything; what is wrong is refused with a word on what to mend; and no secret is told to
//! anybody.
//!
//! In: one real broker with a listener for each protocol. Out: rows in a lake for each way. All runs log the
//! most that Kayoi and librdkafka can say, because that is what a person turns on when a login fails.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kayoi_harness::parts::Stop;
use kayoi_harness::parts::kafka::{self, SASL_PLAINTEXT, SASL_SSL, SSL};
use kayoi_lake::Lake;
use kayoi_schemas::tables::InternalTable;
use kayoi_schemas::time::Clock;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::bad_records::good_record;
use crate::kafka::KafkaServer;
use crate::kayoi::text;
use crate::process::{Ended, Process};

const RECORDS: usize = 50;
const PASSWORD: &str = "walk-right-password";
const WRONG_PASSWORD: &str = "walk-wrong-password";
const KEY_PASSWORD: &str = "walk-key-password";
const WRONG_KEY_PASSWORD: &str = "walk-wrong-key-password";
/// A refusal that takes longer is taken for a hang.
const REFUSAL_LIMIT: Duration = Duration::from_secs(90);

/// A node with all four listeners.
struct Broker(KafkaServer);

impl Broker {
    fn start() -> Self {
        Self(KafkaServer::start_guarded(PASSWORD))
    }

    fn address(&self, listener: u16) -> String {
        self.0.address(listener)
    }

    fn tls(&self, name: &str) -> PathBuf {
        self.0.folder().join("tls").join(name)
    }

    /// A topic with good records, sent over the plain listener.
    fn fill(&self, topic: &str) {
        self.0.create_topic(topic, 2);
        let mut lines = Vec::new();
        for number in 0..RECORDS {
            lines.extend_from_slice(&good_record(&format!("walk-device-{number}"), number as i64));
            lines.push(b'\n');
        }
        self.0.produce(topic, &lines);
    }

    /// Starts it again so that its TLS listener lets nobody in without a certificate of its authority.
    fn require_certificates(&self) {
        self.start_again_with("listener.name.ssl.ssl.client.auth=required");
    }

    /// Starts it again so that who logs in has the rights alone that he was given; the plain listener stays open.
    fn require_rights(&self) {
        self.start_again_with(
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer\n\
             super.users=User:ANONYMOUS",
        );
    }

    fn start_again_with(&self, setting: &str) {
        let folder = self.0.folder();
        kafka::stop(folder, None, Stop::InOrder).unwrap();
        let mut settings = File::options().append(true).open(folder.join("server.properties")).unwrap();
        writeln!(settings, "{setting}").unwrap();
        kafka::start_node(folder, 1).unwrap();
    }
}

/// A token as OAUTHBEARER takes it from a provider that does not sign, which ends so many seconds from now.
fn token(ends_in_s: i64) -> String {
    let now = Clock::System.now().0 / 1000;
    let claims = json!({ "sub": "kayoi", "iat": now - 7_200, "exp": now + ends_in_s });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims))
}

/// Files with secrets, and what must not be found anywhere else.
struct Secrets {
    folder: TempDir,
    texts: Vec<(&'static str, String)>,
}

impl Secrets {
    fn new(broker: &Broker) -> Self {
        let mut secrets = Self { folder: TempDir::new().unwrap(), texts: Vec::new() };
        secrets.add("password", PASSWORD.to_owned());
        secrets.add("wrong-password", WRONG_PASSWORD.to_owned());
        secrets.add("key-password", KEY_PASSWORD.to_owned());
        secrets.add("wrong-key-password", WRONG_KEY_PASSWORD.to_owned());
        secrets.add("token", token(3_600));
        secrets.add("old-token", token(-3_600));
        let mut encrypt = Command::new("openssl");
        encrypt.args(["pkcs8", "-topk8", "-v2", "aes256", "-in"]).arg(broker.tls("client.key"));
        encrypt.arg("-out").arg(secrets.path("encrypted.key"));
        encrypt.arg("-passout").arg(format!("file:{}", secrets.path("key-password").display()));
        let output = encrypt.output().unwrap();
        assert!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
        secrets
    }

    fn add(&mut self, name: &'static str, secret: String) {
        std::fs::write(self.path(name), format!("{secret}\n")).unwrap();
        // A part of a token gives as much away as all of it.
        let telling = secret.split('.').max_by_key(|part| part.len()).unwrap_or_default().to_owned();
        self.texts.push((name, telling));
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn expect_kept(&self, what: &str, told: &str) {
        for (name, secret) in &self.texts {
            assert!(!told.contains(secret.as_str()), "{what} tells the secret `{name}`");
        }
    }
}

/// One way to reach the broker: a listener, and the keys of [kafka] for it.
struct Way {
    name: &'static str,
    address: String,
    keys: Vec<(&'static str, String)>,
}

impl Way {
    fn new(broker: &Broker, name: &'static str, listener: u16) -> Self {
        let protocol = match listener {
            SASL_PLAINTEXT => "sasl_plaintext",
            SSL => "ssl",
            SASL_SSL => "sasl_ssl",
            _ => "plaintext",
        };
        Self { name, address: broker.address(listener), keys: vec![("protocol", protocol.to_owned())] }
    }

    fn with(mut self, key: &'static str, value: &str) -> Self {
        self.keys.push((key, value.to_owned()));
        self
    }

    fn with_file(self, key: &'static str, path: &Path) -> Self {
        self.with(key, text(path))
    }

    fn with_login(self, mechanism: &str, password: &Path) -> Self {
        self.with("mechanism", mechanism).with("username", "kayoi").with_file("password_file", password)
    }

    fn with_token(self, token: &Path) -> Self {
        self.with("mechanism", "OAUTHBEARER").with_file("token_file", token)
    }

    /// Writes the configuration.
    fn configure(&self, folder: &Path) -> PathBuf {
        let keys: String = self.keys.iter().map(|(key, value)| format!("{key} = \"{value}\"\n")).collect();
        let config = format!(
            "[lake]\nurl = \"{}\"\n[kafka]\nbrokers = \"{}\"\n{keys}[kafka.librdkafka]\ndebug = \"all\"\n\
             [[feed]]\npartner = \"walk\"\ntopics = [\"pings\"]\n",
            text(&self.lake(folder)),
            self.address
        );
        let path = folder.join(format!("{}.toml", self.name));
        std::fs::write(&path, config).unwrap();
        path
    }

    fn lake(&self, folder: &Path) -> PathBuf {
        folder.join(self.name)
    }

    fn start(&self, folder: &Path, command: &[&str]) -> Process {
        let config = self.configure(folder);
        let arguments = [command, &["--config", text(&config)]].concat();
        Process::start(folder, &arguments, &[("KAYOI_LOG", "debug"), ("NO_COLOR", "1")])
    }

    fn ingest(&self, folder: &Path) -> Process {
        self.start(folder, &["ingest", "--until-end", "--json"])
    }
}

/// A way that must lead to every record, for the doctor as for the ingest.
fn expect_every_record(way: &Way, folder: &Path, secrets: &Secrets) {
    let run = |command: &[&str]| {
        let ended = way.start(folder, command).wait();
        secrets.expect_kept(way.name, &ended.stderr);
        secrets.expect_kept(way.name, &ended.stdout);
        assert!(ended.status.success(), "{}: {command:?}: {}", way.name, verdict(&ended));
        ended
    };
    run(&["ingest", "--print-config"]);
    let summary = run(&["ingest", "--until-end", "--json"]).json();
    assert_eq!((&summary["read"], &summary["stored"]), (&json!(RECORDS), &json!(RECORDS)), "{}", way.name);
    let lake = Lake::open(&way.lake(folder)).unwrap();
    let batches = lake.rows(InternalTable::Pings, &["timestamp"]).unwrap();
    assert_eq!(batches.iter().map(|batch| batch.num_rows()).sum::<usize>(), RECORDS, "{}", way.name);
    run(&["doctor", "--json"]);
}

/// What a person reads last: the error with its causes and hints, without the log before it.
fn verdict(ended: &Ended) -> &str {
    let at = ended.stderr.rfind("\nerror[").map_or(0, |line_end| line_end + 1);
    &ended.stderr[at..]
}

/// Ways that must be refused, each with a word that its error must have. They run side by side, because most
/// of a refusal is waiting.
fn expect_refusals(ways: &[(Way, &str)], folder: &Path, secrets: &Secrets) {
    let started = Instant::now();
    let running: Vec<Process> = ways.iter().map(|(way, _)| way.ingest(folder)).collect();
    for (process, (way, word)) in running.into_iter().zip(ways) {
        let ended = process.wait();
        secrets.expect_kept(way.name, &ended.stderr);
        let verdict = verdict(&ended);
        assert_eq!(ended.status.code(), Some(1), "{} was not refused: {verdict}", way.name);
        assert!(verdict.contains("hint: "), "{}: {verdict}", way.name);
        assert!(verdict.contains(word), "{}: the error does not name `{word}`: {verdict}", way.name);
        assert!(!verdict.contains("panicked"), "{}: {verdict}", way.name);
    }
    let took = started.elapsed();
    assert!(took < REFUSAL_LIMIT, "the refusals took {took:?}");
}

#[test]
fn every_way_to_log_in_is_right_or_refused_and_no_secret_is_told() {
    let broker = Broker::start();
    broker.fill("pings");
    let (secrets, folder) = (Secrets::new(&broker), TempDir::new().unwrap());
    let folder = folder.path();
    let way = |name, listener| Way::new(&broker, name, listener);
    let (ca, password) = (broker.tls("ca.pem"), secrets.path("password"));

    let right = [
        way("ssl", SSL).with_file("ca_file", &ca),
        way("plain", SASL_PLAINTEXT).with_login("PLAIN", &password),
        way("scram-256", SASL_PLAINTEXT).with_login("SCRAM-SHA-256", &password),
        way("scram-512", SASL_PLAINTEXT).with_login("SCRAM-SHA-512", &password),
        way("oauthbearer", SASL_PLAINTEXT).with_token(&secrets.path("token")),
        way("sasl-ssl", SASL_SSL).with_file("ca_file", &ca).with_login("SCRAM-SHA-512", &password),
    ];
    for way in &right {
        expect_every_record(way, folder, &secrets);
    }

    let wrong = secrets.path("wrong-password");
    let wrong = [
        (way("without-ca", SSL), "TLS"),
        (way("wrong-plain", SASL_PLAINTEXT).with_login("PLAIN", &wrong), "login"),
        (way("wrong-scram-256", SASL_PLAINTEXT).with_login("SCRAM-SHA-256", &wrong), "login"),
        (way("wrong-scram-512", SASL_PLAINTEXT).with_login("SCRAM-SHA-512", &wrong), "login"),
        (way("old-token", SASL_PLAINTEXT).with_token(&secrets.path("old-token")), "token_file"),
        (certified(way("wrong-key", SSL), &broker, &secrets, "wrong-key-password"), "key"),
    ];
    expect_refusals(&wrong, folder, &secrets);

    // Until now the listener asked for a certificate and took none for an answer, so it would prove nothing.
    broker.require_certificates();
    let open_key = way("certificate", SSL)
        .with_file("ca_file", &ca)
        .with_file("certificate_file", &broker.tls("client.pem"))
        .with_file("private_key_file", &broker.tls("client.key"));
    expect_every_record(&open_key, folder, &secrets);
    let encrypted_key = certified(way("encrypted-key", SSL), &broker, &secrets, "key-password");
    expect_every_record(&encrypted_key, folder, &secrets);
    let without = way("without-certificate", SSL).with_file("ca_file", &ca);
    // The broker hangs up without a reason, so there is none to pass on.
    expect_refusals(&[(without, "127.0.0.1")], folder, &secrets);
}

#[test]
fn who_may_not_read_is_told_which_right_is_missing() {
    let broker = Broker::start();
    broker.fill("pings");
    broker.require_rights();
    let (secrets, folder) = (Secrets::new(&broker), TempDir::new().unwrap());
    let folder = folder.path();
    let way = |name| Way::new(&broker, name, SASL_PLAINTEXT).with_login("PLAIN", &secrets.path("password"));
    let expect_refused = |name: &'static str, missing: &str| {
        let ended = way(name).ingest(folder).wait();
        let verdict = verdict(&ended);
        assert!(verdict.starts_with("error[K402]") && verdict.contains(missing), "{name}: {verdict}");
    };
    let allow = |right: &[&str]| kafka::allow(broker.0.bootstrap(), right).unwrap();

    // A topic that one may not see is not one that does not exist.
    expect_refused("no-right", "hint: the login is right, and this user may not use the topic");
    allow(&["--operation", "Describe", "--operation", "Read", "--topic", "pings"]);
    expect_refused("no-group", "hint: the login is right, and this user may not use the consumer group");
    allow(&["--operation", "Read", "--group", "*"]);
    expect_every_record(&way("every-right"), folder, &secrets);
}

/// A way with a client certificate whose key is encrypted.
fn certified(way: Way, broker: &Broker, secrets: &Secrets, key_password: &str) -> Way {
    way.with_file("ca_file", &broker.tls("ca.pem"))
        .with_file("certificate_file", &broker.tls("client.pem"))
        .with_file("private_key_file", &secrets.path("encrypted.key"))
        .with_file("private_key_password_file", &secrets.path(key_password))
}
