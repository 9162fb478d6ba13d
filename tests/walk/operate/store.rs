//! A store that refuses is told by its own words: which code, and what to do.
//!
//! In: a real S3 work-alike, open to everybody or guarded, and a proxy before it that is busy. Out: the code and the hint of
//! each refusal. Other regions and clocks are not here, because the work-alike lets them in: `lake/src/refusal.rs` has them.

use std::fs::File;
use std::process::{Child, Stdio};
use std::time::Duration;

use kayoi_harness::parts::s3::Login;
use kayoi_harness::parts::{port, s3};
use serde_json::Value;
use tempfile::TempDir;

use crate::kafka::at_some_port;
use crate::kayoi::command;
use crate::process::until;

/// A lake that could be there.
const LAKE: &str = "s3://lake/walk";
/// Where nothing listens.
const NOBODY: &str = "http://127.0.0.1:1";

/// The work-alike; it ends when dropped.
struct Store {
    folder: TempDir,
    endpoint: String,
    login: Login,
}

impl Store {
    fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let endpoint = at_some_port("the store", || {
            s3::start(s3::Store::Moto, folder.path(), port::free_with(&[])?, "lake")
        });
        Self { folder, endpoint, login: Login { key: "walk".to_owned(), secret: "walk".to_owned() } }
    }

    fn guarded() -> Self {
        let folder = TempDir::new().unwrap();
        let start = || s3::start_guarded(folder.path(), port::free_with(&[])?, "lake");
        let (endpoint, login) = at_some_port("the store", start);
        Self { folder, endpoint, login }
    }

    /// What a process has to know to reach it.
    fn environment(&self) -> [(&str, &str); 5] {
        [
            ("AWS_ENDPOINT", &self.endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_ACCESS_KEY_ID", &self.login.key),
            ("AWS_SECRET_ACCESS_KEY", &self.login.secret),
        ]
    }

    /// `kayoi lake info` of a lake, with some of it otherwise, is refused with this code and this hint, and says so once.
    fn expect_refused(&self, lake: &str, other: &[(&str, &str)], code: &str, hint: &str) {
        let mut asked = command(&["lake", "info", "--lake", lake]);
        let output = asked.envs(self.environment()).envs(other.iter().copied()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{lake} {other:?}: {said}");
        assert!(said.starts_with(&format!("error[{code}]: ")), "{lake} {other:?}: {said}");
        let hints: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("hint: ")).collect();
        assert!(hints.len() == 1 && hints[0].contains(hint), "{lake} {other:?}: {said}");
        assert!(said.matches("Error performing").count() <= 1, "said again and again: {said}");
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // Nothing to keep, and a drop must not panic.
        let _ = s3::stop(self.folder.path());
    }
}

/// A proxy that answers as a store does that has too much to do.
struct Busy {
    proxy: Child,
    endpoint: String,
}

impl Busy {
    fn before(store: &Store) -> Self {
        let log = store.folder.path().join("proxy.log");
        let mut proxy = s3::flaky();
        proxy.args(["--upstream", store.endpoint.trim_start_matches("http://"), "--unavailable", "1"]);
        let proxy = proxy.stdout(File::create(&log).unwrap()).stdin(Stdio::null()).spawn().unwrap();
        let mut busy = Self { proxy, endpoint: String::new() };
        until("the proxy says where it listens", Duration::from_secs(30), || {
            let text = std::fs::read_to_string(&log).unwrap();
            busy.endpoint = text.split_once('\n').map_or(String::new(), |(url, _)| url.to_owned());
            !busy.endpoint.is_empty()
        });
        busy
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let _ = self.proxy.kill();
        let _ = self.proxy.wait();
    }
}

#[test]
fn a_store_that_cannot_be_reached_says_what_is_in_the_way() {
    let store = Store::open();
    let busy = Busy::before(&store);
    // Side by side, because most of the last two is asking again.
    std::thread::scope(|scope| {
        scope.spawn(|| store.expect_refused("s3://elsewhere/walk", &[], "K301", "has no such bucket"));
        scope.spawn(|| {
            store.expect_refused(LAKE, &[("AWS_ALLOW_HTTP", "false")], "K301", "AWS_ALLOW_HTTP=true");
        });
        scope.spawn(|| store.expect_refused(LAKE, &[("AWS_ENDPOINT", NOBODY)], "K302", "nothing listens"));
        let endpoint = [("AWS_ENDPOINT", busy.endpoint.as_str())];
        store.expect_refused(LAKE, &endpoint, "K302", "run it again later");
    });
    // Where the store answers, and there is nothing yet, nobody is sent to look for a bucket.
    store.expect_refused(LAKE, &[], "K201", "`kayoi ingest` makes a lake");
}

#[test]
fn a_key_that_is_unknown_one_that_signs_otherwise_and_one_without_rights_are_told_apart() {
    let store = Store::guarded();
    let refused = |other: &[(&str, &str)], hint: &str| store.expect_refused(LAKE, other, "K303", hint);
    refused(&[("AWS_ACCESS_KEY_ID", "nobody")], "does not know this key");
    refused(&[("AWS_SECRET_ACCESS_KEY", "another")], "check AWS_SECRET_ACCESS_KEY");
    refused(&[], "allow it to list, get, put and delete");
}

#[test]
fn the_doctor_names_a_missing_bucket_once() {
    let store = Store::open();
    let mut doctor = command(&["doctor", "--json", "--lake", "s3://elsewhere/walk"]);
    let output = doctor.envs(store.environment()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let of_store: Vec<&Value> = findings
        .iter()
        .filter(|finding| finding["code"].as_str().is_some_and(|code| code.starts_with("K3")))
        .collect();
    assert!(of_store.len() == 1 && of_store[0]["code"] == "K301", "{report}");
}
