//! What must not compile: no step of a question's way to its answer can be left out.
//!
//! Each file of `cases` tries to. What it should be refused for stands in its first lines
//! (`tests/harness/src/walls.rs` reads them).

use std::path::Path;

use kayoi_harness::walls;

#[test]
fn what_must_not_compile_does_not_and_for_the_reason_meant() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walls/cases");
    let refused = walls::refused(&cases, &["kayoi_query", "kayoi_lake", "kayoi_schemas"]);
    assert!(refused >= 6, "{refused} cases");
}
