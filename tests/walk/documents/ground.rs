//! Where the commands of one page run, in their order.
//!
//! In: a command. Out: nothing, or why it is wrong. A command runs in `bash`, in a folder that has what
//! readers have; servers stand on free ports, so that the ports of the page are replaced. What is not `kayoi`
//! is known by name, and a program that nobody named here is an error: a page may not show what no test has
//! seen.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::belongings::Belongings;
use super::parser;
use super::programs;
use super::shell::{option, words};
use crate::kafka::KafkaServer;
use crate::kayoi;
use crate::query::answers::Server;

/// Longest run of one command, seconds.
const LIMIT_S: &str = "300";
/// The doors and the broker as pages write them.
const PG_PORT: &str = "-p 5433";
const HTTP: &str = "127.0.0.1:8080";
const FLIGHT: &str = "grpc://127.0.0.1:8815";
const BROKERS: [&str; 2] = ["127.0.0.1:9092", "localhost:9092"];

/// A page's folder and servers.
pub struct Ground<'b> {
    belongings: &'b Belongings,
    folder: TempDir,
    environment: Vec<(String, String)>,
    kafka: Option<KafkaServer>,
    server: Option<Server>,
}

impl<'b> Ground<'b> {
    /// An empty ground.
    pub fn new(belongings: &'b Belongings) -> Self {
        Self { belongings, folder: belongings.unpack(), environment: Vec::new(), kafka: None, server: None }
    }

    /// Runs one command.
    pub fn run(&mut self, command: &str) -> Result<(), String> {
        let words = words(command);
        // Variables before a command are the shell's.
        let mut named = words.iter().map(String::as_str).filter(|word| !word.contains('='));
        match named.next().unwrap_or_default() {
            "export" => self.export(&words),
            "kayoi" if named.next() == Some("serve") => self.serve(&words),
            "kayoi" | "psql" | "curl" | "cat" | "cmp" => self.shell(command),
            "make" => programs::make(&words),
            "cargo" if words.get(1).is_some_and(|word| word == "xtask") => {
                self.test_server(&words, 2, command)
            }
            "cargo" => programs::cargo(&words),
            "git" => words[2..].iter().try_for_each(|path| programs::exists(path)),
            script if script.starts_with("scripts/") => self.test_server(&words, 0, command),
            _ => Err("no test knows how to run it: see tests/walk/documents/ground.rs".to_owned()),
        }
    }

    /// Runs a script of Python's standard library, of ADBC, or of the package in `python`.
    pub fn python(&mut self, script: &str) -> Result<(), String> {
        std::fs::write(self.folder.path().join("script.py"), self.with_servers(script)).unwrap();
        let group = match script {
            script if script.contains("import kayoi") => "package",
            script if script.contains("adbc_driver_flightsql") => "flight",
            _ => return self.shell("python3 script.py"),
        };
        let root = crate::repository::root();
        let (install, package) = (root.join("tests/peers/install.py"), root.join("python/src"));
        let python = format!("\"$(python3 {} {group} --quiet)\"", install.display());
        self.shell(&format!("PYTHONDONTWRITEBYTECODE=1 PYTHONPATH={} {python} script.py", package.display()))
    }

    /// Checks a configuration of an ingest.
    pub fn configuration(&mut self, toml: &str) -> Result<(), String> {
        std::fs::write(self.folder.path().join("shown.toml"), toml).unwrap();
        self.shell("kayoi ingest --print-config --config shown.toml > understood.toml")
    }

    /// Ingests records, one a line, all of which must be taken.
    pub fn records(&mut self, records: &str) -> Result<(), String> {
        std::fs::write(self.folder.path().join("shown.ndjson"), records).unwrap();
        let summary = self.output("kayoi ingest --file shown.ndjson --lake shown --json")?;
        let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
        let all = records.lines().count();
        if summary["stored"] == all { Ok(()) } else { Err(format!("{all} records became {summary}")) }
    }

    /// Asks the demo's lake a question. It must have an answer, because a misspelt value finds nothing.
    pub fn question(&mut self, sql: &str) -> Result<String, String> {
        std::fs::write(self.folder.path().join("question.sql"), sql).unwrap();
        let lake = self.belongings.demo_lake();
        let answer =
            self.output(&format!("kayoi query --lake {} \"$(cat question.sql)\"", lake.display()))?;
        if answer.ends_with("\n0 rows\n") { Err("no row answers it".to_owned()) } else { Ok(answer) }
    }

