//! Certificates of a cluster. In: its folder. Out: `tls/` with an authority of its own, and a certificate
//! with its key for the nodes and for a client that shows itself. Made by `openssl`, as an operator would.

use std::path::Path;
use std::process::Command;

use crate::parts::{PartError, program};

/// Names and addresses that the certificates are good for: this machine's only.
const NAMES: &str = "subjectAltName=IP:127.0.0.1,DNS:localhost\n";
const DAYS: &str = "3650";

/// Makes what is missing.
pub(super) fn make(dir: &Path) -> Result<(), PartError> {
    let tls = dir.join("tls");
    let node_with_key = tls.join("node-with-key.pem");
    if node_with_key.is_file() {
        return Ok(());
    }
    std::fs::create_dir_all(&tls).map_err(PartError::on("make", &tls))?;
    let names = tls.join("names");
    std::fs::write(&names, NAMES).map_err(PartError::on("write", &names))?;
    openssl(
        &tls,
        &[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            DAYS,
            "-subj",
            "/CN=Kayoi test authority",
        ],
        &["-keyout", "ca.key", "-out", "ca.pem"],
    )?;
    certify(&tls, "node")?;
    certify(&tls, "client")?;
    let read = |name: &str| std::fs::read(tls.join(name)).map_err(PartError::on("read", &tls.join(name)));
    // Written last: without it the next start makes all of them again.
    std::fs::write(&node_with_key, [read("node.key")?, read("node.pem")?].concat())
        .map_err(PartError::on("write", &node_with_key))
}

/// `NAME.pem` with its key, signed by the folder's authority.
fn certify(tls: &Path, name: &str) -> Result<(), PartError> {
    let (key, request, signed) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.pem"));
    openssl(
        tls,
        &["req", "-newkey", "rsa:2048", "-nodes", "-subj", &format!("/CN={name}")],
        &["-keyout", &key, "-out", &request],
    )?;
    openssl(
        tls,
        &["x509", "-req", "-in", &request, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
        &["-days", DAYS, "-extfile", "names", "-out", &signed],
    )
}

fn openssl(tls: &Path, what: &[&str], files: &[&str]) -> Result<(), PartError> {
    let mut openssl = Command::new("openssl");
    program::run("make certificates", openssl.current_dir(tls).args(what).args(files)).map(drop)
}
