//! A real schema registry for one test.
//!
//! In: schemas. Out: a URL and the ids it gave them.

use std::process::Command;

use tempfile::TempDir;

use crate::kafka::at_some_port;
use crate::parts::{port, registry};

/// A running registry; dropping it stops it.
pub struct Registry {
    folder: TempDir,
    url: String,
}

impl Registry {
    /// Starts one and waits until it answers.
    pub fn start() -> Self {
        at_some_port("the registry", || {
            let folder = TempDir::new().expect("a temporary folder");
            let url = registry::start(folder.path(), port::free_with(&[])?)?;
            Ok(Self { folder, url })
        })
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
        // Nothing to keep, and a drop must not panic.
        let _ = registry::stop(self.folder.path());
    }
}
