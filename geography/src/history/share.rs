//! A share: the part of a code's people that went to, or came from, another code.
//!
//! In: a number. Out: [`Share`], checked, so that figures are never multiplied by more than 1.

/// A part of a whole, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Share {
    /// All of it.
    pub const WHOLE: Self = Self(1.0);

    /// Checks the range; `None` outside 0..=1.
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// A product or sum of shares, which rounding may carry past 1 by the last bit.
    pub(super) fn rounded(value: f64) -> Self {
        Self(value.clamp(0.0, 1.0))
    }

    /// 0 to 1.
    pub fn value(self) -> f64 {
        self.0
    }
}
