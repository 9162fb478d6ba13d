//! What a door asks: one question to its answer, wherever it is worked on.
//!
//! In: an [`Asked`]. Out: an [`Answer`], whole and within the limits, or a [`QueryError`]. A door then either
//! gets everything or an error, never a torn answer, and a slow reader holds no query open. A server works in
//! processes of their own ([`Service::start`]), a command line in its own ([`Service::here`]). Every way ends
//! in [`crate::audit`].

use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::arrow::ipc::reader::StreamReader;
use datafusion::common::{ParamValues, ScalarValue};
use kayoi_geography::Geography;
use kayoi_lake::ReleaseReader;
use kayoi_schemas::tables::ReleaseTable;

use crate::ask::{Asked, Asker, Door};
use crate::audit::{Open, Outcome};
use crate::desk::AuditJournal;
use crate::engine::{Engine, Limits};
use crate::error::QueryError;
use crate::gate::Command;
use crate::held::{Held, Kept, Spool};
use crate::here::{Here, here};
use crate::job::{self, Description, Form, Job, Step, Task, Told, pack_values};
use crate::newest::{ReleaseLookup, Wanted};
use crate::notice::Notice;
use crate::purpose::Purpose;
use crate::recent::{self, Recent};
use crate::render::Rendering;
use crate::session::SessionSettings;
use crate::work::Bench;
use crate::workers::{Pool, WorkerCommand};

/// Answers questions about release tables.
pub struct Service {
    tables: Vec<ReleaseTable>,
    notice: Notice,
    limits: Limits,
    place: Place,
    spool: Spool,
    audit: Option<AuditJournal>,
    releases: Arc<ReleaseLookup>,
    recent: Recent,
}

/// Where questions are worked on.
enum Place {
    /// In this process, whose owner is the only one who asks.
    Here(Arc<dyn Here>),
    /// In processes that can be killed.
    Apart(Pool),
}

/// All rows of an answer, in the form that was asked for.
#[derive(Debug)]
pub struct Answer {
    rows: usize,
    held: Held,
}

/// What a statement came to.
pub(crate) enum Done {
    /// It has no rows.
    Command(Command),
    /// Its rows, and what they are for.
    Rows(Answer, Purpose),
    /// It has no answer, and it is the last one.
    Refused(QueryError),
}

/// A question that was looked at, to be run any number of times.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    asked: Arc<Asked>,
    command: Option<Command>,
    purpose: Purpose,
    columns: SchemaRef,
    parameters: Vec<Option<DataType>>,
}

impl Answer {
    /// Number of rows.
    pub fn row_count(&self) -> usize {
        self.rows
    }

    /// Number of bytes.
    pub fn byte_count(&self) -> u64 {
        self.held.length()
    }

    /// The bytes, in the form that was asked for.
    ///
    /// # Errors
    /// [`QueryError::Internal`] when they cannot be read.
    pub fn into_reader(self) -> Result<Box<dyn Read + Send>, QueryError> {
        self.held.into_reader().map_err(QueryError::io)
    }

    /// The rows of an answer in the form of [`Form::Rows`], piece by piece.
    pub(crate) fn into_batches(self) -> Result<StreamReader<Box<dyn Read + Send>>, QueryError> {
        StreamReader::try_new(self.into_reader()?, None).map_err(QueryError::internal)
    }
}

impl Prepared {
    /// The statement without rows that it is, if it is one.
    pub(crate) fn command(&self) -> Option<&Command> {
        self.command.as_ref()
    }

    /// What its rows are for.
    pub(crate) fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The columns of its rows.
    pub(crate) fn columns(&self) -> &SchemaRef {
        &self.columns
    }

    /// The types of `$1`, `$2` …; `None` where the query does not tell.
    pub(crate) fn parameters(&self) -> &[Option<DataType>] {
        &self.parameters
    }
}

