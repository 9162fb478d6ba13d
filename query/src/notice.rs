//! What must stand beside figures. In: the geography that they were placed with. Out: credit, edition and
//! terms.

use kayoi_geography::Geography;

/// What must stand beside figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Whose data the boundaries and names are.
    pub credit: String,
    /// Edition of the municipality borders.
    pub boundaries: String,
    /// Whether they are the simplified borders that ship, so that figures near a border may be wrong.
    pub boundaries_are_simplified: bool,
    /// The release of an answer's figures, where the answer is of one.
    pub release: Option<NamedRelease>,
}

/// Which release figures are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRelease {
    /// Its number.
    pub revision: u64,
    /// `trial` or `real`.
    pub series: String,
    /// Id of the definition.
    pub definition: String,
    /// Hash of its thresholds.
    pub definition_hash: String,
}

impl Notice {
    /// What nobody may do with the figures, in Japanese.
    pub const TERMS_JA: &str =
        "このデータから個人を識別すること、およびそのために他の情報と照合することを禁じます。";
    /// The same in English.
    pub const TERMS_EN: &str = "Identifying persons from these data, \
        or linking them with other information to that end, is prohibited.";

    /// The notice of a geography.
    pub fn of(geography: &Geography) -> Self {
        Self {
            credit: geography.credit().to_string(),
            boundaries: geography.edition().to_string(),
            boundaries_are_simplified: geography.is_simplified(),
            release: None,
        }
    }
}
