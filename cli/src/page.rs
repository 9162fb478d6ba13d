//! The page that people open, as a part of this program.
//!
//! In: what `make page` has built in `query/web/dist`. Out: its files, for [`kayoi_query::serve_http`]. They stand in the program and
//! not in the crate that serves them, so that a change of the page compiles this small crate anew and no engine.

use kayoi_query::PageFile;
use rust_embed::Embed;

/// What was built. Nothing at all where it was not.
#[derive(Embed)]
#[folder = "../query/web/dist"]
#[allow_missing = true]
struct Built;

/// Whether there was a page to take.
pub(crate) fn is_built() -> bool {
    Built::get("index.html").is_some()
}

/// The file of a name.
pub(crate) fn file(name: &str) -> Option<PageFile> {
    let file = Built::get(name)?;
    Some(PageFile { sha256: file.metadata.sha256_hash(), bytes: file.data })
}
