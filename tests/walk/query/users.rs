//! Users, what each of them sees, and what an auditor reads of it: through all doors of the real server.

use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::answers::Server;
use super::flight::lake;
use crate::kayoi::{refused, run, text};

/// Adds a user; gives the password.
pub(super) fn add(lake: &Path, name: &str, arguments: &[&str]) -> String {
    let made = run(&[&["user", "add", name, "--lake", text(lake)], arguments].concat());
    made.trim().to_owned()
}

fn psql(server: &Server, user: &str, password: &str, sql: &str) -> Output {
    let mut psql = Command::new("psql");
    psql.args([
        "-X",
        "-A",
        "-t",
        "-h",
        "127.0.0.1",
        "-p",
        &server.pg_port,
        "-d",
        "kayoi",
        "-U",
        user,
        "-c",
        sql,
    ]);
    psql.env("PGPASSWORD", password).output().unwrap()
}

pub(super) fn said(server: &Server, user: &str, password: &str, sql: &str) -> String {
    let output = psql(server, user, password, sql);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{sql}: {error}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

pub(super) fn error(server: &Server, user: &str, password: &str, sql: &str) -> String {
    let output = psql(server, user, password, sql);
    assert!(!output.status.success(), "{sql} was answered");
    String::from_utf8(output.stderr).unwrap()
}

/// Status and body over HTTP, signed in as curl does it.
pub(super) fn http(server: &Server, sign: &[&str], path: &str) -> (String, String) {
    let mut curl = Command::new("curl");
    curl.args(["-s", "-w", "\n%{http_code}"]).args(sign).arg(format!("http://{}{path}", server.http));
    let output = String::from_utf8(curl.output().unwrap().stdout).unwrap();
    let (body, status) = output.rsplit_once('\n').unwrap();
    (status.to_owned(), body.to_owned())
}

#[test]
fn each_user_sees_the_own_scope_through_every_door_and_in_no_catalog_more() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("lake");
    lake(&place);
    let taro = add(&place, "taro", &["--area", "20201", "--area", "20202"]);
    let hanako = add(&place, "hanako", &["--area", "20", "--table", "connected_monthly"]);
    let kansa = add(&place, "kansa", &["--role", "auditor"]);
    let server = Server::start(&place);

    let municipalities = "SELECT string_agg(DISTINCT municipality_code, ',') FROM connected_monthly";
    assert_eq!(said(&server, "taro", &taro, municipalities), "20201,20202");
    let others = "SELECT count(*) FROM (SELECT * FROM connected_monthly UNION ALL SELECT * FROM release.connected_monthly) AS a \
                  WHERE municipality_code NOT IN ('20201', '20202')";
    assert_eq!(said(&server, "taro", &taro, others), "0");
    assert_eq!(said(&server, "hanako", &hanako, "SELECT count(*) FROM connected_monthly"), "60");
    assert_eq!(said(&server, "hanako", &hanako, "SELECT current_user"), "hanako");
    let tables =
        "SELECT string_agg(table_name, ',') FROM information_schema.tables WHERE table_schema = 'public'";
    // Facts that belong to nobody are everybody's who asks about figures.
    assert_eq!(
        said(&server, "hanako", &hanako, tables),
        "connected_monthly,municipalities,neighbours,calendar,class_errors"
    );
    assert_eq!(said(&server, "kansa", &kansa, tables), "audit");
    // A question is a view of the tables that one sees, and of their rows.
    let views =
        "SELECT string_agg(table_name, ',') FROM information_schema.views WHERE table_schema = 'questions'";
    assert_eq!(
        said(&server, "hanako", &hanako, views),
        "connected_people,origins_top5,days_per_year,dual_residents,metro_to_local,class_errors,towns_shown"
    );
    assert_eq!(said(&server, "kansa", &kansa, views), "");
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'questions'";
    assert_eq!(said(&server, "kansa", &kansa, schemas), "0");
    assert_eq!(said(&server, "hanako", &hanako, schemas), "1");
    for told in [
        "SELECT count(*) FROM questions.connected_people WHERE municipality_code NOT IN ('20201', '20202')",
        "SELECT count(*) FROM questions.towns_shown WHERE municipality_code NOT IN ('20201', '20202')",
    ] {
        assert_eq!(said(&server, "taro", &taro, told), "0", "{told}");
    }
    let unseen = error(&server, "hanako", &hanako, "SELECT * FROM questions.telework");
    assert!(unseen.contains("unknown table"), "{unseen}");
    for catalog in ["pg_class WHERE relname = 'peers'", "pg_description WHERE description LIKE '%peers%'"] {
        assert_eq!(
            said(&server, "hanako", &hanako, &format!("SELECT count(*) FROM {catalog}")),
            "0",
            "{catalog}"
        );
    }
    let unknown = error(&server, "hanako", &hanako, "SELECT * FROM peers");
    assert!(unknown.contains("unknown table `peers`") && !unknown.contains("visitors"), "{unknown}");
    assert!(error(&server, "taro", &taro, "SELECT * FROM audit").contains("unknown table"));
    assert!(error(&server, "kansa", &kansa, "SELECT * FROM connected_monthly").contains("unknown table"));

    // A condition that fails on rows outside a scope tells whoever has these rows their values, and nobody else that they
    // are there.
    let aichi = add(&place, "aichi", &["--area", "23"]);
    let all = add(&place, "all", &[]);
    let known = Instant::now();
    while !psql(&server, "all", &all, "SELECT 1").status.success() {
        assert!(known.elapsed() < Duration::from_secs(30), "the user is never known");
    }
    let failing = [
        "CAST(municipality_code || '-' || coalesce(persons, 0) AS int) = 1",
        "prefecture_name(municipality_code || '-' || coalesce(persons, 0)) = 'x'",
        "1 / (CASE WHEN municipality_code > '20202' THEN 0 ELSE 1 END) = 2",
    ];
    for condition in failing {
        let sql = format!("SELECT count(*) FROM connected_monthly WHERE {condition}");
        assert_eq!(said(&server, "aichi", &aichi, &sql), "0", "{sql}");
        let told = error(&server, "all", &all, &sql);
        assert!(told.contains("202") || told.contains("zero"), "{told}");
        let outside = format!(
            "SELECT count(*) FROM connected_monthly WHERE municipality_code > '20202' AND {condition}"
        );
        assert_eq!(said(&server, "taro", &taro, &outside), "0", "{outside}");
    }

    let ask = "/v1/query?format=csv&sql=SELECT%20count(*)%20FROM%20connected_monthly";
    assert_eq!(http(&server, &["-u", &format!("taro:{taro}")], ask).1.trim(), "count\n2");
    let (_, told) = http(&server, &["-u", &format!("taro:{taro}"), "-D", "-"], ask);
    assert!(told.to_lowercase().contains("cache-control: private, no-cache"), "{told}");
    let token = run(&["user", "token", "taro", "--lake", text(&place)]);
    let told = Instant::now();
    let bearer = format!("Authorization: Bearer {}", token.trim());
    // The server looks at the list every few seconds.
    while http(&server, &["-H", &bearer], ask).0 != "200" {
        assert!(told.elapsed() < Duration::from_secs(30), "the token is never known");
    }
    assert_eq!(http(&server, &["-H", &bearer], ask).1.trim(), "count\n2");
    for nobody in [&[][..], &["-u", "taro:wrong"], &["-H", "Authorization: Bearer kayoi_x"]] {
        let (status, body) = http(&server, nobody, ask);
        assert_eq!(status, "401", "{body}");
        assert!(body.contains("hint") && !body.contains("count"), "{body}");
    }
    assert_eq!(http(&server, &[], "/health/live").0, "200");
    let (_, tables) = http(&server, &["-u", &format!("hanako:{hanako}")], "/v1/tables");
    assert!(tables.contains("connected_monthly") && !tables.contains("\"peers\""), "{tables}");

    let words =
        "SELECT count(*) FROM audit WHERE user_name = 'taro' AND sql LIKE '%string_agg%' AND rows = 1";
    let asked = Instant::now();
    while said(&server, "kansa", &kansa, words) == "0" {
        assert!(asked.elapsed() < Duration::from_secs(60), "the question is never on record");
    }
    let refusals = "SELECT count(*) > 0 FROM audit WHERE user_name = 'hanako' AND refusal = '42P01' AND door = 'postgres'";
    assert_eq!(said(&server, "kansa", &kansa, refusals), "t");

    run(&["user", "revoke", "taro", "--lake", text(&place)]);
    let revoked = Instant::now();
    while psql(&server, "taro", &taro, "SELECT 1").status.success() {
        assert!(revoked.elapsed() < Duration::from_secs(30), "a revoked user still asks");
    }
}

