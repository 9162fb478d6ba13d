use std::process::Command;

use tempfile::TempDir;

use super::*;

/// Certificates of each kind of key, made by OpenSSL.
fn made(folder: &Path, name: &str, key: &[&str]) -> (PathBuf, PathBuf) {
    let (certificate, secret) = (folder.join(format!("{name}.crt")), folder.join(format!("{name}.key")));
    let status = Command::new("openssl")
        .args(["req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-newkey"])
        .args(key)
        .arg("-keyout")
        .arg(&secret)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    (certificate, secret)
}

fn rewritten(key: &Path, arguments: &[&str]) -> PathBuf {
    let into = key.with_extension(arguments.join("").replace('-', ""));
    let output =
        Command::new("openssl").args(arguments).arg("-in").arg(key).arg("-out").arg(&into).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    into
}

#[test]
fn keys_of_every_usual_form_are_taken() {
    let folder = TempDir::new().unwrap();
    let (certificate, key) = made(folder.path(), "rsa", &["rsa:2048"]);
    assert!(Tls::load(&certificate, &key).is_ok(), "PKCS#8");
    let first = rewritten(&key, &["rsa", "-traditional"]);
    assert!(std::fs::read_to_string(&first).unwrap().contains("BEGIN RSA PRIVATE KEY"));
    assert!(Tls::load(&certificate, &first).is_ok(), "PKCS#1");
    let (certificate, key) = made(folder.path(), "ec", &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let sec1 = rewritten(&key, &["ec"]);
    assert!(std::fs::read_to_string(&sec1).unwrap().contains("BEGIN EC PRIVATE KEY"));
    assert!(Tls::load(&certificate, &sec1).is_ok(), "SEC1");
    // Both in one file, as some authorities hand them out.
    let both = folder.path().join("both.pem");
    std::fs::write(&both, [std::fs::read(&sec1).unwrap(), std::fs::read(&certificate).unwrap()].concat())
        .unwrap();
    assert!(Tls::load(&both, &both).is_ok());
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_what_to_do() {
    let folder = TempDir::new().unwrap();
    let (certificate, key) = made(folder.path(), "one", &["rsa:2048"]);
    let (_, other) = made(folder.path(), "other", &["rsa:2048"]);
    let (empty, damaged) = (folder.path().join("empty"), folder.path().join("damaged"));
    std::fs::write(&empty, "").unwrap();
    std::fs::write(&damaged, "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n").unwrap();
    let encrypted = rewritten(&key, &["pkey", "-aes128", "-passout", "pass:secret"]);
    let missing = folder.path().join("missing");
    for (certificate, key, words) in [
        (&missing, &key, "cannot read the certificate"),
        (&certificate, &missing, "cannot read the key"),
        (&empty, &key, "holds no certificate"),
        (&key, &key, "holds no certificate"),
        (&certificate, &empty, "holds no private key"),
        (&certificate, &certificate, "holds no private key"),
        (&damaged, &key, "is damaged"),
        (&certificate, &encrypted, "is encrypted"),
        (&certificate, &other, "does not belong to the certificate"),
    ] {
        let error = Tls::load(certificate, key).unwrap_err().to_string();
        assert!(error.contains(words) && error.contains("\nhint: "), "{words}: {error}");
    }
}
