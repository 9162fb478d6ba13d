//! Arrow Flight SQL, with the drivers that people have: ADBC in Python, and the JDBC driver.
//!
//! In: a lake with one small release, served by the real binary, in clear and with TLS. Out: nothing, when each
//! driver gets what it asks for and is refused, in words, what it must not have.

use std::path::{Path, PathBuf};
use std::process::Command;

use kayoi_harness::parts::jdbc;
use kayoi_lake::Manifest;
use kayoi_schemas::tables::ReleaseTable;
use serde_json::json;
use tempfile::TempDir;

use super::answers::Server;
use super::released::publish;
use crate::kayoi::{refused, text};
use crate::repository;

/// Named questions that are views.
const VIEWS: usize = 28;

/// A lake with a release of one table, some of whose figures are hidden.
pub fn lake(folder: &Path) {
    let rows: Vec<_> = (0..60)
        .map(|row| {
            let persons = (row % 5 > 0).then_some(100 + row);
            json!({
                "month": format!("2025-{:02}-01", 1 + row % 12), "month_text": format!("2025-{:02}", 1 + row % 12),
                "fiscal_year": 2025, "quarter": "2025-Q1", "window_months": 12, "kind": "connected",
                "municipality_code": format!("{:05}", 20_201 + row), "municipality": "下諏訪町",
                "municipality_romaji": "Shimosuwa", "prefecture": "長野県",
                "origin_level": "all", "origin_code": "all", "origin": "all",
                "persons": persons, "persons_low": persons, "persons_high": persons,
                "quality": persons.map(|_| "A"), "status": persons.map_or("hidden", |_| "published"),
                "fewer_than": persons.is_none().then_some(40),
                "series": "trial", "definition": "connected-2026/5", "definition_hash": "0123456789ab",
                "boundaries": "none", "code_date": "2025-01-01", "revision": 1,
            })
        })
        .collect();
    let made_at = "2026-01-01T00:00:00Z".to_owned();
    let manifest = Manifest { revision: 1, made_at, ..Manifest::default() };
    publish(folder, ReleaseTable::ConnectedMonthly, &rows, manifest);
}

/// Runs a client; returns what it printed.
pub fn client(program: &mut Command) -> String {
    let output = program.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{program:?}\n{out}\n{err}");
    out.into_owned()
}

/// A certificate for this machine that signs itself, and its key.
pub fn certificate(folder: &Path, name: &str) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join(format!("{name}.crt")), folder.join(format!("{name}.key")));
    let mut openssl = Command::new("openssl");
    openssl.args([
        "req",
        "-x509",
        "-nodes",
        "-days",
        "2",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
    ]);
    openssl.args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]);
    // An authority that signs itself would be refused as a server's certificate.
    openssl.args(["-addext", "basicConstraints=critical,CA:FALSE"]);
    client(openssl.arg("-keyout").arg(&key).arg("-out").arg(&certificate));
    (certificate, key)
}

fn adbc(arguments: &[&str]) -> String {
    let install = repository::root().join("tests/peers/install.py");
    let python = client(Command::new("python3").arg(install).args(["flight", "--quiet"]));
    let program = repository::root().join("tests/parts/flight/ask.py");
    let said =
        client(Command::new(python.trim()).arg(program).args(arguments).env("PYTHONDONTWRITEBYTECODE", "1"));
    assert!(said.trim_end().ends_with("end"), "{said}");
    said
}

fn jdbc(url: &str) -> String {
    let program = repository::root().join("tests/parts/flight/Flight.java");
    let mut java = Command::new("java");
    // Arrow keeps its rows outside of Java's heap.
    java.args(["--add-opens=java.base/java.nio=ALL-UNNAMED", "-cp"]).arg(jdbc::install_flight().unwrap());
    let said = client(java.arg(program).args([url, "analyst", "anything"]));
    let failed: Vec<&str> = said.lines().filter(|line| line.starts_with("failed")).collect();
    assert!(failed.is_empty() && said.trim_end().ends_with("end"), "{said}");
    said
}

