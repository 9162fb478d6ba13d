//! A ping while its record is being read.
//!
//! In: values of contract fields, in any order. Out: the ping, or the first reason why there is none. A
//! refused value does not end the reading: a record is malformed or not whatever its values are, and in a
//! file the next record begins where this one ends.

use std::borrow::Cow;

use kayoi_schemas::ping::{FixSource, Ping};

use super::slot::TextSlot;
use super::wire::Refusal;
use crate::rejection::Rejection;

/// A ping in the making.
#[derive(Debug, Default)]
pub(super) struct Draft<'a> {
    /// What was read so far.
    pub(super) ping: Ping<'a>,
    refusal: Option<Refusal>,
}

impl<'a> Draft<'a> {
    /// The ping, when no value was refused.
    #[inline]
    pub(super) fn finish(self) -> Result<Ping<'a>, Rejection> {
        match self.refusal {
            None => Ok(self.ping),
            Some(refusal) => Err(refusal.rejection()),
        }
    }

    /// Takes a text, if it is UTF-8.
    #[inline]
    pub(super) fn put_text(&mut self, slot: TextSlot, bytes: &'a [u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => slot.put(&mut self.ping, Cow::Borrowed(text)),
            Err(_) => self.refuse(Refusal::Utf8(slot.name())),
        }
    }

    /// Takes the word of a source. An unknown word leaves the source open.
    #[inline]
    pub(super) fn put_source(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(word) => self.ping.source = FixSource::parse(word),
            Err(_) => self.refuse(Refusal::Utf8("source")),
        }
    }

    /// Takes an instant in milliseconds; `None` is a value from which none can be made.
    #[inline]
    pub(super) fn put_instant(&mut self, milliseconds: Option<i64>) {
        match milliseconds {
            Some(_) => self.ping.timestamp_ms = milliseconds,
            None => self.refuse(Refusal::Type("timestamp")),
        }
    }

    /// Remembers the first reason against the record.
    #[cold]
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refusal.get_or_insert(refusal);
    }
}
