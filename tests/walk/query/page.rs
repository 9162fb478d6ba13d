//! The page, in a real browser.
//!
//! In: a nation's release, served by the real binary with the page in it, and Chromium. Out: nothing, when the tests of
//! `query/web/tests/browser` pass: what is shown equals SQL over the Postgres wire, nothing hidden is anywhere, all works by
//! keyboard and for who hears it, nothing is fetched from elsewhere. Chromium, Node and the packages of the page are there
//! after `scripts/setup test` and `scripts/page`.

use std::process::Command;

use tempfile::TempDir;

use super::answers::Server;
use crate::kayoi::{run, text};
use crate::repository;

#[test]
fn the_page_says_what_the_tables_say_to_everybody() {
    let folder = TempDir::new().unwrap();
    let demo = folder.path().join("demo");
    run(&["demo", "--nation", "--no-serve", "--dir", text(&demo)]);
    let server = Server::start(&demo.join("lake"));
    let web = repository::root().join("query/web");
    let told = Command::new("npx")
        .args(["vitest", "run", "--project", "browser"])
        .current_dir(&web)
        .env("KAYOI_URL", format!("http://{}", server.http))
        .env("KAYOI_PG", format!("127.0.0.1:{}", server.pg_port))
        .output()
        .expect("npx runs: scripts/setup test");
    let said = format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success(), "{said}");
}
