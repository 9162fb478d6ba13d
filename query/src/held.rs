//! The bytes of an answer until its reader has taken them: in memory while they are few, in a file when they
//! are many.
//!
//! In: bytes, as a question is answered. Out: the same bytes, as fast as a client takes them. A slow reader
//! therefore holds no query open and no memory, only a file, which has no name any more once its reading has
//! begun and is gone with its reader. All files together are bounded by [`Spool`], and compressed: a million
//! rows repeat the same names over and over.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Cursor, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use zstd::stream::raw::CParameter;
use zstd::stream::{read, write};

/// Answers up to this many bytes stay in memory: most do, and a file costs more than they.
const IN_MEMORY: usize = 256 << 10;
/// Bytes that a reader takes from a file at a time.
const READ_BYTES: usize = 64 << 10;
/// How far back a file's compression looks, as a power of two: each reader holds that much.
const WINDOW_LOG: u32 = 17;
/// The quickest.
const LEVEL: i32 = 1;

/// How the name of a spool's folder begins; its process comes next.
const PREFIX: &str = "kayoi-answers-";

/// Takes the bytes of one answer.
pub(crate) struct Spill {
    path: PathBuf,
    limit: usize,
    written: usize,
    memory: Vec<u8>,
    file: Option<write::Encoder<'static, File>>,
    overflowed: Arc<AtomicBool>,
}

/// Where the bytes of an answer are.
#[derive(Debug)]
pub(crate) enum Kept {
    /// They are few.
    Memory(Vec<u8>),
    /// In the file that [`Spill`] was given, this many.
    File(usize),
}

impl Spill {
    /// Bytes beyond `limit` are an error, and remembered. The file at `path` is made when it is needed.
    pub(crate) fn new(path: &Path, limit: usize) -> Self {
        Self {
            path: path.to_owned(),
            limit,
            written: 0,
            memory: Vec::new(),
            file: None,
            overflowed: Arc::default(),
        }
    }

    /// Whether bytes came beyond the limit. Writers between wrap the error until nobody knows it.
    pub(crate) fn overflowed(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.overflowed)
    }

    /// No more bytes come.
    pub(crate) fn finish(self) -> io::Result<Kept> {
        match self.file {
            None => Ok(Kept::Memory(self.memory)),
            Some(file) => {
                file.finish()?;
                Ok(Kept::File(self.written))
            }
        }
    }

    fn file(&mut self) -> io::Result<&mut write::Encoder<'static, File>> {
        let file = match self.file.take() {
            Some(file) => file,
            None => {
                // Figures that are released, but whose question is nobody else's business.
                let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path)?;
                let mut file = write::Encoder::new(file, LEVEL)?;
                file.set_parameter(CParameter::WindowLog(WINDOW_LOG))?;
                file.write_all(&std::mem::take(&mut self.memory))?;
                file
            }
        };
        Ok(self.file.insert(file))
    }
}