impl Service {
    /// A service that works in this process.
    ///
    /// # Errors
    /// [`QueryError::Internal`] when there is no room for answers, or the catalog cannot be set up.
    pub fn here(engine: Arc<Engine>) -> Result<Self, QueryError> {
        let tables = engine.catalog().tables().collect();
        let (notice, limits) = (engine.notice().clone(), *engine.limits());
        let place = Place::Here(here(Bench::new(engine)?));
        Self::new(tables, notice, limits, place)
    }

    /// A service that works in processes of their own. Call it on the runtime that serves.
    ///
    /// # Errors
    /// [`QueryError::Internal`] when a worker cannot be started or there is no room for answers.
    pub async fn start(
        geography: &Geography,
        limits: Limits,
        command: WorkerCommand,
    ) -> Result<Self, QueryError> {
        let place = Place::Apart(Pool::start(command, limits).await?);
        Self::new(ReleaseTable::ALL.to_vec(), Notice::of(geography), limits, place)
    }

    fn new(
        tables: Vec<ReleaseTable>,
        notice: Notice,
        limits: Limits,
        place: Place,
    ) -> Result<Self, QueryError> {
        let spool = Spool::new(limits.spool_bytes).map_err(QueryError::io)?;
        let releases = Arc::new(ReleaseLookup::new(None));
        Ok(Self { tables, notice, limits, place, spool, audit: None, releases, recent: Recent::default() })
    }

    /// The same, where every question is put on record before it is answered.
    pub fn with_audit(self, audit: AuditJournal) -> Self {
        Self { audit: Some(audit), ..self }
    }

    /// The same, which knows the releases of its lake: each question reads the newest when it comes, and what was
    /// just answered of it is not worked out again.
    pub fn with_releases(self, reader: ReleaseReader) -> Self {
        Self { releases: Arc::new(ReleaseLookup::new(Some(reader))), ..self }
    }

    /// The releases that questions read.
    pub(crate) fn releases(&self) -> &ReleaseLookup {
        &self.releases
    }

    /// A question of the newest release, unless it names another. Where there is none of its definition it names none, and
    /// is refused when it is planned: a statement that takes the setting back must not be.
    async fn pinned(&self, asked: Asked) -> Result<Asked, QueryError> {
        let settings = asked.settings();
        let (revision, definition) = (settings.revision(), settings.definition());
        if revision.is_some() && definition.is_none() {
            return Ok(asked);
        }
        let wanted = Wanted { revision, definition: definition.map(str::to_owned) };
        let settings = settings.clone();
        let settings = match self.releases.of(&wanted).await {
            Ok(Some(release)) => settings.reading(release.revision),
            Ok(None) => settings,
            Err(QueryError::UnknownDefinition(_)) => settings.reading_newest(),
            Err(error) => return Err(error),
        };
        Ok(asked.with_settings(settings))
    }

    /// The tables that can be asked.
    pub fn tables(&self) -> &[ReleaseTable] {
        &self.tables
    }

    /// Whether those who have signed in say first what figures are for.
    pub(crate) fn asks_purpose(&self) -> bool {
        self.limits.asks_purpose
    }

    /// What must stand beside figures.
    pub fn notice(&self) -> &Notice {
        &self.notice
    }

    /// Answers one question.
    ///
    /// # Errors
    /// [`QueryError`]: what was wrong with the question, or which limit it met.
    pub async fn answer(&self, asked: Asked, rendering: Rendering) -> Result<Answer, QueryError> {
        self.answer_with(asked, Vec::new(), rendering).await
    }

    /// Answers one question with values for its `$1`, `$2` ….
    ///
    /// # Errors
    /// Those of [`Service::answer`], and [`QueryError::Given`].
    pub(crate) async fn answer_with(
        &self,
        asked: Asked,
        values: Vec<ScalarValue>,
        rendering: Rendering,
    ) -> Result<Answer, QueryError> {
        tracing::debug!(door = %asked.door(), sql = asked.text(), "query");
        let asked = self.pinned(asked).await?;
        let open = Open::new(&Arc::new(asked.clone()), self.audit.as_ref());
        let answered = match pack_values(&ParamValues::from(values)) {
            Ok(values) => self.answered(asked, Task::Answer(Form::Written(rendering)), &values).await,
            Err(error) => Err(error),
        };
        open.close(&outcome(&answered)).await?;
        match answered?.pop() {
            Some(Done::Rows(answer, _)) => Ok(answer),
            Some(Done::Refused(error)) => Err(error),
            Some(Done::Command(_)) | None => Err(QueryError::Empty),
        }
    }

