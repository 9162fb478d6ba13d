//! Files, folders and standard input as a source.
//!
//! In: paths; NDJSON, CSV, Parquet or Avro, plain, gzip or zstd. Out: chunks. Files of a folder are read in
//! the order of their names; one that cannot be read is told and does not keep the others. A file is hashed before it is read: that hash is its identity in the lake, so an
//! interrupted file goes on where it stopped and a finished one is skipped. Standard input has no identity
//! that outlives the process; a run of it that is interrupted has to be given again under another job.

mod format;
mod folder;
mod lines;
mod encoding;
mod values;
mod rows;
mod unreadable;
mod packed;
mod guard;
mod reader;

use std::collections::{BTreeSet, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::folder::Found;
use self::reader::{FileReader, Wanted};
use super::error::SourceError;
use super::polled::{Polled, Positions, Source};
use crate::chunk::{Chunk, Stream};
use crate::feed::Feed;

pub use self::encoding::{TextEncoding, TextOptions};
pub use self::format::FileFormat;

/// How to read files.
#[derive(Debug, Clone)]
pub struct FileOptions {
    /// Whose they are.
    pub feed: Arc<Feed>,
    /// How they are written; `None`: as their names say.
    pub format: Option<FileFormat>,
    /// How text is written.
    pub text: TextOptions,
    /// Name of this ingest; positions are kept per job.
    pub job: String,
    /// Most records handed on at once.
    pub chunk_records: usize,
    /// Whether files are read again that were ingested before.
    pub again: bool,
}

/// Files still to read, and the one being read.
#[derive(Debug)]
pub(crate) struct FileSource {
    options: FileOptions,
    /// The file or folder that was asked for.
    path: PathBuf,
    is_folder: bool,
    unread: Vec<PathBuf>,
    failed: Vec<SourceError>,
    /// Sources that this run has begun: a copy of a file is not read beside it.
    begun: BTreeSet<(String, FileFormat)>,
    waiting: VecDeque<PathBuf>,
    total_bytes: u64,
    done_bytes: u64,
    open: Option<OpenFile>,
}

struct OpenFile {
    stream: Arc<Stream>,
    path: PathBuf,
    size_bytes: u64,
    next_offset: i64,
    /// Records before this were committed by an earlier run.
    resume_at: i64,
    reader: FileReader,
}

impl std::fmt::Debug for OpenFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenFile").field("path", &self.path).finish_non_exhaustive()
    }
}

impl FileSource {
    /// A file, a folder (searched to its depths), or `-` for standard input.
    ///
    /// # Errors
    /// [`SourceError`] when the path cannot be read or holds nothing to read.
    pub(crate) fn open(path: &Path, options: FileOptions) -> Result<Self, SourceError> {
        let Found { files, unread, failed, is_folder } = folder::find(path, options.format)?;
        let total_bytes = files.iter().map(|file| size_bytes(file)).sum();
        let (path, begun, waiting) = (path.to_owned(), BTreeSet::new(), files.into());
        Ok(Self {
            options,
            path,
            is_folder,
            unread,
            failed,
            begun,
            waiting,
            total_bytes,
            done_bytes: 0,
            open: None,
        })
    }

    /// Opens a file. False when an earlier run ingested it to its end.
    fn open_next(&mut self, path: PathBuf, positions: &Positions<'_>) -> Result<bool, SourceError> {
        let is_stdin = path == Path::new("-");
        let named = self.options.format.or_else(|| FileFormat::of(&path));
        let format = named.or(is_stdin.then_some(FileFormat::Ndjson));
        let format = format.ok_or_else(|| SourceError::UnknownFormat { path: path.clone() })?;
        let identity = if is_stdin { format!("stdin-{}", time_and_process()) } else { content_hash(&path)? };
        let name = path.file_name().map_or("-".to_owned(), |name| name.to_string_lossy().into_owned());
        let source_id = format!("{}/file/{identity}", self.options.job);
        let mut stream = Stream::new(source_id, Arc::clone(&self.options.feed), name, 0);
        stream.path = Some(path.clone());
        let size_bytes = size_bytes(&path);
        stream.was_complete = positions.complete(&stream.source_id)?;
        let is_known = stream.was_complete.is_some() && !self.options.again;
        // An empty file may be one of each format, and is right in some of them only.
        if is_known || !self.begun.insert((stream.source_id.clone(), format)) {
            self.done_bytes += size_bytes;
            return Ok(false);
        }
        stream.began_at = positions.next_offset(&stream.source_id)?;
        let resume_at = if self.options.again { 0 } else { stream.began_at.unwrap_or(0) };
        let reader =
            FileReader::open(&path, format, self.options.chunk_records, self.options.text, &stream.feed)?;
        let stream = Arc::new(stream);
        self.open = Some(OpenFile { stream, path, size_bytes, next_offset: 0, resume_at, reader });
        Ok(true)
    }
}

