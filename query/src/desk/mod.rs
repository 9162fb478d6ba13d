//! Who may ask, and who asked what.
//!
//! In: names and passwords or tokens, as doors receive them; what became of each question. Out: a [`Person`] with a
//! [`Scope`], or a refusal that says nothing of who exists; and lines of the audit, which are safe on disk before
//! the first byte of an answer goes out. No password is kept, only what tells it from others
//! ([`verifier::Verifier`]).

mod verifier;
mod scope;
mod users;
mod sessions;
mod issuer;
mod directory;
mod journal;

pub(crate) use directory::Scram;
pub use directory::{Directory, Refused};
pub use issuer::{Issuer, IssuerError};
pub use journal::AuditJournal;
pub(crate) use journal::{Line, audit_schema, kept};
pub use scope::{Areas, Role, Scope, ScopeError};
pub(crate) use sessions::SESSION;
pub use users::{Person, UserChange, UserError, change_users, read_users, rfc3339};
