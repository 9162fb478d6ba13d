//! Real borders and trajectories, which may not be committed. In: a name. Out: a file, or a word that a test
//! did not run.
//!
//! A test that needs them cannot pass without them, and must not look as if it had: it is written down as not
//! run, and `make test` lists those at its end. Naming a folder promises all that tests ask of it, so that a
//! file missing there fails them.

use std::io::Write;
use std::path::PathBuf;

/// A file of the test data, by its path below the folder that `KAYOI_TEST_DATA` names. `None` when none is
/// named: then the test ends, and is written down as not run in the file that `KAYOI_NOT_RUN` names.
pub fn test_data(name: &str) -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("KAYOI_TEST_DATA") else {
        write_down(name);
        return None;
    };
    let path = PathBuf::from(folder).join(name);
    assert!(path.exists(), "KAYOI_TEST_DATA promises `{}`, which is not there", path.display());
    Some(path)
}

fn write_down(name: &str) {
    // The test harness names each thread after its test.
    let thread = std::thread::current();
    let line = format!("{} needs {name}\n", thread.name().unwrap_or("a test"));
    eprint!("NOT RUN: KAYOI_TEST_DATA is not set: {line}");
    let Some(list) = std::env::var_os("KAYOI_NOT_RUN") else { return };
    let list = std::fs::OpenOptions::new().append(true).create(true).open(list);
    list.and_then(|mut file| file.write_all(line.as_bytes())).expect("the list of tests that did not run");
}
