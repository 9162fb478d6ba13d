//! Every text that people meet, kept word for word. In: the real binary and the sources. Out: the difference to the
//! text that was approved, which lies beside this file as `NAME.snap`.
//!
//! A help text or an error that changes by accident is a promise broken; on purpose, it shows in the review as the
//! reader will see it. `INSTA_UPDATE=always` writes the files anew.

mod help;
mod errors;
mod texts;
mod hints;

use std::path::Path;

use crate::kayoi::{command, text};
use crate::repository;

/// Compares with what was approved under a name.
fn keep(name: &str, found: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(repository::root().join("tests/walk/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, found));
}

/// What a command line prints, and its exit code.
struct Printed {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs in a folder whose name is replaced by `<dir>` in what comes back, as is the version of Kayoi. `<dir>` in an
/// argument is that folder.
fn printed(folder: &Path, arguments: &[&str]) -> Printed {
    let arguments: Vec<String> = arguments.iter().map(|one| one.replace("<dir>", text(folder))).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let output = command(&arguments).current_dir(folder).output().unwrap();
    let plain = |bytes: Vec<u8>| {
        let words = String::from_utf8(bytes).unwrap();
        assert!(!words.contains("panicked"), "kayoi {arguments:?}:\n{words}");
        words
            .replace(text(folder), "<dir>")
            .replace(concat!("kayoi ", env!("CARGO_PKG_VERSION")), "kayoi <version>")
    };
    Printed { code: output.status.code(), stdout: plain(output.stdout), stderr: plain(output.stderr) }
}
