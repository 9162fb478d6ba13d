//! Who asked what, on disk before the answer goes out.
//!
//! In: a [`Line`] for each question. Out: batches of lines in the lake, as Parquet that an auditor asks by SQL. A line
//! is appended to a local file and synced first, many lines at once when many come; every few seconds the file
//! becomes a batch. A file is locked as long as its server lives. The batch bears the file's name, which no other server makes, so that one that is sent again
//! after a crash is the same batch, and what a killed server left is sent by the next one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use datafusion::arrow::array::{ArrayRef, Int64Array, StringArray, TimestampMicrosecondArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::arrow::record_batch::RecordBatch;
use kayoi_lake::Desk;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use ring::rand::{SecureRandom, SystemRandom};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

/// How long lines wait for a batch.
const BATCH_TIME: Duration = Duration::from_secs(8);
/// Lines of a batch at most.
const BATCH_LINES: usize = 20_000;
/// Lines that are synced at once at most.
const SYNCED_AT_ONCE: usize = 1_000;
/// Letters of a question that are kept.
const MOST_LETTERS: usize = 16_384;

/// A question and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// When it was asked, microseconds UTC.
    pub(crate) at_us: i64,
    /// Who asked; none where nobody signs in.
    pub(crate) user: Option<String>,
    /// What they are here for.
    pub(crate) role: String,
    /// Through which door.
    pub(crate) door: String,
    /// What for, where the client says so.
    pub(crate) purpose: Option<String>,
    /// The words.
    pub(crate) sql: String,
    /// Rows of the answer.
    pub(crate) rows: Option<i64>,
    /// How long it took.
    pub(crate) milliseconds: i64,
    /// The release that was read.
    pub(crate) revision: Option<i64>,
    /// The SQLSTATE of a refusal.
    pub(crate) refusal: Option<String>,
}

/// The columns of the table `audit`.
pub(crate) fn audit_schema() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8, true);
    let long = |name| Field::new(name, DataType::Int64, true);
    let at = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    Arc::new(Schema::new(vec![
        Field::new("asked_at", at, false),
        text("user_name"),
        text("role"),
        text("door"),
        text("purpose"),
        text("sql"),
        long("rows"),
        long("milliseconds"),
        long("revision"),
        text("refusal"),
    ]))
}

/// Takes lines.
#[derive(Debug, Clone)]
pub struct AuditJournal {
    lines: Sender<(Line, oneshot::Sender<bool>)>,
}

impl AuditJournal {
    /// A journal in a folder of this machine, which sends its batches to a desk. What an earlier server left in the
    /// folder is sent first.
    ///
    /// # Errors
    /// When the folder cannot be made or written.
    pub fn open(folder: &Path, desk: Desk) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let left = left_behind(folder)?;
        let mut random = [0; 8];
        SystemRandom::new().fill(&mut random).map_err(|_| io::Error::other("no random bytes"))?;
        let server: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let (lines, received) = channel();
        let mut writer =
            Writer { folder: folder.to_owned(), server, number: 0, desk, open: None, waiting: left };
        writer.begin()?;
        thread::Builder::new().name("kayoi-audit".to_owned()).spawn(move || writer.run(&received))?;
        Ok(Self { lines })
    }

    /// Writes a line, and comes back when it is safe on disk. False when it is not.
    pub(crate) async fn write(&self, line: Line) -> bool {
        let (done, is_done) = oneshot::channel();
        self.lines.send((line, done)).is_ok() && is_done.await.unwrap_or(false)
    }

    /// Writes a line for which nobody waits any more.
    pub(crate) fn note(&self, line: Line) {
        // A journal that has ended takes no lines; the server ends with it.
        let _ = self.lines.send((line, oneshot::channel().0));
    }
}

fn left_behind(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut left = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_ours = path.extension().is_some_and(|extension| extension == "jsonl");
        // Another server of this machine holds its own.
        if is_ours && File::open(&path)?.try_lock().is_ok() {
            left.push(path);
        }
    }
    left.sort();
    Ok(left)
}

struct Writer {
    folder: PathBuf,
    server: String,
    number: u64,
    desk: Desk,
    open: Option<Open>,
    /// Files that are whole and not yet in the lake.
    waiting: Vec<PathBuf>,
}

struct Open {
    path: PathBuf,
    file: File,
    lines: usize,
    since: Instant,
}

impl Writer {
    fn begin(&mut self) -> io::Result<()> {
        self.number += 1;
        let path = self.folder.join(format!("{}-{:08}.jsonl", self.server, self.number));
        let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(&path)?;
        file.lock()?;
        self.open = Some(Open { path, file, lines: 0, since: Instant::now() });
        Ok(())
    }

    fn run(mut self, received: &Receiver<(Line, oneshot::Sender<bool>)>) {
        loop {
            self.send_waiting();
            match received.recv_timeout(BATCH_TIME) {
                Ok(first) => {
                    let mut lines = vec![first];
                    while lines.len() < SYNCED_AT_ONCE
                        && let Ok(next) = received.try_recv()
                    {
                        lines.push(next);
                    }
                    self.synced(lines);
                    self.rotate_when_due();
                }
                Err(RecvTimeoutError::Timeout) => self.rotate_when_due(),
                Err(RecvTimeoutError::Disconnected) => {
                    self.rotate();
                    self.send_waiting();
                    return;
                }
            }
        }
    }

