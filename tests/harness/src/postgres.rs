//! A real PostgreSQL, to compare answers with.
//!
//! In: nothing. Out: a server on a free port whose state is one temporary folder; dropping it stops it.
//! PostgreSQL refuses to run as root, so that root runs it as `nobody`.

use std::fs::{File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::process::until;

/// Longest start.
const START_LIMIT: Duration = Duration::from_secs(60);

/// A running server.
pub struct Postgres {
    process: Child,
    /// Its port on the loopback address.
    pub port: u16,
    folder: TempDir,
}

impl Postgres {
    /// Starts one with the zone that Kayoi has.
    pub fn start() -> Self {
        let folder = TempDir::new().unwrap();
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
        let state = folder.path().join("state");
        let made = as_nobody("initdb")
            .args(["--username=analyst", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"])
            .arg(&state)
            .current_dir("/")
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = File::create(folder.path().join("log")).unwrap();
        let process = as_nobody("postgres")
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"])
            .args(["-c", "timezone=Asia/Tokyo", "-c", "max_connections=10", "-D"])
            .arg(&state)
            .arg("-k")
            .arg(folder.path())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Self { process, port, folder };
        until("PostgreSQL answers", START_LIMIT, || server.answers());
        server
    }

    fn answers(&self) -> bool {
        let mut psql = Command::new("psql");
        psql.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "analyst", "-d", "postgres"]);
        psql.args(["-c", "SELECT 1"]).output().is_ok_and(|output| output.status.success())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The process may be the one that became nobody; the server itself names its own in its folder.
        let named = std::fs::read_to_string(self.folder.path().join("state/postmaster.pid"));
        if let Some(process) = named.ok().and_then(|text| text.lines().next().map(str::to_owned)) {
            let _ = Command::new("kill").args(["-QUIT", &process]).status();
        }
        let _ = self.process.wait();
    }
}

/// A program of the server, run by somebody who is not root.
fn as_nobody(program: &str) -> Command {
    let program = installed(program);
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "nobody", "--"]).arg(program);
    command
}

/// Where a program of the server is: Debian keeps them out of the way of others.
fn installed(program: &str) -> PathBuf {
    let below = Path::new("/usr/lib/postgresql");
    let versions = std::fs::read_dir(below).into_iter().flatten().flatten();
    let mut found: Vec<_> = versions.map(|version| version.path().join("bin").join(program)).collect();
    found.retain(|path| path.is_file());
    found.sort();
    found.pop().unwrap_or_else(|| PathBuf::from(program))
}
