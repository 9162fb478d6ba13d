//! The page, in a real browser.
//!
//! In: a nation's release, served by the real binary with the page in it, and Chromium. Out: nothing, when the tests of
//! `query/web/tests/browser` pass: what is shown equals SQL over the Postgres wire, nothing hidden is anywhere, all works by
//! keyboard and for who hears it, nothing is fetched from elsewhere, and who has not signed in is refused nothing of it. Chromium, Node and the packages of the page are there
//! after `scripts/setup test` and `scripts/page`.

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::answers::Server;
use crate::kayoi::{json, run, text};
use crate::repository;

#[test]
fn the_page_says_what_the_tables_say_to_everybody() {
    let folder = TempDir::new().unwrap();
    let demo = folder.path().join("demo");
    run(&["demo", "--nation", "--no-serve", "--dir", text(&demo)]);
    let lake = demo.join("lake");
    let server = Server::start(&lake);
    let url = format!("http://{}", server.http);
    let pg = format!("127.0.0.1:{}", server.pg_port);
    vitest("browser", &[("KAYOI_URL", &url), ("KAYOI_PG", &pg)]);
    drop(server);

    // The same figures for who has signed in and for who has not. The town is the one with most connected people, which has cells.
    let towns: Value = json(&["ask", "towns-shown", "--json", "--lake", text(&lake)]);
    let rows = towns["rows"].as_array().unwrap();
    let most = rows.iter().max_by_key(|row| row["connected"].as_u64()).unwrap();
    let town = most["municipality_code"].as_str().unwrap();
    let add = |name: &str, more: &[&str]| {
        run(&[&["user", "add", name, "--lake", text(&lake)], more].concat()).trim().to_owned()
    };
    let password = add("machi", &["--role", "officer", "--area", town]);
    add("minna", &["--role", "public"]);
    let server = Server::start(&lake);
    let url = format!("http://{}", server.http);
    let officer = format!("machi:{password}:{town}");
    let with = [
        ("KAYOI_SIGNED_URL", url.as_str()),
        ("KAYOI_SIGNED_OFFICER", &officer),
        ("KAYOI_SIGNED_PUBLIC", "true"),
    ];
    vitest("signed", &with);
}

/// Runs the tests of a project of `query/web`, with what they need to know.
fn vitest(project: &str, known: &[(&str, &str)]) {
    let told = Command::new("npx")
        .args(["vitest", "run", "--project", project])
        .current_dir(repository::root().join("query/web"))
        .envs(known.iter().copied())
        .output()
        .expect("npx runs: scripts/setup test");
    let said = format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success(), "{project}: {said}");
}
