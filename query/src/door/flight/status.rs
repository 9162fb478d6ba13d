//! How a question is refused over Flight. In: a [`QueryError`]. Out: a gRPC status with its message, its hint and
//! its SQLSTATE, which travels in a header of its own.
//!
//! The code is one that drivers act on: a question that is wrong is not asked again, one that came at a bad time is.

use arrow_flight::error::FlightError;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

use crate::error::QueryError;

/// The header of the SQLSTATE.
const SQLSTATE: &str = "sqlstate";
/// Most bytes of a message. Drivers refuse an answer whose headers are larger than 8 KiB, and a byte of Japanese
/// takes three there.
const MESSAGE_BYTES: usize = 2_000;

/// A refusal in the words of a door, with what to do.
pub(super) fn refusal(code: Code, message: &str, hint: &str) -> Status {
    Status::new(code, format!("{message}\nhint: {hint}"))
}

/// Bytes that are no message of Flight SQL.
pub(super) fn malformed(what: &str) -> Status {
    let hint = "ask with a driver of Flight SQL: ADBC, or JDBC with jdbc:arrow-flight-sql://";
    refusal(Code::InvalidArgument, &format!("this is no {what} of Flight SQL"), hint)
}

/// A refusal by the SQLSTATE of PostgreSQL's appendix A.
pub(super) fn with_state(state: &str, message: &str) -> Status {
    let mut metadata = MetadataMap::new();
    if let Ok(value) = state.parse() {
        metadata.insert(SQLSTATE, value);
    }
    Status::with_metadata(code(state), short(message), metadata)
}

fn code(state: &str) -> Code {
    match (state, state.get(..2).unwrap_or_default()) {
        ("42P01", _) => Code::NotFound,
        ("25006" | "42501", _) => Code::PermissionDenied,
        ("57014", _) => Code::DeadlineExceeded,
        ("53300", _) => Code::Unavailable,
        (_, "0A") => Code::Unimplemented,
        (_, "28") => Code::Unauthenticated,
        (_, "25" | "55") => Code::FailedPrecondition,
        (_, "53" | "54") => Code::ResourceExhausted,
        (_, "08" | "21" | "22" | "26" | "42") => Code::InvalidArgument,
        _ => Code::Internal,
    }
}

fn short(message: &str) -> String {
    if message.len() <= MESSAGE_BYTES {
        return message.to_owned();
    }
    // What to do stands at the end, and is worth more than the rest of a long name.
    let (told, hint) =
        message.rsplit_once("\nhint: ").filter(|(_, hint)| hint.len() < MESSAGE_BYTES / 2).unzip();
    let hint = hint.map_or_else(String::new, |hint| format!("\nhint: {hint}"));
    let end = told.unwrap_or(message).floor_char_boundary(MESSAGE_BYTES - hint.len());
    format!("{}…{hint}", &message[..end])
}

impl From<QueryError> for Status {
    fn from(error: QueryError) -> Self {
        with_state(error.sqlstate(), &error.to_string())
    }
}

/// What one of Arrow's builders made.
pub(super) fn built<T>(built: Result<T, FlightError>) -> Result<T, Status> {
    built.map_err(|error| QueryError::io(std::io::Error::other(error)).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_error_has_the_code_that_a_driver_acts_on() {
        for (error, expected) in [
            (QueryError::Empty, Code::InvalidArgument),
            (QueryError::UnknownTable { table: "t".to_owned(), known: Vec::new() }, Code::NotFound),
            (QueryError::NotAllowed("DROP TABLE".to_owned()), Code::PermissionDenied),
            (QueryError::Unsupported("x".to_owned()), Code::Unimplemented),
            (QueryError::Busy, Code::Unavailable),
            (QueryError::TooLarge { limit: 1 }, Code::ResourceExhausted),
            (QueryError::Timeout { seconds: 1 }, Code::DeadlineExceeded),
            (QueryError::FailedTransaction, Code::FailedPrecondition),
        ] {
            let state = error.sqlstate().to_owned();
            let status = Status::from(error);
            assert_eq!(status.code(), expected, "{status:?}");
            assert_eq!(status.metadata().get(SQLSTATE).unwrap(), state.as_str());
        }
    }

    #[test]
    fn a_long_message_is_cut_and_keeps_its_hint() {
        let status =
            with_state("42703", &format!("unknown column `{}`\nhint: the nearest are a", "長".repeat(5_000)));
        assert!(status.message().len() < MESSAGE_BYTES + 10, "{}", status.message().len());
        assert!(status.message().ends_with("…\nhint: the nearest are a"), "{}", status.message());
    }
}
