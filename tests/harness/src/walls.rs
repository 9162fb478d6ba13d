//! What must not compile, and why it does not.
//!
//! In: a folder of cases, whose first lines are the errors expected of the compiler, or say that the file
//! compiles; the crates that they name. Out: a failure where the compiler says something else. A wall that
//! stops a mistake by its type has to be shown to stop it, and for the reason meant: a case that fails for a
//! misspelt name proves nothing.
//!
//! The nearest rival is `trybuild`. It compiles all dependencies anew into a folder of its own, and ours include
//! DataFusion and Delta; here the cases are compiled against the libraries of this very build, which takes a
//! second. A `compile_fail` block in a comment is not enough: on a stable compiler it passes whatever the
//! error is.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// How a case that compiles is marked.
const COMPILES: &str = "compiles";

/// The case with everything that the others get wrong done right.
const RIGHT: &str = "right.rs";

/// A library for each crate that cases name.
type Libraries<'n> = Vec<(&'n str, PathBuf)>;

/// Compiles every case. Panics where the compiler says another thing than the case expects; returns how many cases
/// were refused as they should be.
pub fn refused(cases: &Path, crates: &[&str]) -> usize {
    // Libraries that fit each other: those that the right case compiles against.
    let right = cases.join(RIGHT);
    assert_eq!(expected(&right), [COMPILES]);
    let mut told = vec!["there are no libraries beside this test".to_owned()];
    let fitting = selections(crates).into_iter().find(|libraries| {
        told = errors(&right, libraries);
        told.is_empty()
    });
    let libraries = fitting.unwrap_or_else(|| panic!("{RIGHT}: {told:#?}"));
    let mut tried = 0;
    for case in std::fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()) {
        if case != right {
            assert_eq!(errors(&case, &libraries), expected(&case), "{}", case.display());
            tried += 1;
        }
    }
    tried
}

/// The folder into which cargo has put this test and the libraries that it was built with.
fn built() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent().unwrap().to_owned()
}

/// Every way to take one library of each crate, those with the youngest first.
fn selections<'n>(crates: &[&'n str]) -> Vec<Libraries<'n>> {
    crates.iter().fold(vec![Vec::new()], |selections, name| {
        let libraries = libraries(name);
        let longer = |selection: &Libraries<'n>, library: &PathBuf| {
            let mut longer = selection.clone();
            longer.push((*name, library.clone()));
            longer
        };
        let each = selections.iter().flat_map(|selection| libraries.iter().map(|it| longer(selection, it)));
        each.collect()
    })
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
fn errors(case: &Path, libraries: &Libraries<'_>) -> Vec<String> {
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

/// What the first lines of a case say about it.
fn expected(case: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(case).unwrap();
    text.lines().map_while(|line| line.strip_prefix("//! ")).map(str::to_owned).collect()
}
