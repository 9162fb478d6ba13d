//! Programs beside `kayoi` that pages name, checked without running them.
//!
//! In: the words of a command. Out: nothing, or what the repository does not have. They build, install or take hours, so
//! a test looks whether the target, the folder or the verb is there.

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

/// Compares the verb and the flags of a script or task, whose name stands `at` a place, with what its help says.
pub fn known_to_help(words: &[String], at: usize) -> Result<(), String> {
    let verb = words.get(at + 1).map_or("", String::as_str);
    let root = repository::root();
    let program = if words[0].contains('/') { root.join(&words[0]) } else { words[0].clone().into() };
    let mut help = Command::new(program);
    let output = help.args(&words[1..=at]).arg("help").current_dir(root).output();
    let output = output.map_err(|error| format!("`{}` does not start: {error}", words[0]))?;
    let help = [output.stdout, output.stderr].concat();
    let help = String::from_utf8_lossy(&help);
    let named = words[at + 1..].iter().filter(|word| *word == verb || word.starts_with("--"));
    match named.into_iter().find(|word| !help.contains(word.as_str())) {
        Some(word) => Err(format!("the help of `{}` does not know `{word}`", words[..=at].join(" "))),
        None => Ok(()),
    }
}
