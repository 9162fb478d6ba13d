//! The boundary file: one edition, indexed, in one file.
//!
//! In: a [`BoundarySet`]. Out: a file that opens by mapping it into memory, and gives back the index and,
//! when asked, the boundaries bit for bit. Layout, little-endian, sections at multiples of 64 bytes:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | magic `KAYOIGEO` |
//! | 2, 2 | format version, and 0 |
//! | 4, 8 | length and XXH3 of the header |
//! | n | the header as JSON ([`Header`]) |
//! | n | blocks of the index's table, 32-bit |
//! | n | cells of the index's table, 32-bit |
//! | n | records of border cells, 64-bit |
//! | n | the boundaries themselves, compressed |
//!
//! Opening compares the checksums of the header and of the index, which reads each byte once at the speed of
//! memory; nothing is parsed. XXH3 finds damage; it does not guard against malice. Writing goes beside the
//! file and renames, so that no reader ever has a file change under its mapping.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use crate::GeographyError;
use crate::boundaries::{BoundarySet, Counts, Source, body};
use crate::index::section::Section;
use crate::index::{Grid, Index, Step};

#[cfg(target_endian = "big")]
compile_error!("boundary files are mapped as little-endian numbers");

const MAGIC: &[u8; 8] = b"KAYOIGEO";
/// The format version that this program writes and reads.
pub const FORMAT_VERSION: u16 = 2;
const HEADER_START: usize = 24;
const ALIGNMENT: usize = 64;
/// Of zstd, for the boundaries: whoever imports the full N03 waits for it.
const COMPRESSION_LEVEL: i32 = 9;

/// What a boundary file says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The edition, as in `N03 2025-01-01`.
    pub edition: String,
    /// The credit that figures and outlines must show.
    pub credit: String,
    /// The imported file.
    pub source: Source,
    /// How much it holds.
    pub counts: Counts,
    /// The most decimals that any code needs; `None` when some code stores doubles.
    pub decimal_scale: Option<u8>,
    /// Length of the boundaries before compression, bytes.
    pub body_bytes: u64,
    grid: Grid,
    blocks: Stretch,
    cells: Stretch,
    records: Stretch,
    body: Stretch,
}

/// Where a section lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Stretch {
    /// From the start of the file, bytes.
    offset: usize,
    /// Without the zeros behind it, bytes.
    bytes: usize,
    /// XXH3 of the bytes.
    xxh3: u64,
}

impl Header {
    /// Length of the index, bytes: what is mapped to place points.
    pub fn index_bytes(&self) -> u64 {
        [self.blocks, self.cells, self.records].iter().map(|section| section.bytes as u64).sum()
    }

    fn sections(&mut self) -> [&mut Stretch; 4] {
        [&mut self.blocks, &mut self.cells, &mut self.records, &mut self.body]
    }
}

/// Builds the index of a set and writes both, telling what it is at.
///
/// # Errors
/// [`GeographyError::Index`] when the boundaries make no index, [`GeographyError::Write`] when the file
/// system refuses.
pub fn write(
    set: &BoundarySet,
    path: &Path,
    tell: &mut dyn FnMut(Step),
) -> Result<(Header, Index), GeographyError> {
    let index = Index::build(set, tell)
        .map_err(|source| GeographyError::Index { edition: set.edition().to_owned(), source })?;
    let written = write_indexed(set, &index, path).map_err(|source| GeographyError::write(path, source))?;
    Ok((written, index))
}

/// Opens the index.
///
/// # Errors
/// [`GeographyError`] when the file cannot be read, is no boundary file, is of another version or is damaged.
pub fn open(path: &Path) -> Result<(Header, Index), GeographyError> {
    let (header, map) = mapped(path)?;
    check(path, &map, &[header.blocks, header.cells, header.records])?;
    let damaged = || GeographyError::damaged(path, "a section of its index is not where the header says");
    let numbers = |section: Stretch| Section::mapped(&map, range(section)).ok_or_else(damaged);
    let records = Section::mapped(&map, range(header.records)).ok_or_else(damaged)?;
    let (blocks, cells) = (numbers(header.blocks)?, numbers(header.cells)?);
    let index = Index::of_parts(header.grid.clone(), blocks, cells, records);
    Ok((header, index))
}

/// Reads the boundaries.
///
/// # Errors
/// As [`open`].
pub fn read(path: &Path) -> Result<(Header, BoundarySet), GeographyError> {
    let (header, map) = mapped(path)?;
    check(path, &map, &[header.body])?;
    let damaged = |what: &str| GeographyError::damaged(path, what);
    let bytes = map.get(range(header.body)).unwrap_or_default();
    let units = body::unpack(bytes, header.body_bytes)
        .ok_or_else(|| damaged("its boundaries do not hold what the format says"))?;
    let set = BoundarySet::of_units(header.edition.clone(), header.source.clone(), units);
    if set.counts() != header.counts {
        return Err(damaged("its boundaries hold other counts than the header says"));
    }
    Ok((header, set))
}

