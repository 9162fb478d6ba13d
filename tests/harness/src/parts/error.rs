//! What can go wrong with a server. In: facts. Out: a text with the value, what is allowed, and a hint where
//! a person can act.

use std::io;
use std::path::{Path, PathBuf};

/// Why a server does not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// What was asked is not possible, whatever the machine is like.
    #[error("{0}")]
    WrongUse(String),
    /// A program that runs it is missing.
    #[error("{program} is not installed\nhint: scripts/setup test")]
    NotInstalled {
        /// Name of the program.
        program: String,
    },
    /// A file or a program could not be used.
    #[error("cannot {action}")]
    Io {
        /// What was tried, as in `read X`.
        action: String,
        /// Why it did not work.
        source: io::Error,
    },
    /// A program that helps has failed.
    #[error("cannot {action}: {said}")]
    Refused {
        /// What was tried, as in `create topic X`.
        action: String,
        /// What the program said last.
        said: String,
    },
    /// The folder of a server is missing.
    #[error("there is no folder `{0}`")]
    NoFolder(PathBuf),
    /// Somebody else listens there.
    #[error("port `{0}` is taken")]
    PortTaken(u16),
    /// The folder's server runs already.
    #[error(
        "{what} already runs in `{folder}` (process {process})\nhint: cargo xtask {part} stop --dir {folder}"
    )]
    Runs {
        /// The server, as in `a node`.
        what: &'static str,
        /// The word of `cargo xtask` for it.
        part: &'static str,
        /// The folder that it runs in.
        folder: PathBuf,
        /// The number of its process.
        process: u32,
    },
    /// The server does not run.
    #[error("{what} does not run")]
    DoesNotRun {
        /// The server, as in "node `2`".
        what: String,
    },
    /// It ended, or was not ready in time.
    #[error("{what} {reason}: {log}")]
    DidNotStart {
        /// The server, as in `the node`.
        what: &'static str,
        /// `ended`, or how long it was waited for.
        reason: String,
        /// The end of its log.
        log: String,
    },
    /// The folder holds something else than what is to be started in it.
    #[error("`{folder}` {difference}\nhint: start in a new folder")]
    OtherFolder {
        /// The folder that holds something else.
        folder: PathBuf,
        /// How it differs.
        difference: String,
    },
}

impl PartError {
    /// Makes the error of an action on a file out of its cause.
    pub(crate) fn on(verb: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let action = format!("{verb} `{}`", path.display());
        move |source| Self::Io { action, source }
    }
}
