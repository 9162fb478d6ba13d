//! A section of the index: its own memory, or a stretch of a mapped file.
//!
//! In: numbers that a build made, or a file that was checked. Out: a slice. The file is mapped, not read, so
//! that opening takes no time, only what is asked about comes into memory, and processes share it.

use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use bytemuck::Pod;
use memmap2::Mmap;

/// Numbers of one kind.
#[derive(Debug)]
pub(crate) enum Section<T> {
    /// In memory, as a build leaves it.
    Owned(Vec<T>),
    /// In a mapped file.
    Mapped(MappedSection<T>),
}

/// A stretch of a mapped file that is known to be aligned for its numbers.
#[derive(Debug)]
pub(crate) struct MappedSection<T> {
    map: Arc<Mmap>,
    bytes: Range<usize>,
    numbers: PhantomData<T>,
}

impl<T: Pod> Section<T> {
    /// The numbers in these bytes of a file; `None` when they are not there, not whole or not aligned.
    pub(crate) fn mapped(map: &Arc<Mmap>, bytes: Range<usize>) -> Option<Self> {
        bytemuck::try_cast_slice::<u8, T>(map.get(bytes.clone())?).ok()?;
        Some(Self::Mapped(MappedSection { map: Arc::clone(map), bytes, numbers: PhantomData }))
    }

    #[inline(always)]
    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Self::Owned(numbers) => numbers,
            // Both were checked when it was mapped.
            Self::Mapped(mapped) => mapped
                .map
                .get(mapped.bytes.clone())
                .and_then(|bytes| bytemuck::try_cast_slice(bytes).ok())
                .unwrap_or_default(),
        }
    }
}