fn write_indexed(set: &BoundarySet, index: &Index, path: &Path) -> io::Result<Header> {
    let body = body::pack(set, COMPRESSION_LEVEL)?;
    let (grid, blocks, cells, records) = index.parts();
    let mut header = Header {
        edition: set.edition().to_owned(),
        credit: set.credit().to_owned(),
        source: set.source().clone(),
        counts: set.counts(),
        decimal_scale: body.decimal_scale,
        body_bytes: body.unpacked_bytes,
        grid: grid.clone(),
        blocks: Stretch::default(),
        cells: Stretch::default(),
        records: Stretch::default(),
        body: Stretch::default(),
    };
    let contents: [&[u8]; 4] = [
        bytemuck::cast_slice(blocks),
        bytemuck::cast_slice(cells),
        bytemuck::cast_slice(records),
        &body.bytes,
    ];
    // Offsets are counted from the end of the header, whose length depends on them, and then moved.
    let mut offset = 0;
    for (section, bytes) in header.sections().into_iter().zip(contents) {
        *section = Stretch { offset, bytes: bytes.len(), xxh3: XxHash3_64::oneshot(bytes) };
        offset += bytes.len().next_multiple_of(ALIGNMENT);
    }
    let room = HEADER_START + serde_json::to_vec(&header)?.len() + ROOM_FOR_OFFSETS;
    let start = room.next_multiple_of(ALIGNMENT);
    header.sections().into_iter().for_each(|section| section.offset += start);
    let mut text = serde_json::to_vec(&header)?;
    text.resize(start - HEADER_START, b' ');
    replace(path, |file| {
        file.write_all(MAGIC)?;
        file.write_all(&FORMAT_VERSION.to_le_bytes())?;
        file.write_all(&[0; 2])?;
        file.write_all(&(text.len() as u32).to_le_bytes())?;
        file.write_all(&XxHash3_64::oneshot(&text).to_le_bytes())?;
        file.write_all(&text)?;
        for bytes in contents {
            file.write_all(bytes)?;
            file.write_all(&[0; ALIGNMENT][..bytes.len().next_multiple_of(ALIGNMENT) - bytes.len()])?;
        }
        Ok(())
    })?;
    Ok(header)
}

/// Offsets grow by some digits when they are moved.
const ROOM_FOR_OFFSETS: usize = 128;

fn replace(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let written = File::create(&beside).and_then(|file| {
        let mut file = BufWriter::new(file);
        write(&mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, path)).inspect_err(|_| {
        // The first error is the one to report; a left-over part file does no harm.
        let _ = fs::remove_file(&beside);
    })
}

fn range(section: Stretch) -> Range<usize> {
    section.offset..section.offset.saturating_add(section.bytes)
}

/// Maps a file and checks its header and its length.
fn mapped(path: &Path) -> Result<(Header, Arc<Mmap>), GeographyError> {
    let map = map(path).map_err(|source| GeographyError::read(path, source))?;
    let damaged = |what: &str| GeographyError::damaged(path, what);
    if map.get(..MAGIC.len()) != Some(MAGIC) {
        return Err(GeographyError::NotBoundaryFile { path: path.to_owned() });
    }
    let too_short = || damaged("it ends too early");
    let number = |from: usize, bytes: usize| {
        let bytes = map.get(from..from + bytes).ok_or_else(too_short)?;
        Ok(bytes.iter().rev().fold(0, |number: u64, byte| number << 8 | u64::from(*byte)))
    };
    let version = number(8, 2)? as u16;
    if version != FORMAT_VERSION {
        return Err(GeographyError::OtherVersion {
            path: path.to_owned(),
            version,
            supported: FORMAT_VERSION,
        });
    }
    let text = map.get(HEADER_START..).and_then(|rest| rest.get(..number(12, 4).ok()? as usize));
    let text = text.ok_or_else(too_short)?;
    if number(10, 2)? != 0 || XxHash3_64::oneshot(text) != number(16, 8)? {
        return Err(damaged("the checksum of its header is wrong, so bytes are missing or changed"));
    }
    let header: Header = serde_json::from_slice(text).map_err(|_| damaged("its header is not readable"))?;
    let end = range(header.body).end;
    let padding = map.get(end..).filter(|rest| rest.len() == end.next_multiple_of(ALIGNMENT) - end);
    if padding.is_none() {
        return Err(damaged("it has another length than its header says"));
    }
    Ok((header, Arc::new(map)))
}

#[expect(unsafe_code, reason = "mapping a file has no safe form, since others could change it meanwhile")]
fn map(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    // SAFETY: this program never changes a boundary file, it replaces it by renaming, which leaves the mapped
    // one as it is. Whoever overwrites the file in place breaks it for any reader.
    unsafe { Mmap::map(&file) }
}

fn check(path: &Path, map: &Mmap, sections: &[Stretch]) -> Result<(), GeographyError> {
    let holds = |section: &Stretch| {
        let stored = range(*section);
        let padding = stored.end..stored.end.next_multiple_of(ALIGNMENT);
        let is_whole = map.get(stored).is_some_and(|bytes| XxHash3_64::oneshot(bytes) == section.xxh3);
        is_whole && map.get(padding).is_some_and(|zeros| zeros.iter().all(|byte| *byte == 0))
    };
    if sections.par_iter().all(holds) {
        return Ok(());
    }
    Err(GeographyError::damaged(path, "a checksum is wrong, so bytes are missing or changed"))
}

#[cfg(test)]
#[path = "file_tests.rs"]
mod tests;
