//! A ping while its record is being read.
//!
//! In: values of contract fields, in any order. Out: the ping, or the first reason why there is none. A
//! refused value does not end the reading: a record is malformed or not whatever its values are, and in a
//! file the next record begins where this one ends.

use std::borrow::Cow;

use kayoi_schemas::ping::Ping;

use super::slot::Slot;
use super::value::refusal::Refusal;
use super::value::spelling::Spelling;
use super::value::{Value, accuracy, age, consent, coordinate, device_id, sex, source, speed, timestamp};
use crate::rejection::Rejection;

/// A ping in the making.
#[derive(Debug, Default)]
pub(super) struct Draft<'a> {
    /// What was read so far.
    pub(super) ping: Ping<'a>,
    refusal: Option<Refusal>,
    /// The fields that have a value, a bit for each.
    seen: u16,
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

    /// Takes a value, if its field does. A call, so that a value is written once, to where it is read: a copy of
    /// what was just written part by part waits for all parts, which would take a quarter of the decoding.
    #[inline(never)]
    pub(super) fn take(&mut self, slot: Slot, value: Value<'a>, spelling: &Spelling) {
        if let Err(refusal) = self.put(slot, value, spelling) {
            self.refuse(refusal);
        }
    }

    /// Takes a value that must be the only one of its field.
    #[inline]
    pub(super) fn take_once(&mut self, slot: Slot, value: Value<'a>, spelling: &Spelling) {
        if slot.is_strict() && !matches!(value, Value::Missing) {
            self.once(slot);
        }
        self.take(slot, value, spelling);
    }

    /// Notes that a field gets a value, under whatever name. The second one refuses the record: which of the
    /// two is right, nobody can know.
    #[inline]
    fn once(&mut self, slot: Slot) {
        let bit = slot.bit();
        if self.seen & bit != 0 {
            self.refuse(Refusal::Twice(slot.name()));
        }
        self.seen |= bit;
    }

    /// Whether no field of the contract has a value that says whose ping this is, when or where.
    pub(super) fn is_empty(&self) -> bool {
        Slot::LENIENT.iter().fold(self.seen, |seen, slot| seen & !slot.bit()) == 0
    }

    /// Takes a text, if it is UTF-8.
    #[inline]
    pub(super) fn take_bytes(&mut self, slot: Slot, bytes: &'a [u8], spelling: &Spelling) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.take(slot, Value::Text(Cow::Borrowed(text)), spelling),
            Err(_) => self.refuse_value(slot, Refusal::Utf8(slot.name())),
        }
    }

    /// Refuses a value, and the record with it when its field is a reason to.
    #[cold]
    pub(super) fn refuse_value(&mut self, slot: Slot, refusal: Refusal) {
        if slot.is_strict() {
            self.refuse(refusal);
        }
    }

    /// Remembers the first reason against the record.
    #[cold]
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refusal.get_or_insert(refusal);
    }

    #[inline]
    fn put(&mut self, slot: Slot, value: Value<'a>, spelling: &Spelling) -> Result<(), Refusal> {
        // Null under one name takes nothing from what stands under another.
        if matches!(value, Value::Missing) {
            return Ok(());
        }
        let ping = &mut self.ping;
        match slot {
            Slot::DeviceId => ping.device_id = device_id(value)?,
            Slot::Timestamp => ping.timestamp_ms = timestamp(&value, spelling)?,
            Slot::Latitude => ping.latitude = coordinate(&value, slot.name(), spelling)?,
            Slot::Longitude => ping.longitude = coordinate(&value, slot.name(), spelling)?,
            Slot::Accuracy => ping.accuracy_m = accuracy(&value, spelling)?,
            Slot::Source => ping.source = source(&value)?,
            Slot::Consent => ping.consent = consent(value, spelling)?,
            Slot::Speed => {
                ping.speed_m_s = only(&mut self.seen, slot).then(|| speed(&value, spelling)).flatten()
            }
            Slot::Age => ping.age = only(&mut self.seen, slot).then(|| age(&value, spelling)).flatten(),
            Slot::Sex => ping.sex = only(&mut self.seen, slot).then(|| sex(&value, spelling)).flatten(),
            Slot::Unstored => {}
        }
        Ok(())
    }
}

/// Notes a value that is left out when there are two, and says whether it is the only one so far: of two nobody can know
/// which is right.
#[inline]
fn only(seen: &mut u16, slot: Slot) -> bool {
    let is_first = *seen & slot.bit() == 0;
    *seen |= slot.bit();
    is_first
}
