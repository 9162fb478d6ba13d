//! The secret and the digest of a month → the seed of its noise.
//!
//! In: a secret, what is published of which month, and a digest of its exact counts. Out: a [`Seed`]. The same
//! counts give the same noise; one device more or less gives other noise to *every* figure of the month, so
//! that which figures changed says nothing about whom. None of these types prints what it holds.

use std::fmt;

use kayoi_schemas::disclosure::AR_TERMS;
use kayoi_schemas::time::Month;

/// What makes noise unpredictable: 32 bytes, apart from the lake and from the pseudonym key.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

/// The seed of one month's noise.
#[derive(Clone, PartialEq, Eq)]
pub struct Seed([u8; 32]);

/// Which publication of a month a seed is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    /// 速報.
    Provisional(u32),
    /// 確報, with the number of the edition of the whole series.
    Final(u32),
}

/// The seeds that a month's noise is made of: its own, and those of the eleven months before.
#[derive(Debug, Clone)]
pub struct Seeds(Vec<Seed>);

impl Secret {
    /// A secret of 32 bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret of a trial: everybody who knows the number can draw the same.
    pub fn of_trial(seed: u64) -> Self {
        Self(blake3::derive_key("kayoi 2026-11 trial", &seed.to_le_bytes()))
    }

    /// What tells one secret from another, and tells nothing else: 16 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        blake3::Hash::from(blake3::derive_key("kayoi 2026-11 fingerprint of a secret", &self.0)).to_hex()
            [..16]
            .to_owned()
    }

    /// The seed of a month whose exact counts have a digest.
    pub fn seed(&self, edition: Edition, month: Month, digest: &[u8; 32]) -> Seed {
        self.derive(edition, month, digest)
    }

    /// The seed of a month that was never published, from before the series began.
    pub fn seed_before(&self, edition: Edition, month: Month) -> Seed {
        self.derive(edition, month, &[])
    }

    fn derive(&self, edition: Edition, month: Month, digest: &[u8]) -> Seed {
        let (kind, number) = match edition {
            Edition::Provisional(number) => (1_u8, number),
            Edition::Final(number) => (2, number),
        };
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        hasher.update(b"kayoi seed").update(&[kind]).update(&number.to_le_bytes());
        hasher.update(&month.0.to_le_bytes()).update(digest);
        Seed(*hasher.finalize().as_bytes())
    }
}

impl Seed {
    /// A seed that was kept.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, for the store of seeds and the draw.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Seeds {
    /// Seeds of twelve months, the newest first; `seed` gives that of a month.
    ///
    /// # Errors
    /// That of `seed`.
    pub fn of<E>(month: Month, seed: impl Fn(Month) -> Result<Seed, E>) -> Result<Self, E> {
        (0..AR_TERMS as i32).map(|back| seed(month.plus(-back))).collect::<Result<_, E>>().map(Self)
    }

    pub(super) fn newest_first(&self) -> &[Seed] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seed(..)")
    }
}
