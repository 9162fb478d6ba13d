use std::fmt::Debug;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Dispatch, Event, Metadata, Subscriber};

use super::*;
use datafusion::common::ParamValues;

use crate::ask::Door;
use crate::engine::Limits;
use crate::fixture::{answer, asked, engine, service};
use crate::job::Form;
use crate::session::SessionSettings;

/// Keeps what this thread logs at the level at which servers run.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() != "milliseconds" {
            self.0.push_str(&format!("{}={value:?} ", field.name()));
        }
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("kayoi") && *metadata.level() <= tracing::Level::INFO
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = String::new();
        event.record(&mut Line(&mut line));
        self.0.lock().unwrap().push(line.trim_end().to_owned());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// With a single subscriber in the process, a thread that has none decides for all whether a line is ever logged, when it
/// comes to that line first. Of several, each is asked, so these two live as long as the tests.
static OTHERS: OnceLock<[Dispatch; 2]> = OnceLock::new();

impl Lines {
    fn keep() -> (Self, DefaultGuard) {
        OTHERS.get_or_init(|| std::array::from_fn(|_| Dispatch::new(Self::default())));
        let lines = Self::default();
        let guard = set_default(lines.clone());
        (lines, guard)
    }

    /// The lines since the last call.
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[tokio::test]
async fn a_question_asked_at_once_ends_in_one_line_without_its_words() {
    let engine = engine(Limits::default());
    let (lines, _guard) = Lines::keep();
    for (door, name) in [(Door::Http, "http"), (Door::CommandLine, "command line")] {
        answer(&engine, asked(door, "SELECT 'secret'")).await.unwrap();
        assert_eq!(lines.take(), [format!("message=answered door={name} rows=1 ok=true")]);
        answer(&engine, asked(door, "SELECT secret")).await.unwrap_err();
        assert_eq!(lines.take(), [format!("message=refused door={name} ok=false sqlstate=\"42703\"")]);
        answer(&engine, asked(door, "DROP TABLE secret")).await.unwrap_err();
        assert_eq!(lines.take(), [format!("message=refused door={name} ok=false sqlstate=\"25006\"")]);
    }
}

#[tokio::test]
async fn settings_commands_and_refusals_of_the_postgres_wire_end_there_too() {
    let service = service(&engine(Limits::default()));
    let (lines, _guard) = Lines::keep();
    let answered = |rows| format!("message=answered door=postgres rows={rows} ok=true");
    let text = "BEGIN; SHOW server_version; SET jit = off";
    service.answer_all(asked(Door::Postgres, text), Form::Rows).await.unwrap();
    assert_eq!(lines.take(), [answered(1)]);
    service.answer_all(asked(Door::Postgres, "COMMIT"), Form::Rows).await.unwrap();
    assert_eq!(lines.take(), [answered(0)]);
    let refused = service.answer_all(asked(Door::Postgres, "DELETE FROM secret"), Form::Rows).await;
    assert_eq!(refused.err().unwrap().sqlstate(), "25006");
    assert_eq!(lines.take(), ["message=refused door=postgres ok=false sqlstate=\"25006\""]);
    service.prepare(asked(Door::Postgres, "SELECT secret")).await.unwrap_err();
    assert_eq!(lines.take(), ["message=refused door=postgres ok=false sqlstate=\"42703\""]);
}

#[tokio::test]
async fn a_prepared_question_ends_as_often_as_it_is_run() {
    let service = service(&engine(Limits::default()));
    let (lines, _guard) = Lines::keep();
    let prepared = service.prepare(asked(Door::Postgres, "SELECT 1")).await.unwrap().unwrap();
    assert!(lines.take().is_empty());
    for _ in 0..2 {
        let bound = |_: &_| Ok::<_, QueryError>(ParamValues::List(Vec::new()));
        assert!(service.run(&prepared, SessionSettings::default(), bound).await.is_ok());
    }
    assert_eq!(lines.take(), vec!["message=answered door=postgres rows=1 ok=true"; 2]);
    let refused = service
        .run(&prepared, SessionSettings::default(), |_| Err(QueryError::Value("secret".to_owned())))
        .await;
    assert!(refused.is_err());
    assert_eq!(lines.take(), ["message=unbound door=postgres ok=false"]);
}

#[tokio::test]
async fn a_question_whose_client_leaves_ends_there_too() {
    let engine = engine(Limits::default());
    let (lines, _guard) = Lines::keep();
    let slow = "SELECT count(*) FROM generate_series(1, 1000000000000) AS s(n) WHERE n % 7 = 3";
    let left =
        tokio::time::timeout(Duration::from_millis(50), answer(&engine, asked(Door::Http, slow))).await;
    assert!(left.is_err());
    assert_eq!(lines.take(), ["message=abandoned door=http ok=false"]);
}