    fn shell(&mut self, command: &str) -> Result<(), String> {
        self.output(command).map(drop)
    }

    fn output(&mut self, command: &str) -> Result<String, String> {
        let command = self.with_servers(command);
        let binary = Path::new(env!("CARGO_BIN_EXE_kayoi")).parent().unwrap();
        let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
        let script = format!("set -euo pipefail\n{command}");
        let mut shell = Command::new("timeout");
        shell.args([LIMIT_S, "bash", "-c", &script]).current_dir(self.folder.path()).env("PATH", path);
        kayoi::without_settings(&mut shell);
        if let Some(kafka) = &self.kafka {
            shell.env("KAYOI_INGEST__KAFKA__BROKERS", kafka.bootstrap());
        }
        let output = shell.envs(self.environment.iter().cloned()).output().unwrap();
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        // To find something that must be mended is what the doctor is for, and what differs is what a comparison is for.
        let finds = ["kayoi doctor", "kayoi definitions diff"].iter().any(|of| command.starts_with(of));
        if output.status.success() || finds && output.status.code() == Some(1) {
            Ok(text(&output.stdout))
        } else {
            Err(format!("{}\n{}{}", output.status, text(&output.stdout), text(&output.stderr)))
        }
    }

    /// The command with the addresses of this ground's servers, which are started when they are named. An
    /// ingest that would run until somebody stops it ends with the topic.
    fn with_servers(&mut self, command: &str) -> String {
        let mut command = command.to_owned();
        if [PG_PORT, HTTP, FLIGHT].iter().any(|door| command.contains(door)) {
            let lake = self.belongings.demo_lake();
            let server = self.server.get_or_insert_with(|| Server::start(&lake));
            command = command.replace(PG_PORT, &format!("-p {}", server.pg_port));
            command = command.replace(HTTP, &server.http);
            command = command.replace(FLIGHT, &server.flight);
            // Else curl takes a refusal for an answer.
            command = command.replace("curl ", "curl --fail-with-body --silent --show-error ");
        }
        let reads_kafka = ["--kafka", "--config"].iter().any(|option| command.contains(option));
        if reads_kafka && !command.contains("--print-config") {
            let kafka = self.kafka.get_or_insert_with(|| {
                let kafka = KafkaServer::start();
                kafka.create_topic("pings", 3);
                kafka
            });
            for broker in BROKERS {
                command = command.replace(broker, kafka.bootstrap());
            }
            if !command.contains("--until-end") {
                command = command.replace("kayoi ingest", "kayoi ingest --until-end");
            }
        }
        command
    }

    fn export(&mut self, words: &[String]) -> Result<(), String> {
        let (name, value) = words[1].split_once('=').ok_or("`export` without a value")?;
        self.environment.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    fn serve(&mut self, words: &[String]) -> Result<(), String> {
        parser::parse(words)?;
        let lake = option(words, "--lake").ok_or("`kayoi serve` without --lake")?;
        self.server = Some(Server::start(&self.folder.path().join(lake)));
        Ok(())
    }

    /// A command of a script or task, whose name stands `at` a place among the words. Kafka is this ground's
    /// own; of the others the words are compared with what their help says.
    fn test_server(&mut self, words: &[String], at: usize, command: &str) -> Result<(), String> {
        let verb = words.get(at + 1).map_or("", String::as_str);
        match (words[at].trim_start_matches("scripts/"), verb) {
            ("kafka", "start") if option(words, "--nodes").is_none() => {
                self.kafka = Some(KafkaServer::start())
            }
            ("kafka", "stop") => self.kafka = None,
            ("kafka", "topic") => {
                let name = option(words, "--create").ok_or("`topic` without --create")?;
                let partitions = option(words, "--partitions").and_then(|count| count.parse().ok());
                let kafka = self.kafka.as_ref().ok_or("no broker was started")?;
                kafka.create_topic(name, partitions.ok_or("`topic` without --partitions")?);
            }
            ("kafka", "produce") => {
                let topic = option(words, "--topic").ok_or("`produce` without --topic")?;
                let (_, file) = command.split_once("< ").ok_or("`produce` without a file")?;
                let records =
                    std::fs::read(self.folder.path().join(file)).map_err(|error| error.to_string())?;
                self.kafka.as_ref().ok_or("no broker was started")?.produce(topic, &records);
            }
            _ => {}
        }
        programs::known_to_help(words, at)
    }
}
