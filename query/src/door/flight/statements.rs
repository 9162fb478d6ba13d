//! Statements that clients of Flight have prepared.
//!
//! In: prepared questions and values for them. Out: the same by their handles, which are random. They are bounded
//! in number and in bytes, at each address and in all, and one that nobody uses for an hour makes room when room
//! is needed: a driver that is killed closes nothing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use datafusion::common::ParamValues;
use tonic::{Code, Status};

use super::seal::Seal;
use super::sign_in::Caller;
use super::status::refusal;
use crate::ask::Asker;
use crate::service::Prepared;

/// Statements of one address, and of all.
const PER_ADDRESS: usize = 1_000;
const IN_ALL: usize = 10_000;
/// Bytes of the statements of one address, and of all.
const ADDRESS_BYTES: usize = 16 << 20;
const ALL_BYTES: usize = 128 << 20;
/// What a statement takes beside its text and its values, and each of its columns.
const OVERHEAD_BYTES: usize = 1 << 10;
const COLUMN_BYTES: usize = 256;
/// After this long without use a statement may go.
const IDLE: Duration = Duration::from_secs(3_600);

/// A handle.
type Handle = [u8; 16];

/// The prepared statements of all clients.
#[derive(Debug, Default)]
pub(super) struct Statements(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    statements: HashMap<Handle, Statement>,
    addresses: HashMap<IpAddr, Taken>,
    bytes: usize,
}

/// What an address has taken.
#[derive(Debug, Default, Clone, Copy)]
struct Taken {
    count: usize,
    bytes: usize,
}

#[derive(Debug)]
struct Statement {
    prepared: Prepared,
    asker: Asker,
    address: IpAddr,
    values: ParamValues,
    /// Bytes of the values.
    value_bytes: usize,
    binding: u64,
    /// Bytes of all of it.
    bytes: usize,
    used: Instant,
}

/// A statement as it is bound now.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub(super) prepared: Prepared,
    pub(super) values: ParamValues,
    /// How often values were bound.
    pub(super) binding: u64,
}

impl Statements {
    /// Keeps a statement. `text_bytes` is the length of its text.
    ///
    /// # Errors
    /// [`Code::ResourceExhausted`] when there are too many.
    pub(super) fn keep(
        &self,
        seal: &Seal,
        caller: &Caller,
        prepared: Prepared,
        text_bytes: usize,
    ) -> Result<Handle, Status> {
        let columns = prepared.columns().fields().len() + prepared.parameters().len();
        let bytes = text_bytes + OVERHEAD_BYTES + columns * COLUMN_BYTES;
        let handle = seal.secret()?;
        let mut kept = self.kept();
        if kept.has_room(caller.address, 1, bytes).is_err() {
            kept.let_go(Instant::now());
        }
        kept.has_room(caller.address, 1, bytes)?;
        let statement = Statement {
            prepared,
            asker: caller.asker.clone(),
            address: caller.address,
            values: ParamValues::List(Vec::new()),
            value_bytes: 0,
            binding: 0,
            bytes,
            used: Instant::now(),
        };
        kept.take(caller.address, 1, bytes);
        kept.statements.insert(handle, statement);
        Ok(handle)
    }

    /// A statement, for who has prepared it.
    ///
    /// # Errors
    /// [`Code::NotFound`] when there is none of this handle.
    pub(super) fn get(&self, caller: &Caller, handle: &[u8]) -> Result<Bound, Status> {
        let mut kept = self.kept();
        let statement = kept.of(caller, handle)?;
        statement.used = Instant::now();
        let Statement { prepared, values, binding, .. } = statement;
        Ok(Bound { prepared: prepared.clone(), values: values.clone(), binding: *binding })
    }

    /// Binds values, which take so many bytes, in the place of those before.
    ///
    /// # Errors
    /// [`Code::NotFound`], or [`Code::ResourceExhausted`] when there is no room for them.
    pub(super) fn bind(
        &self,
        caller: &Caller,
        handle: &[u8],
        values: ParamValues,
        bytes: usize,
    ) -> Result<(), Status> {
        let mut kept = self.kept();
        let statement = kept.of(caller, handle)?;
        statement.used = Instant::now();
        let (address, before) = (statement.address, statement.value_bytes);
        // What earlier values took is free: a client may bind one statement as often as it lives.
        let more = bytes.saturating_sub(before);
        if kept.has_room(address, 0, more).is_err() {
            kept.let_go(Instant::now());
        }
        kept.has_room(address, 0, more)?;
        let statement = kept.of(caller, handle)?;
        statement.values = values;
        statement.value_bytes = bytes;
        statement.binding += 1;
        statement.bytes = statement.bytes - before + bytes;
        kept.give_back(address, before);
        kept.take(address, 0, bytes);
        Ok(())
    }

    /// Closes a statement.
    ///
    /// # Errors
    /// [`Code::NotFound`] when there is none of this handle.
    pub(super) fn close(&self, caller: &Caller, handle: &[u8]) -> Result<(), Status> {
        let mut kept = self.kept();
        kept.of(caller, handle)?;
        if let Ok(handle) = Handle::try_from(handle) {
            kept.remove(&handle);
        }
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn of(&mut self, caller: &Caller, handle: &[u8]) -> Result<&mut Statement, Status> {
        let known = Handle::try_from(handle).ok().and_then(|handle| self.statements.get_mut(&handle));
        known.filter(|statement| statement.asker == caller.asker).ok_or_else(|| {
            let hint = "prepare it again; it may have been closed, or unused for an hour";
            refusal(Code::NotFound, "there is no such prepared statement", hint)
        })
    }

    fn has_room(&self, address: IpAddr, count: usize, bytes: usize) -> Result<(), Status> {
        let taken = self.addresses.get(&address).copied().unwrap_or_default();
        let is_full = taken.count + count > PER_ADDRESS
            || taken.bytes + bytes > ADDRESS_BYTES
            || self.statements.len() + count > IN_ALL
            || self.bytes + bytes > ALL_BYTES;
        if is_full {
            let hint = "close those that are no longer needed";
            return Err(refusal(Code::ResourceExhausted, "too many open prepared statements", hint));
        }
        Ok(())
    }

    fn take(&mut self, address: IpAddr, count: usize, bytes: usize) {
        let taken = self.addresses.entry(address).or_default();
        taken.count += count;
        taken.bytes += bytes;
        self.bytes += bytes;
    }

    fn give_back(&mut self, address: IpAddr, bytes: usize) {
        self.bytes -= bytes;
        if let Some(taken) = self.addresses.get_mut(&address) {
            taken.bytes -= bytes;
        }
    }

    fn remove(&mut self, handle: &Handle) {
        let Some(statement) = self.statements.remove(handle) else { return };
        self.bytes -= statement.bytes;
        if let Some(taken) = self.addresses.get_mut(&statement.address) {
            taken.count -= 1;
            taken.bytes -= statement.bytes;
            if taken.count == 0 {
                self.addresses.remove(&statement.address);
            }
        }
    }

    fn let_go(&mut self, now: Instant) {
        let idle = self.statements.iter().filter(|(_, statement)| now - statement.used > IDLE);
        let idle: Vec<Handle> = idle.map(|(handle, _)| *handle).collect();
        idle.iter().for_each(|handle| self.remove(handle));
    }
}
