//! What differs between two definitions.
//!
//! In: two definitions. Out: the parameters that they give other values, in the order in which they are listed. A rule
//! that only one of them has stands without a value on the other side.

use super::{Definition, Parameter, Thresholds};

/// A parameter that two definitions give other values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference<'d> {
    /// Its name.
    pub key: &'static str,
    /// What it is in the first; `None` where the first has no such rule.
    pub first: Option<&'d Parameter>,
    /// What it is in the second.
    pub second: Option<&'d Parameter>,
}

impl Definition {
    /// The parameters that another definition gives other values. The classes of visit days are not among them.
    pub fn differences<'d>(&'d self, other: &'d Self) -> Vec<Difference<'d>> {
        let all = Thresholds::KEYS.iter().chain(Thresholds::RULES);
        let both = all.map(|key| {
            let (first, second) = (self.parameters.get(*key), other.parameters.get(*key));
            Difference { key, first, second }
        });
        let value = |parameter: Option<&Parameter>| parameter.map(|parameter| parameter.value);
        both.filter(|found| value(found.first) != value(found.second)).collect()
    }
}