    fn synced(&mut self, lines: Vec<(Line, oneshot::Sender<bool>)>) {
        let mut text = Vec::new();
        for (line, _) in &lines {
            // A line is plain data, of which each can be written.
            if serde_json::to_writer(&mut text, line).is_ok() {
                text.push(b'\n');
            }
        }
        let written = self.open.as_mut().is_some_and(|open| {
            open.lines += lines.len();
            open.file.write_all(&text).and_then(|()| open.file.sync_data()).is_ok()
        });
        if !written {
            tracing::error!("audit lines cannot be written: answers are refused until they can");
        }
        for (_, done) in lines {
            // Whoever asked may have left.
            let _ = done.send(written);
        }
    }

    fn rotate_when_due(&mut self) {
        let is_due =
            |open: &Open| open.lines >= BATCH_LINES || (open.lines > 0 && open.since.elapsed() >= BATCH_TIME);
        if self.open.as_ref().is_none_or(is_due) {
            self.rotate();
        }
    }

    fn rotate(&mut self) {
        if let Some(open) = self.open.take() {
            self.waiting.push(open.path);
        }
        if let Err(error) = self.begin() {
            tracing::error!(%error, "no file for audit lines");
        }
    }

    fn send_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        for path in waiting {
            match self.sent(&path) {
                // It is in the lake.
                Ok(()) => drop(fs::remove_file(&path)),
                Err(error) => {
                    tracing::warn!(error = &*error, "a batch of audit lines stays here for now");
                    self.waiting.push(path);
                }
            }
        }
    }

    fn sent(&self, path: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut lines: Vec<Line> = Vec::new();
        for text in BufReader::new(File::open(path)?).lines() {
            // The last line of a server that was killed may be half a line: nobody was answered for it.
            if let Ok(line) = serde_json::from_str(&text?) {
                lines.push(line);
            }
        }
        let (Some(first), Some(name)) = (lines.first(), path.file_stem().and_then(|name| name.to_str()))
        else {
            return Ok(());
        };
        let day = chrono::DateTime::from_timestamp_micros(first.at_us).unwrap_or_default().format("%Y-%m-%d");
        let batch = parquet(&lines)?;
        self.desk.block_on(self.desk.write_audit(&day.to_string(), name, batch))?;
        Ok(())
    }
}

fn parquet(lines: &[Line]) -> Result<Bytes, Box<dyn std::error::Error + Send + Sync>> {
    let text = |of: &dyn Fn(&Line) -> Option<String>| -> ArrayRef {
        Arc::new(lines.iter().map(of).collect::<StringArray>())
    };
    let long = |of: &dyn Fn(&Line) -> Option<i64>| -> ArrayRef {
        Arc::new(lines.iter().map(of).collect::<Int64Array>())
    };
    let at = TimestampMicrosecondArray::from_iter_values(lines.iter().map(|line| line.at_us));
    let columns: Vec<ArrayRef> = vec![
        Arc::new(at.with_timezone("UTC")),
        text(&|line| line.user.clone()),
        text(&|line| Some(line.role.clone())),
        text(&|line| Some(line.door.clone())),
        text(&|line| line.purpose.clone()),
        text(&|line| Some(line.sql.clone())),
        long(&|line| line.rows),
        long(&|line| Some(line.milliseconds)),
        long(&|line| line.revision),
        text(&|line| line.refusal.clone()),
    ];
    let batch = RecordBatch::try_new(audit_schema(), columns)?;
    let compression = Compression::ZSTD(ZstdLevel::try_new(3)?);
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), audit_schema(), Some(properties))?;
    writer.write(&batch)?;
    Ok(writer.into_inner()?.into())
}

/// A question's words, as far as they are kept.
pub(crate) fn kept(text: &str) -> String {
    text.chars().take(MOST_LETTERS).collect()
}

#[cfg(test)]
mod tests {
    use kayoi_lake::Lake;

    use super::*;

    fn line(sql: &str) -> Line {
        Line {
            at_us: 1_772_323_200_000_000,
            user: Some("taro".to_owned()),
            role: "analyst".to_owned(),
            door: "postgres".to_owned(),
            purpose: None,
            sql: sql.to_owned(),
            rows: Some(1),
            milliseconds: 2,
            revision: Some(3),
            refusal: None,
        }
    }

    #[test]
    fn a_line_is_on_disk_before_the_answer_and_in_the_lake_after_the_journal_ends() {
        let (folder, local) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let desk = Lake::open(folder.path()).unwrap().desk();
        let journal = AuditJournal::open(local.path(), desk.clone()).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        assert!(runtime.block_on(journal.write(line("SELECT 1"))));
        assert!(left_behind(local.path()).unwrap().is_empty(), "a living server's file is its own");
        let kept = fs::read_dir(local.path()).unwrap().next().unwrap().unwrap().path();
        assert!(fs::read_to_string(kept).unwrap().contains("SELECT 1"));
        drop(journal);
        while desk.block_on(desk.audit_files()).unwrap().is_empty() {
            thread::yield_now();
        }
    }

    #[test]
    fn what_a_killed_server_left_is_sent_once_without_its_half_line() {
        let (folder, local) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let desk = Lake::open(folder.path()).unwrap().desk();
        let whole = serde_json::to_string(&line("SELECT 2")).unwrap();
        fs::write(local.path().join("dead-00000001.jsonl"), format!("{whole}\n{}", &whole[..20])).unwrap();
        for _ in 0..2 {
            drop(AuditJournal::open(local.path(), desk.clone()).unwrap());
            while local.path().join("dead-00000001.jsonl").exists() {
                thread::yield_now();
            }
        }
        let files = desk.block_on(desk.audit_files()).unwrap();
        let sent: Vec<_> = files.iter().map(|file| file.location.to_string()).collect();
        assert_eq!(sent, ["audit/2026-03-01/dead-00000001.parquet"]);
    }
}
