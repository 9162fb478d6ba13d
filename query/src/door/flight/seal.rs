//! Tickets that nobody else can make.
//!
//! In: what a ticket has to say. Out: the same with a signature in front, and back again. A ticket carries its
//! question along, so that the server holds nothing for a client that asks for one and never comes: whoever comes
//! shows what this server itself has written. The key is made when the server starts and is nowhere else.

use std::time::{Duration, Instant};

use prost::Message;
use prost::bytes::Bytes;
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use tonic::{Code, Status};

use super::status::refusal;

/// How long a ticket may be used. Drivers come at once.
const LIFETIME: Duration = Duration::from_secs(3_600);
/// Bytes of a signature.
const SIGNATURE_BYTES: usize = 32;
/// Bytes of the number of a ticket.
const NUMBER_BYTES: usize = 16;

/// What a ticket says.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Ticket {
    /// Its number, by which what it runs can be cancelled.
    #[prost(bytes = "bytes", tag = "1")]
    pub(super) number: Bytes,
    /// When it ends, seconds since the seal was made.
    #[prost(uint64, tag = "2")]
    pub(super) ends: u64,
    /// Who asked for it.
    #[prost(bytes = "bytes", tag = "3")]
    pub(super) asker: Bytes,
    /// The question in words; empty when it is a prepared one.
    #[prost(string, tag = "4")]
    pub(super) sql: String,
    /// The handle of a prepared question.
    #[prost(bytes = "bytes", tag = "5")]
    pub(super) handle: Bytes,
    /// The columns that were told, as an Arrow IPC stream without rows; empty when none were.
    #[prost(bytes = "bytes", tag = "6")]
    pub(super) columns: Bytes,
    /// The number of the binding whose values a prepared question runs with.
    #[prost(uint64, tag = "7")]
    pub(super) binding: u64,
}

/// Signs tickets and knows them again.
pub(super) struct Seal {
    key: hmac::Key,
    random: SystemRandom,
    made: Instant,
}

impl Seal {
    /// A seal of its own.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub(super) fn new() -> std::io::Result<Self> {
        let random = SystemRandom::new();
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &random)
            .map_err(|_| std::io::Error::other("the system gives no random bytes"))?;
        Ok(Self { key, random, made: Instant::now() })
    }

    /// Random bytes that nobody can guess.
    ///
    /// # Errors
    /// When the system has none.
    pub(super) fn secret<const N: usize>(&self) -> Result<[u8; N], Status> {
        let mut bytes = [0; N];
        let filled = self.random.fill(&mut bytes);
        filled.map_err(|_| Status::new(Code::Internal, "the system gives no random bytes"))?;
        Ok(bytes)
    }

    /// Gives a ticket its number and its end, and signs it.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub(super) fn close(&self, ticket: Ticket) -> Result<Bytes, Status> {
        let number = Bytes::copy_from_slice(&self.secret::<NUMBER_BYTES>()?);
        let ends = (self.made.elapsed() + LIFETIME).as_secs();
        let said = Ticket { number, ends, ..ticket }.encode_to_vec();
        let signature = hmac::sign(&self.key, &said);
        Ok([signature.as_ref(), &said].concat().into())
    }

    /// What a ticket says that this seal has signed and that has not ended.
    ///
    /// # Errors
    /// For any other bytes.
    pub(super) fn open(&self, bytes: &[u8]) -> Result<Ticket, Status> {
        let refused = || refusal(Code::InvalidArgument, "this ticket is not one of this server", AGAIN);
        let (signature, said) = bytes.split_at_checked(SIGNATURE_BYTES).ok_or_else(refused)?;
        hmac::verify(&self.key, said, signature).map_err(|_| refused())?;
        let ticket = Ticket::decode(said).map_err(|_| refused())?;
        if ticket.ends < self.made.elapsed().as_secs() {
            return Err(refusal(Code::InvalidArgument, "this ticket has ended", AGAIN));
        }
        Ok(ticket)
    }
}

/// What to do about a ticket.
const AGAIN: &str = "ask the question again; a ticket is good for an hour, at the server that gave it";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_that_was_changed_anywhere_is_none() {
        let seal = Seal::new().unwrap();
        let ticket = Ticket { sql: "SELECT 1".to_owned(), ..Ticket::default() };
        let closed = seal.close(ticket.clone()).unwrap();
        assert_eq!(seal.open(&closed).unwrap().sql, ticket.sql);
        for place in 0..closed.len() {
            let mut forged = closed.to_vec();
            forged[place] ^= 1;
            assert!(seal.open(&forged).is_err(), "{place}");
            assert!(seal.open(&closed[..place]).is_err(), "{place}");
        }
        assert!(Seal::new().unwrap().open(&closed).is_err(), "another server's");
        assert_ne!(seal.close(ticket).unwrap(), closed, "each has a number of its own");
    }

    #[test]
    fn a_ticket_ends() {
        let mut seal = Seal::new().unwrap();
        let closed = seal.close(Ticket::default()).unwrap();
        assert!(seal.open(&closed).is_ok());
        seal.made = seal.made.checked_sub(LIFETIME + Duration::from_secs(2)).unwrap();
        assert!(seal.open(&closed).unwrap_err().message().starts_with("this ticket has ended"));
    }
}
