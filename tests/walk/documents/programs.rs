//! Programs beside `kayoi` that pages name, checked without running them.
//!
//! In: the words of a command. Out: nothing, or what the repository does not have. They build, install or
//! take hours, so a test looks whether the target, the folder or the verb is there.

use std::process::Command;

use super::shell::option;
use crate::repository;

/// A file or folder of the repository.
pub fn exists(path: &str) -> Result<(), String> {
    if repository::root().join(path).exists() { Ok(()) } else { Err(format!("there is no `{path}`")) }
}

/// A target of the Makefile.
pub fn make(words: &[String]) -> Result<(), String> {
    let mut words = words.iter().filter(|word| !word.contains('='));
    let target = words.nth(1).ok_or("`make` without a target")?;
    let is_there = repository::read("Makefile").lines().any(|line| line.starts_with(&format!("{target}:")));
    // `make fuzz-*` stands for several.
    let is_there = is_there || target.contains('*');
    if is_there { Ok(()) } else { Err(format!("the Makefile has no target `{target}`")) }
}

/// What cargo is asked for outside of the Makefile.
pub fn cargo(words: &[String]) -> Result<(), String> {
    match words.iter().filter(|word| !word.contains('=')).nth(1).map(String::as_str) {
        Some("install") => {
            let folder = option(words, "--path").ok_or("`cargo install` without --path")?;
            exists(&format!("{folder}/Cargo.toml"))
        }
        Some("deny") => exists("deny.toml"),
        Some("test") => {
            let name = option(words, "--test").ok_or("`cargo test` without --test")?;
            let declared = repository::read("cli/Cargo.toml").contains(&format!("name = \"{name}\""));
            if declared { Ok(()) } else { Err(format!("there are no tests `{name}`")) }
        }
        _ => Err("no test knows how to run it: see tests/walk/documents/ground.rs".to_owned()),
    }
}

/// Compares the verb and the flags of a script or task, whose name stands `at` a place, with what its help
/// says. The help of a task is read where it is written: to ask cargo for it would wait for the build that
/// runs this test.
pub fn known_to_help(words: &[String], at: usize) -> Result<(), String> {
    let verb = words.get(at + 1).map_or("", String::as_str);
    let usage = format!("xtask/usage/{}.txt", words[at]);
    let help = if at > 0 { exists(&usage).map(|()| repository::read(&usage))? } else { help_of(&words[0])? };
    let mut named = words[at + 1..].iter().filter(|word| *word == verb || word.starts_with("--"));
    match named.find(|word| !help.contains(word.as_str())) {
        Some(word) => Err(format!("the help of `{}` does not know `{word}`", words[at])),
        None => Ok(()),
    }
}

/// What a script says with `help`.
fn help_of(script: &str) -> Result<String, String> {
    let output = Command::new(repository::root().join(script)).arg("help").output();
    let output = output.map_err(|error| format!("`{script}` does not start: {error}"))?;
    Ok(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn what_the_repository_does_not_have_is_told() {
    let words = super::shell::words;
    for known in ["cargo xtask kafka start --dir x --nodes 3", "cargo xtask s3 start --dir x --port 1"] {
        assert_eq!(known_to_help(&words(known), 2), Ok(()), "{known}");
    }
    assert!(known_to_help(&words("cargo xtask kafka dance"), 2).is_err());
    assert!(known_to_help(&words("cargo xtask rabbit start"), 2).is_err());
    assert_eq!(known_to_help(&words("scripts/setup build"), 0), Ok(()));
    assert!(known_to_help(&words("scripts/setup bild"), 0).is_err());
    assert_eq!(make(&words("SECONDS=9 make fuzz-decode")), Ok(()));
    assert!(make(&words("make dinner")).is_err() && cargo(&words("cargo bake")).is_err());
}
