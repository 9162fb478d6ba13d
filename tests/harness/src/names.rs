//! The names of the fault points, for tests that inject faults. A test compares them with the code's.

/// Points that an ingest passes.
pub const INGEST: [&str; 10] = [
    "before-decode",
    "before-rejects",
    "side-file-written",
    "before-late",
    "before-files",
    "write-file",
    "before-commit",
    "commit-landed",
    "after-commit",
    "after-source-told",
];
/// Points that maintenance passes.
pub const MAINTENANCE: [&str; 1] = ["before-compaction-commit"];
/// Points that an aggregation passes.
pub const AGGREGATE: [&str; 4] =
    ["before-bucket-note", "after-bucket-note", "before-derived-commit", "between-derived-commits"];
/// Points that a release passes.
pub const RELEASE: [&str; 2] = ["before-manifest", "after-manifest"];
