//! The cursors of one connection.
//!
//! In: answers that were declared as cursors, and what is fetched from them. Out: rows, in order. A cursor is an
//! answer that is read bit by bit: it is whole and within the limits when it is declared, shows one release
//! however long it is read, and lies in the spool. It goes forward only.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use pgwire::api::portal::Format;
use pgwire::api::results::{FieldInfo, QueryResponse, Response, Tag};
use pgwire::error::{ErrorInfo, PgWireError, PgWireResult};

use super::allowance::Taken;
use super::columns::fields;
use super::rows::{Batches, encoded};
use crate::error::QueryError;
use crate::gate::Fetch;
use crate::purpose::CursorForm;
use crate::service::Answer;

/// Rows that are taken at once when a fetch asks for few: what comes after it in the same message then begins
/// behind them.
const AT_ONCE: usize = 4_096;

/// Cursors by name.
#[derive(Default)]
pub(super) struct Cursors(Mutex<BTreeMap<String, Cursor>>);

struct Cursor {
    form: CursorForm,
    schema: SchemaRef,
    reader: Arc<Mutex<Reader>>,
}

/// What is left of an answer.
struct Reader {
    batches: Batches,
    /// Rows that were read and not taken.
    rest: Option<RecordBatch>,
    _open: Taken,
}

impl Reader {
    /// At most this many rows, fewer only at the end of a piece; `None` when there are no more.
    fn take(&mut self, most: usize) -> Option<Result<RecordBatch, ArrowError>> {
        let batch = loop {
            match self.rest.take().map_or_else(|| self.batches.next(), |rest| Some(Ok(rest)))? {
                Ok(batch) if batch.num_rows() == 0 => {}
                Ok(batch) => break batch,
                Err(error) => return Some(Err(error)),
            }
        };
        let count = most.min(batch.num_rows());
        if count < batch.num_rows() {
            self.rest = Some(batch.slice(count, batch.num_rows() - count));
        }
        Some(Ok(batch.slice(0, count)))
    }
}

/// The rows of one fetch.
struct Fetched {
    reader: Arc<Mutex<Reader>>,
    left: usize,
}

impl Iterator for Fetched {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        let batch = self.reader.lock().unwrap_or_else(PoisonError::into_inner).take(self.left)?;
        if let Ok(batch) = &batch {
            self.left -= batch.num_rows();
        }
        Some(batch)
    }
}

impl Cursors {
    fn open(&self) -> MutexGuard<'_, BTreeMap<String, Cursor>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a cursor.
    ///
    /// # Errors
    /// 42P03 when there is one of that name, 25P01 when it could never be read.
    pub(super) fn declare(
        &self,
        form: CursorForm,
        answer: Answer,
        is_in_transaction: bool,
        taken: Taken,
    ) -> PgWireResult<Response> {
        if !form.is_held && !is_in_transaction {
            let message = "DECLARE CURSOR can only be used in transaction blocks";
            return Err(refusal("25P01", message, "BEGIN first, or declare it WITH HOLD"));
        }
        let mut open = self.open();
        if open.contains_key(&form.name) {
            return Err(refusal("42P03", "a cursor of that name is open already", "CLOSE it first"));
        }
        let batches = answer.into_batches()?;
        let schema = batches.schema();
        let reader = Arc::new(Mutex::new(Reader { batches, rest: None, _open: taken }));
        open.insert(form.name.clone(), Cursor { form, schema, reader });
        Ok(Response::Execution(Tag::new("DECLARE CURSOR")))
    }

    /// Takes rows from a cursor, or passes them over.
    ///
    /// # Errors
    /// 34000 when there is no cursor of that name.
    pub(super) fn fetch(&self, fetch: &Fetch, format: Option<&Format>) -> PgWireResult<Response> {
        let open = self.open();
        let cursor = open.get(&fetch.name).ok_or_else(unknown)?;
        let mut rows =
            Fetched { reader: Arc::clone(&cursor.reader), left: fetch.count.unwrap_or(usize::MAX) };
        if fetch.is_move {
            let passed = rows.try_fold(0, |sum, batch| batch.map(|batch| sum + batch.num_rows()));
            return Ok(Response::Execution(
                Tag::new("MOVE").with_rows(passed.map_err(QueryError::internal)?),
            ));
        }
        let own = if cursor.form.is_binary { Format::UnifiedBinary } else { Format::UnifiedText };
        let fields = Arc::new(fields(&cursor.schema, Some(format.unwrap_or(&own)))?);
        let schema = Arc::clone(&cursor.schema);
        let mut response = if rows.left <= AT_ONCE {
            let rows: Vec<_> = rows.collect();
            QueryResponse::new(Arc::clone(&fields), encoded(rows.into_iter(), schema, fields))
        } else {
            QueryResponse::new(Arc::clone(&fields), encoded(rows, schema, fields))
        };
        response.set_command_tag("FETCH");
        Ok(Response::Query(response))
    }

    /// The columns that a fetch gives.
    ///
    /// # Errors
    /// 34000 when there is no cursor of that name.
    pub(super) fn columns(&self, fetch: &Fetch, format: Option<&Format>) -> PgWireResult<Vec<FieldInfo>> {
        if fetch.is_move {
            return Ok(Vec::new());
        }
        let open = self.open();
        fields(&open.get(&fetch.name).ok_or_else(unknown)?.schema, format)
    }

    /// The columns of an open cursor; `None` when there is none of that name.
    pub(super) fn described(&self, name: &str) -> PgWireResult<Option<Vec<FieldInfo>>> {
        let open = self.open();
        let Some(cursor) = open.get(name) else { return Ok(None) };
        let own = if cursor.form.is_binary { Format::UnifiedBinary } else { Format::UnifiedText };
        fields(&cursor.schema, Some(&own)).map(Some)
    }

    /// Closes a cursor, or all.
    ///
    /// # Errors
    /// 34000 when there is no cursor of that name.
    pub(super) fn close(&self, name: Option<&str>) -> PgWireResult<()> {
        let mut open = self.open();
        match name {
            Some(name) => open.remove(name).map(drop).ok_or_else(unknown),
            None => {
                open.clear();
                Ok(())
            }
        }
    }

    /// Closes those that end with their transaction.
    pub(super) fn end_transaction(&self) {
        self.open().retain(|_, cursor| cursor.form.is_held);
    }
}

fn unknown() -> PgWireError {
    refusal("34000", "there is no open cursor of that name", "DECLARE it in this transaction, or WITH HOLD")
}

fn refusal(sqlstate: &str, message: &str, hint: &str) -> PgWireError {
    let mut info = ErrorInfo::new("ERROR".to_owned(), sqlstate.to_owned(), message.to_owned());
    info.hint = Some(hint.to_owned());
    PgWireError::UserError(Box::new(info))
}
