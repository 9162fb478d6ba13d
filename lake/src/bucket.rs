//! Buckets: the ranges of devices by which a lake's files are cut and its work is shared out.
//!
//! In: pseudonyms, 63 bits each. Out: the bucket of one, its leading bits. Pseudonyms are hashes, so buckets
//! hold equally many devices. Their number is a power of two: doubled, each bucket becomes two, and a file
//! that lay in one of the old ones lies in two of the new. A bucket is a range and no remainder, so that files
//! keep their order and one bucket follows the other.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use kayoi_schemas::ids::DeviceId;

/// Bits of a pseudonym.
const DEVICE_BITS: u32 = 63;
/// The most buckets are two to this power: beyond it a nation's files of a day would be few megabytes each.
const MOST_BITS: u32 = 12;

/// How many buckets a lake has, a power of two from 1 to 4096.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Buckets {
    bits: u32,
}

impl Buckets {
    /// All devices in one.
    pub const ONE: Self = Self { bits: 0 };

    /// So many; `None` unless it is a power of two up to 4096.
    pub fn new(count: u32) -> Option<Self> {
        let bits = count.checked_ilog2()?;
        (count.is_power_of_two() && bits <= MOST_BITS).then_some(Self { bits })
    }

    /// How many.
    pub fn count(self) -> u32 {
        1 << self.bits
    }

    /// All of them, in the order of their devices.
    pub fn all(self) -> impl Iterator<Item = Bucket> {
        (0..self.count()).map(move |index| Bucket { index, of: self })
    }

    /// The bucket of a device.
    pub fn bucket(self, device: DeviceId) -> Bucket {
        self.holding(device.column_value())
    }

    pub(crate) fn holding(self, device: i64) -> Bucket {
        Bucket { index: (device >> (DEVICE_BITS - self.bits)) as u32, of: self }
    }
}

/// One of a lake's buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket {
    index: u32,
    of: Buckets,
}

impl Bucket {
    /// All devices.
    pub const WHOLE: Self = Self { index: 0, of: Buckets::ONE };

    /// Its number, from 0.
    pub fn index(self) -> u32 {
        self.index
    }

    /// How many buckets there are.
    pub fn of(self) -> Buckets {
        self.of
    }

    /// The devices that it holds.
    pub fn devices(self) -> RangeInclusive<i64> {
        let shift = DEVICE_BITS - self.of.bits;
        let first = i64::from(self.index) << shift;
        // Set the bits below: a bound beyond the last device would be no `i64`.
        let below = if shift == DEVICE_BITS { i64::MAX } else { (1_i64 << shift) - 1 };
        first..=first | below
    }

    /// Whether a device can be in it.
    pub(crate) fn holds(self, device: i64) -> bool {
        self.devices().contains(&device)
    }

    /// The part of a file's name that says the bucket; nothing where there is one bucket only, so that the
    /// files of lakes before there were buckets are named as they should be.
    pub(crate) fn label(self) -> String {
        if self.of == Buckets::ONE { String::new() } else { format!("b{}of{}-", self.index, self.of.count()) }
    }

    /// The bucket that a file's name says, all devices if it says none. `kind` is what comes before it.
    pub(crate) fn labelled(name: &str, kind: &str) -> Self {
        let parse = || {
            let label = name.strip_prefix(kind)?.strip_prefix('b')?.split_once('-')?.0;
            let (index, count) = label.split_once("of")?;
            let (index, of) = (index.parse().ok()?, Buckets::new(count.parse().ok()?)?);
            (index < of.count()).then_some(Self { index, of })
        };
        parse().unwrap_or(Self::WHOLE)
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of.count())
    }
}

/// What was typed is no bucket.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BucketError {
    /// Not two numbers with a stroke between them, or their number is no power of two.
    #[error("a bucket is K/N, as 3/8; N is a power of two up to 4096")]
    Form,
    /// There is no bucket of this number.
    #[error("buckets of {0} are numbered 0/{0} to {1}/{0}")]
    Number(u32, u32),
}

impl FromStr for Bucket {
    type Err = BucketError;

    fn from_str(text: &str) -> Result<Self, BucketError> {
        let (index, count) = text.split_once('/').ok_or(BucketError::Form)?;
        let index: u32 = index.parse().map_err(|_| BucketError::Form)?;
        let of = count.parse().ok().and_then(Buckets::new).ok_or(BucketError::Form)?;
        if index >= of.count() {
            return Err(BucketError::Number(of.count(), of.count() - 1));
        }
        Ok(Self { index, of })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_follow_one_another_and_leave_no_device_out() {
        for bits in 0..=MOST_BITS {
            let buckets = Buckets::new(1 << bits).unwrap();
            let ranges: Vec<_> = buckets.all().map(Bucket::devices).collect();
            assert_eq!((*ranges[0].start(), *ranges[ranges.len() - 1].end()), (0, i64::MAX));
            assert!(ranges.windows(2).all(|pair| pair[0].end() + 1 == *pair[1].start()));
            for bucket in buckets.all() {
                let devices = bucket.devices();
                assert_eq!(buckets.holding(*devices.start()), bucket);
                assert_eq!(buckets.holding(*devices.end()), bucket);
            }
        }
    }

    #[test]
    fn a_bucket_becomes_two_when_their_number_doubles() {
        for (bucket, halves) in
            Buckets::new(4).unwrap().all().zip(Buckets::new(8).unwrap().all().collect::<Vec<_>>().chunks(2))
        {
            assert_eq!(bucket.devices().start(), halves[0].devices().start());
            assert_eq!(bucket.devices().end(), halves[1].devices().end());
        }
    }

    #[test]
    fn only_powers_of_two_up_to_4096_are_taken() {
        let taken: Vec<u32> = (0..10_000).filter(|count| Buckets::new(*count).is_some()).collect();
        assert_eq!(taken, (0..=12).map(|bits| 1 << bits).collect::<Vec<u32>>());
    }

    #[test]
    fn a_name_says_its_bucket_and_a_name_of_before_says_all() {
        for bucket in Buckets::new(128).unwrap().all() {
            assert_eq!(
                Bucket::labelled(&format!("sorted-{}0f3a.parquet", bucket.label()), "sorted-"),
                bucket
            );
        }
        // Such identifiers begin with a `b` too.
        for name in ["sorted-b30f3a21-1d.parquet", "sorted-b9of8-1d.parquet", "sorted-b1of3-1d.parquet"] {
            assert_eq!(Bucket::labelled(name, "sorted-"), Bucket::WHOLE);
        }
    }

    #[test]
    fn a_bucket_is_read_as_it_is_written_and_another_word_is_refused() {
        assert_eq!("3/8".parse::<Bucket>().unwrap().to_string(), "3/8");
        assert_eq!("8/8".parse::<Bucket>().unwrap_err().to_string(), "buckets of 8 are numbered 0/8 to 7/8");
        for text in ["", "3", "3/", "/8", "3/7", "-1/8", "0/0", "0/8192"] {
            assert_eq!(text.parse::<Bucket>(), Err(BucketError::Form), "{text}");
        }
    }
}
