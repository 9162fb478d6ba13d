//! A `kayoi` that runs while the test goes on, and waiting for what it does.
//!
//! In: arguments and environment. Out: a process that can be stopped, killed and waited for. What it prints
//! goes to files: a pipe that nobody reads would fill and stop it.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::kayoi;

/// Pause between two looks at a condition.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// Longest run of a process that ends by itself.
pub const RUN_LIMIT: Duration = Duration::from_secs(180);

/// The Python that `scripts/setup test` makes for tests: group `oracle` of `tests/peers/pyproject.toml`.
pub fn python() -> PathBuf {
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let venv = home.join(".cache/kayoi/venv/bin/python");
    std::env::var_os("KAYOI_PYTHON").map_or(venv, PathBuf::from)
}

static STARTED: AtomicU64 = AtomicU64::new(0);

/// A running `kayoi`; killed when dropped.
pub struct Process {
    child: Child,
    stdout: PathBuf,
    stderr: PathBuf,
}

/// What became of one.
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed.
    pub stdout: String,
    /// What it said besides.
    pub stderr: String,
}

impl Process {
    /// Starts one in `folder`, where its output goes too.
    pub fn start<S: AsRef<OsStr>>(folder: &Path, arguments: &[S], environment: &[(&str, &str)]) -> Self {
        Self::spawn(kayoi::command(&[]), folder, arguments, environment)
    }

    /// Starts one by a script of the shell that ends in `exec "$0" "$@"`, so that the process is still `kayoi`.
    pub fn start_by<S: AsRef<OsStr>>(
        script: &str,
        folder: &Path,
        arguments: &[S],
        environment: &[(&str, &str)],
    ) -> Self {
        let mut shell = Command::new("sh");
        kayoi::without_settings(&mut shell);
        shell.args(["-c", script]).arg(kayoi::command(&[]).get_program()).stdin(Stdio::null());
        Self::spawn(shell, folder, arguments, environment)
    }

    fn spawn<S: AsRef<OsStr>>(
        mut command: Command,
        folder: &Path,
        arguments: &[S],
        environment: &[(&str, &str)],
    ) -> Self {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let (stdout, stderr) = (folder.join(format!("{number}.out")), folder.join(format!("{number}.err")));
        let child = command
            .args(arguments)
            .current_dir(folder)
            .env_remove("KAYOI_FAULT")
            .envs(environment.iter().copied())
            .stdout(File::create(&stdout).unwrap())
            .stderr(File::create(&stderr).unwrap())
            .spawn()
            .unwrap();
        Self { child, stdout, stderr }
    }

    /// Its number, for programs that do something to processes.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a signal, as `TERM` or `STOP`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success(), "kill -{name} failed");
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// What it has written to stderr so far.
    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.stderr).unwrap()).into_owned()
    }

    /// Waits for its end.
    pub fn wait(mut self) -> Ended {
        let deadline = Instant::now() + RUN_LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let stdout = std::fs::read_to_string(&self.stdout).unwrap();
                return Ended { status, stdout, stderr: self.stderr() };
            }
            let stderr = || self.stderr();
            assert!(Instant::now() < deadline, "kayoi did not end within {RUN_LIMIT:?}:\n{}", stderr());
            std::thread::park_timeout(LOOK_AGAIN);
        }
    }

    /// Asks it to end and waits; it must succeed.
    pub fn terminate(self) -> Ended {
        self.signal("TERM");
        self.wait().succeeded()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already, or the test failed before it did.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// Fails the test unless it succeeded.
    pub fn succeeded(self) -> Self {
        assert!(self.status.success(), "kayoi ended with {}:\n{}", self.status, self.stderr);
        self
    }

    /// Its output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

/// Waits until something is true.
pub fn until(what: &str, limit: Duration, mut is_true: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    loop {
        let look = Instant::now();
        if is_true() {
            return;
        }
        assert!(Instant::now() < deadline, "not within {limit:?}: {what}");
        // A look at a lake costs something; it must not take the time from those it waits for.
        std::thread::park_timeout(LOOK_AGAIN.max(look.elapsed() * 3));
    }
}
