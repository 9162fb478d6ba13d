//! A question as it comes in.

use std::fmt;

/// Where a question came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// The command line.
    CommandLine,
    /// HTTP.
    Http,
    /// The Postgres wire.
    Postgres,
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::CommandLine => "command line",
            Self::Http => "http",
            Self::Postgres => "postgres",
        })
    }
}