#[test]
fn a_wrong_password_is_slower_each_time_for_whoever_is_there_or_not() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("lake");
    lake(&place);
    let taro = add(&place, "taro", &[]);
    let server = Server::start(&place);
    for user in ["taro", "nobody"] {
        let refusal = error(&server, user, "wrong", "SELECT 1");
        assert!(refusal.contains("password authentication failed") && !refusal.contains(user), "{refusal}");
    }
    for _ in 0..3 {
        error(&server, "nobody", "wrong", "SELECT 1");
    }
    let begun = Instant::now();
    error(&server, "nobody", "wrong", "SELECT 1");
    assert!(begun.elapsed() >= Duration::from_millis(900), "{:?}", begun.elapsed());
    assert_eq!(said(&server, "taro", &taro, "SELECT 1"), "1");
}

#[test]
fn a_server_killed_with_lines_in_its_journal_leaves_them_to_the_next_one() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("lake");
    lake(&place);
    let taro = add(&place, "taro", &[]);
    let kansa = add(&place, "kansa", &["--role", "auditor"]);
    let server = Server::start(&place);
    assert_eq!(said(&server, "taro", &taro, "SELECT 4711"), "4711");
    // Dropping it kills it.
    drop(server);
    let server = Server::start(&place);
    let words = "SELECT count(*) FROM audit WHERE sql = 'SELECT 4711'";
    let begun = Instant::now();
    while said(&server, "kansa", &kansa, words) != "1" {
        assert!(begun.elapsed() < Duration::from_secs(60), "the line is lost");
    }
}