    /// Answers all statements of a text.
    pub(crate) async fn answer_all(&self, asked: Asked, form: Form) -> Result<Vec<Done>, QueryError> {
        tracing::debug!(door = %asked.door(), sql = asked.text(), "query");
        let asked = self.pinned(asked).await?;
        let open = Open::new(&Arc::new(asked.clone()), self.audit.as_ref());
        let answered = self.answered(asked, Task::Answer(form), &[]).await;
        open.close(&outcome(&answered)).await?;
        answered
    }

    /// Writes down that somebody asked who has the answer already.
    ///
    /// # Errors
    /// [`QueryError::Audit`] when that cannot be recorded.
    pub(crate) async fn unchanged(&self, asked: Asked) -> Result<(), QueryError> {
        Open::new(&Arc::new(asked), self.audit.as_ref()).close(&Outcome::Unchanged).await
    }

    /// Has a worker look at a statement, of which nothing is written down: nobody asked it.
    ///
    /// # Errors
    /// [`QueryError`] when nobody works.
    pub(crate) async fn is_working(&self) -> Result<(), QueryError> {
        let asked = Asked::new(Asker::Anonymous, Door::Http, "SELECT 1");
        self.told(asked, Task::Describe, &[]).await.map(drop)
    }

    /// Bytes of answers that wait on disk for their readers.
    pub(crate) fn spooled_bytes(&self) -> u64 {
        self.limits.spool_bytes.saturating_sub(self.spool.free())
    }

    /// How many workers wait, and how many work.
    pub(crate) fn worker_counts(&self) -> (usize, usize) {
        match &self.place {
            Place::Here(_) => (0, 0),
            Place::Apart(pool) => pool.worker_counts(),
        }
    }

    /// Looks at a text of one statement; `None` when it holds none.
    pub(crate) async fn prepare(&self, asked: Asked) -> Result<Option<Prepared>, QueryError> {
        tracing::debug!(door = %asked.door(), sql = asked.text(), "prepare");
        let shared = Arc::new(asked.clone());
        let open = Open::new(&shared, self.audit.as_ref());
        let asked = self.pinned(asked).await?;
        match self.described(asked, shared).await {
            Ok(prepared) => {
                open.set_aside();
                Ok(prepared)
            }
            Err(error) => {
                open.close(&Outcome::Refused(&error)).await?;
                Err(error)
            }
        }
    }

    async fn described(&self, asked: Asked, shared: Arc<Asked>) -> Result<Option<Prepared>, QueryError> {
        let Told::Described(described) = self.told(asked, Task::Describe, &[]).await?.0 else {
            return Err(out_of_turn());
        };
        let prepared = |description: Description| {
            let (columns, parameters) = (description.columns()?, description.parameters()?);
            Ok(Prepared {
                asked: shared,
                command: description.command,
                purpose: description.purpose,
                columns,
                parameters,
            })
        };
        described.map(prepared).transpose()
    }

    /// Runs what was prepared, as the connection is set now, with the values that `bind` finds. Values that do not fit end the question too.
    pub(crate) async fn run<E: From<QueryError>>(
        &self,
        prepared: &Prepared,
        settings: SessionSettings,
        bind: impl FnOnce(&Prepared) -> Result<ParamValues, E>,
    ) -> Result<Done, E> {
        let asked = self.pinned(prepared.asked.as_ref().clone().with_settings(settings)).await?;
        let open = Open::new(&Arc::new(asked.clone()), self.audit.as_ref());
        let values = match bind(prepared) {
            Ok(values) => values,
            Err(error) => {
                open.close(&Outcome::Unbound).await?;
                return Err(error);
            }
        };
        let answered = match pack_values(&values) {
            Ok(values) => self.answered(asked, Task::Execute, &values).await,
            Err(error) => Err(error),
        };
        open.close(&outcome(&answered)).await?;
        answered?.pop().ok_or_else(|| out_of_turn().into())
    }

