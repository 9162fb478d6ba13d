//! Release tables in, answers out: SQL over the Postgres wire, over Arrow Flight, over HTTP and from the command line.
//!
//! In: the release tables of a lake and the map of municipalities. Out: rows as a table, CSV, JSON, Arrow, Parquet,
//! a workbook or Postgres messages. Disclosure control has happened before: every figure here is already noised, hidden where it is small,
//! weighted and rounded, so that any question may be asked of it. What this crate guards is that nothing else
//! can be reached: only [`kayoi_schemas::tables::ReleaseTable`] can be registered, and only reading
//! statements are run.
//!
//! Modules stand in the order a question meets them.

mod error;
mod types;
mod floating;
mod notice;
mod scan;
mod provided;
mod wall;
mod provider;
mod scoped;
mod audit_table;
mod beside;
mod deliveries;
mod reference;
mod targets;
mod views;
mod catalog;
mod functions;
mod session;
mod signed;
mod typed;
mod arrays;
mod arithmetic;
mod comparison;
mod moments;
mod latest;
mod explain;
mod explained;
mod engine;
mod desk;
mod ask;
mod purpose;
mod questions;
mod gate;
mod plan;
mod parameters;
mod given;
mod metadata;
mod dialect;
mod meter;
mod question_marks;
mod audit;
mod headings;
mod excel;
mod remembered;
mod render;
mod held;
mod job;
mod work;
mod here;
mod workers;
mod newest;
mod recent;
mod service;
mod rows;
mod extract;
mod door;

#[cfg(test)]
mod fixture;

pub use ask::{Asked, Asker, Door};
pub use catalog::Catalog;
pub use desk::{
    Areas, AuditJournal, Directory, Issuer, IssuerError, Person, Refused, Role, Scope, ScopeError,
    UserChange, UserError, change_users, read_users, rfc3339,
};
pub use door::flight::serve_flight;
pub use door::http::{Hosts, HttpOptions, Origins, PageFile, PageFiles, serve_http};
pub use door::pg::serve_pg;
pub use door::tls::{Tls, TlsError};
pub use engine::{Engine, Limits};
pub use error::QueryError;
pub use extract::{MapForm, Places, extract, place_column};
pub use functions::{FUNCTIONS, FunctionDoc};
pub use gate::Admitted;
pub use notice::{NamedRelease, Notice};
pub use plan::Planned;
pub use questions::{
    AnswerRow, Chart, Language, ParameterType, Question, QuestionError, QuestionParameter, Words,
};
pub use render::Rendering;
pub use rows::Rows;
pub use service::{Answer, Service};
pub use targets::{
    Direction, Level, NewTarget, Seen, Sight, Target, TargetError, add_target, read_targets, remove_target,
    sight, sight_question,
};
pub use workers::{WorkerCommand, work_for_server};
