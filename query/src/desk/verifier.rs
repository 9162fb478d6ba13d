//! What is kept of a password.
//!
//! In: a password, once. Out: the stored key and the server key of SCRAM-SHA-256 (RFC 5802, RFC 7677), by which a
//! password or a client's proof can be checked and with which nobody can sign in. pgwire has the exchange too, and
//! keeps the salted password for it, with which anybody could.

use std::num::NonZeroU32;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac, pbkdf2};
use serde::{Deserialize, Serialize};

/// Rounds of PBKDF2, as PostgreSQL's: each login costs the client so many.
const ITERATIONS: u32 = 4_096;
const SALT_BYTES: usize = 16;
const KEY_BYTES: usize = digest::SHA256_OUTPUT_LEN;

/// What tells a password from others.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Verifier {
    iterations: u32,
    salt: String,
    stored_key: String,
    server_key: String,
}

/// What a client has to prove, after it was told salt and rounds.
pub(super) struct Challenge {
    verifier: Verifier,
    client_first_bare: String,
    server_first: String,
    gs2_header: String,
    nonce: String,
}

/// A message that is none of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

impl Verifier {
    /// Of a new password.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    pub(super) fn of(password: &str) -> Result<Self, ring::error::Unspecified> {
        let mut salt = [0; SALT_BYTES];
        SystemRandom::new().fill(&mut salt)?;
        Ok(Self::salted(password, &salt))
    }

    /// Of a password that nobody has, with a salt that is always the same for a name, so that a stranger's login
    /// looks like that of somebody with a wrong password.
    pub(super) fn of_nobody(secret: &[u8], name: &str) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let salt = hmac::sign(&key, name.as_bytes());
        let nothing = STANDARD.encode(hmac::sign(&key, salt.as_ref()));
        Self {
            iterations: ITERATIONS,
            salt: STANDARD.encode(&salt.as_ref()[..SALT_BYTES]),
            stored_key: nothing.clone(),
            server_key: nothing,
        }
    }

    fn salted(password: &str, salt: &[u8]) -> Self {
        let salted = salted(password, salt, ITERATIONS);
        let client_key = sign(&salted, b"Client Key");
        Self {
            iterations: ITERATIONS,
            salt: STANDARD.encode(salt),
            stored_key: STANDARD.encode(digest::digest(&digest::SHA256, &client_key)),
            server_key: STANDARD.encode(sign(&salted, b"Server Key")),
        }
    }

    /// Whether a password is the one.
    pub(super) fn matches(&self, password: &str) -> bool {
        let salt = STANDARD.decode(&self.salt).unwrap_or_default();
        let client_key = sign(&salted(password, &salt, self.iterations), b"Client Key");
        let stored = digest::digest(&digest::SHA256, &client_key);
        is_equal(stored.as_ref(), &self.stored_key())
    }

    fn stored_key(&self) -> Vec<u8> {
        STANDARD.decode(&self.stored_key).unwrap_or_default()
    }

    /// Answers a client's first message of the exchange.
    pub(super) fn challenge(self, client_first: &[u8]) -> Result<Challenge, Malformed> {
        let text = std::str::from_utf8(client_first).map_err(|_| Malformed)?;
        // gs2-header: a flag for channel binding and an authorization identity, each before a comma.
        let (flag, rest) = text.split_once(',').ok_or(Malformed)?;
        let (identity, bare) = rest.split_once(',').ok_or(Malformed)?;
        if !matches!(flag, "n" | "y") || !identity.is_empty() {
            return Err(Malformed);
        }
        let client_nonce = value(bare, 'r')?;
        let mut own = [0; 18];
        SystemRandom::new().fill(&mut own).map_err(|_| Malformed)?;
        let nonce = format!("{client_nonce}{}", STANDARD.encode(own));
        let server_first = format!("r={nonce},s={},i={}", self.salt, self.iterations);
        Ok(Challenge {
            verifier: self,
            client_first_bare: bare.to_owned(),
            server_first,
            gs2_header: format!("{flag},,"),
            nonce,
        })
    }
}

