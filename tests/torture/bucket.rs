//! A real S3 store, and a network in front of it that breaks on purpose.
//!
//! In: which of the two stores. Out: a bucket that a test reaches by environment. A store is configured by `AWS_*` variables,
//! and a process cannot change its own without unsafe code: so the test runs itself again, with them set.

use std::fs::File;
use std::process::{Child, Command};
use std::time::Duration;

use kayoi_harness::parts::s3::{self, Store};
use kayoi_harness::store::StoreServer;
use tempfile::TempDir;

use crate::process::until;

/// URL of the lake; its being set says that the bucket is there.
pub const URL: &str = "KAYOI_TORTURE_BUCKET";
/// URL of the bad network.
pub const PROXY: &str = "KAYOI_TORTURE_PROXY";

/// Faults of the network, each with its share of the requests.
const NETWORK: [(&str, &str); 6] = [
    ("--unavailable", "0.01"),
    ("--reset-before", "0.01"),
    ("--unavailable-after", "0.01"),
    ("--reset-after", "0.01"),
    ("--cut", "0.01"),
    ("--delay", "0.05"),
];

/// Both servers; they end when dropped.
pub struct Bucket {
    store: StoreServer,
    /// Of the proxy's log.
    _folder: TempDir,
    proxy: Child,
    proxy_url: String,
}

impl Bucket {
    /// Starts them.
    pub fn start(store: Store) -> Self {
        let folder = TempDir::new().unwrap();
        let store = StoreServer::start(store);
        let log = folder.path().join("proxy.log");
        let mut flaky = s3::flaky();
        let address = store.endpoint().trim_start_matches("http://");
        flaky.args(["--upstream", address, "--delay-ms", "300"]);
        let proxy = flaky
            .args(NETWORK.into_iter().flat_map(|(name, rate)| [name, rate]))
            .stdout(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let mut bucket = Self { store, _folder: folder, proxy, proxy_url: String::new() };
        until("the proxy says where it listens", Duration::from_secs(30), || {
            let text = std::fs::read_to_string(&log).unwrap();
            bucket.proxy_url = text.split_once('\n').map_or(String::new(), |(url, _)| url.to_owned());
            !bucket.proxy_url.is_empty()
        });
        bucket
    }

    /// Has moto keep older versions, as an operator may have done for all buckets of a company.
    pub fn keep_versions(&self) {
        let told = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        self.set_up("versioning", told);
    }

    /// Has moto delete what lies below a prefix after a month.
    pub fn expire(&self, prefix: &str) {
        let rule = format!(
            "<Rule><ID>monthly</ID><Filter><Prefix>{prefix}</Prefix></Filter><Status>Enabled</Status>\
             <Expiration><Days>30</Days></Expiration></Rule>"
        );
        self.set_up("lifecycle", &format!("<LifecycleConfiguration>{rule}</LifecycleConfiguration>"));
    }

    fn set_up(&self, what: &str, told: &str) {
        let address = format!("{}/lake?{what}", self.store.endpoint());
        let as_xml = "content-type: application/xml";
        let curl =
            Command::new("curl").args(["-sf", "-X", "PUT", "-H", as_xml, "-d", told, &address]).status();
        assert!(curl.unwrap().success(), "the bucket does not take its {what}");
    }

    /// What a process has to know to reach it over a good network.
    pub fn environment(&self) -> [(&'static str, &str); 5] {
        self.store.environment()
    }

    /// Runs a test of this binary in a process that sees the bucket.
    pub fn run_this_test_with_it(&self, name: &str) {
        let status = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(URL, "s3://lake/torture")
            .env(PROXY, &self.proxy_url)
            .envs(self.environment())
            .status();
        assert!(status.unwrap().success(), "the torture of the bucket failed, see above");
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        // Nothing to keep, and a drop must not panic.
        let _ = self.proxy.kill();
        let _ = self.proxy.wait();
    }
}
