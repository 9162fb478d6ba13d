//! From how large an area of residence the people of a row come.
//!
//! In: nothing. Out: [`OriginLevel`]: rows of one level add up over their origins; rows of two levels never do.

/// The level of a row's origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OriginLevel {
    /// Everybody.
    All,
    /// From the municipality's own prefecture.
    Inside,
    /// From every other prefecture.
    Outside,
    /// From a 地方ブロック.
    Block,
    /// From a prefecture.
    Prefecture,
}

impl OriginLevel {
    /// All levels, the coarsest first.
    pub const ALL: [Self; 5] = [Self::All, Self::Inside, Self::Outside, Self::Block, Self::Prefecture];

    /// The word in the `origin_level` column.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Inside => "inside",
            Self::Outside => "outside",
            Self::Block => "block",
            Self::Prefecture => "prefecture",
        }
    }
}
