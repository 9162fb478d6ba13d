//! Users who sign in with tokens of an OpenID provider, through the doors of the real server.
//!
//! In: a provider that signs (RS256), asked for tokens by the flow that applications use, and a lake with one small
//! release. Out: nothing, when a bearer sees what the list of users says and nobody else sees anything.

use std::fs::File;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::answers::Server;
use super::flight::{client, lake};
use super::users::{add, http};
use crate::kayoi::{refused, run, text};
use crate::process::until;
use crate::repository;

const ASK: &str = "/v1/query?format=csv&sql=SELECT%20count(*)%20FROM%20connected_monthly";
const SUBJECT: &str = "248289761001";
const START_LIMIT: Duration = Duration::from_secs(60);

/// A provider in which everybody is who they say.
struct Provider {
    process: Child,
    address: String,
    python: String,
}

impl Provider {
    fn start(folder: &Path) -> Self {
        let python = python("oidc");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = File::create(folder.join("provider.log")).unwrap();
        let process = Command::new(&python)
            .args(["-m", "oidc_provider_mock", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let provider = Self { process, address: format!("http://127.0.0.1:{port}"), python };
        let describes = format!("{}/.well-known/openid-configuration", provider.address);
        until("the provider answers", START_LIMIT, || {
            Command::new("curl").args(["-sf", "-o", "/dev/null", &describes]).status().unwrap().success()
        });
        provider
    }

    /// A token for an application, of who is called so.
    fn token(&self, audience: &str, subject: &str) -> String {
        let program = repository::root().join("tests/parts/oidc/id_token.py");
        let mut ask = Command::new(&self.python);
        client(ask.arg(program).args([&self.address, audience, subject])).trim().to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn python(group: &str) -> String {
    let install = repository::root().join("tests/peers/install.py");
    client(Command::new("python3").arg(install).args([group, "--quiet"])).trim().to_owned()
}

fn count(server: &Server, token: &str) -> (String, String) {
    http(server, &["-H", &format!("Authorization: Bearer {token}")], ASK)
}

#[test]
fn who_has_a_token_of_the_provider_sees_what_the_list_says_until_it_says_otherwise() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("lake");
    lake(&place);
    let provider = Provider::start(folder.path());
    // Who has a subject has no password, unless one is given.
    let made = add(&place, "jiro", &["--area", "20201", "--area", "20202", "--subject", SUBJECT]);
    assert_eq!(made, "");
    let hanako = add(&place, "hanako", &["--area", "20"]);
    let taken = refused(&["user", "add", "other", "--lake", text(&place), "--subject", SUBJECT]);
    assert!(taken.contains("belongs to another user") && taken.contains("hint: "), "{taken}");
    let listed: Value =
        serde_json::from_str(&run(&["user", "list", "--lake", text(&place), "--json"])).unwrap();
    let jiro = listed.as_array().unwrap().iter().find(|user| user["name"] == "jiro").unwrap();
    assert_eq!(jiro["subject"], SUBJECT);

    let server =
        Server::start_with(&place, &["--oidc-issuer", &provider.address, "--oidc-audience", "kayoi"]);
    let token = provider.token("kayoi", SUBJECT);
    assert_eq!(count(&server, &token), ("200".to_owned(), "count\n2\n".to_owned()));
    let asked = client(
        Command::new(python("flight")).arg(repository::root().join("tests/parts/oidc/ask.py")).args([
            &server.flight,
            &token,
            "SELECT count(*) FROM connected_monthly",
        ]),
    );
    assert_eq!(asked.trim(), "2");
    // Others sign in as before.
    let as_hanako = http(&server, &["-u", &format!("hanako:{hanako}")], ASK);
    assert_eq!(as_hanako.0, "200", "{as_hanako:?}");

    let for_another = provider.token("other", SUBJECT);
    let of_nobody = provider.token("kayoi", "somebody");
    // The name on the list is not the subject, and opens nothing.
    let of_the_name = provider.token("kayoi", "hanako");
    let (head, _) = token.rsplit_once('.').unwrap();
    for wrong in [for_another, of_nobody, of_the_name, format!("{head}.AAAA"), format!("{head}.")] {
        let (status, body) = count(&server, &wrong);
        assert_eq!(status, "401", "{body}");
    }

    run(&["user", "revoke", "jiro", "--lake", text(&place)]);
    let revoked = Instant::now();
    while count(&server, &token).0 != "401" {
        assert!(revoked.elapsed() < Duration::from_secs(30), "the token opens for ever");
    }
}

#[test]
fn a_server_does_not_start_with_a_provider_that_is_none() {
    let folder = TempDir::new().unwrap();
    let place = folder.path().join("lake");
    lake(&place);
    let provider = Provider::start(folder.path());
    let port = ["--pg-port", "0", "--http-port", "0", "--flight-port", "0"];
    let serve = |issuer: &str| {
        let known = ["serve", "--lake", text(&place), "--oidc-audience", "kayoi", "--oidc-issuer", issuer];
        refused(&[&known[..], &port].concat())
    };
    let below = serve(&format!("{}/realms/kayoi", provider.address));
    assert!(
        below.contains("does not answer as an OpenID provider does") && below.contains("hint: "),
        "{below}"
    );
    // Tokens would name it without the slash, and be refused one by one.
    let other = serve(&format!("{}/", provider.address));
    assert!(other.contains(&format!("calls itself `{}`", provider.address)), "{other}");
    let clear = serve("http://id.example");
    assert!(clear.contains("is not the address of an OpenID provider"), "{clear}");
}