impl Challenge {
    /// What the client is told.
    pub(super) fn server_first(&self) -> &str {
        &self.server_first
    }

    /// Checks a client's proof. Out: what proves the server to the client, or `None` for a wrong password.
    pub(super) fn prove(&self, client_final: &[u8]) -> Result<Option<String>, Malformed> {
        let text = std::str::from_utf8(client_final).map_err(|_| Malformed)?;
        let (without_proof, proof) = text.rsplit_once(",p=").ok_or(Malformed)?;
        let proof = STANDARD.decode(proof).map_err(|_| Malformed)?;
        let is_own = value(without_proof, 'c')? == STANDARD.encode(&self.gs2_header)
            && value(without_proof, 'r')? == self.nonce;
        if !is_own || proof.len() != KEY_BYTES {
            return Err(Malformed);
        }
        let message = format!("{},{},{without_proof}", self.client_first_bare, self.server_first);
        let stored = self.verifier.stored_key();
        let signature = sign(&stored, message.as_bytes());
        let client_key: Vec<u8> = proof.iter().zip(&signature).map(|(one, other)| one ^ other).collect();
        let found = digest::digest(&digest::SHA256, &client_key);
        if !is_equal(found.as_ref(), &stored) {
            return Ok(None);
        }
        let server_key = STANDARD.decode(&self.verifier.server_key).unwrap_or_default();
        Ok(Some(format!("v={}", STANDARD.encode(sign(&server_key, message.as_bytes())))))
    }
}

/// The value of an attribute such as `r=…`.
fn value(message: &str, attribute: char) -> Result<&str, Malformed> {
    let has = |part: &&str| part.starts_with(attribute) && part[1..].starts_with('=');
    message.split(',').find(has).map(|part| &part[2..]).ok_or(Malformed)
}

/// Looks at all bytes, wherever the first difference is.
fn is_equal(one: &[u8], other: &[u8]) -> bool {
    let differs = one.iter().zip(other).fold(0, |so_far, (one, other)| so_far | (one ^ other));
    one.len() == other.len() && differs == 0
}

fn salted(password: &str, salt: &[u8], iterations: u32) -> [u8; KEY_BYTES] {
    let mut salted = [0; KEY_BYTES];
    let rounds = NonZeroU32::new(iterations).unwrap_or(NonZeroU32::MIN);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, password.as_bytes(), &mut salted);
    salted
}

fn sign(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message).as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_itself_and_no_other() {
        let verifier = Verifier::of("通い路42").unwrap();
        assert!(verifier.matches("通い路42"));
        assert!(!verifier.matches("通い路43") && !verifier.matches(""));
        assert!(Verifier::of("通い路42").unwrap() != verifier, "each has a salt of its own");
    }

    #[test]
    fn the_exchange_of_rfc_7677_comes_to_the_proof_that_it_prints() {
        // RFC 7677, section 3: user `user`, password `pencil`.
        let salt = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap();
        let verifier = Verifier::salted("pencil", &salt);
        let mut challenge = verifier.challenge(b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO").unwrap();
        challenge.nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0".to_owned();
        challenge.server_first = format!("r={},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", challenge.nonce);
        let client_final =
            format!("c=biws,r={},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", challenge.nonce);
        let expected = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
        assert_eq!(challenge.prove(client_final.as_bytes()), Ok(Some(expected.to_owned())));
        let wrong = client_final.replace("p=dHz", "p=eHz");
        assert_eq!(challenge.prove(wrong.as_bytes()), Ok(None));
        assert_eq!(challenge.prove(b"c=biws,r=other,p=AA=="), Err(Malformed));
    }

    #[test]
    fn a_stranger_is_given_the_same_salt_each_time() {
        let one = Verifier::of_nobody(b"secret", "taro");
        assert!(one == Verifier::of_nobody(b"secret", "taro"));
        assert!(one.salt != Verifier::of_nobody(b"secret", "jiro").salt);
        assert!(!one.matches(""));
    }
}
