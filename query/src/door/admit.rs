//! How many connections a door holds, so that no client can keep the others out.
//!
//! In: connections as they are accepted. Out: a place for each, or none. Accepting never stops: a socket that
//! has not said yet what it wants has a place among [`Places::waiting`], and the oldest of them goes when
//! another one comes, so that silent sockets keep nobody waiting. Whoever starts to ask needs one of
//! [`Places::in_all`] places, of which an address gets [`Places::per_address`]; a network of IPv6 counts as
//! one address.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// How many connections there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places {
    /// Sockets that have not asked yet.
    pub(super) waiting: usize,
    /// Connections that ask.
    pub(super) in_all: usize,
    /// Connections that ask, of one address.
    pub(super) per_address: usize,
}

impl Default for Places {
    fn default() -> Self {
        Self { waiting: 100, in_all: 500, per_address: 200 }
    }
}

/// The places of one door.
#[derive(Debug)]
pub(super) struct Admission {
    places: Places,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    waiting: BTreeMap<u64, Arc<Notify>>,
    started: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// There is no place for one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full;

impl Admission {
    pub(super) fn new(places: Places) -> Arc<Self> {
        Arc::new(Self { places, taken: Mutex::default() })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a socket in; the one that has waited longest may have to go.
    pub(super) fn enter(self: &Arc<Self>) -> Waiting {
        let mut taken = self.taken();
        while taken.waiting.len() >= self.places.waiting.max(1) {
            if let Some((_, oldest)) = taken.waiting.pop_first() {
                oldest.notify_one();
            }
        }
        let (number, go) = (taken.next, Arc::new(Notify::new()));
        taken.next += 1;
        taken.waiting.insert(number, Arc::clone(&go));
        Waiting { admission: Arc::clone(self), number, go }
    }
}

/// A socket that has not asked yet.
#[derive(Debug)]
pub(super) struct Waiting {
    admission: Arc<Admission>,
    number: u64,
    go: Arc<Notify>,
}

impl Waiting {
    /// Tells when its place is another's.
    pub(super) fn turn_to_go(&self) -> Arc<Notify> {
        Arc::clone(&self.go)
    }

    /// Begins to ask.
    ///
    /// # Errors
    /// [`Full`] when its address, or all together, have no place left.
    pub(super) fn start(self, address: IpAddr) -> Result<Started, Full> {
        let address = counted(address);
        let mut taken = self.admission.taken();
        let of_address = taken.by_address.get(&address).copied().unwrap_or(0);
        if taken.started >= self.admission.places.in_all || of_address >= self.admission.places.per_address {
            return Err(Full);
        }
        taken.started += 1;
        taken.by_address.insert(address, of_address + 1);
        drop(taken);
        Ok(Started { admission: Arc::clone(&self.admission), address })
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.admission.taken().waiting.remove(&self.number);
    }
}

/// A connection that asks.
#[derive(Debug)]
pub(super) struct Started {
    admission: Arc<Admission>,
    address: IpAddr,
}

impl Drop for Started {
    fn drop(&mut self) {
        let mut taken = self.admission.taken();
        taken.started = taken.started.saturating_sub(1);
        if let Some(count) = taken.by_address.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

/// What counts as one address: whoever has an address of IPv6 has all of its network.
fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        four => four,
    }
}

/// Lets this process have as many sockets as the system lets it have.
pub(super) fn raise_socket_limit() {
    if let Err(error) = rlimit::increase_nofile_limit(rlimit::INFINITY) {
        tracing::debug!(%error, "the limit of open files stays as it is");
    }
}

/// The place of a connection that may ask many times.
#[derive(Debug)]
pub(super) enum Place {
    /// It has not asked yet.
    Waiting(Waiting),
    /// It asks.
    Started(Started),
    /// There was none for it.
    None,
}

impl Place {
    /// Begins to ask, with the first request.
    pub(super) fn start(&mut self, client: IpAddr) -> Result<(), Full> {
        match std::mem::replace(self, Self::None) {
            Self::Waiting(waiting) => *self = Self::Started(waiting.start(client)?),
            Self::Started(started) => *self = Self::Started(started),
            Self::None => return Err(Full),
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "admit_tests.rs"]
mod tests;
