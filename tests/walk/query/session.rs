//! Signing in for the page, and who has not.
//!
//! In: a lake with one small release and users, the real binary, curl with a jar of cookies. Out: nothing, when a session is what
//! its person may see and ends with them, no secret is for scripts, and the role `public` asks named questions and no SQL.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::answers::Server;
use super::flight::lake;
use crate::kayoi::{run, text};
use crate::process::until;

/// A request by curl: head and body.
fn curl(arguments: &[&str]) -> (String, Value) {
    let told =
        std::process::Command::new("curl").args(["--silent", "--include"]).args(arguments).output().unwrap();
    let said = String::from_utf8(told.stdout).unwrap();
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), serde_json::from_str(body).unwrap_or(Value::Null))
}

fn status(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

fn user(lake: &Path, name: &str, more: &[&str]) -> String {
    run(&[&["user", "add", name, "--lake", text(lake)], more].concat()).trim().to_owned()
}

#[test]
fn a_session_is_its_person_and_ends_with_them() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let password = user(folder.path(), "taro", &["--area", "20214"]);
    let server = Server::start(folder.path());
    let session = format!("http://{}/v1/session", server.http);
    let release = format!("http://{}/v1/release", server.http);
    let jar = folder.path().join("jar");
    let jar = ["--cookie", text(&jar), "--cookie-jar", text(&jar)];

    let (head, said) = curl(&[&session]);
    assert_eq!(
        (status(&head), &said["needs_sign_in"], &said["signed_in"]),
        ("200", &json!(true), &json!(false))
    );
    let wrong = json!({ "name": "taro", "password": "not that one" }).to_string();
    let nobody = json!({ "name": "nobody", "password": "not that one" }).to_string();
    let refusals = [&wrong, &nobody].map(|body| curl(&["--json", body, &session]));
    assert_eq!(status(&refusals[0].0), "401");
    assert_eq!(refusals[0].1, refusals[1].1, "a name that nobody has is refused alike");

    let right = json!({ "name": "taro", "password": password }).to_string();
    let (head, said) = curl(&[&jar[..], &["--json", &right, &session]].concat());
    assert_eq!((status(&head), &said["name"], &said["areas"]), ("200", &json!("taro"), &json!(["20214"])));
    let cookie = head.lines().find(|line| line.starts_with("set-cookie:")).unwrap();
    assert!(cookie.contains("httponly") && cookie.contains("samesite=lax"), "{cookie}");

    assert_eq!(status(&curl(&[&release]).0), "401");
    assert_eq!(status(&curl(&[&jar[..], &[&release]].concat()).0), "200");
    let (head, _) = curl(&["--header", "Sec-Fetch-Mode: cors", &release]);
    assert!(!head.contains("www-authenticate"), "a browser would ask by itself: {head}");

    // A new password ends it, as soon as the server has seen the list.
    run(&["user", "password", "taro", "--lake", text(folder.path())]);
    until("the session ends", Duration::from_secs(30), || {
        status(&curl(&[&jar[..], &[&release]].concat()).0) == "401"
    });
}

#[test]
fn the_public_asks_named_questions_and_no_sql() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    user(folder.path(), "taro", &[]);
    user(folder.path(), "minna", &["--role", "public"]);
    let server = Server::start(folder.path());
    let status_of = |path: &str| {
        let (head, _) = curl(&[&format!("http://{}{path}", server.http)]);
        status(&head).to_owned()
    };
    for path in [
        "/v1/release",
        "/v1/questions/town-summary?town=20214",
        "/v1/questions",
        "/v1/tables/connected_monthly/rows?limit=5",
        "/v1/boundaries",
        "/",
    ] {
        assert_eq!(status_of(path), "200", "{path}");
    }
    for path in ["/v1/query?sql=SELECT+1", "/ogc/collections/connected/items", "/v1/questionsx"] {
        assert_ne!(status_of(path), "200", "{path}");
    }
    let wrong = curl(&["--user", "minna:anything at all", &format!("http://{}/v1/release", server.http)]);
    assert_eq!(status(&wrong.0), "401", "who says a name is asked for its password");
}
