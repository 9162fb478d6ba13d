//! A real S3 store for one test: either of the two, on a free port, with one bucket.
//!
//! In: which one. Out: what a process must know to reach it, and what is in it as a folder.

use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

use crate::kafka::at_some_port;
use crate::parts::port;
use crate::parts::s3::{self, Store};

/// Its bucket.
pub const BUCKET: &str = "lake";

/// A running store; dropping it stops it.
pub struct StoreServer {
    store: Store,
    folder: TempDir,
    endpoint: String,
}

impl StoreServer {
    /// Starts it and waits until it listens.
    pub fn start(store: Store) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let start = || s3::start(store, folder.path(), port::free_with(&[])?, BUCKET);
        let endpoint = at_some_port(store.name(), start);
        Self { store, folder, endpoint }
    }

    /// Its URL.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What a process has to know to reach it.
    pub fn environment(&self) -> [(&'static str, &str); 5] {
        [
            ("AWS_ENDPOINT", &self.endpoint),
            ("AWS_ALLOW_HTTP", "true"),
            ("AWS_REGION", s3::REGION),
            ("AWS_ACCESS_KEY_ID", s3::KEY),
            ("AWS_SECRET_ACCESS_KEY", s3::SECRET),
        ]
    }

    /// The folder that the gateway has the bucket in; moto has none.
    pub fn bucket_folder(&self) -> Option<PathBuf> {
        (self.store == Store::Versitygw).then(|| s3::bucket_folder(self.folder.path(), BUCKET))
    }

    /// What is below a prefix, as a folder: the gateway's own, or a copy made now of what moto holds.
    pub fn as_folder(&self, prefix: &str) -> PathBuf {
        self.bucket_folder().unwrap_or_else(|| self.copied(prefix)).join(prefix)
    }

    /// Every object below a prefix, page by page. Moto wants a signature, and looks at none of it.
    fn copied(&self, prefix: &str) -> PathBuf {
        let bucket = format!("{}/{BUCKET}", self.endpoint);
        let copy = tempfile::Builder::new().prefix("copy-").tempdir_in(self.folder.path());
        let copy = copy.expect("a folder for the copy").keep();
        let (mut get, mut after) = (signed_curl(), String::new());
        get.args(["--fail-early", "--create-dirs"]);
        loop {
            let list = format!("{bucket}?list-type=2&prefix={prefix}/{after}");
            let page = printed(signed_curl().arg(&list));
            let keys: Vec<&str> =
                page.split("<Key>").skip(1).filter_map(|rest| Some(rest.split_once("</Key>")?.0)).collect();
            let Some(last) = keys.last() else { break };
            for key in &keys {
                get.arg("-o").arg(copy.join(key)).arg(format!("{bucket}/{key}"));
            }
            after = format!("&start-after={last}");
        }
        assert!(!after.is_empty(), "nothing is below `{prefix}`");
        printed(&mut get);
        copy
    }
}

impl Drop for StoreServer {
    fn drop(&mut self) {
        // Nothing to keep, and a drop must not panic.
        let _ = s3::stop(self.folder.path());
    }
}

fn signed_curl() -> Command {
    let (signature, user) = (format!("aws:amz:{}:s3", s3::REGION), format!("{}:{}", s3::KEY, s3::SECRET));
    let mut curl = Command::new("curl");
    curl.args(["-sfg", "--aws-sigv4", &signature, "--user", &user]);
    curl
}

fn printed(curl: &mut Command) -> String {
    let output = curl.output().expect("curl: scripts/setup test installs it");
    assert!(output.status.success(), "{curl:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