#[test]
fn notebooks_ask_with_adbc() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    let said = adbc(&[&server.flight]);
    for line in [
        "ok question 3",
        "ok rows 60 300000",
        "ok parameters",
        "ok refusals",
        "ok info Kayoi",
        "ok frames 48",
    ] {
        assert!(said.lines().any(|told| told == line), "`{line}` is missing:\n{said}");
    }
    // Targets, municipalities, neighbours, dates and errors of classes stand beside the release.
    let tables = ReleaseTable::ALL.len() + 5;
    assert!(said.contains(&format!("ok objects {tables}\n")), "{said}");
}

#[test]
fn tools_ask_with_the_jdbc_driver() {
    let folder = TempDir::new().unwrap();
    lake(folder.path());
    let server = Server::start(folder.path());
    let address = server.flight.trim_start_matches("grpc://");
    let said = jdbc(&format!("jdbc:arrow-flight-sql://{address}/?useEncryption=false"));
    // Targets, municipalities, neighbours, dates and errors of classes stand beside the release.
    let tables = ReleaseTable::ALL.len() + 5;
    for line in [
        "product Kayoi true",
        "ok getCatalogs 1",
        "ok getSchemas 2",
        &format!("ok getTables {tables}"),
        "ok getTablesNamed 1",
        &format!("ok getViews {VIEWS}"),
        "ok getPrimaryKeys 0",
        "column bigint true",
        "answered true",
        "now true",
        "zone UTC",
        "prepared true",
        "prepared false",
        "valid true",
    ] {
        assert!(said.lines().any(|told| told == line), "`{line}` is missing:\n{said}");
    }
    for refused in ["refused DROP", "refused DELETE", "refused pings"] {
        let told = said.lines().find(|line| line.starts_with(refused)).unwrap();
        assert!(told.contains("hint: "), "{told}");
    }
}

#[test]
fn both_ask_over_tls_and_nobody_in_clear() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("lake");
    lake(&store);
    let (certificate, key) = certificate(folder.path(), "server");
    let tls = ["--tls-cert", text(&certificate), "--tls-key", text(&key)];
    let server = Server::start_with(&store, &tls);
    let address = server.flight.strip_prefix("grpc+tls://").expect("the server says that it has TLS");
    adbc(&[&server.flight, text(&certificate)]);
    let trusted = folder.path().join("trusted.p12");
    let mut keytool = Command::new("keytool");
    keytool.args([
        "-importcert",
        "-noprompt",
        "-storetype",
        "PKCS12",
        "-storepass",
        "changeit",
        "-alias",
        "kayoi",
    ]);
    client(keytool.arg("-file").arg(&certificate).arg("-keystore").arg(&trusted));
    let trust =
        format!("useSystemTrustStore=false&trustStore={}&trustStorePassword=changeit", text(&trusted));
    jdbc(&format!("jdbc:arrow-flight-sql://{address}/?useEncryption=true&{trust}"));
    let connection = format!(
        "host=localhost port={} dbname=kayoi user=analyst sslmode=verify-full sslrootcert={}",
        server.pg_port,
        text(&certificate)
    );
    assert_eq!(client(Command::new("psql").args(["-X", "-A", "-t", "-c", "SELECT 42", &connection])), "42\n");
    let ask = format!("https://{}/v1/query?sql=SELECT+42+AS+n&format=csv", server.http);
    assert_eq!(
        client(Command::new("curl").args(["-s", "--cacert", text(&certificate), &ask])).trim(),
        "n\n42"
    );
    let clear = Command::new("curl")
        .args(["--silent", "--max-time", "5", "--http2-prior-knowledge", &format!("http://{address}/")])
        .output()
        .unwrap();
    assert!(!clear.status.success() && clear.stdout.is_empty(), "{clear:?}");
}

#[test]
fn a_server_that_cannot_have_its_tls_does_not_start() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("lake");
    lake(&store);
    let (certificate, key) = certificate(folder.path(), "one");
    let (_, other) = self::certificate(folder.path(), "other");
    let missing = folder.path().join("missing.key");
    for (certificate, key, words) in [
        (&certificate, &other, "does not belong to the certificate"),
        (&certificate, &missing, "cannot read the key"),
        (&key, &key, "holds no certificate"),
    ] {
        let error = refused(&[
            "serve",
            "--lake",
            text(&store),
            "--pg-port",
            "0",
            "--http-port",
            "0",
            "--flight-port",
            "0",
            "--tls-cert",
            text(certificate),
            "--tls-key",
            text(key),
        ]);
        assert!(error.contains(words) && error.contains("hint: "), "{error}");
    }
}