impl Source for FileSource {
    fn poll(&mut self, positions: &Positions<'_>) -> Result<Polled, SourceError> {
        if let Some(error) = self.failed.pop() {
            return Ok(Polled::Unreadable { stream: None, error });
        }
        match self.read_on(positions) {
            // That the lake does not answer is not the file's fault.
            Err(error) if self.is_folder && !matches!(error, SourceError::Lake(_)) => {
                let open = self.open.take();
                self.done_bytes += open.as_ref().map_or(0, |open| open.size_bytes);
                Ok(Polled::Unreadable { stream: open.map(|open| open.stream), error })
            }
            result => result,
        }
    }

    fn give_up(&mut self, stream: &Arc<Stream>) -> bool {
        if self.is_folder && self.open.as_ref().is_some_and(|open| Arc::ptr_eq(&open.stream, stream)) {
            self.done_bytes += self.open.take().map_or(0, |open| open.size_bytes);
        }
        self.is_folder
    }

    fn unread(&self) -> Vec<String> {
        self.unread.iter().map(|file| folder::shown(&self.path, file)).collect()
    }

    fn progress(&self) -> Option<f64> {
        (self.total_bytes > 0).then(|| self.done_bytes as f64 / self.total_bytes as f64)
    }
}

impl FileSource {
    fn read_on(&mut self, positions: &Positions<'_>) -> Result<Polled, SourceError> {
        loop {
            let Some(open) = &mut self.open else {
                let Some(path) = self.waiting.pop_front() else { return Ok(Polled::End) };
                if self.open_next(path, positions)? {
                    continue;
                }
                return Ok(Polled::Skipped);
            };
            let chunk = open.read(self.options.feed.max_record_bytes, self.options.chunk_records)?;
            if chunk.is_last {
                self.done_bytes += open.size_bytes;
                self.open = None;
            } else if chunk.next_offset <= chunk.first_offset {
                continue;
            }
            return Ok(Polled::Chunk(chunk));
        }
    }
}

impl OpenFile {
    fn read(&mut self, max_record_bytes: usize, records: usize) -> Result<Chunk, SourceError> {
        let first = self.next_offset;
        let wanted = Wanted { first, resume_at: self.resume_at, records, max_record_bytes };
        let piece = self.reader.read(wanted).map_err(|unreadable| unreadable.at(&self.path))?;
        self.next_offset += piece.count as i64;
        Ok(Chunk {
            stream: Arc::clone(&self.stream),
            first_offset: self.resume_at.clamp(first, self.next_offset),
            next_offset: self.next_offset,
            is_last: piece.is_last,
            payload: piece.payload,
        })
    }
}

fn size_bytes(path: &Path) -> u64 {
    path.metadata().map_or(0, |metadata| metadata.len())
}

fn content_hash(path: &Path) -> Result<String, SourceError> {
    let hash = || -> std::io::Result<String> {
        let mut hasher = blake3::Hasher::new();
        std::io::copy(&mut File::open(path)?, &mut hasher)?;
        Ok(hasher.finalize().to_hex()[..32].to_owned())
    };
    hash().map_err(|source| SourceError::Read { path: path.to_owned(), source })
}

/// A word that no other reading of standard input has: the time in milliseconds and the process.
fn time_and_process() -> String {
    let now = kayoi_schemas::time::Clock::System.now().0;
    format!("{now}-{}", std::process::id())
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
#[cfg(test)]
mod damage_tests;
