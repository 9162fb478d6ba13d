//! Where the repository is. In: cargo's variables. Out: its files.

use std::path::{Path, PathBuf};

/// The root of the repository: the folder above this test's package that holds the lock file.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = package.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
    root.expect("a folder above the package with a Cargo.lock").to_path_buf()
}

/// A text file, by its path from the root.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("cannot read `{path}`: {error}"))
}
