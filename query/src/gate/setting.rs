//! Statements that ask for a setting or change one.
//!
//! In: a parsed statement. Out: what it wants to be shown ([`Show`]) or to change ([`Change`]), in words that
//! no parser is needed for. Whether the change is honoured is decided where the settings are known.

use datafusion::sql::sqlparser::ast::{
    ContextModifier, Expr, ObjectName, Reset, ResetStatement, Set, Statement, TransactionAccessMode,
    TransactionMode, Value,
};

use crate::session::{Change, Lasting, Show};

/// What a statement asks to be shown; `None` when it asks for something else.
pub(super) fn shown(statement: &Statement) -> Option<Show> {
    match statement {
        Statement::ShowVariable { variable } => {
            let words: Vec<_> = variable.iter().map(|word| word.value.to_lowercase()).collect();
            Some(match words.join(" ").as_str() {
                "all" => Show::All,
                "transaction isolation level" => Show::One("transaction_isolation".to_owned()),
                "time zone" => Show::One("timezone".to_owned()),
                "session authorization" => Show::One("session_authorization".to_owned()),
                _ => Show::One(words.join(".")),
            })
        }
        Statement::ShowVariables { .. } => Some(Show::All),
        _ => None,
    }
}

/// What a statement changes, one by one; `None` when it changes something else than a setting.
pub(super) fn changes(statement: &Statement) -> Option<Vec<Change>> {
    match statement {
        Statement::Reset(ResetStatement { reset: Reset::ALL }) => Some(vec![Change::ResetAll]),
        Statement::Reset(ResetStatement { reset: Reset::ConfigurationParameter(name) }) => {
            Some(vec![Change::Reset(setting(name))])
        }
        Statement::Discard { .. } => Some(vec![Change::ResetAll]),
        Statement::Set(set) => of_set(set),
        _ => None,
    }
}

/// The settings that the modes of a transaction are.
pub(super) fn modes(modes: &[TransactionMode], of: &str, lasting: Lasting) -> Vec<Change> {
    let change = |mode: &TransactionMode| {
        let (name, value) = match mode {
            TransactionMode::AccessMode(TransactionAccessMode::ReadOnly) => ("read_only", "on".to_owned()),
            TransactionMode::AccessMode(TransactionAccessMode::ReadWrite) => ("read_only", "off".to_owned()),
            TransactionMode::IsolationLevel(level) => ("isolation", level.to_string().to_lowercase()),
        };
        Change::Set { name: format!("{of}{name}"), value, lasting }
    };
    modes.iter().map(change).collect()
}

fn of_set(set: &Set) -> Option<Vec<Change>> {
    match set {
        Set::SingleAssignment { scope, variable, values, .. } => {
            let lasting = match scope {
                Some(ContextModifier::Local) => Lasting::Transaction,
                _ => Lasting::Session,
            };
            Some(vec![change(setting(variable), values, lasting)])
        }
        Set::SetTimeZone { value, .. } => {
            Some(vec![change("timezone".to_owned(), std::slice::from_ref(value), Lasting::Session)])
        }
        Set::SetNames { charset_name, .. } => Some(vec![Change::Set {
            name: "client_encoding".to_owned(),
            value: charset_name.value.clone(),
            lasting: Lasting::Session,
        }]),
        Set::SetTransaction { modes: said, snapshot: None, session } => Some(if *session {
            modes(said, "default_transaction_", Lasting::Session)
        } else {
            modes(said, "transaction_", Lasting::Transaction)
        }),
        // Roles, somebody else's authorization, and forms of other dialects.
        _ => None,
    }
}

fn change(name: String, values: &[Expr], lasting: Lasting) -> Change {
    let value = values.iter().map(word).collect::<Vec<_>>().join(", ");
    let is_default =
        |value: &Expr| matches!(value, Expr::Identifier(word) if word.value.eq_ignore_ascii_case("default"));
    let is_local = name == "timezone" && value.eq_ignore_ascii_case("local");
    if values.first().is_some_and(is_default) || is_local {
        return Change::Reset(name);
    }
    Change::Set { name, value, lasting }
}

fn word(value: &Expr) -> String {
    match value {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::EscapedStringLiteral(text) => text.clone(),
            other => other.to_string(),
        },
        Expr::Identifier(word) => word.value.clone(),
        Expr::Interval(interval) => format!("interval {}", word(&interval.value)),
        other => other.to_string(),
    }
}

fn setting(name: &ObjectName) -> String {
    name.to_string().replace('"', "").to_lowercase()
}
