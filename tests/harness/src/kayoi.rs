//! The real binary. In: arguments. Out: what it printed.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// The binary that cargo built for this test. A test that is started by hand, in a debugger, finds it two
/// folders above its own file, where cargo puts it.
fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("CARGO_BIN_EXE_kayoi") {
        return PathBuf::from(path);
    }
    let test = std::env::current_exe().expect("a test knows its own file");
    let path = test.ancestors().nth(2).expect("a folder above `deps`").join("kayoi");
    assert!(path.is_file(), "`{}` is not there: cargo builds it for tests", path.display());
    path
}

/// `kayoi` with arguments, away from the user's environment.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments);
    without_settings(&mut command);
    command.stdin(Stdio::null());
    command
}

/// Takes the settings of the user's environment away.
pub fn without_settings(command: &mut Command) {
    for name in ["KAYOI_LAKE", "KAYOI_BOUNDARIES", "KAYOI_KEY_FILE", "KAYOI_LOG"] {
        command.env_remove(name);
    }
}

/// Runs to the end and must succeed. Returns stdout.
pub fn run(arguments: &[&str]) -> String {
    let output = output(arguments);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "kayoi {arguments:?} failed:\n{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs to the end and must fail with exit code 1. Returns stderr.
pub fn refused(arguments: &[&str]) -> String {
    let output = output(arguments);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "kayoi {arguments:?} was not refused:\n{stderr}");
    assert!(!stderr.contains("panicked"), "{stderr}");
    stderr
}

/// Runs to the end, whatever comes out.
pub fn output(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

/// Starts, with stderr to read.
pub fn start(arguments: &[&str]) -> Child {
    command(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Stdout as JSON.
pub fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&run(arguments)).unwrap()
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
