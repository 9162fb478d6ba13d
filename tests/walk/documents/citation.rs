//! What one cites is what is built: the version and the licence in `CITATION.cff` and on the page are those of
//! the workspace.
//!
//! In: `Cargo.toml`, `CITATION.cff`, the page `cite.md` in both languages. Out: what of them differs. A version that
//! is raised in one place only would send a reader to another program.

use crate::repository;

/// The value of a key of `Cargo.toml`, the first one of that name.
fn of_workspace(key: &str) -> String {
    let manifest = repository::read("Cargo.toml");
    let line = manifest.lines().find_map(|line| line.strip_prefix(&format!("{key} = \"")).map(str::to_owned));
    line.expect("the key in Cargo.toml").trim_end_matches('"').to_owned()
}

#[test]
fn what_one_cites_is_what_is_built() {
    let (version, licence) = (of_workspace("version"), of_workspace("license"));
    let file = repository::read("CITATION.cff");
    for line in [format!("version: {version}"), format!("license: {licence}")] {
        assert!(file.lines().any(|written| written == line), "CITATION.cff has no line `{line}`");
    }
    for language in ["en", "ja"] {
        let page = repository::read(&format!("docs/{language}/src/cite.md"));
        for words in [format!("version      = {{{version}}}"), licence.clone()] {
            assert!(page.contains(&words), "docs/{language}/src/cite.md does not say `{words}`");
        }
    }
}
