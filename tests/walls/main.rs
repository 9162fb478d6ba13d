//! The walls: what must not compile, and why it does not.
//!
//! In: the files in `cases`, whose first lines are the errors expected of the compiler, or say that the file
//! compiles. Out: a failure where the compiler says something else. A wall that stops a mistake by its type
//! has to be shown to stop it, and for the reason meant: a case that fails for a misspelt name proves
//! nothing.
//!
//! The nearest rival is `trybuild`. It compiles all dependencies anew into a folder of its own, and ours
//! include DataFusion and Delta; here the cases are compiled against the libraries of this very build, which
//! takes a second. A `compile_fail` block in a comment is not enough: on a stable compiler it passes whatever
//! the error is.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking and says why"
)]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// The crates that cases name.
const CRATES: [&str; 6] =
    ["kayoi_query", "kayoi_release", "kayoi_device", "kayoi_ingest", "kayoi_lake", "kayoi_schemas"];

/// How a case that compiles is marked.
const COMPILES: &str = "compiles";

/// The case with everything that the others get wrong done right.
const RIGHT: &str = "right.rs";

/// The folder into which cargo has put this test and the libraries that it was built with.
fn built() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().to_owned()
}

/// The libraries of a crate that are not younger than this test, the youngest first. Another selection of
/// features leaves a library of its own there.
fn libraries(name: &str) -> Vec<PathBuf> {
    let modified = |path: &Path| std::fs::metadata(path).and_then(|found| found.modified()).unwrap();
    let tested = modified(&std::env::current_exe().unwrap());
    let mut found: Vec<(SystemTime, PathBuf)> = std::fs::read_dir(built())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension() == Some(OsStr::new("rlib")))
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(&format!("lib{name}-")))
        .map(|path| (modified(&path), path))
        .filter(|(time, _)| *time <= tested)
        .collect();
    found.sort();
    found.into_iter().rev().map(|(_, path)| path).collect()
}

/// Compiles a case, and returns its errors without the places where they are.
fn errors(case: &Path, libraries: &[(&str, PathBuf)]) -> Vec<String> {
    let out = tempfile::tempdir().unwrap();
    // The compiler of the cargo that runs this test.
    let mut compiler = Command::new(Path::new(env!("CARGO")).with_file_name("rustc"));
    compiler
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata", "--cap-lints", "allow"])
        // One line for each error, with what the compiler points at.
        .args(["--error-format", "short"])
        .arg("--out-dir")
        .arg(out.path())
        .arg("-L")
        .arg(format!("dependency={}", built().display()))
        .arg(case);
    for (name, library) in libraries {
        compiler.arg("--extern").arg(format!("{name}={}", library.display()));
    }
    let output = compiler.output().expect("rustc stands beside cargo");
    let told = String::from_utf8(output.stderr).unwrap();
    let place = format!("{}:", case.display());
    let errors =
        told.lines().filter_map(|line| line.strip_prefix(&place)?.split_once(": ")).map(|(_, told)| told);
    let errors: Vec<String> = errors.filter(|told| told.starts_with("error")).map(str::to_owned).collect();
    assert_eq!(output.status.success(), errors.is_empty(), "{}: {told}", case.display());
    errors
}

/// An error with every path in backticks cut to its last name. The compiler prints a path in full as soon as any
/// two crates of the build have something of that name, so the path depends on what our libraries use.
fn without_paths(told: &str) -> String {
    let parts = told.split('`').enumerate();
    let cut = parts.map(|(place, part)| if place % 2 == 1 { last_name(part) } else { part });
    cut.collect::<Vec<_>>().join("`")
}

/// The last name of a path, or the text as it is where it is more than a path.
fn last_name(path: &str) -> &str {
    let is_path = path.chars().all(|char| char.is_alphanumeric() || char == '_' || char == ':');
    if is_path { path.rsplit("::").next().unwrap_or(path) } else { path }
}

/// What the first lines of a case say about it.
fn expected(case: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(case).unwrap();
    text.lines().map_while(|line| line.strip_prefix("//! ")).map(str::to_owned).collect()
}

/// Libraries that fit each other, one of each crate: those with which the right case compiles. They begin as
/// the youngest of each; where builds with other features lie beside them, each crate in turn takes the
/// library with the fewest errors.
fn fitting(right: &Path) -> Vec<(&'static str, PathBuf)> {
    let all = CRATES.map(|name| (name, libraries(name)));
    let youngest = all.iter().map(|(name, libraries)| Some((*name, libraries.first()?.clone())));
    let mut chosen: Vec<_> =
        youngest.collect::<Option<_>>().expect("a library of each crate beside this test");
    let mut told = errors(right, &chosen);
    for (place, (name, libraries)) in all.iter().enumerate().cycle().take(2 * all.len()) {
        for library in libraries {
            if told.is_empty() {
                return chosen;
            }
            let mut other = chosen.clone();
            other[place] = (name, library.clone());
            let of_other = errors(right, &other);
            if of_other.len() < told.len() {
                (chosen, told) = (other, of_other);
            }
        }
    }
    assert!(told.is_empty(), "{RIGHT}: {told:#?}");
    chosen
}

#[test]
fn what_must_not_compile_does_not_and_for_the_reason_meant() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/walls/cases").canonicalize().unwrap();
    let right = cases.join(RIGHT);
    assert_eq!(expected(&right), [COMPILES]);
    let libraries = fitting(&right);
    let mut wrong = Vec::new();
    let mut tried = 0;
    for case in std::fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap().path()) {
        if case == right {
            continue;
        }
        tried += 1;
        let [found, wanted] = [errors(&case, &libraries), expected(&case)]
            .map(|errors| errors.iter().map(|told| without_paths(told)).collect::<Vec<_>>());
        if found.is_empty() || found != wanted {
            wrong.push(format!("{}\nexpected {wanted:#?}\nfound {found:#?}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= 20, "{tried} cases");
}
