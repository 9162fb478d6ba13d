//! The code of an error, as it stands at its head: `error[K201]: there is no lake in …`.
//!
//! In: errors of the crates, and words of the command line, which are written with their code. Out: what `codes.md` of
//! the book has a heading for. The outermost error that has a code decides: it knows what was asked for, and its causes
//! only why that failed. A question that is refused has the code that the doors give it, its SQLSTATE.
//!
//! `anyhow::bail` is refused by clippy, since it knows no code; `refuse!` takes its place.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use kayoi_aggregate::AggregateError;
use kayoi_geography::history::HistoryError;
use kayoi_geography::mesh::share::ShareError;
use kayoi_geography::population::PopulationError;
use kayoi_geography::{CarSharesError, GeographyError, OfficesError};
use kayoi_ingest::config::ConfigError;
use kayoi_ingest::pseudonymize::KeyError;
use kayoi_ingest::registry::{RegistryError, UnlearntSchema};
use kayoi_ingest::setup::SetupError;
use kayoi_ingest::source::SourceError;
use kayoi_ingest::{DecodeError, IngestError, StoreError};
use kayoi_lake::LakeError;
use kayoi_query::{IssuerError, QueryError, QuestionError, ScopeError, TargetError, TlsError, UserError};
use kayoi_release::ReleaseError;
use kayoi_schemas::definition::DefinitionError;
use kayoi_schemas::disclosure::ParameterError;
use kayoi_schemas::error_code::ErrorCode;
use kayoi_schemas::ids::CodeError;
use kayoi_simulate::SimulateError;

/// Words of the command line, as an error of its own or before another one.
#[derive(Debug)]
pub(crate) struct Coded {
    code: ErrorCode,
    words: String,
}

impl Coded {
    pub(crate) fn new(code: ErrorCode, words: impl fmt::Display) -> Self {
        Self { code, words: words.to_string() }
    }
}

impl fmt::Display for Coded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Error for Coded {}

/// Words with their code: `coded!(Argument, "…")`.
macro_rules! coded {
    ($code:ident, $($words:tt)+) => {
        $crate::coded::Coded::new(kayoi_schemas::error_code::ErrorCode::$code, format_args!($($words)+))
    };
}
pub(crate) use coded;

/// Ends a function with words and their code.
macro_rules! refuse {
    ($code:ident, $($words:tt)+) => {
        return Err(anyhow::Error::new($crate::coded::coded!($code, $($words)+)))
    };
}
pub(crate) use refuse;

/// The code of the first of these types that an error is.
macro_rules! code_as {
    ($error:ident: $($type:ty),* $(,)?) => {
        None$(.or_else(|| $error.downcast_ref::<$type>().map(|error| error.code())))*
    };
}

/// The code of whatever ends a command.
pub(crate) fn code_of(error: &anyhow::Error) -> String {
    match error.downcast_ref::<Coded>() {
        Some(told) => told.code.to_string(),
        None => code_in(error.chain()).unwrap_or_else(|| ErrorCode::Defect.to_string()),
    }
}

/// The code of the first error that has one, the outermost first.
pub(crate) fn code_in<'e>(mut errors: impl Iterator<Item = &'e (dyn Error + 'static)>) -> Option<String> {
    errors.find_map(|error| match error.downcast_ref::<QueryError>() {
        Some(QueryError::Serve { .. }) => Some(ErrorCode::Address.to_string()),
        Some(refused) => Some(refused.sqlstate().to_owned()),
        None => code(error).map(|code| code.to_string()),
    })
}

/// The code of an error alone, without its causes.
fn code(error: &(dyn Error + 'static)) -> Option<ErrorCode> {
    #[cfg(feature = "cluster")]
    if let Some(error) = error.downcast_ref::<kayoi_cluster::ClusterError>() {
        return Some(error.code());
    }
    if let Some(told) = error.downcast_ref::<Coded>() {
        return Some(told.code);
    }
    // An error that a summary shares.
    if let Some(shared) = error.downcast_ref::<Arc<dyn Error + Send + Sync>>() {
        return code(&**shared);
    }
    let known: Option<ErrorCode> = code_as!(
        error:
        LakeError,
        AggregateError,
        ReleaseError,
        SimulateError,
        IngestError,
        SourceError,
        DecodeError,
        StoreError,
        SetupError,
        ConfigError,
        RegistryError,
        UnlearntSchema,
        KeyError,
        GeographyError,
        PopulationError,
        OfficesError,
        CarSharesError,
        HistoryError,
        ShareError,
        DefinitionError,
        CodeError,
        ParameterError,
        QuestionError,
        TargetError,
        UserError,
        ScopeError,
        IssuerError,
        TlsError,
    );
    known.or_else(|| error.is::<std::io::Error>().then_some(ErrorCode::File))
}

#[cfg(test)]
mod tests {
    use std::io;

    use anyhow::Context;
    use kayoi_geography::CodeDate;

    use super::*;

    fn refused() -> anyhow::Result<()> {
        refuse!(NoLake, "there is no lake in `{}`", "here")
    }

    #[test]
    fn words_have_their_code_alone_and_before_a_cause() {
        assert_eq!(code_of(&refused().unwrap_err()), "K201");
        assert_eq!(code_of(&refused().context("nothing was done").unwrap_err()), "K201");
        let taken = Err::<(), _>(io::Error::from(io::ErrorKind::AddrInUse));
        let taken = taken.context(coded!(Address, "cannot listen")).unwrap_err();
        assert_eq!((code_of(&taken).as_str(), taken.to_string().as_str()), ("K901", "cannot listen"));
        let no_month = None::<()>.context(coded!(Argument, "no month")).unwrap_err();
        assert_eq!(code_of(&no_month), "K101");
    }

    #[test]
    fn the_outermost_error_with_a_code_decides() {
        let unread = || io::Error::from(io::ErrorKind::NotFound);
        let settings = Err::<(), _>(DefinitionError::Bins("[]".to_owned())).context("it is refused");
        assert_eq!(code_of(&settings.unwrap_err()), "K102");
        assert_eq!(code_of(&Err::<(), _>(unread()).context("cannot read `a`").unwrap_err()), "K103");
        let key = KeyError::Read { path: "a".into(), source: unread() };
        assert_eq!(code_of(&key.into()), "K603");
        let shared: Arc<dyn Error + Send + Sync> =
            Arc::new(HistoryError::TooEarly { date: CodeDate::EARLIEST });
        assert_eq!(code_of(&shared.into()), "K703");
        assert_eq!(code_of(&anyhow::Error::msg("what nobody thought of")), "K001");
    }

    #[test]
    fn a_question_has_the_code_that_the_doors_give_it() {
        assert_eq!(code_of(&QueryError::DivisionByZero.into()), "22012");
        let door = QueryError::Serve { door: "HTTP", source: io::ErrorKind::AddrInUse.into() };
        assert_eq!(code_of(&door.into()), "K901");
    }
}
