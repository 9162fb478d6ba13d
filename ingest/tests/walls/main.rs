//! What must not compile: no stage between a decoded record and a stored row can be left out.
//!
//! Each file of `cases` tries to. What it should be refused for stands in its first lines
//! (`tests/harness/src/walls.rs` reads them).

use std::path::Path;

use kayoi_harness::walls;

#[test]
fn what_must_not_compile_does_not_and_for_the_reason_meant() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/walls/cases");
    let refused = walls::refused(&cases, &["kayoi_ingest", "kayoi_schemas"]);
    assert!(refused >= 4, "{refused} cases");
}
