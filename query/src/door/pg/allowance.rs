//! How much one connection may leave lying about.
//!
//! In: what a client prepares and begins to read. Out: a part of its allowance, given back when the client
//! closes it. Without a bound a client that prepares and never closes takes the server's memory, statement by
//! statement.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pgwire::error::{ErrorInfo, PgWireError};

/// Bytes of the texts that a connection may have prepared.
pub(super) const STATEMENT_BYTES: usize = 8 << 20;
/// Answers that a connection may have begun to read: portals.
pub(super) const OPEN_ANSWERS: usize = 64;
/// What a prepared statement takes beside its text.
pub(super) const STATEMENT_OVERHEAD: usize = 1 << 10;

/// What is left.
#[derive(Debug)]
pub(super) struct Allowance {
    left: AtomicUsize,
    what: &'static str,
}

/// A part of an allowance, until it is dropped.
#[derive(Debug)]
pub(super) struct Taken {
    from: Arc<Allowance>,
    amount: usize,
}

impl Allowance {
    /// `what` is said to a client that has used it up.
    pub(super) fn new(amount: usize, what: &'static str) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(amount), what })
    }

    /// Takes a part.
    ///
    /// # Errors
    /// 53400 when less is left.
    pub(super) fn take(self: &Arc<Self>, amount: usize) -> Result<Taken, PgWireError> {
        let less = |left: usize| left.checked_sub(amount);
        match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less) {
            Ok(_) => Ok(Taken { from: Arc::clone(self), amount }),
            Err(_) => {
                let message = format!("this connection has too many open {}", self.what);
                let mut info = ErrorInfo::new("ERROR".to_owned(), "53400".to_owned(), message);
                info.hint = Some("close those that are no longer needed, or connect anew".to_owned());
                Err(PgWireError::UserError(Box::new(info)))
            }
        }
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.from.left.fetch_add(self.amount, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_closed_can_be_taken_again() {
        let allowance = Allowance::new(10, "answers");
        let first = allowance.take(6).unwrap();
        let refused = allowance.take(5).unwrap_err().to_string();
        assert!(refused.contains("too many open answers"), "{refused}");
        drop(first);
        assert!(allowance.take(10).is_ok());
    }
}
