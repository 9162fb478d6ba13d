//! A real schema registry for one test, from `scripts/registry`.
//!
//! In: schemas. Out: a URL and the ids it gave them.

use std::net::TcpListener;
use std::process::Command;

use tempfile::TempDir;

use crate::repository;

/// A running registry; dropping it stops it.
pub struct Registry {
    folder: TempDir,
    url: String,
}

impl Registry {
    /// Starts one and waits until it answers.
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut script = script("start");
        script.arg("--dir").arg(folder.path()).args(["--port", &port.to_string()]);
        let output = script.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Self { folder, url: String::from_utf8(output.stdout).unwrap().trim().to_owned() }
    }

    /// Address of Confluent's API.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Registers a schema and returns its id.
    pub fn register(&self, subject: &str, kind: &str, text: &str) -> u32 {
        let body = serde_json::json!({ "schemaType": kind, "schema": text }).to_string();
        let output = Command::new("curl")
            .args(["--silent", "--fail", "--header", "Content-Type: application/json", "--data", &body])
            .arg(format!("{}/subjects/{subject}/versions", self.url))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        answer["id"].as_u64().unwrap() as u32
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = script("stop").arg("--dir").arg(self.folder.path()).output();
    }
}

fn script(command: &str) -> Command {
    let mut script = Command::new(repository::root().join("scripts/registry"));
    script.arg(command);
    script
}
