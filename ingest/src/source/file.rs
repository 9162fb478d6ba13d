//! Files, folders and standard input as a source.
//!
//! In: paths; NDJSON, CSV, Parquet or Avro, plain, gzip or zstd. Out: chunks. Files of a folder are read in the
//! order of their names. A file is hashed before it is read: that hash is its identity in the lake, so an
//! interrupted file goes on where it stopped and a finished one is skipped. Standard input has no identity that
//! outlives the process; a run of it that is interrupted has to be given again under another job.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::lines::read_line;
use super::{Chunk, Mapping, Payload, Polled, Positions, RecordEnd, Records, Source, Stream};
use crate::decode::avro::Program;
use crate::decode::avro::container::{Block, Container};
use crate::error::IngestError;
use crate::feed::Feed;

const CHUNK_BYTES: usize = 16 << 20;

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line.
    Ndjson,
    /// Comma-separated with a header.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// Avro object container file.
    Avro,
}

impl Format {
    /// Reads the format off a file name, compression suffixes aside.
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
        match name.rsplit_once('.')?.1 {
            "ndjson" | "json" | "jsonl" => Some(Self::Ndjson),
            "csv" | "txt" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "avro" => Some(Self::Avro),
            _ => None,
        }
    }
}

/// How to read files.
#[derive(Debug, Clone)]
pub struct FileOptions {
    /// Whose they are.
    pub feed: Arc<Feed>,
    /// How they are written; `None`: as their names say.
    pub format: Option<Format>,
    /// Name of this ingest; positions are kept per job.
    pub job: String,
    /// Most records handed on at once.
    pub chunk_records: usize,
}

/// Files still to read, and the one being read.
pub struct FileSource {
    options: FileOptions,
    waiting: VecDeque<PathBuf>,
    total_bytes: u64,
    done_bytes: u64,
    open: Option<OpenFile>,
}

struct OpenFile {
    stream: Arc<Stream>,
    size_bytes: u64,
    next_offset: i64,
    /// Records before this were committed by an earlier run.
    resume_at: i64,
    reader: Reader,
}

enum Reader {
    Lines(Box<dyn BufRead + Send>),
    Delimited { reader: Box<csv::Reader<Box<dyn BufRead + Send>>>, header: Arc<Vec<String>> },
    Avro { blocks: Box<Container<Box<dyn BufRead + Send>>>, program: Arc<Program> },
    Columns(Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>> + Send>),
}

impl FileSource {
    /// A file, a folder (searched to its depths), or `-` for standard input.
    ///
    /// # Errors
    /// [`IngestError`] when the path cannot be read or holds nothing to read.
    pub fn open(path: &Path, options: FileOptions) -> Result<Self, IngestError> {
        let mut files = Vec::new();
        if path == Path::new("-") {
            files.push(path.to_owned());
        } else {
            list(path, options.format, &mut files)?;
        }
        if files.is_empty() {
            return Err(IngestError::NothingToRead { path: path.to_owned() });
        }
        files.sort();
        let size = |file: &PathBuf| file.metadata().map_or(0, |metadata| metadata.len());
        let total_bytes = files.iter().map(size).sum();
        let waiting = files.into();
        Ok(Self { options, waiting, total_bytes, done_bytes: 0, open: None })
    }

    fn open_next(
        &mut self,
        path: &Path,
        positions: &Positions<'_>,
    ) -> Result<Option<Arc<Stream>>, IngestError> {
        let is_stdin = path == Path::new("-");
        let format = self.options.format.or_else(|| Format::of(path)).or(is_stdin.then_some(Format::Ndjson));
        let format = format.ok_or_else(|| IngestError::UnknownFormat { path: path.to_owned() })?;
        let identity = if is_stdin { format!("stdin-{}", uuid()) } else { content_hash(path)? };
        let name = path.file_name().map_or("-".to_owned(), |name| name.to_string_lossy().into_owned());
        let source_id = format!("{}/file/{identity}", self.options.job);
        let mut stream = Stream::new(source_id, Arc::clone(&self.options.feed), name, 0);
        stream.path = Some(path.to_owned());
        if positions.is_complete(&stream.source_id)? {
            self.done_bytes += path.metadata().map_or(0, |metadata| metadata.len());
            return Ok(Some(Arc::new(stream)));
        }
        stream.began_at = positions.next_offset(&stream.source_id)?;
        let resume_at = stream.began_at.unwrap_or(0);
        let reader = open_reader(path, format, self.options.chunk_records, &self.options.feed.mapping)?;
        let size_bytes = path.metadata().map_or(0, |metadata| metadata.len());
        self.open =
            Some(OpenFile { stream: Arc::new(stream), size_bytes, next_offset: 0, resume_at, reader });
        Ok(None)
    }
}

