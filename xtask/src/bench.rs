//! Where a measurement works, and the programs that it runs.
//!
//! In: names. Out: commands, and what they printed. Every measurement has one folder below `.kayoi`, which an
//! environment variable may move; it stays, so that a person can look at it. Lines of JSON are the results,
//! and a script in Python makes the table of them.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kayoi_harness::parts::PartError;
use kayoi_harness::repository;

use crate::task;

/// Folders whose Python files import each other.
const PYTHON_FOLDERS: [&str; 3] = ["tests/peers", "tests/bench", "tests/accuracy"];

/// The folder of one measurement, and the programs around it.
pub(crate) struct Bench {
    root: PathBuf,
    folder: PathBuf,
}

impl Bench {
    /// The folder that `variable` names, else `.kayoi/NAME`. Paths count from the root of the repository from
    /// now on.
    pub(crate) fn open(variable: &str, name: &str) -> Result<Self, PartError> {
        let root = repository::root();
        std::env::set_current_dir(&root).map_err(io("go to", &root))?;
        let folder = setting(variable).map_or_else(|| Path::new(".kayoi").join(name), PathBuf::from);
        std::fs::create_dir_all(&folder).map_err(io("make", &folder))?;
        let folder = folder.canonicalize().map_err(io("find", &folder))?;
        Ok(Self { root, folder })
    }

    /// The folder itself.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A file or folder in it.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Builds Kayoi with the profile that everything else runs with, so that nothing is compiled twice.
    pub(crate) fn kayoi(&self) -> Result<PathBuf, PartError> {
        self.kayoi_with(&[])
    }

    /// The same, with more arguments for cargo: features that are off.
    pub(crate) fn kayoi_with(&self, arguments: &[&str]) -> Result<PathBuf, PartError> {
        run(Command::new("cargo").args(["build", "-p", "kayoi-cli"]).args(arguments))?;
        Ok(self.target().join("debug/kayoi"))
    }

    /// Builds one of the crates' examples, with the same profile.
    pub(crate) fn example(&self, name: &str) -> Result<PathBuf, PartError> {
        run(Command::new("cargo").args(["build", "--workspace", "--example", name]))?;
        Ok(self.target().join("debug/examples").join(name))
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> PathBuf {
        self.root.join(setting("CARGO_TARGET_DIR").unwrap_or_else(|| "target".to_owned()))
    }

    /// The Python of a group of `tests/peers/pyproject.toml`.
    pub(crate) fn python(&self, group: &str) -> Result<Python, PartError> {
        let told = output(Command::new("python3").args(["tests/peers/install.py", group]))?;
        Ok(Python { program: PathBuf::from(told.trim()), root: self.root.clone() })
    }

    /// A Python that a person named, which has the packages of a group.
    pub(crate) fn named_python(&self, program: &str) -> Python {
        Python { program: PathBuf::from(program), root: self.root.clone() }
    }

    /// The borders of the test data that a measurement places pings with.
    pub(crate) fn borders(&self) -> Result<PathBuf, PartError> {
        let path = test_data().join("boundaries/n03_2022_full_plus_fill.ndjson.gz");
        path.canonicalize().map_err(io("find", &path))
    }

    /// Runs a command, prints what it printed, and appends it to a file.
    pub(crate) fn note(&self, file: &str, command: &mut Command) -> Result<(), PartError> {
        let told = output(command)?;
        task::print(told.trim_end());
        self.append(file, &told)
    }

    /// Appends to a file.
    pub(crate) fn append(&self, file: &str, text: &str) -> Result<(), PartError> {
        let path = self.file(file);
        let mut out = File::options().create(true).append(true).open(&path).map_err(io("write", &path))?;
        out.write_all(text.as_bytes()).map_err(io("write", &path))
    }

    /// Empties a file.
    pub(crate) fn clear(&self, file: &str) -> Result<(), PartError> {
        let path = self.file(file);
        std::fs::write(&path, "").map_err(io("write", &path))
    }

    /// Removes a folder with all that is in it; it need not be there.
    pub(crate) fn remove(&self, name: &str) -> Result<(), PartError> {
        remove(&self.file(name))
    }

    /// The table of the results, written beside them and printed, with the note of `KAYOI_BENCH_NOTE`.
    pub(crate) fn report(&self, python: &Python, script: &str) -> Result<(), PartError> {
        self.clear("report.md")?;
        let mut report = python.script(script);
        self.note("report.md", report.arg(self.file("results.jsonl")).args(setting("KAYOI_BENCH_NOTE")))
    }

    /// Says what could not be measured, which is an error.
    pub(crate) fn finish(&self, missing: &[String]) -> Result<(), PartError> {
        if missing.is_empty() {
            return Ok(());
        }
        let said = format!("see the logs in {}", self.folder.display());
        Err(PartError::Refused { action: format!("measure {}", missing.join(", ")), said })
    }
}

/// A Python with packages.
pub(crate) struct Python {
    program: PathBuf,
    root: PathBuf,
}

impl Python {
    /// A script, by its path from the root.
    pub(crate) fn script(&self, path: &str) -> Command {
        let mut python = Command::new(&self.program);
        let folders = PYTHON_FOLDERS.map(|folder| self.root.join(folder).display().to_string());
        // Modules that import each other would leave compiled files in the work tree.
        python.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONPATH", folders.join(":"));
        python.arg(path);
        python
    }

    /// The list of what is installed, which is as old as the environment.
    pub(crate) fn packages(&self) -> PathBuf {
        self.program.with_file_name("../packages.txt")
    }
}

/// A variable of the environment that is set and not empty.
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A variable that is a whole number from 1, or what it is when it is not set.
pub(crate) fn number<N: std::str::FromStr>(name: &str, default: N) -> Result<N, PartError> {
    let Some(text) = setting(name) else {
        return Ok(default);
    };
    text.parse()
        .map_err(|_| PartError::WrongUse(format!("{name} `{text}` is not allowed: a whole number is")))
}

/// The folder of real borders and trajectories.
pub(crate) fn test_data() -> PathBuf {
    setting("KAYOI_TEST_DATA").map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from)
}

/// Runs a command to its end, with the terminal's output; it must succeed.
pub(crate) fn run(command: &mut Command) -> Result<(), PartError> {
    let status = command.status().map_err(|source| not_run(command, source))?;
    if status.success() { Ok(()) } else { Err(failed(command, &status.to_string())) }
}

/// Runs a command to its end; it must succeed. Returns what it printed.
pub(crate) fn output(command: &mut Command) -> Result<String, PartError> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|source| not_run(command, source))?;
    if !output.status.success() {
        return Err(failed(command, &output.status.to_string()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Removes a folder with all that is in it; it need not be there.
pub(crate) fn remove(path: &Path) -> Result<(), PartError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Program and arguments, as they are written.
pub(crate) fn words(command: &Command) -> Vec<String> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect()
}

/// Makes the error of an action on a file out of its cause.
pub(crate) fn io(verb: &str, path: &Path) -> impl FnOnce(std::io::Error) -> PartError {
    let action = format!("{verb} `{}`", path.display());
    move |source| PartError::Io { action, source }
}

fn not_run(command: &Command, source: std::io::Error) -> PartError {
    PartError::Io { action: format!("run `{}`", command.get_program().to_string_lossy()), source }
}

fn failed(command: &Command, how: &str) -> PartError {
    PartError::Refused {
        action: format!("run `{}`", words(command).join(" ")),
        said: format!("it ended with {how}"),
    }
}