impl Write for Spill {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written += bytes.len();
        if self.written > self.limit {
            self.overflowed.store(true, Ordering::Relaxed);
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        if self.file.is_none() && self.written <= IN_MEMORY {
            self.memory.extend_from_slice(bytes);
        } else {
            self.file()?.write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The folder of the answers that wait for their readers, and how much they may take together.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: tempfile::TempDir,
    next: AtomicU64,
    taken: Arc<AtomicU64>,
    limit: u64,
}

impl Spool {
    /// A spool of at most `limit` bytes. It is not where small things of a moment go, which may be memory.
    pub(crate) fn new(limit: u64) -> io::Result<Self> {
        let lasting = Path::new("/var/tmp");
        let above = if lasting.is_dir() { lasting.to_owned() } else { std::env::temp_dir() };
        sweep(&above);
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(above)?;
        Ok(Self { folder, next: AtomicU64::new(0), taken: Arc::default(), limit })
    }

    /// A name for the file of an answer.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join(self.next.fetch_add(1, Ordering::Relaxed).to_string())
    }

    /// Bytes that are still free.
    pub(crate) fn free(&self) -> u64 {
        self.limit.saturating_sub(self.taken.load(Ordering::Relaxed))
    }

    /// Takes over the file of an answer, or its bytes.
    pub(crate) fn hold(&self, kept: Kept, path: &Path) -> io::Result<Held> {
        let length = match kept {
            Kept::Memory(bytes) => return Ok(Held::Memory(bytes)),
            Kept::File(length) => length as u64,
        };
        let file = File::open(path)?;
        std::fs::remove_file(path)?;
        let on_disk = file.metadata()?.len();
        self.taken.fetch_add(on_disk, Ordering::Relaxed);
        Ok(Held::File(Waiting { file, length, on_disk, taken: Arc::clone(&self.taken) }))
    }

    /// Removes the files of an answer that nobody will read, if they were begun.
    pub(crate) fn discard(path: &Path) {
        let (Some(above), Some(name)) = (path.parent(), path.file_name()) else { return };
        let again = format!("{}-again", name.to_string_lossy());
        for entry in std::fs::read_dir(above).into_iter().flatten().flatten() {
            let own = entry.path();
            let stem = own.file_stem().unwrap_or_default();
            if stem == name || stem == again.as_str() {
                // It goes with the folder at the latest.
                let _ = std::fs::remove_file(own);
            }
        }
    }
}

/// Removes what servers left that were killed. Their folders carry their process.
fn sweep(above: &Path) {
    if !Path::new("/proc/self").exists() {
        return;
    }
    for entry in std::fs::read_dir(above).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.split('-').next());
        let is_left = process.is_some_and(|process| !Path::new("/proc").join(process).exists());
        if is_left {
            // Another user's folder stays where it is.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// The bytes of a whole answer.
#[derive(Debug)]
pub(crate) enum Held {
    /// In memory.
    Memory(Vec<u8>),
    /// In a file without a name.
    File(Waiting),
}

/// A file that gives its bytes back to the spool when it is dropped.
#[derive(Debug)]
pub(crate) struct Waiting {
    file: File,
    length: u64,
    on_disk: u64,
    taken: Arc<AtomicU64>,
}

impl Held {
    /// Number of bytes.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(waiting) => waiting.length,
        }
    }

    /// The bytes, from the first.
    ///
    /// # Errors
    /// When memory for reading cannot be had.
    pub(crate) fn into_reader(self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Memory(bytes) => Box::new(Cursor::new(bytes)),
            Self::File(waiting) => {
                Box::new(BufReader::with_capacity(READ_BYTES, read::Decoder::new(waiting)?))
            }
        })
    }
}

impl Read for Waiting {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.file.read(bytes)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.taken.fetch_sub(self.on_disk, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(spool: &Spool, length: usize, limit: usize) -> io::Result<Held> {
        let path = spool.path();
        let mut spill = Spill::new(&path, limit);
        for piece in vec![7_u8; length].chunks(1_000) {
            spill.write_all(piece)?;
        }
        spool.hold(spill.finish()?, &path)
    }

    #[test]
    fn many_bytes_wait_in_a_file_without_a_name_and_give_their_room_back() {
        let spool = Spool::new(1 << 20).unwrap();
        for length in [0, 1, IN_MEMORY, IN_MEMORY + 1, 900_000] {
            let held = kept(&spool, length, 1 << 20).unwrap();
            assert_eq!(held.length(), length as u64);
            assert_eq!(spool.free() < 1 << 20, length > IN_MEMORY);
            assert_eq!(std::fs::read_dir(spool.folder.path()).unwrap().count(), 0);
            let mut bytes = Vec::new();
            held.into_reader().unwrap().read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, vec![7; length]);
            assert_eq!(spool.free(), 1 << 20);
        }
    }

    #[test]
    fn what_a_killed_server_left_is_swept_and_a_living_one_keeps_its_own() {
        let above = tempfile::tempdir().unwrap();
        let (left, lives) = (above.path().join("kayoi-answers-4194999-x"), std::process::id());
        let lives = above.path().join(format!("kayoi-answers-{lives}-x"));
        for folder in [&left, &lives] {
            std::fs::create_dir(folder).unwrap();
        }
        sweep(above.path());
        assert!(!left.exists() && lives.exists());
    }

    #[test]
    fn more_bytes_than_allowed_are_an_error() {
        let spool = Spool::new(1 << 20).unwrap();
        assert_eq!(kept(&spool, 2_000, 1_500).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        assert!(kept(&spool, 1_500, 1_500).is_ok());
    }
}
