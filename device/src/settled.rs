//! Stays and fixes once the spots have settled where they lie, and stays once the nights are among them.
//!
//! In: what [`Spots::of`](crate::spots::Spots::of) and [`Sleep::complete`](crate::sleep::Sleep::complete)
//! decided. Out: three types for what would otherwise be three meanings of one. A [`Stay`] lies in the
//! municipality of most of its own fixes, a [`SettledStay`] in that of its spot, and a [`CompletedStay`] may
//! cover a night that nobody observed. Each step takes the type of the step before, so none can be left out
//! or done twice.

use std::ops::Deref;

use crate::fix::Fix;
use crate::stays::Stay;

/// A stay in the municipality of its spot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SettledStay(Stay);

impl Deref for SettledStay {
    type Target = Stay;

    fn deref(&self) -> &Stay {
        &self.0
    }
}

/// A stay of the device's record: observed, or the night of a known bed, or both joined.
#[derive(Debug, Clone, PartialEq)]
pub struct CompletedStay(Stay);

impl CompletedStay {
    /// Completes a stay; only [`Sleep::complete`](crate::sleep::Sleep::complete) does.
    pub(crate) fn new(stay: Stay) -> Self {
        Self(stay)
    }
}

impl Deref for CompletedStay {
    type Target = Stay;

    fn deref(&self) -> &Stay {
        &self.0
    }
}

/// The fixes and stays of one device, both by time, each in the municipality of its spot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settled {
    fixes: Vec<Fix>,
    stays: Vec<SettledStay>,
}

impl Settled {
    /// Settles fixes and stays; only [`Spots::of`](crate::spots::Spots::of) does.
    pub(crate) fn new(fixes: Vec<Fix>, stays: Vec<Stay>) -> Self {
        Self { fixes, stays: stays.into_iter().map(SettledStay).collect() }
    }

    /// The fixes and stays that are wanted.
    pub(crate) fn only(&self, fixes: impl Fn(&Fix) -> bool, stays: impl Fn(&Stay) -> bool) -> Self {
        Self {
            fixes: self.fixes.iter().filter(|fix| fixes(fix)).copied().collect(),
            stays: self.stays.iter().filter(|stay| stays(stay)).cloned().collect(),
        }
    }

    /// The fixes, by time.
    pub(crate) fn fixes(&self) -> &[Fix] {
        &self.fixes
    }

    /// The stays, by time.
    pub(crate) fn stays(&self) -> &[SettledStay] {
        &self.stays
    }
}
