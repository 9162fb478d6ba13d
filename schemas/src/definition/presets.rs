//! The definitions that ship.
//!
//! In: a name. Out: the text of its file. `connected-2026` is Kayoi's own; each of the others is as near to a published
//! statistic as pings come, so that a figure can be held against that statistic. They are plausibility checks and no
//! reproductions: each says what it cannot copy.

/// The definition of the connected population, which is taken when none is named.
pub const CONNECTED_2026: &str = include_str!("../../definitions/connected-2026.toml");

/// Names and texts of all, the default first.
const SHIPPED: [(&str, &str); 7] = [
    ("connected-2026", CONNECTED_2026),
    ("mlit-visit-2023", include_str!("../../definitions/mlit-visit-2023.toml")),
    ("resas-stay", include_str!("../../definitions/resas-stay.toml")),
    ("digital-tourism", include_str!("../../definitions/digital-tourism.toml")),
    ("docomo-tourism", include_str!("../../definitions/docomo-tourism.toml")),
    ("hokushin-au", include_str!("../../definitions/hokushin-au.toml")),
    ("furusato-premium", include_str!("../../definitions/furusato-premium.toml")),
];

/// Names of the definitions that ship, the default first.
pub fn shipped_names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

/// The file of a definition that ships.
pub fn shipped_text(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
