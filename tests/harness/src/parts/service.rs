//! A server as a process in the background that outlives the program that started it.
//!
//! In: a folder and a command. Out: a process whose number stands in the folder's `pid` and whose words in
//! its `log`. A later program finds it by the folder alone. It is known again by its command line,
//! because the number may have gone to another program since. Signals are sent by `kill`, as by a person: the
//! calls for it are unsafe code.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{PartError, program};

/// How long a server may take until it answers; a JVM on a busy machine needs most of it.
pub(crate) const START_TIMEOUT: Duration = Duration::from_secs(60);
/// Pause between two looks at a server that is starting or stopping.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// How long the system may take to remove a process that was killed.
const REMOVAL_TIMEOUT: Duration = Duration::from_secs(10);

/// How a server ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// In good order; killed when that takes too long.
    InOrder,
    /// At once, as by a power cut.
    Kill,
}

/// The server of a folder.
pub(crate) struct Service {
    /// Full path of the folder.
    folder: PathBuf,
    /// The server, as in `the node`.
    what: &'static str,
    /// What only the command line of this folder's server has.
    mark: String,
}

impl Service {
    /// The server of `folder`, running or not.
    pub(crate) fn new(folder: &Path, what: &'static str, mark: String) -> Self {
        Self { folder: folder.to_path_buf(), what, mark }
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join("pid")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Number of its process, when it runs.
    pub(crate) fn process(&self) -> Option<u32> {
        let process: u32 = std::fs::read_to_string(self.pid_file()).ok()?.trim().parse().ok()?;
        let command_line = std::fs::read(format!("/proc/{process}/cmdline")).ok()?;
        let command_line = String::from_utf8_lossy(&command_line).replace('\0', " ");
        command_line.contains(&self.mark).then_some(process)
    }

    /// Starts it and does not wait until it answers. Returns its number, because for a moment after its start
    /// a process has no command line to be known by.
    pub(crate) fn launch(&self, command: &mut Command) -> Result<u32, PartError> {
        let path = self.log_file();
        let log = File::options().create(true).append(true).open(&path);
        let log = log.map_err(PartError::on("write", &path))?;
        let errors = log.try_clone().map_err(PartError::on("write", &path))?;
        // A group of its own, so that an interrupt at the terminal reaches the caller and not the server.
        command.process_group(0).stdin(Stdio::null()).stdout(log).stderr(errors);
        let mut child = command.spawn().map_err(|source| program::not_run(command, source))?;
        let (process, path) = (child.id(), self.pid_file());
        std::fs::write(&path, format!("{process}\n")).map_err(PartError::on("write", &path))?;
        // Somebody must take note of its end, or it stays in the list of processes as long as the caller.
        std::thread::spawn(move || child.wait());
        Ok(process)
    }

    /// Waits until a process of it that was started answers; kills it when it does not.
    pub(crate) fn await_answer(
        &self,
        process: u32,
        deadline: Instant,
        answers: impl Fn() -> bool,
    ) -> Result<(), PartError> {
        while !answers() {
            let is_late = Instant::now() >= deadline;
            if !is_late && !has_ended(process) {
                std::thread::sleep(LOOK_AGAIN);
                continue;
            }
            let mut reason = "ended".to_owned();
            if is_late {
                reason = format!("did not answer within {} s", START_TIMEOUT.as_secs());
                // It may have ended in this very moment.
                let _ = signal(process, "KILL");
            }
            let log = std::fs::read(self.log_file()).unwrap_or_default();
            let log = program::last_lines(&String::from_utf8_lossy(&log));
            return Err(PartError::DidNotStart { what: self.what, reason, log });
        }
        Ok(())
    }

    /// Tells it to end, and does not wait. Returns its number; `None` when it does not run.
    pub(crate) fn begin_to_stop(&self, how: Stop) -> Result<Option<u32>, PartError> {
        let Some(process) = self.process() else {
            return Ok(None);
        };
        match how {
            Stop::Kill => signal(process, "KILL")?,
            Stop::InOrder => {
                signal(process, "TERM")?;
                // A paused one hears nothing but SIGKILL until it goes on.
                signal(process, "CONT")?;
            }
        }
        Ok(Some(process))
    }

    /// Waits until a process that was told to end has let go of its ports; kills it after the deadline.
    pub(crate) fn await_end(&self, process: u32, deadline: Instant) -> Result<(), PartError> {
        let mut is_killed = false;
        while !has_ended(process) {
            let now = Instant::now();
            if now >= deadline + REMOVAL_TIMEOUT {
                let action = format!("end {} (process {process})", self.what);
                return Err(PartError::Refused {
                    action,
                    said: "it is still there after SIGKILL".to_owned(),
                });
            }
            if now >= deadline && !is_killed {
                is_killed = true;
                // It may have ended in this very moment.
                let _ = signal(process, "KILL");
            }
            std::thread::sleep(LOOK_AGAIN);
        }
        let path = self.pid_file();
        std::fs::remove_file(&path).map_err(PartError::on("remove", &path))
    }

    /// Stops it and waits for its end; says so when it does not run.
    pub(crate) fn stop(&self, limit: Duration) -> Result<(), PartError> {
        let deadline = Instant::now() + limit;
        match self.begin_to_stop(Stop::InOrder)? {
            Some(process) => self.await_end(process, deadline),
            None => {
                eprintln!("{} does not run in {}", self.what, self.folder.display());
                Ok(())
            }
        }
    }
}

/// Sends a signal to a process, as `TERM` or `STOP`.
pub(crate) fn signal(process: u32, name: &str) -> Result<(), PartError> {
    let mut kill = Command::new("kill");
    kill.args([format!("-{name}"), process.to_string()]);
    program::run(&format!("send SIG{name} to process {process}"), &mut kill).map(drop)
}

/// Whether a process has let go of its ports: its command line is gone a moment earlier.
fn has_ended(process: u32) -> bool {
    let Ok(status) = std::fs::read_to_string(format!("/proc/{process}/stat")) else {
        return true;
    };
    // The name stands in brackets and may hold spaces: fields are counted behind it.
    let state = status.rsplit_once(')').and_then(|(_, fields)| fields.trim_start().chars().next());
    matches!(state, None | Some('Z' | 'X'))
}

/// The full path of a folder that must be there.
pub(crate) fn existing(folder: &Path) -> Result<PathBuf, PartError> {
    if !folder.is_dir() {
        return Err(PartError::NoFolder(folder.to_path_buf()));
    }
    folder.canonicalize().map_err(PartError::on("find", folder))
}

/// The full path of a folder, which is made when it is missing.
pub(crate) fn made(folder: &Path) -> Result<PathBuf, PartError> {
    std::fs::create_dir_all(folder).map_err(PartError::on("make", folder))?;
    existing(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper(folder: &Path) -> Service {
        Service::new(folder, "the sleeper", "sleep 123.4".to_owned())
    }

    #[test]
    fn a_server_is_found_again_by_its_folder_and_ends() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(sleeper(folder.path()).process(), None);
        let process = sleeper(folder.path()).launch(Command::new("sleep").arg("123.4")).unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        sleeper(folder.path())
            .await_answer(process, deadline, || sleeper(folder.path()).process() == Some(process))
            .unwrap();
        signal(process, "STOP").unwrap();
        let started = Instant::now();
        sleeper(folder.path()).stop(Duration::from_secs(20)).unwrap();
        assert!(started.elapsed() < Duration::from_secs(20), "a paused one ends in order, too");
        assert!(has_ended(process) && !folder.path().join("pid").exists());
    }

    #[test]
    fn a_number_that_went_to_another_program_is_not_the_server() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pid"), std::process::id().to_string()).unwrap();
        assert_eq!(sleeper(folder.path()).process(), None);
    }

    #[test]
    fn a_server_that_ends_before_it_answers_is_told_with_its_last_words() {
        let folder = tempfile::tempdir().unwrap();
        let service = sleeper(folder.path());
        let process = service.launch(Command::new("sh").args(["-c", "echo the disk is full"])).unwrap();
        let deadline = Instant::now() + Duration::from_secs(20);
        let error = service.await_answer(process, deadline, || false).unwrap_err().to_string();
        assert_eq!(error, "the sleeper ended: the disk is full");
    }
}