#[test]
fn other_machines_are_refused_without_users() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let error = refused(&[
        "serve",
        "--lake",
        text(folder.path()),
        "--host",
        "0.0.0.0",
        "--trial-is-public",
        "--pg-port",
        "0",
        "--http-port",
        "0",
    ]);
    assert!(error.contains("there is no user to sign in") && error.contains("kayoi user add"), "{error}");
}

#[test]
fn who_signs_in_says_what_figures_are_for_where_the_operator_wants_it() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let password = add(folder.path(), "taro", &[]);
    let auditor = add(folder.path(), "kansa", &["--role", "auditor"]);
    add(folder.path(), "minna", &["--role", "public"]);
    let server = Server::start_with(folder.path(), &["--ask-purpose"]);

    let figures = "SELECT count(*) > 0 FROM connected_monthly";
    let refusal = error(&server, "taro", &password, figures);
    assert!(
        refusal.contains("say first what the figures are for") && refusal.contains("kayoi.purpose"),
        "{refusal}"
    );
    let hidden = "SELECT (SELECT max(persons) FROM connected_monthly) IS NULL";
    assert!(error(&server, "taro", &password, hidden).contains("say first"), "a subquery reads too");
    // What a client looks at before anybody has asked anything is not asked about.
    assert_eq!(said(&server, "taro", &password, "SELECT 1"), "1");
    assert_eq!(said(&server, "taro", &password, "SELECT count(*) > 3 FROM information_schema.tables"), "t");
    let mut psql = Command::new("psql");
    psql.args(["-XAt", "-h", "127.0.0.1", "-p", &server.pg_port, "-d", "kayoi", "-U", "taro"]);
    psql.args(["-c", "SET kayoi.purpose = 'review of the strategy'", "-c", figures]);
    let output = psql.env("PGPASSWORD", &password).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "SET\nt\n");

    let sign = format!("taro:{password}");
    let path = "/v1/questions/connected-people";
    let (status, body) = http(&server, &["-u", &sign, "-H", "Accept-Language: ja"], path);
    assert_eq!(status, "403");
    assert!(body.contains("何に使うか") && body.contains("Kayoi-Purpose"), "{body}");
    for purpose in ["a report", "報告"] {
        let header = format!("Kayoi-Purpose: {purpose}");
        assert_eq!(http(&server, &["-u", &sign, "-H", &header], path).0, "200", "{purpose}");
    }
    assert_eq!(http(&server, &[], path).0, "200", "the public is not asked");

    let jar = folder.path().join("jar");
    let jar = ["--cookie", text(&jar), "--cookie-jar", text(&jar)];
    for (purpose, status) in [(None, "403"), (Some("  "), "403"), (Some("budget 2027"), "200")] {
        let mut body = serde_json::json!({ "name": "taro", "password": password });
        if let Some(purpose) = purpose {
            body["purpose"] = purpose.into();
        }
        let (signed, told) =
            http(&server, &[&jar[..], &["--json", &body.to_string()]].concat(), "/v1/session");
        assert!(signed == "200" && told.contains("\"asks_purpose\":true"), "{told}");
        assert_eq!(http(&server, &jar, path).0, status, "{purpose:?}");
    }

    let purposes =
        "SELECT DISTINCT purpose FROM audit WHERE user_name = 'taro' AND purpose IS NOT NULL ORDER BY 1";
    let mut told = String::new();
    crate::process::until("the audit has all four", Duration::from_secs(60), || {
        told = said(&server, "kansa", &auditor, purposes);
        told.lines().count() == 4
    });
    assert_eq!(told, "a report\nbudget 2027\nreview of the strategy\n報告");
}