    async fn answered(&self, asked: Asked, task: Task, values: &[u8]) -> Result<Vec<Done>, QueryError> {
        let (told, mut bytes, mut file) = self.told(asked, task, values).await?;
        let Told::Answered(steps) = told else { return Err(out_of_turn()) };
        let mut done = Vec::new();
        for step in steps {
            done.push(match step {
                Step::Command(command) => Done::Command(command),
                Step::Refused(refusal) => Done::Refused(QueryError::Refused(Box::new(refusal))),
                Step::Rows { rows, place, purpose } => {
                    let (kept, path) = match place {
                        job::Place::Message { bytes: count } => {
                            let rest = bytes.split_off(count.min(bytes.len()));
                            (Kept::Memory(std::mem::replace(&mut bytes, rest)), PathBuf::new())
                        }
                        job::Place::File { number, bytes } => {
                            (Kept::File(bytes), file.path.with_extension(number.to_string()))
                        }
                    };
                    let held = self.spool.hold(kept, &path).map_err(QueryError::io)?;
                    Done::Rows(Answer { rows, held }, purpose)
                }
            });
        }
        // Each was taken over, and has no name any more.
        file.is_left = false;
        Ok(done)
    }

    /// Has a job done. A refusal is an error.
    async fn told(
        &self,
        asked: Asked,
        task: Task,
        values: &[u8],
    ) -> Result<(Told, Vec<u8>, Unread), QueryError> {
        let mut file = Unread { path: self.spool.path(), is_left: true };
        let answer_bytes = usize::try_from(self.spool.free()).unwrap_or(usize::MAX);
        let answer_bytes = answer_bytes.min(self.limits.answer_bytes);
        let own_limit = asked.settings().statement_timeout().filter(|own| *own < self.limits.timeout);
        let mut job = Job { asked, task, spill: file.path.clone(), answer_bytes };
        let key = recent::key(&job, values);
        if let Some((told, bytes)) = key.and_then(|key| self.recent.find(&key)) {
            return Ok((told, bytes, file));
        }
        let work = async {
            match &self.place {
                Place::Here(bench) => bench.work(job.clone(), values.to_vec()).await,
                Place::Apart(pool) => pool.work(&mut job, values).await,
            }
        };
        let (told, bytes) = match own_limit {
            // Whoever works on it is stopped when nobody waits any more.
            Some(own) => tokio::time::timeout(own, work)
                .await
                .unwrap_or(Err(QueryError::StatementTimeout { milliseconds: own.as_millis() }))?,
            None => work.await?,
        };
        file.path = job.spill;
        match told {
            Told::Refused(refusal) => Err(QueryError::Refused(Box::new(refusal))),
            told => {
                if let Some(key) = key {
                    self.recent.keep(key, &told, &bytes);
                }
                Ok((told, bytes, file))
            }
        }
    }
}

/// The files of an answer that nobody reads yet. A worker that is killed leaves some behind.
struct Unread {
    path: PathBuf,
    is_left: bool,
}

impl Drop for Unread {
    fn drop(&mut self) {
        if self.is_left {
            Spool::discard(&self.path);
        }
    }
}

fn out_of_turn() -> QueryError {
    QueryError::io(std::io::Error::other("a worker answered what it was not asked"))
}

fn outcome(answered: &Result<Vec<Done>, QueryError>) -> Outcome<'_> {
    let rows = |done: &Done| if let Done::Rows(answer, _) = done { answer.row_count() } else { 0 };
    match answered.as_ref().map(|done| (done, done.last())) {
        Ok((_, Some(Done::Refused(error)))) => Outcome::Refused(error),
        Ok((done, _)) => Outcome::Answered { rows: done.iter().map(rows).sum() },
        Err(error) => Outcome::Refused(error),
    }
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
