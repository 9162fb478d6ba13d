//! That a cluster with TLS measures the same, for those who have a certificate of its authority and for nobody else.
//!
//! In: the real binary, certificates of two authorities, made by `openssl`. Out: nothing, when the bytes are those of one
//! machine, a stranger has measured no bucket, no port says a word to whoever shows nothing, something else, or speaks in
//! clear, and files or addresses that do not fit are refused with what to do.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use kayoi_harness::kayoi::{output, refused, text};
use kayoi_harness::process::until;
use kayoi_lake::Lake;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use tempfile::TempDir;

use crate::cluster::{Certificates, Cluster, LIMIT, free_port};
use crate::world::World;

/// How long a port may take to say its first word.
const WORD: Duration = Duration::from_secs(10);
/// How a client of HTTP/2 begins: its preface, and a frame with settings that are none.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
/// The kind of the frame that a server answers with, and where it stands.
const SETTINGS: (usize, u8) = (3, 4);

/// An authority, and what it has signed.
struct Authority {
    folder: PathBuf,
}

/// Files that a process shows, and whom it believes.
#[derive(Clone)]
struct Shown {
    certificate: PathBuf,
    key: PathBuf,
    authority: PathBuf,
}

impl Authority {
    fn new(folder: &Path, name: &str) -> Self {
        let folder = folder.join(name);
        std::fs::create_dir(&folder).unwrap();
        let made = Self { folder };
        made.openssl(&[
            &["req", "-x509", "-nodes", "-days", "2", "-subj", &format!("/CN={name}")],
            NEW_KEY,
            &["-keyout", "ca.key", "-out", "ca.crt"],
        ]);
        made
    }

    /// A certificate for this machine, beside its cables and behind them.
    fn sign(&self, name: &str, purposes: &str) -> Shown {
        let names = format!("{OURS}\nextendedKeyUsage={purposes}\n");
        std::fs::write(self.folder.join("names"), names).unwrap();
        let (certificate, key) = (format!("{name}.crt"), format!("{name}.key"));
        self.openssl(&[
            &["req", "-nodes", "-subj", &format!("/CN={name}")],
            NEW_KEY,
            &["-keyout", &key, "-out", "request"],
        ]);
        self.openssl(&[
            &["x509", "-req", "-in", "request", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"],
            &["-days", "2", "-extfile", "names", "-out", &certificate],
        ]);
        let within = |file: &str| self.folder.join(file);
        Shown { certificate: within(&certificate), key: within(&key), authority: within("ca.crt") }
    }

    fn openssl(&self, arguments: &[&[&str]]) {
        let told = Command::new("openssl").current_dir(&self.folder).args(arguments.concat()).output();
        let told = told.unwrap();
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    }
}

const NEW_KEY: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const BOTH: &str = "serverAuth,clientAuth";
const OURS: &str = "subjectAltName=IP:127.0.0.1,IP:127.0.0.2,DNS:localhost";

impl Shown {
    /// As a process of the cluster is told of them, or, with `--cluster-`, the driver.
    fn options(&self, prefix: &str) -> Vec<String> {
        let files = [("cert", &self.certificate), ("key", &self.key), ("ca", &self.authority)];
        files.iter().flat_map(|(what, file)| [format!("{prefix}tls-{what}"), text(file).to_owned()]).collect()
    }

