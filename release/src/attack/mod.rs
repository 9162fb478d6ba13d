//! The attackers: what people could try on a release, tried on small worlds.
//!
//! In: a [`Mechanism`](mechanism::Mechanism), which publishes, and [`World`](world::World)s of known counts. Out:
//! how far each attack comes. Every attack has a test that the design holds and one that a canary falls: an
//! attacker that cannot beat a weaker mechanism says nothing about a stronger one. `KAYOI_ATTACK_WORLDS` says
//! how many worlds (30 without it).
//!
//! Order of reading: figures, worlds, the seam, the design written a second time, the release itself, the canaries; then what a
//! reader has after subtraction, what everybody knows about counts, and the attacks.

pub(crate) mod key;
pub(crate) mod normal;
pub(crate) mod world;
pub(crate) mod mechanism;
pub(crate) mod ours;
pub(crate) mod real;
pub(crate) mod canaries;
pub(crate) mod reading;
pub(crate) mod relations;
pub(crate) mod linear;
pub(crate) mod squares;
pub(crate) mod membership;
pub(crate) mod signals;
pub(crate) mod averaging;
pub(crate) mod revision;
pub(crate) mod weights;
pub(crate) mod together;

/// Seeds of the worlds to attack.
pub(crate) fn worlds() -> std::ops::RangeInclusive<u64> {
    let asked = std::env::var("KAYOI_ATTACK_WORLDS").ok().and_then(|count| count.parse().ok());
    1..=asked.unwrap_or(30)
}
