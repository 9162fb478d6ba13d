//! What a client has it does not get again, until there is something new.

use std::time::Duration;

use serde_json::json;

use super::{Ground, publish};
use crate::process::until;

const SQL: &str = "SELECT municipality, persons FROM connected_monthly \
                   WHERE kind = 'connected' AND origin_code = 'all' ORDER BY municipality_code";
/// A server looks for a new release five times a second.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn an_answer_is_sent_once_for_each_release() {
    let ground = Ground::new();
    let client = ground.client();
    let path = format!("/v1/query?sql={}", super::client::escape(SQL));
    let first = client.get(&path).ok();
    let tag = first.header("etag").unwrap().to_owned();
    assert_eq!(first.header("cache-control"), Some("no-cache"));
    assert_eq!(first.header("kayoi-revision"), Some("1"));
    assert_eq!(first.json()["rows"][0]["persons"], 1_700);

    let again = |tag: &str| client.get_with(&path, &[("if-none-match", tag)]);
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let unchanged = again(&known);
        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0), "{known}");
        assert_eq!(unchanged.header("etag"), Some(tag.as_str()));
    }
    assert_eq!(again("\"other\"").status, 200);
    let form = client.get_with(&format!("{path}&format=csv"), &[("if-none-match", &tag)]);
    assert_eq!(form.status, 200, "another form is another answer");
    let counted = client.get("/metrics").ok().text();
    assert!(
        counted.contains("kayoi_query_questions_total{door=\"http\",outcome=\"unchanged\"} 4\n"),
        "{counted}"
    );

    let asks_packed = [("if-none-match", tag.as_str()), ("accept-encoding", "zstd")];
    let had = client.get_with(&path, &asks_packed);
    assert_eq!((had.status, had.header("etag")), (304, Some(tag.as_str())), "the tag of what the client has");

    publish(ground.lake(), 2, 100);
    until("the new release is seen", SOON, || again(&tag).status == 200);
    let second = again(&tag).ok();
    assert_ne!(second.header("etag"), Some(tag.as_str()));
    assert_eq!(second.json()["rows"][0]["persons"], 1_800);
    assert_eq!(second.header("kayoi-revision"), Some("2"));

    let old = client.get(&format!("{path}&rev=1")).ok();
    assert_eq!(old.body, first.body, "an older release can be read for as long as it is kept");
    assert_eq!(old.header("etag"), Some(tag.as_str()));
    let unknown = client.get(&format!("{path}&rev=9"));
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.json()["hint"], "2 releases can be read, of 1 to 2");
    assert_eq!(client.get(&format!("{path}&rev=newest")).ok().body, second.body);
    assert_eq!(client.get(&format!("{path}&rev=soon")).status, 400);
}

#[test]
fn an_answer_that_changes_by_itself_has_no_tag() {
    let ground = Ground::new();
    let client = ground.client();
    for sql in ["SELECT now()", "SELECT random()", "SELECT current_date", "SHOW timezone"] {
        let reply = client.ask(sql, "").ok();
        assert_eq!(reply.header("etag"), None, "{sql}");
    }
    let failed = client.ask("SELECT 1 / 0", "");
    assert_eq!((failed.status, failed.header("etag")), (400, None));
}

#[test]
fn head_has_the_head_of_get_and_no_body() {
    let ground = Ground::new();
    let client = ground.client();
    let path = format!("/v1/query?format=csv&sql={}", super::client::escape(SQL));
    let get = client.get(&path).ok();
    let head = client.send("HEAD", &path, &[], b"").ok();
    assert!(head.body.is_empty());
    for name in ["content-type", "content-length", "etag", "vary"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[test]
fn a_server_is_ready_once_there_is_a_release_and_counts_what_it_answers() {
    let folder = tempfile::TempDir::new().unwrap();
    kayoi_lake::Lake::open(folder.path()).unwrap();
    let server = super::Server::start(folder.path());
    let client = super::Client::new(&server.http);
    assert_eq!(client.get("/health/live").ok().text(), "ok\n");
    let early = client.get("/health/ready");
    assert_eq!(early.status, 503);
    assert!(early.text().contains("no release yet"), "{}", early.text());
    assert_eq!(client.ask(SQL, "").ok().json()["rows"], json!([]));
    publish(folder.path(), 1, 0);
    until("the server is ready", SOON, || client.get("/health/ready").status == 200);
    assert_eq!(client.ask("SELECT FROM", "").status, 400);
    let text = client.get("/metrics").ok().text();
    for line in [
        "kayoi_query_questions_total{door=\"http\",outcome=\"answered\"} 1\n",
        "kayoi_query_questions_total{door=\"http\",outcome=\"refused\"} 1\n",
        "kayoi_query_release_revision 1\n",
        "kayoi_query_workers_working 0\n",
    ] {
        assert!(text.contains(line), "{line}{text}");
    }
}
