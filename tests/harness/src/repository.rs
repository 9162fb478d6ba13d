//! Where the repository and its test data are. In: cargo's variables. Out: folders.

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

/// The folder of real boundaries and trajectories that may not be committed: `KAYOI_TEST_DATA`, else
/// `shared/data` beside the repository. `None`, with a line on standard error, when it is not there.
pub fn data_dir() -> Option<PathBuf> {
    let named = std::env::var_os("KAYOI_TEST_DATA").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| root().join("../shared/data"));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("no test data in `{}`: KAYOI_TEST_DATA names another folder", folder.display());
    None
}