    /// A client that believes `trusted`, and shows this, or nothing.
    fn client(shown: Option<&Self>, trusted: &Path) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(trusted).unwrap()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match shown {
            None => builder.with_no_client_auth(),
            Some(shown) => {
                let chain = vec![CertificateDer::from_pem_file(&shown.certificate).unwrap()];
                let key = PrivateKeyDer::from_pem_file(&shown.key).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        Arc::new(config)
    }
}

/// Certificates of an authority of their own, for a cluster of so many executors.
pub fn certificates(folder: &Path, executors: usize) -> Certificates {
    let shown = Authority::new(folder, "authority").sign("all", BOTH);
    Certificates {
        scheduler: shown.options("--"),
        executors: vec![shown.options("--"); executors],
        driver: shown.options("--cluster-"),
    }
}

/// The first bytes that a port says to a client that begins HTTP/2; none when it says nothing or closes.
fn said(port: u16, client: Option<Arc<ClientConfig>>) -> Vec<u8> {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(WORD)).unwrap();
    let mut word = vec![0; 64];
    let count = match client {
        None => socket.write_all(PREFACE).and_then(|()| socket.read(&mut word)),
        Some(client) => {
            let name = ServerName::try_from("localhost").unwrap();
            let mut connection = ClientConnection::new(client, name).unwrap();
            let mut stream = rustls::Stream::new(&mut connection, &mut socket);
            stream.write_all(PREFACE).and_then(|()| stream.read(&mut word))
        }
    };
    word.truncate(count.unwrap_or_default());
    word
}

fn is_answered(word: &[u8]) -> bool {
    let (place, kind) = SETTINGS;
    word.get(place) == Some(&kind)
}

#[test]
fn with_tls_the_bytes_are_the_same_and_strangers_get_nothing() {
    let world = World::new();
    let folder = TempDir::new().unwrap();
    let (ours, others) = (Authority::new(folder.path(), "ours"), Authority::new(folder.path(), "others"));
    let (scheduler, executor, driver) =
        (ours.sign("scheduler", BOTH), ours.sign("executor", BOTH), ours.sign("driver", "clientAuth"));
    let stranger = others.sign("stranger", BOTH);
    let certificates = Certificates {
        scheduler: scheduler.options("--"),
        executors: vec![executor.options("--"), stranger.options("--")],
        driver: driver.options("--cluster-"),
    };
    let mut cluster = Cluster::start_with(&world, "secured", certificates);
    let listening = cluster.scheduler.as_ref().unwrap();
    until("the stranger was refused", LIMIT, || listening.stderr().contains("was refused"));

    cluster.start_driver();
    cluster.end();
    let (measuring, waiting) = (&cluster.executors[0], &cluster.executors[1]);
    assert!(measuring.kept() > 0, "whoever measures keeps rows");
    assert_eq!(waiting.kept(), 0, "a stranger was handed a bucket");

    for port in [cluster.port, measuring.port()] {
        let word =
            |shown: Option<&Shown>| said(port, Some(Shown::client(shown, &ours.folder.join("ca.crt"))));
        assert!(is_answered(&word(Some(&driver))), "a port that answers nobody shows nothing");
        assert!(word(None).is_empty(), "whoever shows nothing is answered");
        assert!(word(Some(&stranger)).is_empty(), "a certificate of another authority is answered");
        // An alert of TLS, which says that TLS is spoken here.
        assert!(!is_answered(&said(port, None)), "whoever speaks in clear is answered");
    }
    let unmeasured = world.lake("unmeasured");
    for (scheme, shown, code, words) in [
        ("http", vec![], "error[K905]", "unmeasured"),
        ("http", driver.options("--cluster-"), "error[K101]", "is called in clear"),
        ("https", vec![], "error[K101]", "no certificate to show"),
    ] {
        let address = format!("{scheme}://127.0.0.1:{}", cluster.port);
        let driver = ["aggregate", "--json", "--cluster", &address, "--lake", text(&unmeasured)];
        let told = cluster.process(&driver, &shown).wait();
        assert!(!told.status.success(), "{}", told.stdout);
        assert!(told.stderr.contains(code) && told.stderr.contains(words), "{}", told.stderr);
    }
}

#[test]
fn with_tls_a_lost_executor_and_a_lost_scheduler_cost_nothing_but_time() {
    let world = World::new();
    let mut cluster = Cluster::start_with(&world, "faults", certificates(world.folder(), 2));
    cluster.start_driver();
    cluster.await_notes(2);
    cluster.executors[0].kill();
    cluster.await_notes(2);
    if let Some(scheduler) = cluster.scheduler.take() {
        scheduler.kill();
    }
    cluster.start_scheduler();
    cluster.end();
}

#[test]
fn files_and_addresses_that_do_not_fit_are_refused_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let (ours, others) = (Authority::new(folder.path(), "ours"), Authority::new(folder.path(), "others"));
    let (good, other) = (ours.sign("good", BOTH), ours.sign("other", BOTH));
    let (stranger, server) = (others.sign("stranger", BOTH), ours.sign("server", "serverAuth"));
    let missing = folder.path().join("missing");
    let trusting = |shown: &Shown| Shown { authority: good.authority.clone(), ..shown.clone() };
    for (shown, words) in [
        (Shown { certificate: missing.clone(), ..good.clone() }, "cannot read the certificate"),
        (Shown { key: missing.clone(), ..good.clone() }, "cannot read the key"),
        (Shown { authority: missing.clone(), ..good.clone() }, "cannot read the authority"),
        (Shown { certificate: good.key.clone(), ..good.clone() }, "holds no certificate"),
        (Shown { key: good.certificate.clone(), ..good.clone() }, "holds no key"),
        (Shown { authority: good.key.clone(), ..good.clone() }, "holds no authority"),
        (Shown { key: other.key, ..good.clone() }, "cannot be used"),
        (trusting(&stranger), "does not believe the certificate"),
        (trusting(&server), "does not believe the certificate"),
    ] {
        let port = free_port().to_string();
        let arguments = ["cluster", "scheduler", "--port", &port].map(str::to_owned);
        told(arguments.into_iter().chain(shown.options("--")), "error[K902]", words);
    }
    // All three or none.
    let files = good.options("--");
    for without in ["--tls-cert", "--tls-key", "--tls-ca"] {
        let place = files.iter().position(|word| word == without).unwrap();
        let mut fewer = files.clone();
        fewer.drain(place..place + 2);
        let mut arguments = vec!["cluster", "scheduler"];
        arguments.extend(as_words(&fewer));
        let told = output(&arguments);
        let error = String::from_utf8_lossy(&told.stderr);
        assert!(told.status.code() == Some(2) && error.contains(without), "{error}");
    }
    let lake = folder.path().join("lake");
    let executor = ["cluster", "executor", "--host", "0.0.0.0", "--lake", text(&lake)].map(str::to_owned);
    drop(Lake::open(&lake).unwrap());
    let work = ["--work-dir".to_owned(), text(&folder.path().join("work")).to_owned()];
    told(executor.into_iter().chain(work).chain(good.options("--")), "error[K101]", "called by a name");
}

fn as_words(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// That a command is refused with this code, these words and a hint.
fn told(arguments: impl Iterator<Item = String>, code: &str, words: &str) {
    let arguments: Vec<String> = arguments.collect();
    let error = refused(&as_words(&arguments));
    assert!(error.contains(code) && error.contains(words) && error.contains("hint: "), "{words}: {error}");
}
