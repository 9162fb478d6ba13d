//! Golden answers, asked through every door.
//!
//! In: the files of `logic`, in the language of sqllogictest, and a lake with two releases. Out: nothing, when each
//! statement has the answer, or the refusal, that stands below it, over the Postgres wire, Flight SQL and HTTP.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};
use sqllogictest::{DB, DBOutput, DefaultColumnType, Runner};
use tempfile::TempDir;

use super::answers::Server;
use super::flight::{client, lake};
use crate::repository;

/// A door, asked by a client of it in a process of its own.
struct Door {
    name: &'static str,
    client: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What a door refused.
#[derive(Debug)]
struct Refused {
    words: String,
    state: Option<String>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl std::error::Error for Refused {}

impl Door {
    fn open(name: &'static str, address: &str) -> Self {
        let install = repository::root().join("tests/peers/install.py");
        let python = client(Command::new("python3").arg(install).args(["logic", "--quiet"]));
        let mut client = Command::new(python.trim())
            .arg(repository::root().join("tests/parts/logic/door.py"))
            .args([name, address])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (questions, answers) = (client.stdin.take().unwrap(), client.stdout.take().unwrap());
        Self { name, client, questions, answers: BufReader::new(answers) }
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        let _ = self.client.kill();
        let _ = self.client.wait();
    }
}

impl DB for Door {
    type Error = Refused;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, sql: &str) -> Result<DBOutput<DefaultColumnType>, Refused> {
        writeln!(self.questions, "{}", json!(sql)).unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).expect("the client says an object");
        if let Some(words) = said["error"].as_str() {
            return Err(Refused {
                words: words.to_owned(),
                state: said["state"].as_str().map(str::to_owned),
            });
        }
        let types = said["types"].as_str().unwrap().chars().map(|letter| match letter {
            'I' => DefaultColumnType::Integer,
            'R' => DefaultColumnType::FloatingPoint,
            _ => DefaultColumnType::Text,
        });
        let rows = serde_json::from_value(said["rows"].clone()).unwrap();
        Ok(DBOutput::Rows { types: types.collect(), rows })
    }

    fn engine_name(&self) -> &str {
        self.name
    }

    fn error_sql_state(refused: &Refused) -> Option<String> {
        refused.state.clone()
    }
}

fn files() -> Vec<PathBuf> {
    let folder = repository::root().join("tests/walk/query/logic");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_door_has_the_golden_answers() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    let pg = format!("127.0.0.1:{}", server.pg_port);
    let files = files();
    assert!(files.len() >= 4, "{files:?}");
    let doors = [("postgres", pg.as_str()), ("flight", &server.flight), ("http", &server.http)];
    for (name, address) in doors {
        for file in &files {
            ask(name, address, file);
        }
    }
}

fn ask(name: &'static str, address: &str, file: &Path) {
    let mut runner = Runner::new(|| async { Ok(Door::open(name, address)) });
    if let Err(differs) = runner.run_file(file) {
        panic!("{name}, {}:\n{}", file.display(), differs.display(false));
    }
}
