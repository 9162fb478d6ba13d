//! What a town aims at: written at the command line and over HTTP, judged through every door.
//!
//! In: a lake with one small release, real users. Out: nothing, when an officer of the town alone may write, the verdict is
//! that of the interval, and a target of another definition decides nothing.

use kayoi_lake::Lake;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::answers::Server;
use super::flight::lake;
use crate::kayoi::{json as as_json, refused, run, text};

/// A request with a body, by curl: status and what is said.
fn curl(arguments: &[&str]) -> (String, Value) {
    let told = std::process::Command::new("curl")
        .args(["--silent", "--write-out", "\n%{http_code}"])
        .args(arguments)
        .output()
        .unwrap();
    let said = String::from_utf8(told.stdout).unwrap();
    let (body, status) = said.rsplit_once('\n').unwrap();
    (status.to_owned(), serde_json::from_str(body).unwrap_or(Value::Null))
}

#[test]
fn a_target_is_written_at_the_command_line_and_read_as_a_table() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let path = text(folder.path());
    let said: Value = as_json(&[
        "kpi",
        "add",
        "関係人口を増やす",
        "--town",
        "茅野市",
        "--fiscal-year",
        "2026",
        "--persons",
        "5000",
        "--json",
        "--lake",
        path,
    ]);
    assert_eq!(said["target"]["number"], 1);
    assert_eq!(said["target"]["town"], "20214");
    assert!(said["sight"]["sight"] == "seen" || said["sight"]["sight"] == "below_sight", "{said}");
    let listed = run(&["kpi", "list", "--town", "20214", "--lake", path]);
    assert!(listed.contains("関係人口を増やす") && listed.contains("期間前"), "{listed}");
    let error = refused(&[
        "kpi",
        "add",
        "x",
        "--town",
        "20214",
        "--kind",
        "lovers",
        "--fiscal-year",
        "2026",
        "--persons",
        "5",
        "--lake",
        path,
    ]);
    assert!(error.contains("`lovers` is no kind") && error.contains("hint:"), "{error}");
    let error = refused(&["kpi", "remove", "7", "--town", "20214", "--lake", path]);
    assert!(error.contains("no target with the number 7"), "{error}");
    run(&["kpi", "remove", "1", "--town", "20214", "--lake", path]);
    let listed = run(&["kpi", "list", "--town", "20214", "--lake", path]);
    assert!(!listed.contains("関係人口を増やす"), "{listed}");
}

#[test]
fn an_officer_of_the_town_alone_writes_over_http_and_everybody_in_scope_reads() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let path = text(folder.path());
    let token = |name: &str, role: &str, area: &str| {
        run(&["user", "add", name, "--role", role, "--area", area, "--lake", path]);
        run(&["user", "token", name, "--days", "1", "--lake", path]).trim().to_owned()
    };
    let officer = token("officer", "officer", "20214");
    let neighbour = token("neighbour", "officer", "20321");
    let analyst = token("analyst", "analyst", "20214");
    let server = Server::start(folder.path());
    let address = format!("http://{}/v1/kpi", server.http);
    let target = json!({ "town": "20214", "name": "関係人口", "kind": "connected", "fiscal_year": 2026,
        "persons": 5000 });
    let target = target.to_string();
    let write =
        |token: &str| curl(&["--json", &target, "-H", &format!("Authorization: Bearer {token}"), &address]);
    for token in [&neighbour, &analyst] {
        let (status, said) = write(token);
        assert_eq!(status, "403", "{said}");
    }
    assert_eq!(curl(&["--json", &target, &address]).0, "401", "who has not signed in");
    let (status, said) = write(&officer);
    assert_eq!(status, "201", "{said}");
    let rows = |token: &str| {
        let question = format!("http://{}/v1/questions/targets?town=20214", server.http);
        let (status, said) = curl(&["-H", &format!("Authorization: Bearer {token}"), &question]);
        assert_eq!(status, "200", "{said}");
        said["rows"].as_array().unwrap().len()
    };
    assert_eq!([rows(&officer), rows(&analyst), rows(&neighbour)], [1, 1, 0]);
    let number = said["target"]["number"].to_string();
    let gone = format!("{address}/20214/{number}");
    let delete =
        |token: &str| curl(&["-X", "DELETE", "-H", &format!("Authorization: Bearer {token}"), &gone]).0;
    assert_eq!([delete(&neighbour), delete(&officer), delete(&officer)], ["403", "204", "404"]);
    assert_eq!(rows(&officer), 0, "the answer of before is not told again");
    assert!(Lake::open(folder.path()).is_ok());
}
