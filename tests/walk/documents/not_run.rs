//! The commands of the pages that no test runs, with the reason. Each is still read by the binary's argument
//! parser.
//!
//! A page that shows another command that cannot run here makes
//! `every_command_and_question_of_the_pages_runs` fail until somebody writes it down here, and an entry that
//! no page shows any more makes it fail too.

/// A command without its comment, and why it is not run.
pub const NOT_RUN: &[(&str, &str)] = &[
    (
        "kayoi ingest --lake s3://bucket/lake --key-file kayoi.key --kafka 127.0.0.1:9092 --topic pings",
        "it needs a bucket of that name; `tests/torture` fills one",
    ),
    (
        "kayoi aggregate --expansion census --population population.csv",
        "it needs the people of all municipalities; `tests/walk/release/people.rs` weighs a world to its own",
    ),
];