impl std::fmt::Debug for FileSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileSource")
            .field("options", &self.options)
            .field("waiting", &self.waiting)
            .finish_non_exhaustive()
    }
}

impl Source for FileSource {
    fn poll(&mut self, positions: &Positions<'_>) -> Result<Polled, IngestError> {
        loop {
            let Some(open) = &mut self.open else {
                let Some(path) = self.waiting.pop_front() else { return Ok(Polled::End) };
                match self.open_next(&path, positions)? {
                    Some(stream) => return Ok(Polled::Skipped(stream)),
                    None => continue,
                }
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

    fn progress(&self) -> Option<f64> {
        (self.total_bytes > 0).then(|| self.done_bytes as f64 / self.total_bytes as f64)
    }
}

impl OpenFile {
    fn read(&mut self, max_record_bytes: usize, chunk_records: usize) -> Result<Chunk, IngestError> {
        let first = self.next_offset;
        let (payload, count, is_last) = match &mut self.reader {
            Reader::Lines(input) => {
                read_json(input.as_mut(), first, self.resume_at, max_record_bytes, chunk_records)
                    .map_err(|source| read_error(&self.stream, source))?
            }
            Reader::Delimited { reader, header } => read_rows(reader, header, chunk_records),
            Reader::Avro { blocks, program } => match blocks.next().transpose() {
                Err(source) => {
                    let path = self.stream.path.clone().unwrap_or_default();
                    return Err(IngestError::Container { path, source });
                }
                Ok(Some(block)) => {
                    let count = block.records as usize;
                    (Payload::Avro(records_of(block, program, first), Arc::clone(program)), count, false)
                }
                Ok(None) => (Payload::Records(Records::default()), 0, true),
            },
            Reader::Columns(batches) => match batches.next().transpose() {
                Err(source) => {
                    let path = self.stream.path.clone().unwrap_or_default();
                    return Err(IngestError::Columns { path, format: "Parquet", source });
                }
                Ok(Some(batch)) => {
                    let count = batch.num_rows();
                    (Payload::Columns(batch), count, false)
                }
                Ok(None) => (Payload::Records(Records::default()), 0, true),
            },
        };
        self.next_offset += count as i64;
        let skipped = (self.resume_at - first).clamp(0, count as i64);
        Ok(Chunk {
            stream: self.stream.clone(),
            first_offset: first + skipped,
            next_offset: self.next_offset,
            is_last,
            payload: skip(payload, skipped as usize),
        })
    }
}

/// The records of a block, numbered from `first`.
fn records_of(block: Block, program: &Program, first: i64) -> Records {
    let ends = program.record_ends(&block.bytes, block.records);
    let records =
        ends.into_iter().zip(first..).map(|(end, offset)| RecordEnd { offset, end, too_large: false });
    Records { records: records.collect(), bytes: block.bytes }
}

/// Leaves out records that an earlier run committed. JSON lines before that point were not kept in the first
/// place.
fn skip(payload: Payload, count: usize) -> Payload {
    match payload {
        Payload::Records(records) => Payload::Records(records),
        Payload::Delimited { header, mut rows } => {
            rows.drain(..count);
            Payload::Delimited { header, rows }
        }
        Payload::Avro(mut records, program) => {
            records.skip(count);
            Payload::Avro(records, program)
        }
        Payload::Columns(batch) => Payload::Columns(batch.slice(count, batch.num_rows() - count)),
    }
}

fn read_json(
    input: &mut dyn BufRead,
    first: i64,
    resume_at: i64,
    limit: usize,
    chunk_records: usize,
) -> std::io::Result<(Payload, usize, bool)> {
    let mut json = Records::default();
    let mut count = 0;
    while count < chunk_records && json.bytes.len() < CHUNK_BYTES {
        let before = json.bytes.len();
        let Some(fits) = read_line(input, &mut json.bytes, limit)? else {
            return Ok((Payload::Records(json), count, true));
        };
        let offset = first + count as i64;
        count += 1;
        if offset < resume_at {
            json.bytes.truncate(before);
        } else {
            json.records.push(RecordEnd { offset, end: json.bytes.len(), too_large: !fits });
        }
    }
    Ok((Payload::Records(json), count, false))
}

fn read_rows(
    reader: &mut csv::Reader<Box<dyn BufRead + Send>>,
    header: &Arc<Vec<String>>,
    chunk_records: usize,
) -> (Payload, usize, bool) {
    let mut rows = Vec::new();
    let mut is_last = false;
    while rows.len() < chunk_records {
        let mut row = csv::ByteRecord::new();
        match reader.read_byte_record(&mut row) {
            Ok(true) => rows.push(Some(row)),
            Ok(false) => {
                is_last = true;
                break;
            }
            Err(_) => rows.push(None),
        }
    }
    let count = rows.len();
    (Payload::Delimited { header: header.clone(), rows }, count, is_last)
}

fn open_reader(
    path: &Path,
    format: Format,
    chunk_records: usize,
    mapping: &Mapping,
) -> Result<Reader, IngestError> {
    let read = |source| IngestError::Read { path: path.to_owned(), source };
    match format {
        Format::Ndjson => Ok(Reader::Lines(open_text(path).map_err(read)?)),
        Format::Csv => {
            let text = open_text(path).map_err(read)?;
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text);
            let header = reader.byte_headers().map_err(|error| read(error.into()))?;
            let words = header
                .iter()
                .map(|word| String::from_utf8_lossy(word).trim_start_matches('\u{feff}').to_owned());
            let header = Arc::new(words.collect());
            Ok(Reader::Delimited { reader: Box::new(reader), header })
        }
        Format::Parquet => {
            let columns = |source: parquet::errors::ParquetError| IngestError::Columns {
                path: path.to_owned(),
                format: "Parquet",
                source: source.into(),
            };
            let builder =
                ParquetRecordBatchReaderBuilder::try_new(File::open(path).map_err(read)?).map_err(columns)?;
            let batches = builder.with_batch_size(chunk_records).build().map_err(columns)?;
            Ok(Reader::Columns(Box::new(batches)))
        }
        Format::Avro => {
            let container = |source| IngestError::Container { path: path.to_owned(), source };
            let blocks = Container::open(open_text(path).map_err(read)?).map_err(container)?;
            let program = Program::compile(blocks.schema(), mapping)
                .map_err(|source| IngestError::Schema { path: path.to_owned(), source })?;
            Ok(Reader::Avro { blocks: Box::new(blocks), program: Arc::new(program) })
        }
    }
}

/// Opens a text stream; gzip and zstd are recognised by their first bytes, whatever the name says.
fn open_text(path: &Path) -> std::io::Result<Box<dyn BufRead + Send>> {
    let raw: Box<dyn Read + Send> =
        if path == Path::new("-") { Box::new(std::io::stdin()) } else { Box::new(File::open(path)?) };
    let mut input = BufReader::with_capacity(1 << 18, raw);
    let start = input.fill_buf()?;
    if start.starts_with(&[0x1f, 0x8b]) {
        let plain = flate2::bufread::MultiGzDecoder::new(input);
        return Ok(Box::new(BufReader::with_capacity(1 << 18, plain)));
    }
    if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        let plain = zstd::stream::read::Decoder::with_buffer(input)?;
        return Ok(Box::new(BufReader::with_capacity(1 << 18, plain)));
    }
    Ok(Box::new(input))
}

fn list(path: &Path, format: Option<Format>, files: &mut Vec<PathBuf>) -> Result<(), IngestError> {
    let read = |source| IngestError::Read { path: path.to_owned(), source };
    if !path.metadata().map_err(read)?.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in path.read_dir().map_err(read)? {
        let entry = entry.map_err(read)?.path();
        if entry.is_dir() {
            list(&entry, format, files)?;
        } else if Format::of(&entry).is_some_and(|found| format.is_none_or(|wanted| wanted == found)) {
            files.push(entry);
        }
    }
    Ok(())
}

fn content_hash(path: &Path) -> Result<String, IngestError> {
    let hash = || -> std::io::Result<String> {
        let mut hasher = blake3::Hasher::new();
        std::io::copy(&mut File::open(path)?, &mut hasher)?;
        Ok(hasher.finalize().to_hex()[..32].to_owned())
    };
    hash().map_err(|source| IngestError::Read { path: path.to_owned(), source })
}

fn uuid() -> String {
    let now = kayoi_schemas::time::Clock::System.now().0;
    format!("{now}-{}", std::process::id())
}

fn read_error(stream: &Stream, source: std::io::Error) -> IngestError {
    IngestError::Read { path: stream.path.clone().unwrap_or_default(), source }
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
